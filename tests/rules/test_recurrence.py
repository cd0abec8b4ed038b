"""The days of a series."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from rules.recurrence import Recurrence

MONDAY, WEDNESDAY, FRIDAY, SUNDAY = 0, 2, 4, 6


def days(first: str, weeks: int, *weekdays: int, times: int | None = None, until: str | None = None) -> list[str]:
    last = date.fromisoformat(until) if until else None
    rule = Recurrence(weeks, frozenset(weekdays), times, last)
    return [day.isoformat() for day in rule.days(date.fromisoformat(first))]


def test_every_week() -> None:
    assert days("2026-11-23", 1, MONDAY, times=3) == ["2026-11-23", "2026-11-30", "2026-12-07"]


def test_twice_a_week_from_the_midst_of_one() -> None:
    expected = ["2026-11-25", "2026-11-27", "2026-12-07", "2026-12-09", "2026-12-11"]
    assert days("2026-11-25", 2, MONDAY, WEDNESDAY, FRIDAY, times=5) == expected


def test_weeks_begin_on_monday_and_end_on_sunday() -> None:
    assert days("2026-11-29", 2, SUNDAY, MONDAY, times=3) == ["2026-11-29", "2026-12-07", "2026-12-13"]


def test_the_first_day_counts_whatever_its_weekday() -> None:
    assert days("2026-11-24", 1, MONDAY, times=2) == ["2026-11-24", "2026-11-30"]


def test_until_includes_its_own_day() -> None:
    assert days("2026-11-23", 1, MONDAY, until="2026-12-07") == ["2026-11-23", "2026-11-30", "2026-12-07"]
    assert days("2026-11-23", 1, MONDAY, until="2026-12-06") == ["2026-11-23", "2026-11-30"]
    assert days("2026-11-23", 1, MONDAY, until="2026-01-01") == ["2026-11-23"]


@pytest.mark.parametrize(
    ("first", "second"), [("2024-01-31", "2024-02-07"), ("2024-02-22", "2024-02-29"), ("2026-12-28", "2027-01-04")]
)
def test_ends_of_months_and_years(first: str, second: str) -> None:
    weekday = date.fromisoformat(first).weekday()
    assert days(first, 1, weekday, times=2) == [first, second]


def test_no_series_is_longer_than_a_year_of_weeks() -> None:
    assert len(days("2026-11-23", 1, *range(7), times=400)) == 52
    assert len(days("2026-11-23", 1, MONDAY, until="2099-01-01")) == 52


def test_the_calendar_ends_before_the_rule_does() -> None:
    assert days("9999-12-30", 12, MONDAY, times=5) == ["9999-12-30"]


def test_ten_oclock_stays_ten_oclock_when_almaty_changes_its_clock() -> None:
    almaty = ZoneInfo("Asia/Almaty")
    rule = Recurrence(1, frozenset({3}), times=2)
    instants = [datetime.combine(day, time(10), almaty).astimezone(UTC) for day in rule.days(date(2024, 2, 29))]
    assert [f"{each:%m-%d %H:%M}" for each in instants] == ["02-29 04:00", "03-07 05:00"]


@pytest.mark.parametrize(
    ("weeks", "weekdays", "times", "until"),
    [
        (0, {0}, 3, None),
        (13, {0}, 3, None),
        (1, set(), 3, None),
        (1, {7}, 3, None),
        (1, {0}, None, None),
        (1, {0}, 3, date(2026, 12, 1)),
    ],
)
def test_what_is_no_rule_is_refused(weeks: int, weekdays: set[int], times: int | None, until: date | None) -> None:
    with pytest.raises(ValueError):
        Recurrence(weeks, frozenset(weekdays), times, until)
