"""Knockout: seeds, byes, winners, and corrections of results."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.contests.knockout import bracket_size, knockout, seeding
from rules.contests.ties import Tie

Won = dict[tuple[int, frozenset[int]], int]


def won(*results: tuple[int, int, int]) -> Won:
    """(tie, winner, loser)"""
    return {(number, frozenset((winner, loser))): winner for number, winner, loser in results}


def drawn(ties: list[Tie]) -> list[tuple[int, int | None, int | None, int | None]]:
    return [(tie.round, tie.a, tie.b, tie.winner) for tie in ties]


@pytest.mark.parametrize(("size", "order"), [(2, [1, 2]), (4, [1, 4, 3, 2]), (8, [1, 8, 5, 4, 3, 6, 7, 2])])
def test_the_strongest_meet_as_late_as_can_be(size: int, order: list[int]) -> None:
    assert seeding(size) == order


def test_of_five_the_first_three_need_not_play_at_first() -> None:
    ties = knockout([1, 2, 3, 4, 5], {})
    assert drawn(ties[:4]) == [(1, 1, None, 1), (1, 5, 4, None), (1, 3, None, 3), (1, 2, None, 2)]
    assert [tie.is_bye for tie in ties] == [True, False, True, True, False, False, False]
    assert drawn(ties[4:]) == [(2, 1, None, None), (2, 3, 2, None), (3, None, None, None)]


def test_the_winner_goes_on_and_goes_back_when_the_result_is_taken_back() -> None:
    assert knockout([1, 2, 3, 4], won((1, 4, 1)))[2].a == 4
    assert knockout([1, 2, 3, 4], {})[2].a is None


def test_a_final_played_by_who_should_not_have_been_there_does_not_count() -> None:
    played = won((1, 4, 1), (2, 2, 3), (3, 4, 2))
    assert knockout([1, 2, 3, 4], played)[2].winner == 4
    put_right = won((1, 1, 4), (2, 2, 3), (3, 4, 2))
    assert drawn(knockout([1, 2, 3, 4], put_right))[2] == (2, 1, 2, None)
    assert knockout([1, 2, 3, 4], put_right | won((3, 2, 1)))[2].winner == 2


def test_the_losers_of_the_semifinals_play_for_the_third_place() -> None:
    ties = knockout([1, 2, 3, 4], won((1, 1, 4), (2, 3, 2)), has_third=True)
    assert (ties[-1].a, ties[-1].b, ties[-1].is_third, ties[-1].round) == (4, 2, True, 2)
    assert not any(tie.is_third for tie in knockout([1, 2, 3], {}, has_third=True))


def test_who_withdraws_lets_the_other_go_on() -> None:
    ties = knockout([1, 2, 3, 4], won((2, 2, 3)), withdrawn={1, 2})
    assert (ties[0].winner, ties[0].is_walkover) == (4, True)
    assert (ties[1].winner, ties[2].winner) == (2, 4)


@given(st.integers(2, 40), st.data())
def test_whatever_is_played_one_is_left_and_the_first_two_seeds_meet_in_the_final(
    players: int, data: st.DataObject
) -> None:
    entrants, results = list(range(1, players + 1)), Won()
    favourites = data.draw(st.booleans())
    while played := [tie for tie in knockout(entrants, results) if tie.is_open]:
        tie = played[0]
        assert tie.a is not None
        assert tie.b is not None
        winner = min(tie.a, tie.b) if favourites else data.draw(st.sampled_from([tie.a, tie.b]))
        results[tie.number, frozenset((tie.a, tie.b))] = winner
    ties = knockout(entrants, results)
    assert len(results) == players - 1
    assert sum(tie.is_bye for tie in ties) == bracket_size(players) - players
    assert ties[-1].winner is not None
    if favourites:
        assert {ties[-1].a, ties[-1].b} == {1, 2}
