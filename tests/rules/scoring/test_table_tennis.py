"""The laws TT1 to TT4: ITTF 2.11 to 2.13."""

import random

import pytest

from rules.scoring.engine import State, fold
from rules.scoring.log import Side
from rules.scoring.sports import LAWS
from rules.scoring.table_tennis import TO_ELEVEN
from tests.rules.scoring.logs import rallies, to_score, undo

GAME_A = "A" * 11
GAME_B = "B" * 11


def play(winners: str, best_of: int = 1, first_server: Side = Side.A) -> State:
    return fold(TO_ELEVEN.of_length(best_of), rallies(winners), first_server)


@pytest.mark.parametrize(
    ("score", "is_finished"),
    [
        ((11, 0), True),
        ((11, 9), True),
        ((9, 11), True),
        ((10, 9), False),
        ((10, 10), False),
        ((11, 10), False),
        ((10, 11), False),
        ((12, 10), True),
        ((12, 11), False),
        ((13, 13), False),
        ((15, 13), True),
        ((20, 19), False),
        ((30, 32), True),
    ],
)
def test_a_game_goes_to_eleven_two_clear(score: tuple[int, int], is_finished: bool) -> None:
    state = play(to_score(*score))
    assert state.points == score
    assert state.is_finished is is_finished
    assert state.games == ((score,) if is_finished else ())
    assert state.winner is ((Side.A if score[0] > score[1] else Side.B) if is_finished else None)


@pytest.mark.parametrize("best_of", [0, 2, 4, 6, -1, -3])
def test_an_even_number_of_games_is_refused(best_of: int) -> None:
    with pytest.raises(ValueError, match="odd number"):
        TO_ELEVEN.of_length(best_of)


@pytest.mark.parametrize("best_of", [1, 3, 5, 7])
def test_a_match_ends_when_one_side_has_more_than_half_of_the_games(best_of: int) -> None:
    needed = best_of // 2 + 1
    nearly = play(GAME_B * (needed - 1) + GAME_A * (needed - 1), best_of)
    assert (nearly.is_finished, nearly.winner, nearly.games_won) == (False, None, (needed - 1, needed - 1))
    over = play(GAME_B * (needed - 1) + GAME_A * needed, best_of)
    assert (over.is_finished, over.winner, over.games_won) == (True, Side.A, (needed, needed - 1))
    assert over.game_number == len(over.games) == best_of


def test_a_match_best_of_five_can_end_after_three_games() -> None:
    assert play(GAME_A * 2, 5).winner is None
    assert play(GAME_A * 3, 5).games == ((11, 0),) * 3


def served_by(points_played: int, first: Side) -> Side:
    """Law 2.13.3 implemented independently of the engine: two each, from 10-10 one each."""
    turns = "FFSS" * 5 + "FS" * 20
    return first if turns[points_played] == "F" else first.other


@pytest.mark.parametrize("first", list(Side))
@pytest.mark.parametrize("seed", range(10))
def test_whoever_wins_the_rallies_the_serve_passes_after_every_two_points(seed: int, first: Side) -> None:
    wins = list("A" * 9 + "B" * 9)
    random.Random(seed).shuffle(wins)
    for played in range(19):
        state = play("".join(wins[:played]), first_server=first)
        assert state.server is served_by(played, first)
        assert (state.service.number, state.service.in_turn) == (played % 2 + 1, 2)


def test_the_first_server_serves_points_one_two_five_six_and_so_on() -> None:
    points = [played + 1 for played in range(18) if play(to_score((played + 1) // 2, played // 2)).server is Side.A]
    assert points == [1, 2, 5, 6, 9, 10, 13, 14, 17, 18]


@pytest.mark.parametrize("first", list(Side))
@pytest.mark.parametrize("seed", range(10))
def test_from_ten_all_the_serve_passes_after_every_point(seed: int, first: Side) -> None:
    winners = to_score(10, 10)
    for pair in random.Random(seed).choices(["AB", "BA"], k=8):
        for winner in pair:
            state = play(winners, first_server=first)
            assert state.server is served_by(len(winners), first)
            assert (state.service.number, state.service.in_turn) == (1, 1)
            winners += winner


@pytest.mark.parametrize(
    ("score", "server"),
    [((10, 9), Side.B), ((10, 10), Side.A), ((11, 10), Side.B), ((10, 11), Side.B), ((11, 11), Side.A)],
)
def test_the_server_around_ten_all(score: tuple[int, int], server: Side) -> None:
    assert play(to_score(*score)).server is server


@pytest.mark.parametrize("first", list(Side))
def test_who_served_first_in_a_game_receives_first_in_the_next(first: Side) -> None:
    servers = [play(GAME_A * a + GAME_B * b, 5, first).server for a, b in [(0, 0), (1, 0), (1, 1), (2, 1), (2, 2)]]
    assert servers == [first, first.other, first, first.other, first]


def test_ends_change_after_every_game_and_the_next_rally_clears_the_call() -> None:
    start, after_first, after_second = play("", 5), play(GAME_A, 5), play(GAME_A + GAME_B, 5)
    assert [state.ends_swapped for state in (start, after_first, after_second)] == [False, True, False]
    assert [state.ends_change_due for state in (start, after_first, after_second)] == [False, True, True]
    rally_later = play(GAME_A + "A", 5)
    assert (rally_later.ends_swapped, rally_later.ends_change_due) == (True, False)


@pytest.mark.parametrize(
    ("score", "swapped", "due"),
    [
        ((4, 4), False, False),
        ((5, 4), True, True),
        ((4, 5), True, True),
        ((5, 0), True, True),
        ((6, 4), True, False),
        ((5, 5), True, False),
        ((10, 10), True, False),
    ],
)
def test_in_the_last_possible_game_ends_change_when_a_side_reaches_five(
    score: tuple[int, int], swapped: bool, due: bool
) -> None:
    state = play(GAME_A + GAME_B + to_score(*score), 3)
    assert (state.game_number, state.ends_swapped, state.ends_change_due) == (3, swapped, due)


def test_the_fourth_game_of_five_keeps_its_ends_at_five() -> None:
    state = play(GAME_A + GAME_B + GAME_A + to_score(5, 4), 5)
    assert (state.game_number, state.ends_swapped, state.ends_change_due) == (4, True, False)


def test_a_single_friendly_game_keeps_its_ends_unless_it_is_played_as_the_deciding_one() -> None:
    friendly = play(to_score(5, 3))
    assert (friendly.ends_swapped, friendly.ends_change_due) == (False, False)
    deciding = TO_ELEVEN.of_length(1, as_deciding=True)
    at_five = fold(deciding, rallies(to_score(5, 3)))
    assert (at_five.ends_swapped, at_five.ends_change_due) == (True, True)
    assert fold(deciding, rallies(to_score(4, 4))).ends_swapped is False
    assert fold(deciding, undo(rallies("A" * 5), 5)).ends_swapped is False


def test_a_deciding_single_game_is_stored_under_a_law_of_its_own() -> None:
    deciding = TO_ELEVEN.of_length(1, as_deciding=True)
    assert (deciding.code, LAWS["table-tennis-1"]) == ("table-tennis-1", deciding)
    assert TO_ELEVEN.of_length(1).code == "table-tennis-friendly-1"
    assert TO_ELEVEN.of_length(3, as_deciding=True) == TO_ELEVEN.of_length(3)


def test_nobody_changes_ends_after_the_match() -> None:
    assert play(GAME_A).ends_change_due is False
    assert play(GAME_A * 2, 3).ends_change_due is False


@pytest.mark.parametrize(
    ("score", "at_deuce", "game_point"),
    [
        ((0, 0), False, None),
        ((9, 9), False, None),
        ((9, 10), False, Side.B),
        ((10, 0), False, Side.A),
        ((10, 10), True, None),
        ((11, 10), False, Side.A),
        ((14, 14), True, None),
        ((11, 9), False, None),
        ((15, 13), False, None),
    ],
)
def test_deuce_and_game_point(score: tuple[int, int], at_deuce: bool, game_point: Side | None) -> None:
    state = play(to_score(*score))
    assert (state.at_deuce, state.game_point, state.match_point) == (at_deuce, game_point, game_point)


def test_a_game_point_is_a_match_point_only_in_the_game_that_decides() -> None:
    first = play("A" * 10, 3)
    assert (first.game_point, first.match_point) == (Side.A, None)
    behind = play(GAME_A + "B" * 10, 3)
    assert (behind.game_point, behind.match_point) == (Side.B, None)
    second = play(GAME_A + "A" * 10, 3)
    assert (second.game_point, second.match_point) == (Side.A, Side.A)


def test_a_finished_match_has_no_server_but_remembers_the_last_one() -> None:
    state = play(to_score(11, 7))
    assert (state.server, state.service.side) == (None, Side.A)
    assert (state.service.number, state.service.in_turn) == (2, 2)
    assert play(to_score(12, 10)).service.side is Side.B
