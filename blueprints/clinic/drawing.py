"""The picture of a column: its free quarters and visits, drawn from plain values on the grid of a day.

A position on the grid is a number of 5-minute steps from its first hour (LOOK 5).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

from models.clinic import Appointment
from models.clinic.day_topic import Hours, whole_day
from models.clinic.shown_visit import ShownVisit
from rules.booking import STEP, STEP_MINUTES, Interval, Status, free_gaps, place_columns
from rules.names import initials

STEPS_IN_HOUR = 60 // STEP_MINUTES
QUARTER = timedelta(minutes=15)
BRIEF_STEPS = 5
MOST_LANES = 4

ICONS = {
    "pending": "circle-question-mark",
    "booked": "circle",
    "confirmed": "circle-check",
    "arrived": "armchair",
    "checked-in": "stethoscope",
    "fulfilled": "check-check",
    "noshow": "user-x",
    "cancelled": "x",
    "entered-in-error": "x",
}
LOOKS = {
    Status.PENDING: "is-pending",
    Status.BOOKED: "is-booked",
    Status.ARRIVED: "is-arrived",
    Status.CHECKED_IN: "is-inside",
    Status.FULFILLED: "is-done",
    Status.NOSHOW: "is-noshow",
    Status.CANCELLED: "is-cancelled",
}


class FreeQuarter(NamedTuple):
    """A bookable quarter of an hour, or the rest of one. clock: its start."""

    at: int
    length: int
    clock: str
    kind: str = "slot"


class DrawnVisit(NamedTuple):
    """A visit as drawn in a column or in a practitioner's own list; times are local.

    look: its CSS classes; status: the code of the status shown; minutes: how long the patient has been waiting, or
    None; since: when they went in; expected: the expected start, if later than booked.
    """

    at: int
    length: int
    family: str
    given: str
    middle: str
    initials: str
    id: int
    revision: int
    look: str
    status: str
    icon: str
    period: str
    minutes: int | None
    is_long: bool
    is_movable: bool
    is_over: bool
    is_again: bool
    is_outside: bool
    expected: str
    service: str
    colour: int | None
    room: str
    since: str
    reason: str
    kind: str = "visit"


@dataclass(frozen=True)
class Grid:
    """The coordinate system of a drawing: a day and its hours."""

    date: date
    zone: ZoneInfo
    hours: Hours

    @cached_property
    def whole(self) -> Interval:
        return whole_day(self.date, self.zone)

    @property
    def steps(self) -> int:
        return (self.hours.last - self.hours.first) * STEPS_IN_HOUR

    @cached_property
    def step(self) -> Callable[[datetime], float]:
        """The vertical position of an instant, by local time, clamped to the day.

        Cached, as `clock` is: a day's columns share most of their times.
        """
        day, zone, first, steps = self.date, self.zone, self.hours.first, self.steps

        @cache
        def step(instant: datetime) -> float:
            local = instant.astimezone(zone)
            if local.date() != day:
                return 0 if local.date() < day else steps
            return (local.hour - first) * STEPS_IN_HOUR + local.minute / STEP_MINUTES

        return step

    @cached_property
    def clock(self) -> Callable[[datetime], str]:
        """An instant in local time, 09:05."""
        zone = self.zone
        return cache(lambda instant: f"{instant.astimezone(zone):%H:%M}")

    def place(self, interval: Interval) -> tuple[int, int]:
        """Position and height, in whole steps that cover the interval."""
        at = int(self.step(interval.start))
        return at, max(1, -int(-self.step(interval.end) // 1) - at)

    def period(self, interval: Interval) -> str:
        """«09:05–09:35»; in an hour that comes twice «23:15–23:45 (UTC+0500)»."""
        words = f"{self.clock(interval.start)}–{self.clock(interval.end)}"
        if not self.has_an_hour_twice:
            return words
        local = interval.start.astimezone(self.zone)
        comes_twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
        return f"{words} ({local:UTC%z})" if comes_twice else words

    def covered(self, interval: Interval) -> Interval:
        """What it covers of the drawing, where the same hour of both comings is one place."""
        if not self.has_an_hour_twice:
            return interval
        start, end = (each.astimezone(self.zone).replace(tzinfo=UTC) for each in (interval.start, interval.end))
        return Interval(start, max(end, start + STEP))

    @cached_property
    def has_an_hour_twice(self) -> bool:
        """Whether clocks are put back on this day."""
        return self.whole.length > timedelta(days=1)


@dataclass(frozen=True)
class Drawing:
    """The free quarters and visits of one column in order of time, drawn when iterated.

    Consists of plain values only, by which it is compared: equal drawings look the same, so `kept` renders one of them.
    waits: for how many minutes patients have been waiting; expected: when delayed visits will begin; by visit.
    """

    grid: Grid
    open_hours: tuple[Interval, ...]
    visits: tuple[ShownVisit, ...]
    long_minutes: int
    waits: tuple[tuple[int, int], ...] = ()
    expected: tuple[tuple[int, datetime], ...] = ()

    def __iter__(self) -> Iterator[FreeQuarter | DrawnVisit]:
        items: list[FreeQuarter | DrawnVisit] = [*self._slots(), *self._visits()]
        return iter(sorted(items, key=lambda item: item.at))

    @property
    def delay(self) -> int:
        """The longest delay of a visit, in minutes."""
        expected = dict(self.expected)
        late = [expected[visit.id] - visit.interval.start for visit in self.visits if visit.id in expected]
        return int(max(late).total_seconds() // 60) if late else 0

    def _slots(self) -> Iterator[FreeQuarter]:
        """The free quarters of an hour. A gap that begins within a quarter begins with the rest of it."""
        for gap in free_gaps(self.open_hours, [visit.interval for visit in self.visits]):
            start = gap.start
            while start < gap.end:
                border = start - timedelta(minutes=start.minute % 15) + QUARTER
                quarter = Interval(start, min(border, gap.end))
                yield FreeQuarter(*self.grid.place(quarter), self.grid.clock(start))
                start = quarter.end

    def _visits(self) -> Iterator[DrawnVisit]:
        standing = [visit for visit in self.visits if visit.status is not Status.CANCELLED]
        cancelled = [visit for visit in self.visits if visit.status is Status.CANCELLED]
        covered = {visit.id: self.grid.covered(visit.interval) for visit in self.visits}
        waits, expected = dict(self.waits), dict(self.expected)
        for visit, lane in zip(standing, place_columns([covered[visit.id] for visit in standing]), strict=True):
            beside = any(covered[visit.id].overlaps(covered[other.id]) for other in cancelled)
            where = lane_look(lane.index, lane.count) or ("beside" if beside else "")
            yield self._visit(visit, where, waits.get(visit.id), expected.get(visit.id))
        for index, visit in enumerate(cancelled):
            others = [*standing, *cancelled[:index]]
            is_given_away = any(covered[visit.id].overlaps(covered[other.id]) for other in others)
            yield self._visit(visit, "sliver" if is_given_away else "")

    def _visit(
        self, visit: ShownVisit, lane: str, minutes: int | None = None, expected: datetime | None = None
    ) -> DrawnVisit:
        (at, length), status = self.grid.place(visit.interval), shown_status(visit)
        is_long = minutes is not None and minutes >= self.long_minutes
        return DrawnVisit(
            at,
            length,
            *(visit.family_name, visit.given_name, visit.middle_name, initials(visit.given_name, visit.middle_name)),
            id=visit.id,
            revision=visit.version,
            look=_look(visit, status, is_long, length <= BRIEF_STEPS, lane),
            status=status,
            icon="alarm-clock" if is_long else ICONS[status],
            period=self.grid.period(visit.interval),
            minutes=minutes,
            is_long=is_long,
            is_movable=visit.status.occupies,
            is_over=visit.overbooked,
            is_again=visit.series_id is not None,
            is_outside=visit.status.occupies and self._is_outside(visit.interval),
            expected=self.grid.clock(expected) if expected else "",
            service=visit.service or "",
            colour=visit.colour,
            room=(visit.room or "") if visit.is_elsewhere else "",
            since=self.grid.clock(visit.status_since) if visit.status is Status.CHECKED_IN else "",
            reason=visit.cancellation_reason or "",
        )

    def _is_outside(self, interval: Interval) -> bool:
        """Whether part of this time is outside the practitioner's hours."""
        start, end = max(interval.start, self.grid.whole.start), min(interval.end, self.grid.whole.end)
        return not any(hours.start <= start and end <= hours.end for hours in self.open_hours)


def lane_look(index: int, count: int) -> str:
    if count == 1:
        return ""
    if count == 2:
        return ("left-half", "right-half")[index]
    return f"lane-{min(index, MOST_LANES - 1)}-of-{min(count, MOST_LANES)}"


def _look(visit: ShownVisit, status: str, is_long: bool, is_brief: bool, lane: str) -> str:
    own = "is-confirmed" if status == "confirmed" else LOOKS[visit.status]
    return " ".join(filter(None, (own, "is-long" if is_long else "", "is-brief" if is_brief else "", lane)))


def shown_status(visit: Appointment | ShownVisit) -> str:
    """The displayed status: a confirmed booking is displayed as a status of its own."""
    is_confirmed = visit.status is Status.BOOKED and visit.confirmed_at
    return "confirmed" if is_confirmed else visit.status.value
