"""Parts of the day, in local time."""

from datetime import time
from enum import StrEnum


class PartOfDay(StrEnum):
    """When the patient can come, in the clinic's local time."""

    MORNING = "morning"
    DAY = "day"
    EVENING = "evening"


BORDERS = {
    PartOfDay.MORNING: (time(0), time(12)),
    PartOfDay.DAY: (time(12), time(17)),
    PartOfDay.EVENING: (time(17), time.max),
}


def is_in_part(clock: time, part: PartOfDay | None) -> bool:
    """Whether a visit starting at this time is in this part of the day."""
    if part is None:
        return True
    begins, ends = BORDERS[part]
    return begins <= clock < ends
