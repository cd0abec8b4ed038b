"""Matches that ended, or were resumed, and are not yet counted into their players' figures."""

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
    """One row per change. Scoring only inserts rows and settling only deletes rows that it has read, so neither waits.

    match_id: None where the whole week is to be recomputed, as after a merge of two players (models/club/settling.py).
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
        """The club's rows, the oldest first."""
        return select(cls).filter_by(club_id=club_id).order_by(cls.id)

    @classmethod
    def note(cls, club_id: int, match_id: int | None, discipline: Discipline, began_at: datetime) -> None:
        """Marks the figures of the match's players, or without a match those of everybody who played that week."""
        db.session.add(cls(club_id=club_id, match_id=match_id, began_at=began_at, **vars(discipline)))

    @classmethod
    def note_end(cls, match: "Match", due_at: datetime) -> None:
        """Notes that the match ended, was resumed or corrected; pages with ratings are updated at `due_at`."""
        discipline = Discipline(match.sport, match.is_doubles)
        cls.note(match.club_id, match.id, discipline, match.started_at)
        for part in ("ranks", f"ladder/{discipline.code}"):
            touch_later(match.club.topic, part, due_at)
