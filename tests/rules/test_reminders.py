"""When reminders are due: in local time, by day, and once."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from rules.reminders import Reminding, Timing, is_waking_hour, next_waking_hour

ALMATY = ZoneInfo("Asia/Almaty")
INSTANTS = some.datetimes(datetime(2024, 2, 25), datetime(2024, 3, 5), timezones=some.just(UTC))  # noqa: DTZ001
CHOICES = some.builds(
    Reminding,
    some.sampled_from([Timing.DAY_BEFORE, Timing.HOURS_BEFORE]),
    some.sampled_from([time(8), time(12, 30), time(18), time(20, 55)]),
    some.integers(1, 72),
)


def at(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=ALMATY)


@pytest.mark.parametrize(
    ("choice", "starts", "due"),
    [
        (Reminding(Timing.DAY_BEFORE, time(18)), "2026-11-24 10:30", "2026-11-23 18:00"),
        (Reminding(Timing.DAY_BEFORE, time(18)), "2026-11-24 00:10", "2026-11-23 18:00"),
        (Reminding(Timing.DAY_BEFORE, time(9)), "2024-03-02 09:00", "2024-03-01 09:00"),
        (Reminding(Timing.HOURS_BEFORE, hours=24), "2026-11-24 10:30", "2026-11-23 10:30"),
        (Reminding(Timing.HOURS_BEFORE, hours=3), "2026-11-24 11:00", "2026-11-24 08:00"),
        (Reminding(Timing.HOURS_BEFORE, hours=3), "2026-11-24 08:30", "2026-11-23 20:00"),
        (Reminding(Timing.HOURS_BEFORE, hours=12), "2026-11-24 09:30", "2026-11-23 20:00"),
    ],
)
def test_a_reminder_is_due_by_day(choice: Reminding, starts: str, due: str) -> None:
    assert choice.due_at(at(starts), ALMATY) == at(due)


def test_nobody_is_reminded_where_it_is_off() -> None:
    assert Reminding(Timing.OFF).due_at(at("2026-11-24 10:30"), ALMATY) is None


@given(choice=CHOICES, starts=INSTANTS, now=INSTANTS)
@example(
    choice=Reminding(Timing.HOURS_BEFORE, hours=23),
    starts=datetime(2024, 3, 1, 5, tzinfo=ALMATY),
    now=datetime(2024, 2, 29, 6, tzinfo=ALMATY),
)
def test_the_horizon_holds_exactly_those_that_are_due(choice: Reminding, starts: datetime, now: datetime) -> None:
    """Over the night of 1 March 2024 too, when Almaty's clocks went back."""
    due = choice.due_at(starts, ALMATY)
    assert due is not None
    assert (due <= now) == (starts < choice.horizon(now, ALMATY))


@given(now=INSTANTS)
def test_the_next_waking_hour_is_one_and_is_near(now: datetime) -> None:
    later = next_waking_hour(now, ALMATY)
    assert is_waking_hour(later, ALMATY)
    assert timedelta() <= later - now <= timedelta(hours=12)
