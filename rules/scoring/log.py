"""The log of a match: what was written down, and which lines of it stand.

It is only ever appended to. A line that was wrong is voided or amended by a later one, never changed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

Points = tuple[int, int]


class Side(StrEnum):
    """A competitor, the same for the whole match wherever he stands at the table."""

    A = "A"
    B = "B"

    @property
    def other(self) -> "Side":
        return Side.B if self is Side.A else Side.A


class EntryKind(StrEnum):
    """What a line can say.

    rally     won by `side`
    undo      of the entry `target`; an undo of an undo is a redo
    amend     the rally `target` was won by `side`
    insert    a rally that nobody wrote down: won by `side`, before the rally `target` was played
    order     in the game `game` (else the first) `side` serves first, by the player `server` to the player `receiver`;
              it may be said at any time, and what the law leaves no choice in is passed over
    service   from here on it is `side` that serves: an error that the law lets stand
    award     `points` to `side` without a rally: the other was penalized
    let       a rally to be played again
    time_out  taken by `side`
    expedite  introduced at the wish of, or against, `side`; `in_play` tells whether a rally was broken off for it
    end       `side` retires from the match
    """

    RALLY = "rally"
    UNDO = "undo"
    AMEND = "amend"
    INSERT = "insert"
    ORDER = "order"
    SERVICE = "service"
    AWARD = "award"
    LET = "let"
    TIME_OUT = "time_out"
    EXPEDITE = "expedite"
    END = "end"


PLAYED = frozenset({EntryKind.RALLY, EntryKind.INSERT})
OF_A_RALLY = frozenset({EntryKind.AMEND, EntryKind.INSERT})
AIMED = OF_A_RALLY | {EntryKind.UNDO}
NAME_NO_SIDE = frozenset({EntryKind.UNDO, EntryKind.LET, EntryKind.EXPEDITE})


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a log; `seq` grows along it, `target` is the seq of an earlier line. Players are places, 1 or 2."""

    seq: int
    kind: EntryKind
    side: Side | None = None
    target: int | None = None
    game: int = 1
    server: int = 1
    receiver: int = 1
    points: int = 1
    in_play: bool = False


class BadEntry(ValueError):
    """An entry that cannot stand in this log: out of order, without its side, or aimed at what is not there."""


class Ledger:
    """The log as it is read: which entries stand, and which were voided by an undo that stands."""

    def __init__(self) -> None:
        self._entries: dict[int | None, Entry] = {}
        self._as_played: list[Entry] = []
        self._void: set[int] = set()
        self._late: set[int] = set()
        self._last_seq: int | None = None

    def add(self, entry: Entry) -> None:
        if self._last_seq is not None and entry.seq <= self._last_seq:
            raise BadEntry(f"entry {entry.seq} comes after {self._last_seq}")
        if entry.kind is EntryKind.UNDO:
            self._note_if_late(entry)
            self._void_target(entry)
        elif entry.side is None and entry.kind not in NAME_NO_SIDE:
            raise BadEntry(f"entry {entry.seq} ({entry.kind}) names no side")
        elif entry.kind in OF_A_RALLY and self._target(entry).kind not in PLAYED:
            raise BadEntry(f"entry {entry.seq} corrects what is not a rally")
        self._entries[entry.seq] = entry
        self._as_played.insert(self._place_of(entry), entry)
        self._last_seq = entry.seq

    def standing(self) -> Iterator[tuple[Entry, Side | None]]:
        """The entries that stand as they were played, undos aside, each with its side as amended."""
        standing = [entry for entry in self._as_played if entry.seq not in self._void]
        amended = {entry.target: entry.side for entry in standing if entry.kind is EntryKind.AMEND}
        return ((entry, amended.get(entry.seq, entry.side)) for entry in standing if entry.kind is not EntryKind.UNDO)

    def taken_out(self) -> Iterator[tuple[Entry, Side | None]]:
        """The undos that stand and took an old rally out of its place, each with the side that had won it.

        Of the newest line an undo only leads back; this one is itself a line that can be taken back.
        """
        late = [entry for seq, entry in self._entries.items() if seq in self._late - self._void]
        return ((entry, self._entries[entry.target].side) for entry in late)

    def _note_if_late(self, undo: Entry) -> None:
        if self._target(undo).kind in PLAYED and undo.target != self._newest():
            self._late.add(undo.seq)

    def _newest(self) -> int | None:
        """The newest line that stands and can be taken back."""
        standing = (entry for entry in reversed(self._entries.values()) if entry.seq not in self._void)
        return next((each.seq for each in standing if each.kind is not EntryKind.UNDO or each.seq in self._late), None)

    def _place_of(self, entry: Entry) -> int:
        """The end, but for what was played earlier than it was written down."""
        is_late = entry.kind is EntryKind.INSERT
        return self._as_played.index(self._target(entry)) if is_late else len(self._as_played)

    def _target(self, entry: Entry) -> Entry:
        target = self._entries.get(entry.target)
        if target is None or target.seq in self._void:
            raise BadEntry(f"entry {entry.seq} aims at {entry.target}, which does not stand before it")
        return target

    def _void_target(self, undo: Entry) -> None:
        """Void the target. If that is an undo, what it voided stands again; if that is one too, it voids again; …"""
        while True:
            target = self._target(undo)
            self._void.add(target.seq)
            if target.kind is not EntryKind.UNDO:
                return
            undo = self._entries[target.target]
            self._void.remove(undo.seq)
            if undo.kind is not EntryKind.UNDO:
                return


def as_it_stands(log: Sequence[Entry]) -> list[tuple[int, Entry]]:
    """What is left of a log when its corrections are made in place, beside the number of the line that says it.

    Numbered anew, each beginning of it is a log of its own. A rally that was inserted keeps the line before which it
    was played as its target.
    """
    ledger = Ledger()
    for entry in log:
        ledger.add(entry)
    standing = [(entry, side) for entry, side in ledger.standing() if entry.kind is not EntryKind.AMEND]
    return [
        (entry.seq, replace(entry, seq=seq, side=side, kind=EntryKind.RALLY if entry.kind in PLAYED else entry.kind))
        for seq, (entry, side) in enumerate(standing, start=1)
    ]
