"""Tennis: TN1 to TN7, ITF Rules 5 to 15 and 27, Appendix V. Padel: PD1."""

import pytest

from rules.scoring import padel
from rules.scoring.engine import State, fold
from rules.scoring.log import EntryKind, Side
from rules.scoring.ruleset import Ruleset
from rules.scoring.tennis import ADVANTAGE, MATCH_TIE_BREAK, NO_AD
from tests.rules.scoring.logs import order, rallies, say, service, services, undo

THREE = ADVANTAGE.of_length(3)
DEUCE = "ABABAB"
A, B = "AAAA", "BBBB"
SIX_ALL = (A + B) * 6


def play(winners: str, law: Ruleset = THREE) -> State:
    return fold(law, rallies(winners))


def test_a_game_is_four_points_two_clear() -> None:
    assert [play(log).set_games for log in ("AAA", A, DEUCE + "A", DEUCE + "AA", DEUCE + "ABAA")] == [
        (0, 0),
        (1, 0),
        (0, 0),
        (1, 0),
        (1, 0),
    ]
    assert (play(DEUCE).at_deuce, play(DEUCE + "A").game_point, play(DEUCE + "AB").at_deuce) == (True, Side.A, True)


def test_without_advantage_the_point_at_deuce_decides() -> None:
    no_ad = NO_AD.of_length(3)
    assert play(DEUCE, no_ad).decides
    assert play(DEUCE + "B", no_ad).set_games == (0, 1)


@pytest.mark.parametrize(
    ("games", "sets"),
    [
        (A * 6, ((6, 0),)),
        ((A + B) * 4 + A * 2, ((6, 4),)),
        ((A + B) * 5 + A, ()),
        ((A + B) * 5 + A * 2, ((7, 5),)),
        (SIX_ALL, ()),
        (SIX_ALL + "A" * 7, ((7, 6),)),
        (SIX_ALL + "AB" * 6 + "A", ()),
        (SIX_ALL + "AB" * 6 + "AA", ((7, 6),)),
    ],
)
def test_a_set_is_six_games_two_clear_with_a_tie_break_at_six_all(
    games: str, sets: tuple[tuple[int, int], ...]
) -> None:
    assert play(games).games == sets


def test_a_match_tie_break_takes_the_place_of_the_last_set() -> None:
    law = MATCH_TIE_BREAK.of_length(3)
    one_all = A * 6 + B * 6
    state = play(one_all + "A" * 9, law)
    assert (state.is_tie_break, state.match_point, state.is_finished) == (True, Side.A, False)
    assert play(one_all + "A" * 10, law).games == ((6, 0), (0, 6), (10, 0))
    assert play(one_all + "AB" * 9 + "A", law).is_finished is False


def test_the_tie_break_is_served_by_one_and_then_by_two() -> None:
    servers = "".join(str(play(SIX_ALL + ("AB" * 6)[:n]).server) for n in range(10))
    assert servers == "ABBAABBAAB"
    changes = [n for n in range(1, 13) if play(SIX_ALL + ("AB" * 6)[:n]).ends_change_due]
    assert changes == [6, 12]


def test_who_served_first_in_the_tie_break_receives_first_in_the_next_set() -> None:
    assert play(SIX_ALL).server is Side.A
    assert play(SIX_ALL + "A" * 7).server is Side.B


def test_a_point_taken_back_in_the_tie_break_moves_score_and_server_together() -> None:
    log = rallies(SIX_ALL + "AB")
    assert fold(THREE, undo(log, len(log))) == play(SIX_ALL + "A")


def test_the_serve_passes_with_each_game() -> None:
    assert [play(A * n).server for n in range(4)] == [Side.A, Side.B, Side.A, Side.B]


@pytest.mark.parametrize(
    ("games", "due"),
    [
        (A, True),
        (A + B, False),
        (A + B + A, True),
        ((A + B) * 3 + A * 3, True),
        ((A + B) * 4 + A * 2, False),
        ((A + B) * 4 + A * 2 + A, True),
        (SIX_ALL + "A" * 7, True),
    ],
)
def test_ends_change_after_odd_games_of_each_set(games: str, due: bool) -> None:
    assert play(games).ends_change_due is due


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


@pytest.mark.parametrize(
    ("law", "rallies_after_deuce", "games"),
    [
        (padel.ADVANTAGE, "ABABA", (0, 0)),
        (padel.STAR_POINT, "ABABA", (1, 0)),
        (padel.STAR_POINT, "ABAB", (0, 0)),
        (padel.STAR_POINT, "ABB", (0, 0)),
        (padel.STAR_POINT, "AA", (1, 0)),
        (padel.GOLDEN_POINT, "A", (1, 0)),
    ],
)
def test_the_three_ways_out_of_deuce_in_padel(law: Ruleset, rallies_after_deuce: str, games: tuple[int, int]) -> None:
    assert play(DEUCE + rallies_after_deuce, law.of_length(3)).set_games == games


def test_the_star_point_comes_after_two_advantages() -> None:
    law = padel.STAR_POINT.of_length(3)
    assert [play(DEUCE + log, law).decides for log in ("", "AB", "ABAB")] == [False, False, True]
