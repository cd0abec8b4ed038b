"""Round robin: who meets whom when."""

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.contests.round_robin import round_robin, rounds


@pytest.mark.parametrize(
    ("players", "expected"),
    [
        (2, [[(1, 2)]]),
        (3, [[(2, 3)], [(1, 3)], [(1, 2)]]),
        (4, [[(1, 4), (2, 3)], [(1, 3), (4, 2)], [(1, 2), (3, 4)]]),
    ],
)
def test_the_first_two_meet_last(players: int, expected: list[list[tuple[int, int]]]) -> None:
    assert list(rounds(range(1, players + 1))) == expected


@given(st.integers(2, 20))
def test_everybody_meets_everybody_once_and_nobody_twice_in_a_round(players: int) -> None:
    everybody = range(1, players + 1)
    played = list(rounds(everybody))
    assert {frozenset(pair) for each in played for pair in each} == {
        frozenset(pair) for pair in combinations(everybody, 2)
    }
    assert sum(map(len, played)) == players * (players - 1) // 2
    for each in played:
        assert max(Counter(player for pair in each for player in pair).values()) == 1
        assert len(each) == players // 2


def test_a_tie_is_open_until_it_was_won_by_one_of_the_two() -> None:
    first = round_robin([1, 2, 3, 4], {})[0]
    assert (first.number, first.round, first.a, first.b, first.is_open) == (1, 1, 1, 4, True)
    ties = round_robin([1, 2, 3, 4], {(1, frozenset((1, 4))): 4, (2, frozenset((1, 3))): 3})
    assert [tie.winner for tie in ties] == [4, None, None, None, None, None]


def test_whoever_goes_home_loses_what_they_have_not_played() -> None:
    ties = round_robin([1, 2, 3], {(1, frozenset((2, 3))): 3}, withdrawn={3})
    assert [(tie.a, tie.b, tie.winner, tie.is_walkover) for tie in ties] == [
        (2, 3, 3, False),
        (1, 3, 1, True),
        (1, 2, None, False),
    ]
