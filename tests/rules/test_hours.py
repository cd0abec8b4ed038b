"""A day's hours as people type them."""

from datetime import time

import pytest

from rules.hours import BadHours, HoursFault, read_hours, shown_hours


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("8-13, 14-17", "08:00–13:00, 14:00–17:00"),
        ("08:00–13:00", "08:00–13:00"),
        ("14-17 8-13", "08:00–13:00, 14:00–17:00"),
        ("9.30—12.45; 13-18", "09:30–12:45, 13:00–18:00"),
        ("8-13 и 14-17", "08:00–13:00, 14:00–17:00"),
        ("8-12,12-17", "08:00–12:00, 12:00–17:00"),
        ("0-23:55", "00:00–23:55"),
        ("", ""),
        ("   ", ""),
    ],
)
def test_hours_are_read_as_they_are_meant(typed: str, shown: str) -> None:
    assert shown_hours(read_hours(typed)) == shown


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("с восьми до пяти", HoursFault.UNREADABLE),
        ("8-13, потом 14-17", HoursFault.UNREADABLE),
        ("8", HoursFault.UNREADABLE),
        ("8-", HoursFault.UNREADABLE),
        ("800-1300", HoursFault.UNREADABLE),
        ("8:5-13", HoursFault.UNREADABLE),
        ("٨-١٣", HoursFault.UNREADABLE),
        ("8-24", HoursFault.NO_SUCH_TIME),
        ("8-13:75", HoursFault.NO_SUCH_TIME),
        ("8:03-13", HoursFault.OFF_GRID),
        ("13-8", HoursFault.BACKWARDS),
        ("8-8", HoursFault.BACKWARDS),
        ("8-13, 12-17", HoursFault.OVERLAP),
    ],
)
def test_what_cannot_be_meant_is_named(typed: str, fault: HoursFault) -> None:
    with pytest.raises(BadHours) as refusal:
        read_hours(typed)
    assert refusal.value.fault is fault


def test_what_is_shown_is_read_again() -> None:
    kept = [(time(8), time(13)), (time(14), time(17, 30))]
    assert read_hours(shown_hours(kept)) == kept
