"""Who is keeping the score of a match: shown to everybody who could, without blocking anybody."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from models.accounts import GuestPass, User
from models.club.entries import Scorer
from models.club.refusals import MayNotScore
from models.live_topic import touch, touch_later
from models.types import UtcDateTime

HOLDER = "holder"
LEASE = timedelta(minutes=3)


class Leased:
    """An advisory lease: it forbids nothing, and expires LEASE after its holder's latest tap."""

    if TYPE_CHECKING:

        @property
        def topic(self) -> str: ...
        def may_be_tapped_by(self, scorer: Scorer | None) -> bool: ...

    @declared_attr
    def holder_id(self) -> Mapped[int | None]:
        return mapped_column(ForeignKey("user_account.id"))

    @declared_attr
    def holder_pass_id(self) -> Mapped[int | None]:
        return mapped_column(ForeignKey("guest_pass.id"))

    held_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @declared_attr
    def holder(self) -> Mapped[User | None]:
        return relationship(User, foreign_keys="Match.holder_id")

    @property
    def lease_ends_at(self) -> datetime | None:
        """None for a match that nobody has tapped yet."""
        return self.held_at + LEASE if self.held_at else None

    def is_leased(self, now: datetime) -> bool:
        """Whether somebody is keeping the score now."""
        return self.lease_ends_at is not None and now < self.lease_ends_at

    def is_held_by(self, scorer: Scorer | None) -> bool:
        """Whether this user or pass was the last to keep the score."""
        if isinstance(scorer, GuestPass):
            return self.holder_pass_id == scorer.id
        return scorer is not None and self.holder_id == scorer.id

    def take_over(self, scorer: Scorer, now: datetime) -> None:
        """Makes this user or pass the one who keeps the score, whoever did before. Raises MayNotScore."""
        if not self.may_be_tapped_by(scorer):
            raise MayNotScore
        self._lease_to(scorer, now)

    def _hold(self, scorer: Scorer, now: datetime) -> None:
        """Takes or extends the lease unless somebody else holds it; needs no statement of its own."""
        if not self.is_leased(now):
            self._lease_to(scorer, now)
        elif self.is_held_by(scorer):
            self.held_at = now

    def _lease_to(self, scorer: Scorer, now: datetime) -> None:
        is_guest = isinstance(scorer, GuestPass)
        self.holder_id, self.holder_pass_id = (None, scorer.id) if is_guest else (scorer.id, None)
        self.held_at = now
        touch(self.topic, HOLDER)
        touch_later(self.topic, HOLDER, now + LEASE)
