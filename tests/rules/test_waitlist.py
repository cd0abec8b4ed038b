"""Whom a freed time suits, and the order of calls."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rules.part_of_day import PartOfDay
from rules.waitlist import Opening, Wish, call_order, suits

ALMATY = ZoneInfo("Asia/Almaty")
HALF = timedelta(minutes=30)
# A Monday at half past eleven, with practitioner 7.
OPENING = Opening(7, datetime(2026, 11, 23, 11, 30, tzinfo=ALMATY), HALF)
ANYTHING = Wish(
    HALF, frozenset(), frozenset(), frozenset(), None, is_urgent=False, since=datetime(2026, 11, 1, tzinfo=ALMATY)
)


@pytest.mark.parametrize(
    ("change", "fits"),
    [
        ({}, True),
        ({"length": timedelta(minutes=20)}, True),
        ({"length": timedelta(minutes=35)}, False),
        ({"practitioner_ids": frozenset({3, 7})}, True),
        ({"practitioner_ids": frozenset({3})}, False),
        ({"weekdays": frozenset({0})}, True),
        ({"weekdays": frozenset({1, 2})}, False),
        ({"parts": frozenset({PartOfDay.MORNING})}, True),
        ({"parts": frozenset({PartOfDay.DAY, PartOfDay.EVENING})}, False),
        ({"until": date(2026, 11, 23)}, True),
        ({"until": date(2026, 11, 22)}, False),
        ({"weekdays": frozenset({0}), "parts": frozenset({PartOfDay.EVENING})}, False),
    ],
)
def test_a_freed_time_suits_whoever_can_come(change: dict[str, object], fits: bool) -> None:
    assert suits(replace(ANYTHING, **change), OPENING) is fits  # type: ignore[arg-type]


def test_noon_begins_the_day_and_five_the_evening() -> None:
    daytime = replace(ANYTHING, parts=frozenset({PartOfDay.DAY}))
    hours = [
        (hour, suits(daytime, replace(OPENING, starts_at=OPENING.starts_at.replace(hour=hour, minute=0))))
        for hour in (11, 12, 16, 17)
    ]
    assert hours == [(11, False), (12, True), (16, True), (17, False)]


def test_the_urgent_are_called_first_then_whoever_waits_longest() -> None:
    early, late = ANYTHING, replace(ANYTHING, since=ANYTHING.since + timedelta(days=3))
    urgent = replace(late, is_urgent=True)
    assert sorted([late, early, urgent], key=call_order) == [urgent, early, late]
