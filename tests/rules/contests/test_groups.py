"""Groups before a bracket: membership, who advances, and when those of one group meet again."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.contests.groups import bracket, going_on, group_ties, level, snake
from rules.contests.knockout import bracket_size, seeding
from rules.contests.results import Tally
from rules.contests.standings import Row


def rows(*places: int) -> list[Row]:
    """Entrants 1, 2, 3 … at these places."""
    return [Row(entrant, place, places.count(place) > 1, Tally()) for entrant, place in enumerate(places, start=1)]


def meetings(qualified: list[list[int]]) -> list[int]:
    """For each pair of one group, how many rounds before the final they can meet; 0 is the final itself."""
    seeds = bracket(qualified)
    order = seeding(bracket_size(len(seeds)))
    spot = {entrant: order.index(seed) for seed, entrant in enumerate(seeds, start=1)}
    last = bracket_size(len(seeds)).bit_length() - 1
    return [last - (spot[a] ^ spot[b]).bit_length() for group in qualified for a, b in combinations(group, 2)]


def test_the_strongest_are_spread_like_a_snake() -> None:
    assert snake([1, 2, 3, 4, 5, 6, 7, 8], 2) == [[1, 4, 5, 8], [2, 3, 6, 7]]
    assert snake([1, 2, 3, 4, 5, 6, 7], 3) == [[1, 6, 7], [2, 5], [3, 4]]


def test_the_groups_play_round_by_round_beside_each_other() -> None:
    ties = group_ties([[1, 4, 5, 8], [2, 3, 6, 7]], {})
    assert [(tie.round, tie.group) for tie in ties[:5]] == [(1, 1), (1, 1), (1, 2), (1, 2), (2, 1)]
    assert [tie.number for tie in ties] == list(range(1, 13))


@given(st.integers(2, 8), st.data())
def test_everybody_meets_everybody_of_their_group_and_nobody_else(count: int, data: st.DataObject) -> None:
    groups = snake(list(range(1, data.draw(st.integers(3 * count, 4 * count)) + 1)), count)
    met = sorted(tuple(sorted((tie.a or 0, tie.b or 0))) for tie in group_ties(groups, {}))
    assert met == sorted(tuple(sorted(pair)) for group in groups for pair in combinations(group, 2))
    assert max(map(len, groups)) - min(map(len, groups)) <= 1


@pytest.mark.parametrize(
    ("places", "withdrawn", "entrants", "lots"),
    [
        ((1, 2, 3, 4), set(), [1, 2], []),
        ((1, 2, 2, 4), set(), [1, 2, 3], [[2, 3]]),
        ((1, 1, 3, 4), set(), [1, 2], [[1, 2]]),
        ((1, 2, 3, 4), {1}, [2, 3], []),
        ((1, 2, 3, 4), {1, 2, 3}, [4], []),
    ],
)
def test_the_first_go_on_and_a_lot_is_asked_of_who_share_their_places(
    places: tuple[int, ...], withdrawn: set[int], entrants: list[int], lots: list[list[int]]
) -> None:
    there = going_on(rows(*places), 2, withdrawn)
    assert ([row.entrant for row in there], level(there)) == (entrants, lots)


def test_of_two_groups_the_winners_meet_the_seconds_of_the_others() -> None:
    assert bracket([[1, 2], [3, 4]]) == [1, 3, 2, 4]


@given(st.integers(2, 16))
def test_two_of_one_group_meet_again_in_the_final_only(groups: int) -> None:
    assert set(meetings([[10 * group, 10 * group + 1] for group in range(1, groups + 1)])) == {0}


@given(st.integers(2, 8), st.integers(1, 4), st.data())
def test_all_who_go_on_have_one_place_and_winners_come_before_seconds(
    groups: int, advance: int, data: st.DataObject
) -> None:
    qualified = [[10 * group + place for place in range(advance)] for group in range(1, groups + 1)]
    for group in qualified[1:]:
        del group[data.draw(st.integers(1, advance)) :]
    seeds = bracket(qualified)
    assert sorted(seeds) == sorted(entrant for group in qualified for entrant in group)
    assert [entrant % 10 for entrant in seeds] == sorted(entrant % 10 for entrant in seeds)


@given(st.integers(2, 8), st.integers(3, 4))
def test_three_or_four_of_one_group_do_not_meet_before_the_semifinal(groups: int, advance: int) -> None:
    assert max(meetings([[10 * group + place for place in range(advance)] for group in range(1, groups + 1)])) <= 1
