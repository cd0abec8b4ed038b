"""Tennis beyond the vectors: undo in a tie-break, doubles, points that win a game, a set or the match."""

from rules.scoring.engine import State, fold
from rules.scoring.log import EntryKind, Side
from rules.scoring.ruleset import Ruleset
from rules.scoring.tennis import ADVANTAGE
from tests.rules.scoring.logs import order, rallies, say, service, services, undo

THREE = ADVANTAGE.of_length(3)
DEUCE = "ABABAB"
A, B = "AAAA", "BBBB"
SIX_ALL = (A + B) * 6


def play(winners: str, law: Ruleset = THREE) -> State:
    return fold(law, rallies(winners))


def test_a_point_taken_back_in_the_tie_break_moves_score_and_server_together() -> None:
    log = rallies(SIX_ALL + "AB")
    assert fold(THREE, undo(log, len(log))) == play(SIX_ALL + "A")


def test_the_serve_passes_with_each_game() -> None:
    assert [play(A * n).server for n in range(4)] == [Side.A, Side.B, Side.A, Side.B]


def test_the_right_court_is_served_on_an_even_number_of_points() -> None:
    assert [each[-1] for each in services(THREE, "ABAA", pairs=False)] == ["R", "L", "R", "L", "R"]


def test_in_doubles_the_order_holds_for_a_set_and_receivers_keep_their_half() -> None:
    games = [service(fold(THREE, rallies(A * n), pairs=True)) for n in range(5)]
    assert games == ["A1>B1 R", "B1>A1 R", "A2>B1 R", "B2>A1 R", "A1>B1 R"]
    assert services(THREE, "AB") == ["A1>B1 R", "A1>B2 L", "A1>B1 R"]
    next_set = order(rallies(A * 6), Side.A, 2, server=2)
    assert service(fold(THREE, next_set, pairs=True)) == "A2>B1 R"


def test_the_doubles_order_goes_on_through_the_tie_break() -> None:
    servers = [each[:2] for each in services(THREE, SIX_ALL + "ABABA")[len(SIX_ALL) :]]
    assert servers == ["A1", "B1", "B1", "A2", "A2", "B2"]


def test_a_wrong_server_in_a_tie_break_may_leave_the_order_altered() -> None:
    log = say(rallies(SIX_ALL + "A"), EntryKind.SERVICE, Side.A)
    servers = "".join(str(fold(THREE, rallies("ABABAB"[:n], after=log)).server) for n in range(6))
    assert servers == "AABBAA"
    assert fold(THREE, undo(log, len(log))) == play(SIX_ALL + "A")


def test_a_game_served_by_the_wrong_side_leaves_the_order_altered() -> None:
    log = say(rallies(A), EntryKind.SERVICE, Side.A)
    assert fold(THREE, log).server is Side.A
    assert fold(THREE, rallies(A, after=log)).server is Side.B


def test_points_that_win_a_game_a_set_or_the_match() -> None:
    points = [play(log) for log in ("AAA", A * 5 + "AAA", A * 11 + "AAA", A * 6 + B * 5 + "BBB")]
    assert [(each.game_point, each.set_point, each.match_point) for each in points] == [
        (Side.A, None, None),
        (Side.A, Side.A, None),
        (Side.A, Side.A, Side.A),
        (Side.B, Side.B, None),
    ]
