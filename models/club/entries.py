"""The rally log: append-only records of what was tapped, by whom and when."""

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
from rules.scoring.match_json import details

Scorer = User | GuestPass


@dataclass(frozen=True)
class Remark:
    """An umpire's entry about the current game; `server` and `receiver` are positions within their pairs."""

    kind: EntryKind
    side: Side | None = None
    server: int = 1
    receiver: int = 1
    in_play: bool = False

    def entry(self, seq: int, game: int) -> Entry:
        """The log entry with this sequence number in this game."""
        if self.kind is EntryKind.ORDER:
            return Entry(seq, self.kind, self.side, game=game, server=self.server, receiver=self.receiver)
        return Entry(seq, self.kind, self.side, in_play=self.in_play)


@dataclass(frozen=True)
class Correction:
    """A correction of an old rally: amend (`side` won it), undo (it was not played), insert (another one before it)."""

    kind: EntryKind
    target: int
    side: Side | None
    reason: str


class LogEntry(Identified, Model):
    """One row of one match's log. `tap_id` is generated on the tapping device, so that a repeated tap is recognized.

    Written by `actor`, or by a guest with the pass `pass_id`. reason: why an old rally was corrected.

    details: the other fields of rules.scoring.log.Entry that this kind of entry uses, such as the game and players of a
    serving order.
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
        """The row that reads back as this entry; of its details, only values other than the default are stored."""
        line = cls(seq=entry.seq, kind=entry.kind, side=entry.side, target=entry.target, tap_id=tap_id)
        line.details = details(entry)
        return line

    @classmethod
    def of_tap(cls, entries: Sequence[Entry], tap_id: str) -> "list[LogEntry]":
        """The rows that one tap writes; only the first carries the tap's own id."""
        names = [tap_id, *(f"{tap_id}/{number}" for number in range(1, len(entries)))]
        return [cls.of(entry, name) for entry, name in zip(entries, names, strict=True)]

    def sign(self, scorer: Scorer, now: datetime, reason: str = "") -> None:
        """Sets who wrote the entry, when and why."""
        self.at, self.reason = now, reason
        if isinstance(scorer, GuestPass):
            self.pass_id = scorer.id
        else:
            self.actor = scorer

    @property
    def entry(self) -> Entry:
        """The row as an entry of the rules."""
        return Entry(self.seq, self.kind, self.side, self.target, **self.details)


def written_with(log: Sequence[LogEntry], seq: int) -> list[LogEntry]:
    """The row with this sequence number and all others of the same tap (LogEntry.of_tap), the oldest first."""
    tap = next(line.tap_id for line in reversed(log) if line.seq == seq).partition("/")[0]
    return [line for line in log if line.tap_id.partition("/")[0] == tap]
