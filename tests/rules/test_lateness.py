"""When visits are expected to begin."""

from datetime import UTC, datetime, timedelta

import pytest

from rules.booking import Interval, Status
from rules.lateness import Planned, expected_starts, next_shift


def at(clock: str) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 11, 20, hour, minute, tzinfo=UTC)


def visit(start: str, minutes: int, status: Status = Status.BOOKED, since: str = "08:00") -> Planned:
    begins = at(start)
    return Planned(Interval(begins, begins + timedelta(minutes=minutes)), status, at(since))


def told(visits: list[Planned], now: str) -> list[str]:
    return [f"{each:%H:%M}" if each else "" for each in expected_starts(visits, at(now))]


INSIDE, ARRIVED, NOSHOW = Status.CHECKED_IN, Status.ARRIVED, Status.NOSHOW


@pytest.mark.parametrize(
    ("visits", "now", "expected"),
    [
        # On time: no delay.
        ([visit("10:00", 30, INSIDE, "10:00"), visit("10:30", 30)], "10:10", ["", ""]),
        # Went in 10 minutes late: all who follow without a gap are 10 minutes late.
        (
            [visit("10:00", 30, INSIDE, "10:10"), visit("10:30", 30), visit("11:00", 30)],
            "10:20",
            ["", "10:40", "11:10"],
        ),
        # Runs over: nobody goes in before now.
        ([visit("10:00", 30, INSIDE, "10:00"), visit("10:30", 30, ARRIVED)], "10:47", ["", "10:50"]),
        # A gap absorbs the delay.
        ([visit("10:00", 30, INSIDE, "10:15"), visit("10:30", 30), visit("11:30", 30)], "10:20", ["", "10:45", ""]),
        # A gap absorbs a part of it.
        (
            [visit("10:00", 30, INSIDE, "10:20"), visit("10:30", 20), visit("11:00", 30)],
            "10:25",
            ["", "10:50", "11:10"],
        ),
        # A delay of less than five minutes is not shown.
        ([visit("10:00", 30, INSIDE, "10:00"), visit("10:30", 30)], "10:30", ["", ""]),
        ([visit("10:00", 30, INSIDE, "10:04"), visit("10:30", 30)], "10:20", ["", ""]),
        # A waiting patient who was not called yet is due now, and delays the next one.
        ([visit("10:00", 30, ARRIVED), visit("10:30", 30)], "10:12", ["10:15", "10:45"]),
        # A patient who has not arrived delays nobody once their time has passed.
        ([visit("10:00", 30), visit("10:30", 30)], "10:12", ["", ""]),
        # Nor does one who will not come.
        ([visit("10:00", 30, INSIDE, "10:10"), visit("10:30", 30, NOSHOW), visit("11:00", 30)], "10:20", ["", "", ""]),
        # The given order does not matter.
        ([visit("10:30", 30), visit("10:00", 30, INSIDE, "10:10")], "10:20", ["10:40", ""]),
        # A patient who is expected later and has not arrived keeps the place until then.
        (
            [visit("10:00", 30, INSIDE, "10:10"), visit("10:30", 30), visit("11:00", 30)],
            "10:35",
            ["", "10:40", "11:10"],
        ),
        ([], "10:00", []),
    ],
)
def test_a_visit_that_runs_over_shifts_those_after_it(visits: list[Planned], now: str, expected: list[str]) -> None:
    assert told(visits, now) == expected


def test_the_clock_moves_on_what_is_expected_once_somebody_is_due() -> None:
    inside, waiting = visit("10:00", 30, INSIDE, "10:10"), visit("10:30", 30, ARRIVED)
    assert next_shift([visit("10:00", 30)], at("10:20")) is None
    assert next_shift([inside, waiting], at("10:12")) == at("10:30")
    assert next_shift([inside, waiting], at("10:32")) == at("10:35")
    assert next_shift([inside], at("10:45")) == at("10:50")
