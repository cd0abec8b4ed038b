"""The days of a series: every n weeks, on given weekdays, until a day or for a number of times."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

MOST_TIMES = 52
MOST_WEEKS = 12
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Recurrence:
    """RFC 5545's FREQ=WEEKLY with INTERVAL, BYDAY and COUNT or UNTIL; weeks begin on Monday, which is 0.

    Raises ValueError unless interval is 1 to 12, there is a weekday, and exactly one of times and until is set.
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
        """The days from the first on, which is included whatever its weekday; at most 52."""
        days = [first]
        for day in self._after(first):
            if len(days) >= min(self.times or MOST_TIMES, MOST_TIMES) or (self.until and day > self.until):
                break
            days.append(day)
        return days

    def _after(self, first: date) -> Iterator[date]:
        """An unlimited iterator, up to the last date that Python has."""
        monday = first - timedelta(days=first.weekday())
        while monday < date.max - self.weeks * WEEK:
            for weekday in sorted(self.weekdays):
                day = monday + timedelta(days=weekday)
                if day > first:
                    yield day
            monday += self.weeks * WEEK
