"""Ratings: the paper's example, and properties of any matches."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.rating import Rating, Result, rated, together
from rules.rating_weeks import Played, Standing, after_week, week_of

MONDAY = date(2026, 11, 16)
IVAN, PETR, ALIYA, BOLAT = range(1, 5)

MATCHES = st.lists(
    st.permutations([IVAN, PETR, ALIYA, BOLAT]).map(lambda who: Played((who[0],), (who[1],))), min_size=1, max_size=12
)


def test_the_example_of_the_paper() -> None:
    """Glickman 2012: 1500 ± 200 beats 1400 ± 30 and loses to 1550 ± 100 and to 1700 ± 300."""
    results = [Result(Rating(1400, 30), 1), Result(Rating(1550, 100), 0), Result(Rating(1700, 300), 0)]
    after = rated(Rating(1500, 200), results)
    assert after.value == pytest.approx(1464.06, abs=0.01)
    assert after.deviation == pytest.approx(151.52, abs=0.01)
    assert after.volatility == pytest.approx(0.05999, abs=0.00001)


def test_a_surprise_moves_more_than_what_was_expected() -> None:
    strong, weak = Rating(1800, 60), Rating(1200, 60)
    assert rated(weak, [Result(strong, 1)]).value - 1200 > 10 * (rated(strong, [Result(weak, 1)]).value - 1800) > 0


def test_after_many_strange_results_the_volatility_grows() -> None:
    strange = [Result(Rating(1500, 50), 0)] * 20
    assert rated(Rating(1900, 60), strange).volatility > 0.06


def test_rest_makes_unsure_and_never_more_than_unknown() -> None:
    known = Rating(1700, 60)
    assert [round(known.rested(weeks).deviation) for weeks in (0, 10, 52, 5200)] == [60, 68, 96, 350]
    assert known.rested(52).value == 1700


def test_a_newcomer_is_provisional_for_some_weeks() -> None:
    rating, weeks = Rating(), 0
    while rating.is_provisional:
        rating, weeks = rated(rating, [Result(Rating(1500, 60), weeks % 2), Result(Rating(1550, 60), 1)]), weeks + 1
    assert 3 <= weeks <= 8


def test_a_pair_is_as_hard_to_beat_as_both_less_ones_own_partner() -> None:
    opponent = together([Rating(1600, 30), Rating(1700, 40)], [Rating(1550, 120)])
    assert (opponent.value, opponent.deviation) == (1750, 130)


def test_beside_a_strong_partner_a_victory_brings_less() -> None:
    week_before = MONDAY - timedelta(7)
    before = {ALIYA: Standing(week_before, Rating(1900, 50)), BOLAT: Standing(week_before, Rating(1500, 50))}
    played = {partner: after_week(MONDAY, before, [Played((IVAN, partner), (PETR, 9))]) for partner in (ALIYA, BOLAT)}
    assert 1500 < played[ALIYA][IVAN].rating.value < played[BOLAT][IVAN].rating.value


def test_standings_count_matches_and_victories() -> None:
    first = after_week(MONDAY, {}, [Played((IVAN,), (PETR,)), Played((PETR,), (IVAN,)), Played((IVAN,), (ALIYA,))])
    assert [(first[who].matches, first[who].won) for who in (IVAN, PETR, ALIYA)] == [(3, 2), (2, 1), (1, 0)]
    second = after_week(MONDAY + timedelta(7), first, [Played((IVAN,), (PETR,))])
    assert [(second[who].matches, second[who].won) for who in (IVAN, PETR)] == [(4, 3), (3, 1)]


@pytest.mark.parametrize(("day", "monday"), [(16, 16), (18, 16), (22, 16), (23, 23)])
def test_a_week_begins_on_monday(day: int, monday: int) -> None:
    assert week_of(date(2026, 11, day)) == date(2026, 11, monday)


@given(MATCHES)
def test_the_order_within_a_week_says_nothing(matches: list[Played]) -> None:
    one, other = (after_week(MONDAY, {}, each) for each in (matches, matches[::-1]))
    assert all(one[who].rating.value == pytest.approx(other[who].rating.value) for who in one)


@given(MATCHES, MATCHES)
def test_one_players_week_is_reckoned_without_the_others(first: list[Played], second: list[Played]) -> None:
    before = after_week(MONDAY, {}, first)
    whole = after_week(MONDAY + timedelta(7), before, second)
    assert all(after_week(MONDAY + timedelta(7), before, second, {who}) == {who: whole[who]} for who in whole)


@given(MATCHES)
def test_who_wins_everything_rises_and_nobody_becomes_a_number_that_is_none(matches: list[Played]) -> None:
    after = after_week(MONDAY, {}, matches)
    for standing in after.values():
        assert 0 < standing.rating.value < 3000
        assert 30 < standing.rating.deviation <= 350
        if standing.won == standing.matches:
            assert standing.rating.value > 1500
