"""The order of a group by the law of each sport, including ties."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.contests.results import Result
from rules.contests.standings import Row, TieLaw, standings
from rules.contests.tie_laws import BADMINTON, PICKLEBALL, TABLE_TENNIS, TENNIS, TIE_LAWS, VOLLEYBALL
from rules.scoring.log import Points, Side
from rules.scoring.sports import SPORTS
from rules.scoring.table_tennis import TO_ELEVEN
from rules.scoring.tennis import ADVANTAGE

FIVE = TO_ELEVEN.of_length(5)


def result(a: int, b: int, games: Points, points: Points = (0, 0)) -> Result:
    return Result(a, b, a if games[0] > games[1] else b, games, points)


def places(law: TieLaw, *results: Result) -> list[tuple[int, int]]:
    """(entrant, place)"""
    entrants = sorted({entrant for each in results for entrant in (each.a, each.b)})
    return [(row.entrant, row.place) for row in standings(entrants, results, law)]


def row_of(rows: list[Row], entrant: int) -> Row:
    return next(row for row in rows if row.entrant == entrant)


def test_in_table_tennis_a_lost_match_gives_a_point_and_one_not_played_none() -> None:
    played = Result.of(FIVE, 1, 2, Side.A, [[11, 8], [11, 9], [11, 5]])
    stayed_away = Result.of(FIVE, 1, 3, Side.A)
    rows = standings([1, 2, 3], [played, stayed_away], TABLE_TENNIS)
    assert [row_of(rows, each).tally.match_points for each in (1, 2, 3)] == [4, 1, 0]


def test_two_who_are_level_are_ordered_by_the_match_between_them() -> None:
    group = (
        result(1, 2, (3, 2)),
        result(1, 3, (0, 3)),
        result(2, 3, (3, 0)),
        result(1, 4, (3, 2)),
        result(2, 4, (3, 0)),
        result(3, 4, (0, 3)),
    )
    assert places(TABLE_TENNIS, *group) == [(1, 1), (2, 2), (4, 3), (3, 4)]


def test_three_in_a_ring_are_ordered_by_games_between_them_alone() -> None:
    """3.7.5.2: 5:4, 4:3 and 3:5 among the three, whatever each did to the fourth."""
    ring = (result(1, 2, (3, 1)), result(2, 3, (3, 0)), result(3, 1, (3, 2)))
    fourth = (result(1, 4, (3, 0)), result(2, 4, (3, 2)), result(3, 4, (3, 0)))
    assert places(TABLE_TENNIS, *ring, *fourth) == [(2, 1), (1, 2), (3, 3), (4, 4)]


def test_when_one_of_the_ring_is_placed_the_other_two_begin_anew() -> None:
    """3.7.5.3: by points 140:35, 40:80 and 65:130, so two are still level, and the third has beaten the first."""
    ring = (result(1, 2, (3, 2), (30, 20)), result(2, 3, (3, 2), (120, 5)), result(3, 1, (3, 2), (60, 10)))
    assert places(TABLE_TENNIS, *ring) == [(2, 1), (3, 2), (1, 3)]


def test_points_part_those_whose_games_are_the_same_and_then_a_lot() -> None:
    ring = (result(1, 2, (3, 0), (33, 20)), result(2, 3, (3, 0), (33, 25)), result(3, 1, (3, 0), (33, 29)))
    assert places(TABLE_TENNIS, *ring) == [(1, 1), (3, 2), (2, 3)]
    alike = (result(1, 2, (3, 0), (33, 20)), result(2, 3, (3, 0), (33, 20)), result(3, 1, (3, 0), (33, 20)))
    rows = standings([1, 2, 3], alike, TABLE_TENNIS)
    assert [(row.place, row.is_shared) for row in rows] == [(1, True)] * 3


def test_badminton_looks_at_all_games_of_the_group_and_at_two_again_by_their_match() -> None:
    ring = (result(1, 2, (2, 0)), result(2, 3, (2, 0)), result(3, 1, (2, 0)))
    fourth = (result(1, 4, (2, 1)), result(2, 4, (2, 0)), result(3, 4, (2, 1)))
    assert places(BADMINTON, *ring, *fourth) == [(2, 1), (3, 2), (1, 3), (4, 4)]


def test_tennis_counts_the_share_of_sets_and_then_of_games() -> None:
    ring = (result(1, 2, (2, 1), (16, 12)), result(2, 3, (2, 0), (12, 4)), result(3, 1, (2, 1), (14, 14)))
    assert places(TENNIS, *ring) == [(2, 1), (1, 2), (3, 3)]


def test_pickleball_counts_all_points_and_asks_two_anew() -> None:
    ring = (result(1, 2, (1, 0), (11, 9)), result(2, 3, (1, 0), (11, 8)), result(3, 1, (1, 0), (11, 7)))
    assert places(PICKLEBALL, *ring) == [(2, 1), (3, 2), (1, 3)]


def test_volleyball_counts_wins_before_points_and_a_win_in_the_last_set_as_two() -> None:
    group = (result(1, 2, (3, 2)), result(1, 3, (3, 2)), result(2, 3, (3, 0)))
    rows = standings([1, 2, 3], group, VOLLEYBALL)
    assert [(row.entrant, row.tally.match_points) for row in rows] == [(1, 4), (2, 4), (3, 1)]


@pytest.mark.parametrize(
    ("games", "winner", "expected"),
    [
        ([[11, 8], [9, 11], [11, 5], [12, 10]], Side.A, Result(1, 2, 1, (3, 1), (43, 34))),
        ([[11, 8]], Side.B, Result(1, 2, 2, (1, 3), (11, 41), is_full=False)),
        ([], Side.A, Result(1, 2, 1, (3, 0), (33, 0), is_full=False)),
    ],
)
def test_who_stops_before_the_end_loses_what_was_left_to_nothing(
    games: list[list[int]], winner: Side, expected: Result
) -> None:
    assert Result.of(FIVE, 1, 2, winner, games) == expected


def test_in_tennis_a_set_that_was_not_played_is_six_games() -> None:
    assert Result.of(ADVANTAGE.of_length(3), 1, 2, Side.B, [[6, 4]]).points == (6, 16)


def test_every_sport_has_a_law() -> None:
    assert TIE_LAWS.keys() == SPORTS.keys()


@st.composite
def groups(draw: st.DrawFn) -> tuple[int, list[Result]]:
    """Some of the matches of a group, each the best of three."""
    players = draw(st.integers(2, 6))
    results = []
    for a, b in combinations(range(players), 2):
        if draw(st.integers(0, 4)):
            games = draw(st.sampled_from([(2, 0), (2, 1), (1, 2), (0, 2)]))
            results.append(result(a, b, games, draw(st.sampled_from([(40, 30), (42, 40), (30, 42)]))))
    return players, results


@given(groups(), st.sampled_from(list(TIE_LAWS.values())), st.randoms(use_true_random=False))
def test_a_table_is_whole_and_says_the_same_in_whatever_order_it_is_asked(
    group: tuple[int, list[Result]], law: TieLaw, chance: object
) -> None:
    players, results = group
    rows = standings(range(players), results, law)
    assert sorted(row.entrant for row in rows) == list(range(players))
    assert [row.place for row in rows] == sorted(row.place for row in rows)
    assert sum(row.tally.matches[0] for row in rows) == sum(row.tally.matches[1] for row in rows) == len(results)
    turned = standings(range(players)[::-1], results[::-1], law)
    assert {row.entrant: row.place for row in turned} == {row.entrant: row.place for row in rows}
    for row in rows:
        assert row.is_shared == (sum(each.place == row.place for each in rows) > 1)


@given(groups(), st.sampled_from(list(TIE_LAWS.values())))
def test_who_has_won_more_is_never_behind(group: tuple[int, list[Result]], law: TieLaw) -> None:
    players, results = group
    rows = standings(range(players), results, law)
    first = law.steps[0].measure
    assert [first(row.tally) for row in rows] == sorted((first(row.tally) for row in rows), reverse=True)
