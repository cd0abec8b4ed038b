"""When those who are booked will really go in: a visit that runs over shifts the ones after it, a gap takes it up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from rules.booking import Interval, Status

STEP = timedelta(minutes=5)
# Less than this nobody is told of: it is how visits are.
LEAST_DELAY = timedelta(minutes=5)
TICK = timedelta(seconds=1)
AWAITED = (Status.PENDING, Status.BOOKED)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Planned:
    """One visit of one practitioner as it was booked, how far it has come, and since when."""

    interval: Interval
    status: Status
    since: datetime


def expected_starts(visits: Sequence[Planned], now: datetime) -> list[datetime | None]:
    """For each visit, in the order given, when it is expected to begin, on the clock's grid of five minutes.

    None for a visit that has begun or will not take place, and for one that is expected in time. Whoever is inside
    stays as long as was booked for them, and at least until now. Whoever has not come by the time at which they could
    go in holds nobody up.
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
    """When what is expected changes by itself: somebody inside begins to run over, or somebody who came is due.

    Once that has come about it is the next step of the clock's grid; None while nothing moves.
    """
    under_way = [visit for visit in visits if visit.status in (Status.CHECKED_IN, Status.ARRIVED)]
    return min((due if due > now else _on_grid(now + TICK) for due in map(_due, under_way)), default=None)


def _due(visit: Planned) -> datetime:
    """When a visit inside should end, and one that waits should begin."""
    is_inside = visit.status is Status.CHECKED_IN
    return visit.since + visit.interval.length if is_inside else visit.interval.start


def _told(visit: Planned, begins: datetime) -> datetime | None:
    return _on_grid(begins) if begins - visit.interval.start >= LEAST_DELAY else None


def _on_grid(instant: datetime) -> datetime:
    """The next start on the board's grid, or this one."""
    return instant + (_EPOCH - instant) % STEP
