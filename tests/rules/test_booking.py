from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.booking import (
    NEXT,
    Interval,
    Lane,
    Status,
    free_gaps,
    may_become,
    nearest_free,
    place_columns,
    starts_within,
)

ALMATY = ZoneInfo("Asia/Almaty")


def moment(clock: str) -> datetime:
    hours, minutes = clock.split(":")
    return datetime(2026, 11, 21, int(hours), int(minutes), tzinfo=ALMATY)


def spans(text: str) -> list[Interval]:
    pieces = [piece.split("-") for piece in text.split()]
    return [Interval(moment(start), moment(end)) for start, end in pieces]


def span(text: str) -> Interval:
    return spans(text)[0]


def shown(intervals: Sequence[Interval]) -> str:
    return " ".join(f"{item.start.astimezone(ALMATY):%H:%M}-{item.end.astimezone(ALMATY):%H:%M}" for item in intervals)


@pytest.mark.parametrize(
    ("other", "overlaps"),
    [
        ("09:00-09:30", False),
        ("09:30-10:00", False),
        ("09:45-10:15", True),
        ("10:00-10:30", True),
        ("10:10-10:20", True),
        ("09:00-12:00", True),
        ("10:15-10:45", True),
        ("10:30-11:00", False),
        ("11:00-11:30", False),
    ],
)
def test_touching_is_not_overlapping(other: str, overlaps: bool) -> None:
    visit = span("10:00-10:30")
    assert visit.overlaps(span(other)) is overlaps
    assert span(other).overlaps(visit) is overlaps


def test_an_interval_needs_some_time_in_it() -> None:
    with pytest.raises(ValueError, match="ends after"):
        Interval(moment("10:00"), moment("10:00"))
    with pytest.raises(ValueError, match="ends after"):
        Interval(moment("10:00"), moment("09:00"))


def test_an_interval_needs_a_time_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Interval(moment("10:00").replace(tzinfo=None), moment("11:00"))
    with pytest.raises(ValueError, match="time zone"):
        Interval(moment("10:00"), moment("11:00").replace(tzinfo=None))


def test_the_hour_that_happened_twice_in_almaty_is_two_hours_long() -> None:
    start = datetime(2024, 2, 29, 23, 0, tzinfo=ALMATY)
    midnight = datetime(2024, 3, 1, 0, 0, tzinfo=ALMATY)
    assert Interval(start, midnight).length == timedelta(hours=2)
    assert not Interval(start, start.replace(minute=59)).overlaps(Interval(start.replace(fold=1), midnight))


@pytest.mark.parametrize(
    ("status", "occupies", "followers"),
    [
        ("pending", True, {"booked", "cancelled"}),
        ("booked", True, {"arrived", "checked-in", "cancelled", "noshow", "entered-in-error"}),
        ("arrived", True, {"checked-in", "cancelled", "booked"}),
        ("checked-in", True, {"fulfilled", "arrived", "booked"}),
        ("fulfilled", False, {"checked-in"}),
        ("noshow", False, {"arrived", "booked"}),
        ("cancelled", False, {"booked"}),
        ("entered-in-error", False, set()),
    ],
)
def test_the_life_cycle_of_an_appointment(status: str, occupies: bool, followers: set[str]) -> None:
    current = Status(status)
    assert current.occupies is occupies
    assert {wanted.value for wanted in Status if may_become(current, wanted)} == followers


@pytest.mark.parametrize(
    ("status", "more"),
    [("booked", {"fulfilled"}), ("arrived", {"fulfilled"}), ("fulfilled", {"booked", "arrived"}), ("cancelled", set())],
)
def test_a_visit_that_is_over_is_fulfilled_without_the_steps_nobody_recorded(status: str, more: set[str]) -> None:
    current = Status(status)
    afterwards = {wanted.value for wanted in Status if may_become(current, wanted, is_over=True)}
    assert afterwards - {wanted.value for wanted in Status if may_become(current, wanted)} == more


def test_every_status_has_its_place_in_the_life_cycle() -> None:
    assert set(NEXT) == set(Status)


@pytest.mark.parametrize(
    ("open_hours", "busy", "gaps"),
    [
        ("09:00-13:00", "", "09:00-13:00"),
        ("09:00-13:00 14:00-18:00", "", "09:00-13:00 14:00-18:00"),
        ("14:00-18:00 09:00-14:00", "", "09:00-18:00"),
        ("09:00-12:00 10:00-13:00", "", "09:00-13:00"),
        ("09:00-13:00", "10:00-10:30", "09:00-10:00 10:30-13:00"),
        ("09:00-13:00", "11:00-11:30 10:00-10:30", "09:00-10:00 10:30-11:00 11:30-13:00"),
        ("09:00-13:00", "10:00-11:00 10:30-11:30 10:10-10:20", "09:00-10:00 11:30-13:00"),
        ("09:00-13:00", "08:00-09:30 12:30-15:00", "09:30-12:30"),
        ("09:00-13:00 14:00-18:00", "12:00-15:00", "09:00-12:00 15:00-18:00"),
        ("09:00-13:00", "09:00-13:00", ""),
        ("09:00-13:00", "08:00-20:00", ""),
        ("09:00-13:00", "14:00-15:00", "09:00-13:00"),
        ("", "10:00-11:00", ""),
    ],
)
def test_free_gaps(open_hours: str, busy: str, gaps: str) -> None:
    assert shown(free_gaps(spans(open_hours), spans(busy))) == gaps


@pytest.mark.parametrize(
    ("wanted", "open_hours", "busy", "offers"),
    [
        ("10:00-10:30", "09:00-13:00", "10:00-10:30", "10:30-11:00 09:30-10:00 10:45-11:15"),
        ("10:00-10:30", "09:00-13:00", "", "10:00-10:30 10:15-10:45 09:45-10:15"),
        ("10:07-10:37", "09:00-13:00", "10:00-10:30", "10:30-11:00 09:30-10:00 10:45-11:15"),
        ("18:00-18:30", "09:00-13:00", "", "12:30-13:00 12:15-12:45 12:00-12:30"),
        ("10:00-10:30", "09:00-09:40 12:00-12:30", "", "09:10-09:40 09:05-09:35 12:00-12:30"),
        ("10:00-10:30", "10:00-10:40", "", "10:00-10:30 10:05-10:35 10:10-10:40"),
        ("10:00-10:30", "10:02-10:37", "", "10:05-10:35"),
        ("10:00-11:00", "09:00-09:30 10:00-10:45", "", ""),
        ("10:00-10:30", "", "", ""),
    ],
)
def test_the_nearest_free_times_are_near_and_far_enough_apart(
    wanted: str, open_hours: str, busy: str, offers: str
) -> None:
    assert shown(nearest_free(span(wanted), spans(open_hours), spans(busy))) == offers


def test_the_number_of_offers_can_be_chosen() -> None:
    offers = nearest_free(span("10:10-10:30"), spans("09:00-13:00"), [], count=2)
    assert shown(offers) == "10:10-10:30 10:25-10:45"


def test_starts_lie_on_the_clocks_own_grid_of_any_step() -> None:
    twenty = timedelta(minutes=20)
    starts = starts_within(twenty, spans("09:05-10:00"), [], twenty)
    assert [f"{start.astimezone(ALMATY):%H:%M}" for start in starts] == ["09:20", "09:40"]


@pytest.mark.parametrize(
    ("visits", "lanes"),
    [
        ("", []),
        ("09:00-10:00", [(0, 1)]),
        ("09:00-10:00 10:00-11:00", [(0, 1), (0, 1)]),
        ("09:00-10:00 09:30-10:30", [(0, 2), (1, 2)]),
        ("09:30-10:30 09:00-10:00", [(1, 2), (0, 2)]),
        ("09:00-09:30 09:00-10:00", [(1, 2), (0, 2)]),
        ("09:00-10:00 09:30-10:30 10:00-11:00", [(0, 2), (1, 2), (0, 2)]),
        ("09:00-12:00 09:00-10:00 09:30-11:00 10:00-11:30 12:00-13:00", [(0, 3), (1, 3), (2, 3), (1, 3), (0, 1)]),
        ("09:00-10:00 09:00-10:00 09:00-10:00", [(0, 3), (1, 3), (2, 3)]),
    ],
)
def test_visits_at_one_time_stand_side_by_side(visits: str, lanes: list[tuple[int, int]]) -> None:
    assert place_columns(spans(visits)) == [Lane(*lane) for lane in lanes]


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    start = datetime(2026, 11, 21, tzinfo=UTC) + timedelta(minutes=draw(st.integers(0, 600)))
    return Interval(start, start + timedelta(minutes=draw(st.integers(1, 120))))


many = st.lists(intervals(), max_size=12)


def minutes(items: Sequence[Interval]) -> set[datetime]:
    return {
        item.start + timedelta(minutes=step)
        for item in items
        for step in range(int(item.length / timedelta(minutes=1)))
    }


@given(many, many)
def test_gaps_are_exactly_the_open_minutes_nobody_has_taken(open_hours: list[Interval], busy: list[Interval]) -> None:
    gaps = free_gaps(open_hours, busy)
    assert minutes(gaps) == minutes(open_hours) - minutes(busy)
    assert all(first.end < second.start for first, second in pairwise(gaps))


@given(intervals(), many, many)
def test_offers_are_free_as_long_as_wanted_and_nearest_first(
    wanted: Interval, open_hours: list[Interval], busy: list[Interval]
) -> None:
    offers = nearest_free(wanted, open_hours, busy)
    assert len(set(offers)) == len(offers) <= 3
    assert all(offer.length == wanted.length and offer.start.minute % 5 == 0 for offer in offers)
    assert minutes(offers) <= minutes(open_hours) - minutes(busy)
    distances = [abs(offer.start - wanted.start) for offer in offers]
    assert distances == sorted(distances)


@given(many)
def test_no_two_visits_share_a_lane_and_neighbours_agree_on_its_width(visits: list[Interval]) -> None:
    placed = list(zip(visits, place_columns(visits), strict=True))
    for number, (visit, lane) in enumerate(placed):
        assert 0 <= lane.index < lane.count <= len(visits)
        meeting = [other for there, other in placed[:number] if visit.overlaps(there)]
        assert all(other.index != lane.index and other.count == lane.count for other in meeting)
