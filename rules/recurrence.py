"""On which days a visit comes again: every so many weeks, on these weekdays, until a day or for a number of times."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

MOST_TIMES = 52
MOST_WEEKS = 12
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Recurrence:
    """RFC 5545's FREQ=WEEKLY with INTERVAL, BYDAY and COUNT or UNTIL; weeks begin on Monday, which is 0.

    Raises ValueError for an interval out of 1 to 12 weeks, no weekday, and anything but one of times and until.
    """

    weeks: int
    weekdays: frozenset[int]
    times: int | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.weeks <= MOST_WEEKS:
            raise ValueError("a visit comes again every 1 to 12 weeks")
        if not self.weekdays or not self.weekdays <= frozenset(range(7)):
            raise ValueError("a visit comes again on days of the week")
        if (self.times is None) == (self.until is None):
            raise ValueError("a series ends either after a number of times or on a day")

    def days(self, first: date) -> list[date]:
        """The days from the first on, which is one of them whatever its weekday; 52 at most."""
        days = [first]
        for day in self._after(first):
            if len(days) >= min(self.times or MOST_TIMES, MOST_TIMES) or (self.until and day > self.until):
                break
            days.append(day)
        return days

    def _after(self, first: date) -> Iterator[date]:
        """Without end, like a clock: it stops before the calendar does."""
        monday = first - timedelta(days=first.weekday())
        while monday < date.max - self.weeks * WEEK:
            for weekday in sorted(self.weekdays):
                day = monday + timedelta(days=weekday)
                if day > first:
                    yield day
            monday += self.weeks * WEEK
