"""When visits are expected to begin: one that runs over delays the ones after it, and a gap absorbs the delay."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rules.booking import Interval, Status, next_on_grid, on_grid

# A shorter delay is normal and not shown.
LEAST_DELAY = timedelta(minutes=5)
AWAITED = (Status.PENDING, Status.BOOKED)


@dataclass(frozen=True, slots=True)
class Planned:
    """One visit of one practitioner: the booked time, its status, and since when."""

    interval: Interval
    status: Status
    since: datetime


def expected_starts(visits: Sequence[Planned], now: datetime) -> list[datetime | None]:
    """For each visit, in the given order, its expected start, rounded up to five minutes.

    None for a visit that has begun or will not take place, and for one that is expected on time. Whoever is inside
    stays as long as booked, and at least until now. Whoever has not arrived by the time they could go in delays
    nobody.
    """
    expected: list[datetime | None] = [None] * len(visits)
    free_at = max([now, *(_due(visit) for visit in visits if visit.status is Status.CHECKED_IN)])
    for place in sorted(range(len(visits)), key=lambda place: visits[place].interval):
        visit = visits[place]
        begins = max(visit.interval.start, free_at)
        if visit.status is Status.ARRIVED or (visit.status in AWAITED and begins > now):
            expected[place] = _told(visit, begins)
            free_at = begins + visit.interval.length
    return expected


def next_shift(visits: Sequence[Planned], now: datetime) -> datetime | None:
    """When the expected starts change by themselves: a visit begins to run over, or a waiting patient is due.

    After that it is the next five-minute step; None while nothing changes.
    """
    under_way = [visit for visit in visits if visit.status in (Status.CHECKED_IN, Status.ARRIVED)]
    return min((due if due > now else next_on_grid(now) for due in map(_due, under_way)), default=None)


def _due(visit: Planned) -> datetime:
    """When a begun visit should end, or a waiting one should begin."""
    is_inside = visit.status is Status.CHECKED_IN
    return visit.since + visit.interval.length if is_inside else visit.interval.start


def _told(visit: Planned, begins: datetime) -> datetime | None:
    return on_grid(begins) if begins - visit.interval.start >= LEAST_DELAY else None
