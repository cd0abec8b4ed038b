"""One pure fold for every sport: a ruleset and a log of entries give the state of a match.

Nothing that can be derived is stored in the log: the server, the game and the winner all follow from the
rallies that stand, so undoing one corrects everything at once.
"""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from typing import NamedTuple

from rules.scoring.log import Entry, EntryKind, Ledger, Points, Side
from rules.scoring.play import Newest, Play, Rally
from rules.scoring.ruleset import Ruleset
from rules.scoring.serving.service import Service

# Lines that only append; any other may change what came before it.
PLAIN = frozenset({EntryKind.RALLY, EntryKind.AWARD, EntryKind.LET, EntryKind.TIME_OUT, EntryKind.END})


@dataclass(frozen=True, slots=True)
class State:
    """The complete state of a match. Pairs of numbers are (A, B).

    games             the finished games, in tennis the sets
    points            of the current game; of the last one once the match is finished
    set_games         the games of the current set, of the last one once finished; None where there are no sets
    game_number       of the current game, in tennis of the set
    stretch           of the current game, in tennis counted through all sets
    service           who serves next; once finished, who served last
    is_tie_break      points decide the set
    at_deuce          level, and the lead decides: 10-10, 11-11
    decides           the next rally decides the game for either side: sudden death, a golden or a star point
    game_point        the side, if only one, that wins the game with the next rally; `match_point` likewise, and
    set_point         likewise in sports that have sets
    ends_swapped      the sides have changed ends an odd number of times
    ends_change_due   the latest rally made them change
    interval          the seconds of the pause that the latest rally began, or 0
    time_outs_left    by side
    live              the rallies and awards that stand, oldest first
    newest            the newest line that stands and can be undone, of any kind
    """

    games: tuple[Points, ...]
    points: Points
    set_games: Points | None
    games_won: Points
    game_number: int
    stretch: int
    service: Service
    is_expedite: bool
    is_tie_break: bool
    at_deuce: bool
    decides: bool
    game_point: Side | None
    set_point: Side | None
    match_point: Side | None
    ends_swapped: bool
    ends_change_due: bool
    interval: int
    time_outs_left: Points
    is_finished: bool
    winner: Side | None
    live: tuple[Rally, ...]
    newest: Newest | None

    @property
    def server(self) -> Side | None:
        """The side that serves next; None once the match is finished."""
        return None if self.is_finished else self.service.side


class Scorebook:
    """An incremental fold of a log. Reading one more line takes constant time, unless it corrects another."""

    def __init__(self, ruleset: Ruleset, first_server: Side = Side.A, *, pairs: bool = False) -> None:
        self._ruleset, self._first_server, self._pairs = ruleset, first_server, pairs
        self._ledger = Ledger()
        self._play = self._replayed()
        self._states: dict[Side | None, State] = {}

    def read(self, log: Sequence[Entry]) -> None:
        """Reads more lines. Raises BadEntry, MatchIsOver and AgainstTheLaw; the scorebook is then unusable."""
        self._states = {}
        is_plain = all(entry.kind in PLAIN for entry in log)
        for entry in log:
            self._ledger.add(entry)
        if is_plain:
            for entry in log:
                self._play.take(entry, entry.side)
        else:
            self._play = self._replayed()

    @property
    def state(self) -> State:
        if None not in self._states:
            self._states[None] = _state(self._ruleset, self._play)
        return self._states[None]

    def after_rally(self, side: Side) -> State:
        """The state if this side won the next rally; raises MatchIsOver."""
        if side not in self._states:
            ahead = self._play.copy()
            ahead.rally(0, side)
            self._states[side] = _state(self._ruleset, ahead)
        return self._states[side]

    def _replayed(self) -> Play:
        standing = list(self._ledger.standing())
        orders = {entry.game: (side, entry) for entry, side in standing if entry.kind is EntryKind.ORDER and side}
        play = Play(self._ruleset, self._first_server, pairs=self._pairs, orders=orders)
        for entry, side in standing:
            play.take(entry, side)
        for entry, side in self._ledger.taken_out():
            play.apply(entry, side)
        return play


def fold(ruleset: Ruleset, log: Sequence[Entry], first_server: Side = Side.A, *, pairs: bool = False) -> State:
    """The state after this log; `first_server` serves first in the first game unless an `order` says otherwise.

    Raises BadEntry, MatchIsOver and AgainstTheLaw. Once the last game is won, only corrections are taken.
    """
    book = Scorebook(ruleset, first_server, pairs=pairs)
    book.read(log)
    return book.state


def latest_rally(state: State, side: Side) -> Rally | None:
    """The rally that the side's -1 undoes: its latest in the current game, the one that `points` belongs to.

    That is the new game after a finished one, and the last game after the match.
    """
    for rally in reversed(state.live):
        if rally.stretch != state.stretch:
            return None
        if rally.side is side:
            return rally
    return None


def _state(ruleset: Ruleset, play: Play) -> State:
    score, chances = play.score, _chances(play)
    is_finished = play.winner is not None
    return State(
        games=score.games,
        points=score.points,
        set_games=score.set_games if ruleset.sets else None,
        games_won=score.games_won,
        game_number=score.game_number,
        stretch=score.stretch,
        service=copy(play.service),
        is_expedite=play.is_expedite,
        is_tie_break=score.is_tie_break,
        at_deuce=not is_finished and play.is_at_deuce,
        ends_swapped=play.ends_swapped,
        ends_change_due=play.ends_change_due,
        interval=play.interval,
        time_outs_left=play.time_outs_left,
        is_finished=is_finished,
        winner=play.winner,
        live=tuple(play.live),
        newest=play.newest,
        decides=chances.decides,
        game_point=chances.game,
        set_point=chances.set if ruleset.sets else None,
        match_point=chances.match,
    )


class _Chances(NamedTuple):
    game: Side | None = None
    set: Side | None = None
    match: Side | None = None
    decides: bool = False


def _chances(play: Play) -> _Chances:
    """The game, set and match points: for each the only side that could win it with the next rally."""
    if play.winner is not None:
        return _Chances()
    before = play.score
    ahead = [(side, after) for side in Side if (after := play.score_after_rally(side))]
    winning = [(side, after) for side, after in ahead if after.stretch != before.stretch or after.winner]
    if len(winning) != 1:
        return _Chances(decides=len(winning) == 2)
    side, after = winning[0]
    ends_set = after.game_number != before.game_number or after.winner is not None
    return _Chances(side, side if ends_set else None, after.winner)
