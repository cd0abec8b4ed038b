"""The rally log: what was tapped, by whom and when. It is only ever appended to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.accounts import GuestPass, User
from models.base import Identified, Model
from models.types import UtcDateTime, stored_by_value
from rules.scoring.log import Entry, EntryKind, Side
from rules.scoring.told import details

Scorer = User | GuestPass


@dataclass(frozen=True)
class Remark:
    """What an umpire says of the game that is played; `server` and `receiver` are places in their pairs."""

    kind: EntryKind
    side: Side | None = None
    server: int = 1
    receiver: int = 1
    in_play: bool = False

    def entry(self, seq: int, game: int) -> Entry:
        """The line of the log, said in that game."""
        if self.kind is EntryKind.ORDER:
            return Entry(seq, self.kind, self.side, game=game, server=self.server, receiver=self.receiver)
        return Entry(seq, self.kind, self.side, in_play=self.in_play)


@dataclass(frozen=True)
class Correction:
    """An old rally put right: an amend (`side` won it), an undo (it was not played), an insert (another before it)."""

    kind: EntryKind
    target: int
    side: Side | None
    reason: str


class LogEntry(Identified, Model):
    """One line of one match's log. `tap_id` is made where the tap was made, so that a repeated tap is known.

    It was written by `actor`, or by a guest with the pass `pass_id`. reason: why an old rally was put right.

    details: what else rules.scoring.log.Entry can say of this kind of line, such as the game and players of an order.
    """

    __tablename__ = "log_entry"
    __table_args__ = (UniqueConstraint("match_id", "seq"), UniqueConstraint("match_id", "tap_id"))

    match_id: Mapped[int] = mapped_column(ForeignKey("club_match.id"))
    seq: Mapped[int]
    tap_id: Mapped[str]
    kind: Mapped[EntryKind] = mapped_column(stored_by_value(EntryKind))
    side: Mapped[Side | None] = mapped_column(stored_by_value(Side))
    target: Mapped[int | None]
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    pass_id: Mapped[int | None] = mapped_column(ForeignKey("guest_pass.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(default="")

    actor: Mapped[User | None] = relationship()

    @classmethod
    def of(cls, entry: Entry, tap_id: str) -> "LogEntry":
        """The line that will be read as this entry; of its details only what departs from the usual is kept."""
        line = cls(seq=entry.seq, kind=entry.kind, side=entry.side, target=entry.target, tap_id=tap_id)
        line.details = details(entry)
        return line

    @classmethod
    def of_tap(cls, entries: Sequence[Entry], tap_id: str) -> "list[LogEntry]":
        """What one tap writes; only its first line has the tap's own name."""
        names = [tap_id, *(f"{tap_id}/{number}" for number in range(1, len(entries)))]
        return [cls.of(entry, name) for entry, name in zip(entries, names, strict=True)]

    def sign(self, scorer: Scorer, now: datetime, reason: str = "") -> None:
        """Who wrote it down, when and why."""
        self.at, self.reason = now, reason
        if isinstance(scorer, GuestPass):
            self.pass_id = scorer.id
        else:
            self.actor = scorer

    @property
    def entry(self) -> Entry:
        """The line as the rules read it."""
        return Entry(self.seq, self.kind, self.side, self.target, **self.details)


def written_with(log: Sequence[LogEntry], seq: int) -> list[LogEntry]:
    """That line and all that the same tap wrote (LogEntry.of_tap), the oldest first."""
    tap = next(line.tap_id for line in reversed(log) if line.seq == seq).partition("/")[0]
    return [line for line in log if line.tap_id.partition("/")[0] == tap]
