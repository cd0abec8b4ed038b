"""The audit trail of hiding, unhiding, merging and parting players."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import JSON, ForeignKey, Select, or_, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from extensions import db
from models.accounts import User
from models.base import Identified, Model
from models.types import UtcDateTime, stored_by_value

if TYPE_CHECKING:
    from models.club.player import Player


class PlayerChange(StrEnum):
    """The changes to a player's record that are audited."""

    HIDDEN = "hidden"
    OFFERED = "offered"
    MERGED = "merged"
    PARTED = "parted"


class PlayerDeed(Identified, Model):
    """One audited change of a club's player.

    For a merge: `other` became part of `player` and was called `other_before`; moved: the ids of the moved records by
    "table.column"; undone_at: when the merge was undone.
    """

    __tablename__ = "player_deed"

    player_id: Mapped[int] = mapped_column(ForeignKey("player.id"), index=True)
    other_id: Mapped[int | None] = mapped_column(ForeignKey("player.id"), index=True)
    change: Mapped[PlayerChange] = mapped_column(stored_by_value(PlayerChange))
    actor_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    other_before: Mapped[dict[str, int | None]] = mapped_column(JSON, default=dict)
    moved: Mapped[dict[str, list[int]]] = mapped_column(JSON, default=dict)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    player: Mapped["Player"] = relationship(foreign_keys=player_id)
    other: Mapped["Player | None"] = relationship(foreign_keys=other_id)
    actor: Mapped[User] = relationship()

    @property
    def may_be_undone(self) -> bool:
        """Whether it is a merge that still stands, even if the player was merged into a third one since."""
        return self.change is PlayerChange.MERGED and self.undone_at is None

    @classmethod
    def of(cls, player: "Player") -> Select["PlayerDeed"]:
        """The player's changes, the newest first, including those in which they are `other`."""
        own = select(cls).where(or_(cls.player_id == player.id, cls.other_id == player.id)).order_by(cls.id.desc())
        return own.options(joinedload(cls.actor), joinedload(cls.player), joinedload(cls.other))

    @classmethod
    def note(cls, change: PlayerChange, player: "Player", actor: User, now: datetime) -> "PlayerDeed":
        """Records the change in the same transaction."""
        deed = cls(change=change, player=player, actor=actor, at=now)
        db.session.add(deed)
        return deed
