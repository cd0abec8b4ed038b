"""Who hid a player, offered them again, found that two were one, or that they were two after all."""

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
    """What can be done to a player's record, besides writing it."""

    HIDDEN = "hidden"
    OFFERED = "offered"
    MERGED = "merged"
    PARTED = "parted"


class PlayerDeed(Identified, Model):
    """One line of the history of the club's players.

    Of a merging: `other` became part of `player` and was `other_before` it; moved: which records went along, their
    numbers by "table.column"; undone_at: when they were parted again.
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
        """Whether it is a merging that still holds, also where the player became part of a third one since."""
        return self.change is PlayerChange.MERGED and self.undone_at is None

    @classmethod
    def of(cls, player: "Player") -> Select["PlayerDeed"]:
        """The player's, the newest first, also as the other one."""
        own = select(cls).where(or_(cls.player_id == player.id, cls.other_id == player.id)).order_by(cls.id.desc())
        return own.options(joinedload(cls.actor), joinedload(cls.player), joinedload(cls.other))

    @classmethod
    def note(cls, change: PlayerChange, player: "Player", actor: User, now: datetime) -> "PlayerDeed":
        """Written down with the deed itself."""
        deed = cls(change=change, player=player, actor=actor, at=now)
        db.session.add(deed)
        return deed
