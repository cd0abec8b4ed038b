"""The tables and courts of a club: their names, their order, and which are in use."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.accounts import User
from models.base import Identified, Model
from models.errors import Conflict, NotAllowed, flush
from models.live_topic import touch
from models.types import UtcDateTime

if TYPE_CHECKING:
    from models.club.club import Club

FIELDS = {"uq_court_club_id_name": "name", "uq_court_club_id_number": "name"}
MOST_TABLES = 99


class Court(Identified, Model):
    """`number` is the key by which matches, addresses and programs refer to a table; never changed and never reused.

    `name` is shown to people and may change; `place` is the position in the list.
    """

    __tablename__ = "court"
    __table_args__ = (UniqueConstraint("club_id", "number"), UniqueConstraint("club_id", "name"))

    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    number: Mapped[int]
    name: Mapped[str]
    place: Mapped[int]
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    club: Mapped["Club"] = relationship(back_populates="courts")

    @property
    def is_open(self) -> bool:
        return self.retired_at is None

    @classmethod
    def add(cls, club: "Club", name: str, actor: User) -> "Court":
        """Adds a table to the end of the list, flushed. Raises NotAllowed, and Conflict("name") also if it is full."""
        if not club.may_be_managed_by(actor):
            raise NotAllowed
        number = max((court.number for court in club.courts), default=0) + 1
        if number > MOST_TABLES:
            raise Conflict("name")
        added = cls(number=number, name=name, place=len(club.courts) + 1)
        club.courts.append(added)
        flush(FIELDS)
        touch(club.topic, "hall")
        return added

    def move_up(self, actor: User) -> None:
        """Swaps places with the table before it, if there is one. Raises NotAllowed."""
        self.begin_change(actor)
        before = [court for court in self.club.courts if court.place < self.place]
        if before:
            self.place, before[-1].place = before[-1].place, self.place

    def retire(self, actor: User, now: datetime) -> None:
        """Takes the table out of use; its matches, past and in progress, stay. Raises NotAllowed."""
        self.begin_change(actor)
        self.retired_at = now

    def bring_back(self, actor: User) -> None:
        """Puts the table back into use. Raises NotAllowed."""
        self.begin_change(actor)
        self.retired_at = None

    def begin_change(self, actor: User) -> None:
        """Comes before every change: raises NotAllowed, and touches the hall's screen, which shows the tables."""
        if not self.club.may_be_managed_by(actor):
            raise NotAllowed
        touch(self.club.topic, "hall")
