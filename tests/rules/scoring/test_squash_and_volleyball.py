"""Squash and volleyball beyond the vectors."""

from rules.scoring import squash, volleyball
from rules.scoring.engine import fold
from rules.scoring.log import Side
from tests.rules.scoring.logs import order, rallies

SQUASH = squash.TO_ELEVEN.of_length(5)
VOLLEYBALL = volleyball.TO_TWENTY_FIVE.of_length(5)
SET = "A" * 25
TWO_ALL = (SET + "B" * 25) * 2


def test_in_squash_the_winner_of_a_game_serves_first_and_nobody_changes_ends() -> None:
    state = fold(SQUASH, rallies("B" * 11))
    assert (state.server, state.ends_change_due, state.ends_swapped) == (Side.B, False, False)


def test_a_single_set_of_volleyball_goes_to_fifteen_only_as_the_deciding_one() -> None:
    one = volleyball.TO_TWENTY_FIVE
    assert fold(one.of_length(1), rallies("A" * 15)).is_finished is False
    assert fold(one.of_length(1, as_deciding=True), rallies("A" * 15)).winner is Side.A


def test_a_team_that_gains_the_serve_moves_on_by_one() -> None:
    rotations = [fold(VOLLEYBALL, rallies("AABBABABABABA"[:n])).service.rotation for n in range(14)]
    assert rotations[:6] == [(1, 1), (1, 1), (1, 1), (1, 2), (1, 2), (2, 2)]
    assert rotations[-1] == (6, 6)


def test_the_first_serve_alternates_by_set_and_before_the_fifth_it_is_drawn_anew() -> None:
    assert [fold(VOLLEYBALL, rallies(SET * n)).server for n in range(3)] == [Side.A, Side.B, Side.A]
    assert fold(VOLLEYBALL, rallies(TWO_ALL)).server is Side.A
    assert fold(VOLLEYBALL, order(rallies(TWO_ALL), Side.B, 5)).server is Side.B
    assert fold(VOLLEYBALL, order(rallies(SET), Side.A, 2)).server is Side.B


def test_ends_change_after_each_set_and_at_eight_in_the_fifth_and_positions_stay() -> None:
    assert fold(VOLLEYBALL, rallies(SET)).ends_change_due
    before, at_eight = (fold(VOLLEYBALL, rallies(TWO_ALL + "A" * n)) for n in (7, 8))
    assert (before.ends_change_due, at_eight.ends_change_due) == (False, True)
    assert before.service.rotation == at_eight.service.rotation
