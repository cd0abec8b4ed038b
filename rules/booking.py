"""Booking: intervals, the life cycle of an appointment, free times, lanes of a day."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from operator import attrgetter

# The calendar's grid.
STEP_MINUTES = 5
STEP = timedelta(minutes=STEP_MINUTES)
LEAST_BETWEEN_OFFERS = timedelta(minutes=15)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, order=True, slots=True)
class Interval:
    """A half-open interval of time, [start, end), in UTC, where arithmetic has no repeated or missing hours.

    Raises ValueError if either end has no time zone or the interval is empty.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is not UTC or self.end.tzinfo is not UTC:
            self._put_into_utc()
        if self.end <= self.start:
            raise ValueError("an interval ends after it starts")

    def _put_into_utc(self) -> None:
        """Only called for an interval that is not in UTC yet: a page has thousands."""
        if self.start.utcoffset() is None or self.end.utcoffset() is None:
            raise ValueError("an interval needs times with a time zone")
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))

    @property
    def length(self) -> timedelta:
        return self.end - self.start

    def overlaps(self, other: "Interval") -> bool:
        """Whether both contain some moment; touching is not overlapping."""
        return self.start < other.end and other.start < self.end

    def holds(self, other: "Interval") -> bool:
        """Whether the other lies entirely within this one."""
        return self.start <= other.start and other.end <= self.end


class Status(StrEnum):
    """An appointment's status, in the codes of HL7 FHIR (http://hl7.org/fhir/appointmentstatus)."""

    PENDING = "pending"
    BOOKED = "booked"
    ARRIVED = "arrived"
    CHECKED_IN = "checked-in"
    FULFILLED = "fulfilled"
    NOSHOW = "noshow"
    CANCELLED = "cancelled"
    ENTERED_IN_ERROR = "entered-in-error"

    @property
    def occupies(self) -> bool:
        """Whether an appointment with this status occupies its time."""
        return self in _OCCUPYING


_OCCUPYING = frozenset({Status.PENDING, Status.BOOKED, Status.ARRIVED, Status.CHECKED_IN})

# Steps back are allowed too: a mistake at the desk must be as easy to correct as to make.
NEXT: Mapping[Status, frozenset[Status]] = {
    Status.PENDING: frozenset({Status.BOOKED, Status.CANCELLED}),
    Status.BOOKED: frozenset(
        {Status.ARRIVED, Status.CHECKED_IN, Status.CANCELLED, Status.NOSHOW, Status.ENTERED_IN_ERROR}
    ),
    Status.ARRIVED: frozenset({Status.CHECKED_IN, Status.CANCELLED, Status.BOOKED}),
    Status.CHECKED_IN: frozenset({Status.FULFILLED, Status.ARRIVED, Status.BOOKED}),
    Status.FULFILLED: frozenset({Status.CHECKED_IN}),
    Status.NOSHOW: frozenset({Status.ARRIVED, Status.BOOKED}),
    Status.CANCELLED: frozenset({Status.BOOKED}),
    Status.ENTERED_IN_ERROR: frozenset(),
}


# A visit that is over is marked as fulfilled without the steps that nobody recorded, lest their times be invented.
AFTERWARDS: Mapping[Status, frozenset[Status]] = {
    Status.BOOKED: frozenset({Status.FULFILLED}),
    Status.ARRIVED: frozenset({Status.FULFILLED}),
    Status.FULFILLED: frozenset({Status.BOOKED, Status.ARRIVED}),
}


def may_become(current: Status, wanted: Status, is_over: bool = False) -> bool:
    """Whether the life cycle has this step; rights and free time are checked elsewhere."""
    return wanted in NEXT[current] or (is_over and wanted in AFTERWARDS.get(current, ()))


def on_grid(instant: datetime, step: timedelta = STEP) -> datetime:
    """The instant itself if it lies on the grid, else the next one that does."""
    return instant + (_EPOCH - instant) % step


def next_on_grid(now: datetime) -> datetime:
    """The next instant on the grid, later than now."""
    return on_grid(now + datetime.resolution)


def free_gaps(open_hours: Sequence[Interval], busy: Sequence[Interval]) -> list[Interval]:
    """The open hours minus the busy ones, in order; both may be unsorted, touching or overlapping."""
    taken = _merged(busy)
    return [gap for hours in _merged(open_hours) for gap in _cut(hours, taken)]


def open_time(
    weekly: Sequence[Interval], closed: Sequence[Interval], extra: Sequence[Interval], away: Sequence[Interval]
) -> list[Interval]:
    """When somebody sees patients: the week while the clinic is open, plus extra hours, minus absences."""
    return free_gaps([*free_gaps(weekly, closed), *extra], away)


def nearest_free(
    wanted: Interval, open_hours: Sequence[Interval], busy: Sequence[Interval], count: int = 3
) -> list[Interval]:
    """Up to `count` free times as long as the wanted one, nearest start first; of two equally near, the later first.

    Starts are on the calendar's grid. The offers are alternatives and may overlap, but 10:05, 10:10 and 10:15 are
    hardly a choice: a start within 15 minutes of a nearer offer is used only if too few others are left. The caller
    excludes past times from `open_hours`.
    """
    starts = starts_within(wanted.length, open_hours, busy)
    by_distance = sorted(starts, key=lambda start: (abs(start - wanted.start), wanted.start - start))
    offers = _spread(by_distance, count)
    offers += [start for start in by_distance if start not in offers][: count - len(offers)]
    offers.sort(key=by_distance.index)
    return [Interval(start, start + wanted.length) for start in offers]


def starts_within(
    length: timedelta, open_hours: Sequence[Interval], busy: Sequence[Interval], step: timedelta = STEP
) -> Iterator[datetime]:
    """Every start on a grid of this step at which a visit of this length fits, earliest first."""
    for gap in free_gaps(open_hours, busy):
        start = on_grid(gap.start, step)
        while start + length <= gap.end:
            yield start
            start += step


@dataclass(frozen=True, slots=True)
class Lane:
    """Where a visit is drawn among overlapping ones: lane `index` (from 0) of `count`."""

    index: int
    count: int


def place_columns(intervals: Sequence[Interval]) -> list[Lane]:
    """A lane for each interval, in the order given, so that no two in one lane overlap.

    Visits connected by overlaps, directly or through others, share one count, so their edges line up.
    """
    order = sorted(range(len(intervals)), key=lambda item: (intervals[item].start, -intervals[item].length))
    placed: dict[int, Lane] = {}
    for cluster in _clusters(intervals, order):
        indexes = _first_free_lanes([intervals[item] for item in cluster])
        count = max(indexes) + 1
        placed.update((item, Lane(index, count)) for item, index in zip(cluster, indexes, strict=True))
    return [placed[item] for item in range(len(intervals))]


def _merged(intervals: Iterable[Interval]) -> list[Interval]:
    merged: list[list[datetime]] = []
    for interval in sorted(intervals, key=attrgetter("start")):
        if merged and interval.start <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], interval.end)
        else:
            merged.append([interval.start, interval.end])
    return [Interval(start, end) for start, end in merged]


def _cut(hours: Interval, taken: Sequence[Interval]) -> Iterator[Interval]:
    free_from = hours.start
    for block in (block for block in taken if block.overlaps(hours)):
        if free_from < block.start:
            yield Interval(free_from, block.start)
        free_from = block.end
    if free_from < hours.end:
        yield Interval(free_from, hours.end)


def _spread(by_distance: Sequence[datetime], count: int) -> list[datetime]:
    offers: list[datetime] = []
    for start in by_distance:
        if len(offers) < count and all(abs(start - offer) >= LEAST_BETWEEN_OFFERS for offer in offers):
            offers.append(start)
    return offers


def _clusters(intervals: Sequence[Interval], order: Sequence[int]) -> Iterator[list[int]]:
    cluster: list[int] = []
    ends: datetime | None = None
    for item in order:
        if ends is not None and intervals[item].start >= ends:
            yield cluster
            cluster, ends = [], None
        cluster.append(item)
        ends = max(ends, intervals[item].end) if ends else intervals[item].end
    if cluster:
        yield cluster


def _first_free_lanes(cluster: Sequence[Interval]) -> list[int]:
    lane_ends: list[datetime] = []
    indexes: list[int] = []
    for interval in cluster:
        index = next((lane for lane, end in enumerate(lane_ends) if end <= interval.start), len(lane_ends))
        lane_ends[index : index + 1] = [interval.end]
        indexes.append(index)
    return indexes
