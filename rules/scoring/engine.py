"""One pure fold for every sport: a ruleset and a log of entries give the state of a match.

The log is only ever appended to. Nothing that can be derived is stored in it: who serves, which game it is and who
has won all follow from the rallies that stand, so taking one back puts everything right at once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

Points = tuple[int, int]


class Side(StrEnum):
    """A competitor, the same for the whole match wherever he stands at the table."""

    A = "A"
    B = "B"

    @property
    def other(self) -> "Side":
        return Side.B if self is Side.A else Side.A


class EntryKind(StrEnum):
    """What a log can say: a rally won by `side`; an `undo` of, or an `amend` of the winner of, the entry `target`;
    an `order`, `side` serving first in the first game; an `end`, `side` retiring from the match."""

    RALLY = "rally"
    UNDO = "undo"
    AMEND = "amend"
    ORDER = "order"
    END = "end"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a log; `seq` grows along it, `target` is the seq of an earlier line."""

    seq: int
    kind: EntryKind
    side: Side | None = None
    target: int | None = None


class BadEntry(ValueError):
    """An entry that cannot stand in this log: out of order, without its side, or aimed at what is not there."""


class MatchIsOver(Exception):
    """A rally or an end after the match has been decided, or one that a correction has left behind the end."""


@dataclass(frozen=True, slots=True)
class Ruleset:
    """The law a match is played by, in force from `valid_from`. Raises ValueError unless `best_of` is odd.

    A game goes to `target` with a `lead`, or to `cap` with any. The serve passes after `serves_each` points, and after
    `serves_each_at_deuce` once both sides are one point short of needing the lead. Ends change after each game, and
    in the last possible game also when a side first reaches `ends_change_at`.
    """

    sport: str
    code: str
    valid_from: date
    target: int
    lead: int
    cap: int | None
    best_of: int
    serves_each: int
    serves_each_at_deuce: int
    ends_change_at: int | None

    def __post_init__(self) -> None:
        if self.best_of < 1 or self.best_of % 2 == 0:
            raise ValueError(f"a match is the best of an odd number of games, not of {self.best_of}")

    @property
    def games_to_win(self) -> int:
        return self.best_of // 2 + 1

    @property
    def deuce_from(self) -> int:
        """The score which, reached by both sides, leaves the lead to decide: 10 in a game to 11."""
        return self.target - self.lead + 1


class Rally(NamedTuple):
    """A rally that stands: who won it (as amended), in which game (from 1), and that game's points (A, B) after it."""

    seq: int
    side: Side
    game_number: int
    points_after: Points


@dataclass(frozen=True, slots=True)
class State:
    """Everything a page may want to show of a match. Pairs of numbers are (A, B).

    games             the finished games
    points            of the current game; of the last one once the match is finished
    server            None once finished; `last_server` then still tells who served last
    serve_number      which serve of the server's turn, from 1, out of `serves_in_turn`
    at_deuce          level, and the lead decides: 10-10, 11-11
    game_point        the side, if only one, that wins the game with the next rally; `match_point` likewise
    ends_swapped      the sides have changed ends an odd number of times
    ends_change_due   the latest rally made them change
    live              the rallies that stand, oldest first
    """

    games: tuple[Points, ...]
    points: Points
    games_won: Points
    game_number: int
    server: Side | None
    last_server: Side
    serve_number: int
    serves_in_turn: int
    at_deuce: bool
    game_point: Side | None
    match_point: Side | None
    ends_swapped: bool
    ends_change_due: bool
    is_finished: bool
    winner: Side | None
    live: tuple[Rally, ...]


def fold(ruleset: Ruleset, log: Sequence[Entry], first_server: Side = Side.A) -> State:
    """The state after this log; `first_server` serves first in the first game unless an `order` says otherwise.

    Raises BadEntry and MatchIsOver. Once the last game is won, more rallies are refused and only corrections taken.
    """
    ledger = _Ledger()
    for entry in log:
        ledger.add(entry)
    play = _Play(ruleset)
    for entry, side in ledger.standing():
        if entry.kind is EntryKind.RALLY:
            play.rally(entry.seq, side)
        elif entry.kind is EntryKind.ORDER:
            first_server = side
        elif entry.kind is EntryKind.END:
            play.retire(entry.seq, side)
    return _state(ruleset, play, first_server)


def latest_rally(state: State, side: Side | None = None) -> Rally | None:
    """The rally that -1 takes back: the side's latest in the current game, or without a side the newest of all.

    The current game is the one `points` belongs to: a new one after a game, the last one after the match.
    """
    if side is None:
        return state.live[-1] if state.live else None
    for rally in reversed(state.live):
        if rally.game_number != state.game_number:
            return None
        if rally.side is side:
            return rally
    return None


class _Ledger:
    """The log as it is read: which entries stand, and which were voided by an undo that stands."""

    def __init__(self) -> None:
        self.entries: dict[int | None, Entry] = {}
        self.void: set[int] = set()
        self.last_seq: int | None = None

    def add(self, entry: Entry) -> None:
        if self.last_seq is not None and entry.seq <= self.last_seq:
            raise BadEntry(f"entry {entry.seq} comes after {self.last_seq}")
        if entry.kind is EntryKind.UNDO:
            self._void(entry)
        elif entry.side is None:
            raise BadEntry(f"entry {entry.seq} ({entry.kind}) names no side")
        elif entry.kind is EntryKind.AMEND and self._target(entry).kind is not EntryKind.RALLY:
            raise BadEntry(f"entry {entry.seq} amends what is not a rally")
        self.entries[entry.seq] = entry
        self.last_seq = entry.seq

    def standing(self) -> Iterator[tuple[Entry, Side]]:
        """The entries that stand, undos aside, each with its side as amended."""
        standing = [(entry, entry.side) for entry in self.entries.values() if entry.side and entry.seq not in self.void]
        amended = {entry.target: side for entry, side in standing if entry.kind is EntryKind.AMEND}
        return ((entry, amended.get(entry.seq, side)) for entry, side in standing)

    def _target(self, entry: Entry) -> Entry:
        target = self.entries.get(entry.target)
        if target is None or target.seq in self.void:
            raise BadEntry(f"entry {entry.seq} aims at {entry.target}, which does not stand before it")
        return target

    def _void(self, undo: Entry) -> None:
        """Void the target. If that is an undo, what it voided stands again; if that is one too, it voids again; …"""
        while True:
            target = self._target(undo)
            self.void.add(target.seq)
            if target.kind is not EntryKind.UNDO:
                return
            undo = self.entries[target.target]
            self.void.remove(undo.seq)
            if undo.kind is not EntryKind.UNDO:
                return


class _Play:
    """The score as it grows, rally by rally."""

    def __init__(self, ruleset: Ruleset) -> None:
        self.ruleset = ruleset
        self.games: list[Points] = []
        self.points: Points = (0, 0)
        self.games_won: Points = (0, 0)
        self.game_number = 1
        self.winner: Side | None = None
        self.live: list[Rally] = []

    def rally(self, seq: int, side: Side) -> None:
        self._refuse_after_end(seq)
        self.points = _one_more(self.points, side)
        self.live.append(Rally(seq, side, self.game_number, self.points))
        if _wins_game(self.ruleset, self.points, side):
            self._finish_game(side)

    def retire(self, seq: int, side: Side) -> None:
        self._refuse_after_end(seq)
        self.winner = side.other

    def _refuse_after_end(self, seq: int) -> None:
        if self.winner is not None:
            raise MatchIsOver(f"entry {seq} comes after the end of the match")

    def _finish_game(self, side: Side) -> None:
        self.games.append(self.points)
        self.games_won = _one_more(self.games_won, side)
        if max(self.games_won) == self.ruleset.games_to_win:
            self.winner = side
        else:
            self.points = (0, 0)
            self.game_number += 1


@dataclass(frozen=True, slots=True)
class _Service:
    server: Side
    number: int
    in_turn: int


def _state(ruleset: Ruleset, play: _Play, first_server: Side) -> State:
    is_finished = play.winner is not None
    service = _service(ruleset, play, first_server)
    game_point = None if is_finished else _game_point(ruleset, play.points)
    return State(
        games=tuple(play.games),
        points=play.points,
        games_won=play.games_won,
        game_number=play.game_number,
        server=None if is_finished else service.server,
        last_server=service.server,
        serve_number=service.number,
        serves_in_turn=service.in_turn,
        at_deuce=not is_finished and play.points[0] == play.points[1] >= ruleset.deuce_from,
        game_point=game_point,
        match_point=game_point if _wins_match_next(ruleset, play.games_won, game_point) else None,
        ends_swapped=_ends_swapped(ruleset, play),
        ends_change_due=not is_finished and _ends_change_due(ruleset, play),
        is_finished=is_finished,
        winner=play.winner,
        live=tuple(play.live),
    )


def _one_more(pair: tuple[int, int], side: Side) -> tuple[int, int]:
    return (pair[0] + 1, pair[1]) if side is Side.A else (pair[0], pair[1] + 1)


def _winner_first(points: Points, side: Side) -> Points:
    return points if side is Side.A else (points[1], points[0])


def _wins_game(ruleset: Ruleset, points: Points, side: Side) -> bool:
    mine, theirs = _winner_first(points, side)
    return mine >= ruleset.target and (mine - theirs >= ruleset.lead or mine == ruleset.cap)


def _service(ruleset: Ruleset, play: _Play, first_server: Side) -> _Service:
    """Who serves the next rally, or served the last one when the match was played out, and which serve of how many."""
    turn, number, in_turn = _service_turn(ruleset, _points_served(play))
    first_in_game = first_server if play.game_number % 2 else first_server.other
    return _Service(first_in_game if turn % 2 == 0 else first_in_game.other, number, in_turn)


def _points_served(play: _Play) -> int:
    played_out = len(play.games) == play.game_number
    return sum(play.points) - played_out


def _service_turn(ruleset: Ruleset, served: int) -> tuple[int, int, int]:
    """The turn's number in the game (from 0), the serve in it (from 1), the serves it has; winners never matter."""
    until_deuce = 2 * ruleset.deuce_from
    if served < until_deuce:
        turn, before = divmod(served, ruleset.serves_each)
        return turn, before + 1, ruleset.serves_each
    turn, before = divmod(served - until_deuce, ruleset.serves_each_at_deuce)
    return until_deuce // ruleset.serves_each + turn, before + 1, ruleset.serves_each_at_deuce


def _game_point(ruleset: Ruleset, points: Points) -> Side | None:
    winning = [side for side in Side if _wins_game(ruleset, _one_more(points, side), side)]
    return winning[0] if len(winning) == 1 else None


def _wins_match_next(ruleset: Ruleset, games_won: Points, side: Side | None) -> bool:
    return side is not None and max(_one_more(games_won, side)) == ruleset.games_to_win


def _ends_swapped(ruleset: Ruleset, play: _Play) -> bool:
    change_at = _change_at(ruleset, play)
    changed_inside = change_at is not None and max(play.points) >= change_at
    return (play.game_number % 2 == 0) != changed_inside


def _ends_change_due(ruleset: Ruleset, play: _Play) -> bool:
    if play.points == (0, 0):
        return play.game_number > 1
    mine, theirs = _winner_first(play.points, play.live[-1].side)
    change_at = _change_at(ruleset, play)
    return change_at is not None and mine == change_at > theirs


def _change_at(ruleset: Ruleset, play: _Play) -> int | None:
    return ruleset.ends_change_at if play.game_number == ruleset.best_of else None
