"""A day's hours as people type them: «8-13, 14-17:30»."""

import re
from collections.abc import Sequence
from datetime import time
from enum import StrEnum
from itertools import pairwise

from rules.booking import STEP_MINUTES

Stretch = tuple[time, time]

_STRETCH = re.compile(r"(\d{1,2})(?:[:.](\d\d))?\s*[-–—]\s*(\d{1,2})(?:[:.](\d\d))?", re.ASCII)
_BETWEEN = re.compile(r"[\s,;]*(?:и|және|and)?[\s,;]*")


class HoursFault(StrEnum):
    """What is wrong with typed hours."""

    UNREADABLE = "unreadable"
    NO_SUCH_TIME = "no such time"
    OFF_GRID = "off the grid of five minutes"
    BACKWARDS = "ends before it starts"
    OVERLAP = "overlap"


class BadHours(ValueError):
    """Typed hours that are not valid."""

    def __init__(self, fault: HoursFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def read_hours(typed: str) -> list[Stretch]:
    """The intervals of a day, earliest first; an empty text is a day off. Raises BadHours."""
    found = list(_STRETCH.finditer(typed))
    if not all(_BETWEEN.fullmatch(rest) for rest in _STRETCH.split(typed)[:: _STRETCH.groups + 1]):
        raise BadHours(HoursFault.UNREADABLE)
    stretches = sorted(_stretch(*match.groups(default="0")) for match in found)
    for earlier, later in pairwise(stretches):
        if later[0] < earlier[1]:
            raise BadHours(HoursFault.OVERLAP)
    return stretches


def shown_hours(stretches: Sequence[Stretch]) -> str:
    """As one would type them: «08:00–13:00, 14:00–17:30»."""
    return ", ".join(f"{starts:%H:%M}–{ends:%H:%M}" for starts, ends in stretches)


def _stretch(first_hour: str, first_minute: str, last_hour: str, last_minute: str) -> Stretch:
    starts, ends = _time(first_hour, first_minute), _time(last_hour, last_minute)
    if ends <= starts:
        raise BadHours(HoursFault.BACKWARDS)
    return starts, ends


def _time(hour: str, minute: str) -> time:
    if int(hour) > 23 or int(minute) > 59:
        raise BadHours(HoursFault.NO_SUCH_TIME)
    if int(minute) % STEP_MINUTES:
        raise BadHours(HoursFault.OFF_GRID)
    return time(int(hour), int(minute))
