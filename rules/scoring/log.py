"""The log of a match, and which of its lines stand.

It is append-only. A wrong line is voided or amended by a later one, never changed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

Points = tuple[int, int]


class Side(StrEnum):
    """A competitor, the same for the whole match at either end of the table."""

    A = "A"
    B = "B"

    @property
    def other(self) -> "Side":
        return Side.B if self is Side.A else Side.A


class EntryKind(StrEnum):
    """The kinds of line.

    rally     won by `side`
    undo      of the entry `target`; an undo of an undo is a redo
    amend     the rally `target` was won by `side`
    insert    a rally that was not recorded: won by `side`, played before the rally `target`
    order     in the game `game` (else the first) `side` serves first, by the player `server` to the player `receiver`;
              it may come at any time, and is ignored where the law leaves no choice
    service   `side` serves from here on: an error of service that the law lets stand
    award     `points` to `side` without a rally: the other was penalized
    let       a rally to be played again
    time_out  taken by `side`
    expedite  introduced at the request of, or against, `side`; `in_play`: whether a rally was interrupted for it
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
    """One line of a log; `seq` increases, `target` is the seq of an earlier line. Players are places, 1 or 2."""

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
    """An entry that is invalid in this log: out of order, without its side, or with a wrong target."""


class Ledger:
    """The log as read so far: which entries stand, and which are voided by an undo that stands."""

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
        """The entries that stand in order of play, without undos, each with its side as amended."""
        standing = [entry for entry in self._as_played if entry.seq not in self._void]
        amended = {entry.target: entry.side for entry in standing if entry.kind is EntryKind.AMEND}
        return ((entry, amended.get(entry.seq, entry.side)) for entry in standing if entry.kind is not EntryKind.UNDO)

    def taken_out(self) -> Iterator[tuple[Entry, Side | None]]:
        """The undos that stand and removed an old rally, each with the side that had won it.

        An undo of the newest line only steps back; one of an older rally is itself a line that can be undone.
        """
        late = [entry for seq, entry in self._entries.items() if seq in self._late - self._void]
        return ((entry, self._entries[entry.target].side) for entry in late)

    def _note_if_late(self, undo: Entry) -> None:
        if self._target(undo).kind in PLAYED and undo.target != self._newest():
            self._late.add(undo.seq)

    def _newest(self) -> int | None:
        """The newest line that stands and can be undone."""
        standing = (entry for entry in reversed(self._entries.values()) if entry.seq not in self._void)
        return next((each.seq for each in standing if each.kind is not EntryKind.UNDO or each.seq in self._late), None)

    def _place_of(self, entry: Entry) -> int:
        """Where the entry belongs in order of play: at the end, unless it was inserted before another."""
        is_late = entry.kind is EntryKind.INSERT
        return self._as_played.index(self._target(entry)) if is_late else len(self._as_played)

    def _target(self, entry: Entry) -> Entry:
        target = self._entries.get(entry.target)
        if target is None or target.seq in self._void:
            raise BadEntry(f"entry {entry.seq} aims at {entry.target}, which does not stand before it")
        return target

    def _void_target(self, undo: Entry) -> None:
        """Voids the target. If that is an undo, what it voided stands again; if that is one too, it voids again; …"""
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
    """The log with its corrections applied in place, each line with the number of its original.

    Renumbered, so that each prefix is a log of its own. An inserted rally keeps as its target the line before which it
    was played.
    """
    ledger = Ledger()
    for entry in log:
        ledger.add(entry)
    standing = [(entry, side) for entry, side in ledger.standing() if entry.kind is not EntryKind.AMEND]
    return [
        (entry.seq, replace(entry, seq=seq, side=side, kind=EntryKind.RALLY if entry.kind in PLAYED else entry.kind))
        for seq, (entry, side) in enumerate(standing, start=1)
    ]
