from datetime import UTC, datetime, timedelta
from importlib import resources
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from rules.midnight import midnight_after, week_after

ALMATY = ZoneInfo("Asia/Almaty")
ZONES = (resources.files("tzdata") / "zones").read_text().split()
INSTANTS = some.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1), timezones=some.just(UTC))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("now", "midnight"),
    [
        ("2026-11-21 09:00+05:00", "2026-11-22 00:00+05:00"),
        ("2026-11-21 23:59:59+05:00", "2026-11-22 00:00+05:00"),
        ("2026-11-22 00:00+05:00", "2026-11-23 00:00+05:00"),
        ("2024-02-28 23:30+06:00", "2024-02-29 00:00+06:00"),
        ("2024-02-29 22:30+06:00", "2024-03-01 00:00+05:00"),
        ("2024-02-29 23:30+06:00", "2024-03-01 00:00+05:00"),
        ("2024-02-29 23:30+05:00", "2024-03-01 00:00+05:00"),
        ("2024-03-01 00:00+05:00", "2024-03-02 00:00+05:00"),
    ],
)
def test_the_night_of_1_march_2024_had_one_hour_more_in_almaty(now: str, midnight: str) -> None:
    assert midnight_after(datetime.fromisoformat(now), ALMATY) == datetime.fromisoformat(midnight)


@pytest.mark.parametrize(
    ("now", "zone", "midnight"),
    [
        # The clocks went back from 00:01 to 23:01, so that midnight came twice.
        ("2010-11-07 02:31+00:00", "America/St_Johns", "2010-11-07 03:30+00:00"),
        # The clocks went from 00:00 to 01:00, so that midnight never came.
        ("2018-11-04 02:00+00:00", "America/Sao_Paulo", "2018-11-04 03:00+00:00"),
        # 30 December 2011 was left out.
        ("2011-12-29 12:00-10:00", "Pacific/Apia", "2011-12-31 00:00+14:00"),
    ],
)
def test_a_midnight_may_come_twice_or_never(now: str, zone: str, midnight: str) -> None:
    assert midnight_after(datetime.fromisoformat(now), ZoneInfo(zone)) == datetime.fromisoformat(midnight)


@given(INSTANTS, some.sampled_from(ZONES).map(ZoneInfo))
def test_it_is_always_ahead_and_another_day_begins(now: datetime, zone: ZoneInfo) -> None:
    midnight = midnight_after(now, zone)
    assert now < midnight <= now + timedelta(hours=26)
    assert midnight.tzinfo is UTC
    assert (midnight - timedelta(microseconds=1)).astimezone(zone).date() < midnight.astimezone(zone).date()


@pytest.mark.parametrize(
    ("now", "monday"),
    [
        ("2026-11-22 23:59+05:00", "2026-11-23 00:00+05:00"),
        ("2026-11-23 00:00+05:00", "2026-11-30 00:00+05:00"),
        ("2024-02-27 12:00+06:00", "2024-03-04 00:00+05:00"),
    ],
)
def test_a_week_ends_before_monday(now: str, monday: str) -> None:
    assert week_after(datetime.fromisoformat(now), ALMATY) == datetime.fromisoformat(monday)
