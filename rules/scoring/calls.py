"""Points as they are called: numbers, and in a game of tennis 15, 30, 40 and advantage."""

from rules.scoring.engine import State
from rules.scoring.log import Points, Side
from rules.scoring.play import Rally
from rules.scoring.ruleset import Ruleset

ADVANTAGE = "AD"
GAME = "G"
TENNIS = ("0", "15", "30", "40")
Calls = tuple[str, str]


def calls(ruleset: Ruleset, state: State) -> Calls:
    """The calls of the current points (A, B); for a finished match with sets, the games of its last set."""
    if ruleset.sets is None:
        return _numbers(state.points)
    if state.is_finished and not state.is_tie_break:
        return _numbers(state.set_games or state.points)
    return _numbers(state.points) if state.is_tie_break else _tennis(state.points)


def calls_before(ruleset: Ruleset, rally: Rally) -> Calls:
    """The calls before the rally, which return when it is undone."""
    is_called = ruleset.sets is not None and not rally.is_tie_break
    return _tennis(rally.points_before) if is_called else _numbers(rally.points_before)


def calls_after(ruleset: Ruleset, rally: Rally) -> Calls:
    """The calls after the rally; GAME for the side that won a game of a set with it."""
    if ruleset.sets is None or rally.is_tie_break:
        return _numbers(rally.points_after)
    if ruleset.game.is_won(rally.points_after, rally.side):
        return (GAME, "") if rally.side is Side.A else ("", GAME)
    return _tennis(rally.points_after)


def call_of(ruleset: Ruleset, rally: Rally) -> str:
    """The winner's call after the rally in a sport with sets; GAME if it won the game."""
    return calls_after(ruleset, rally)[list(Side).index(rally.side)]


def _numbers(points: Points) -> Calls:
    return str(points[0]), str(points[1])


def _tennis(points: Points) -> Calls:
    a, b = points
    if max(points) < len(TENNIS):
        return TENNIS[a], TENNIS[b]
    return (ADVANTAGE if a > b else "40"), (ADVANTAGE if b > a else "40")
