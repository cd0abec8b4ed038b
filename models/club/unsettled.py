"""Matches whose end, or whose end taken back, is not yet counted into their players' figures."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Select, select
from sqlalchemy.orm import Mapped, mapped_column

from extensions import db
from models.base import Identified, Model
from models.club.discipline import Discipline
from models.live_topic import touch_later
from models.types import UtcDateTime

if TYPE_CHECKING:
    from models.club.match import Match


class UnsettledMatch(Identified, Model):
    """One line for each time that something changed. Who plays only ever adds lines and who counts only removes those
    it has read, so that neither waits for the other (models/club/settling.py).

    match_id: none where all of that week is to be reckoned anew, as after two players became one.
    """

    __tablename__ = "unsettled_match"

    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"), index=True)
    match_id: Mapped[int | None]
    sport: Mapped[str]
    is_doubles: Mapped[bool]
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def discipline(self) -> Discipline:
        return Discipline(self.sport, self.is_doubles)

    @classmethod
    def of(cls, club_id: int) -> Select["UnsettledMatch"]:
        """The club's, the oldest line first."""
        return select(cls).filter_by(club_id=club_id).order_by(cls.id)

    @classmethod
    def note(cls, club_id: int, match_id: int | None, discipline: Discipline, began_at: datetime) -> None:
        """The figures of its players, or without a match of all who played that week, are to be reckoned anew."""
        db.session.add(cls(club_id=club_id, match_id=match_id, began_at=began_at, **vars(discipline)))

    @classmethod
    def note_end(cls, match: "Match", due_at: datetime) -> None:
        """The match ended, or its end was taken back or corrected; its ladders follow at that moment."""
        discipline = Discipline(match.sport, match.is_doubles)
        cls.note(match.club_id, match.id, discipline, match.started_at)
        for part in ("ranks", f"ladder/{discipline.code}"):
            touch_later(match.club.topic, part, due_at)
