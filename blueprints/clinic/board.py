"""The states of the day's board: its columns and time axis, as language-neutral values.

A position on the board is a number of 5-minute steps from its first hour (LOOK 5).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, cached_property
from typing import NamedTuple

from live.announcement import State
from models.clinic import Appointment, AvailabilityException, Hold, Practitioner
from models.clinic.day import Day
from models.clinic.day_topic import Hours
from models.clinic.shown_visit import ShownVisit
from models.clinic.standing import expected_times
from rules.booking import STEP, STEP_MINUTES, Interval, Status, free_gaps, on_grid, place_columns
from rules.names import initials

STEPS_IN_HOUR = 60 // STEP_MINUTES
QUARTER = timedelta(minutes=15)
SECOND = timedelta(seconds=1)
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
    None; since: when they went in; expected: the expected start, if `delay` minutes later than booked.
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
    delay: int
    service: str
    colour: int | None
    room: str
    since: str
    reason: str
    kind: str = "visit"


@dataclass(frozen=True)
class Board:
    """The coordinate system of a drawing: a day, its hours, the present moment, and the version of what is drawn."""

    day: Day
    hours: Hours
    now: datetime
    version: int

    @cached_property
    def is_today(self) -> bool:
        return self.day.organization.today(self.now) == self.day.date

    @property
    def steps(self) -> int:
        return (self.hours.last - self.hours.first) * STEPS_IN_HOUR

    @cached_property
    def step(self) -> Callable[[datetime], float]:
        """The vertical position of an instant, by local time, clamped to the day.

        Cached, as `clock` is: a day's columns share most of their times.
        """
        day, zone, first, steps = self.day.date, self.day.zone, self.hours.first, self.steps

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
        zone = self.day.zone
        return cache(lambda instant: f"{instant.astimezone(zone):%H:%M}")

    def place(self, interval: Interval) -> tuple[int, int]:
        """Position and height, in whole steps that cover the interval."""
        at = int(self.step(interval.start))
        return at, max(1, -int(-self.step(interval.end) // 1) - at)

    def period(self, interval: Interval) -> str:
        """«09:05–09:35»"""
        return f"{self.clock(interval.start)}–{self.clock(interval.end)}"

    def waited(self, visit: ShownVisit) -> int | None:
        """Whole minutes, which all change together on the minute; None for patients who are not waiting."""
        if visit.status is not Status.ARRIVED or not self.is_today:
            return None
        return self.minutes_since(visit.status_since)

    def minutes_since(self, instant: datetime) -> int:
        """Whole minutes by the clock since then."""
        since, now = (each.replace(second=0, microsecond=0) for each in (instant, self.now))
        return max(0, int((now - since).total_seconds() // 60))

    def now_mark(self) -> State | None:
        """The position of the current time: hidden outside the board's hours, None on other days."""
        if not self.is_today:
            return None
        step = self.step(self.now)
        at = int(step)
        return {
            "at": at,
            "minute": round((step - at) * STEP_MINUTES),
            "hidden": not 0 <= at < self.steps,
            "clock": self.clock(self.now),
        }


def axis_state(board: Board, practitioners: Sequence[Practitioner] | None = None) -> State:
    """The time axis. practitioners: the columns beside it, by which an open page sees whether its own are outdated."""
    return {
        "dom_id": "axis",
        "version": board.version,
        "columns": None if practitioners is None else [doctor.id for doctor in practitioners],
        "hours": list(range(board.hours.first, board.hours.last)),
        "now": board.now_mark(),
    }


def column_state(
    board: Board, practitioner: Practitioner, visits: Sequence[ShownVisit], holds: Sequence[Hold] = ()
) -> State:
    """One practitioner's day: time off, free quarters and visits, both in order of time, and holds."""
    open_hours = board.day.open_hours(practitioner)
    closures = board.day.availability.closures(practitioner)
    drawn = list(_visits(board, visits, open_hours))
    items: list[FreeQuarter | DrawnVisit] = [*_slots(board, open_hours, visits), *drawn]
    return {
        "dom_id": f"column-{practitioner.id}",
        "version": board.version,
        "prefix": "",
        "practitioner": practitioner.id,
        "date": board.day.date.isoformat(),
        "first": board.hours.first,
        "family": practitioner.family_name,
        "name": practitioner.short_name,
        "full_name": practitioner.full_name,
        "about": ", ".join(part for part in (practitioner.speciality, _room(practitioner)) if part),
        "free": _free(board, open_hours, visits),
        "off": list(_time_off(board, open_hours, closures)),
        "items": sorted(items, key=lambda item: item.at),
        "holds": list(_holds(board, holds, visits)),
        "delay": max((visit.delay for visit in drawn), default=0),
        "now": board.now_mark(),
    }


def _room(practitioner: Practitioner) -> str:
    return practitioner.room.name if practitioner.room else ""


def _time_off(
    board: Board, open_hours: Sequence[Interval], closures: Sequence[AvailabilityException]
) -> Iterator[State]:
    """The parts of the board outside the practitioner's hours, with their label and when they end or began."""
    told = list(open_hours)
    for closure in closures:
        for gap in free_gaps([closure.interval], told):
            place = _clipped(board, gap.start, gap.end)
            if place is not None:
                yield {**place, "reason": "closed", "said": closure.reason}
        told.append(closure.interval)
    for gap in free_gaps([board.day.whole], told):
        place = _clipped(board, gap.start, gap.end)
        if place is not None:
            yield {**place, **_reason_off(board, gap.start, gap.end, open_hours)}


def _clipped(board: Board, start: datetime, end: datetime) -> dict[str, int] | None:
    first, last = (min(max(board.step(edge), 0), board.steps) for edge in (start, end))
    return {"at": int(first), "for": int(last - first)} if last - first >= 1 else None


def _reason_off(board: Board, start: datetime, end: datetime, open_hours: Sequence[Interval]) -> State:
    if not open_hours:
        return {"reason": "day"}
    if end <= open_hours[0].start:
        return {"reason": "before", "clock": board.clock(open_hours[0].start)}
    if start >= open_hours[-1].end:
        return {"reason": "after", "clock": board.clock(open_hours[-1].end)}
    return {"reason": "lunch" if 11 <= start.astimezone(board.day.zone).hour <= 14 else "break"}


def _holds(board: Board, holds: Sequence[Hold], visits: Sequence[ShownVisit]) -> Iterator[State]:
    """The current holds on this day, with the first word of their holders' names; none over a visit."""
    taken = [visit.interval for visit in visits if visit.status.occupies]
    current = [
        hold
        for hold in holds
        if hold.expires_at > board.now
        and hold.interval.overlaps(board.day.whole)
        and not any(hold.interval.overlaps(visit) for visit in taken)
    ]
    for hold, lane in zip(current, place_columns([hold.interval for hold in current]), strict=True):
        place = _clipped(board, hold.starts_at, hold.ends_at)
        if place is not None:
            looks = ("is-brief" if place["for"] <= BRIEF_STEPS else "", _lane(lane.index, lane.count))
            yield {
                **place,
                "person": hold.user_id,
                "who": hold.user.name.partition(" ")[0],
                "period": board.period(hold.interval),
                "look": " ".join(filter(None, looks)),
            }


def _slots(board: Board, open_hours: Sequence[Interval], visits: Sequence[ShownVisit]) -> Iterator[FreeQuarter]:
    """The free quarters of an hour. A gap that begins within a quarter begins with the rest of it."""
    for gap in free_gaps(open_hours, [visit.interval for visit in visits]):
        start = gap.start
        while start < gap.end:
            border = start - timedelta(minutes=start.minute % 15) + QUARTER
            quarter = Interval(start, min(border, gap.end))
            yield FreeQuarter(*board.place(quarter), board.clock(start))
            start = quarter.end


def _free(board: Board, open_hours: Sequence[Interval], visits: Sequence[ShownVisit]) -> str:
    """The remaining free time in whole steps, as 1:45; empty if there is none."""
    gaps = _free_ahead(open_hours, visits, board.now)
    left = sum((gap.end - max(gap.start, board.now) for gap in gaps), timedelta())
    minutes = left // STEP * STEP_MINUTES
    return f"{minutes // 60}:{minutes % 60:02d}" if minutes else ""


def shrinks_at(day: Day, practitioner: Practitioner, visits: Sequence[ShownVisit], now: datetime) -> datetime | None:
    """When less of the practitioner's free time remains, though nobody is booked; None if there is none."""
    gaps = _free_ahead(day.open_hours(practitioner), visits, now)
    return min((max(gap.start, on_grid(now + SECOND)) for gap in gaps), default=None)


def _free_ahead(open_hours: Sequence[Interval], visits: Sequence[ShownVisit], now: datetime) -> list[Interval]:
    busy = [visit.interval for visit in visits if visit.status.occupies]
    return [gap for gap in free_gaps(open_hours, busy) if gap.end > now]


def _visits(board: Board, visits: Sequence[ShownVisit], open_hours: Sequence[Interval]) -> Iterator[DrawnVisit]:
    standing = [visit for visit in visits if visit.status is not Status.CANCELLED]
    expected = expected_times(standing, board.now) if board.is_today else {}
    cancelled = [visit for visit in visits if visit.status is Status.CANCELLED]
    for visit, lane in zip(standing, place_columns([visit.interval for visit in standing]), strict=True):
        beside = any(visit.interval.overlaps(other.interval) for other in cancelled)
        where = _lane(lane.index, lane.count) or ("beside" if beside else "")
        is_outside = visit.status.occupies and _is_outside(board, visit.interval, open_hours)
        yield _visit(board, visit, where, is_outside, expected.get(visit.id))
    for index, visit in enumerate(cancelled):
        others = [*standing, *cancelled[:index]]
        is_given_away = any(visit.interval.overlaps(other.interval) for other in others)
        yield _visit(board, visit, "sliver" if is_given_away else "")


def _is_outside(board: Board, interval: Interval, open_hours: Sequence[Interval]) -> bool:
    """Whether part of this time is outside the practitioner's hours."""
    start, end = max(interval.start, board.day.whole.start), min(interval.end, board.day.whole.end)
    return not any(hours.start <= start and end <= hours.end for hours in open_hours)


def _lane(index: int, count: int) -> str:
    if count == 1:
        return ""
    if count == 2:
        return ("left-half", "right-half")[index]
    return f"lane-{min(index, MOST_LANES - 1)}-of-{min(count, MOST_LANES)}"


def _visit(
    board: Board, visit: ShownVisit, lane: str, is_outside: bool = False, expected: datetime | None = None
) -> DrawnVisit:
    at, length = board.place(visit.interval)
    minutes, status = board.waited(visit), shown_status(visit)
    is_long = minutes is not None and minutes >= board.day.organization.long_minutes
    return DrawnVisit(
        at,
        length,
        *(visit.family_name, visit.given_name, visit.middle_name, initials(visit.given_name, visit.middle_name)),
        id=visit.id,
        revision=visit.version,
        look=_look(visit, status, is_long, length <= BRIEF_STEPS, lane),
        status=status,
        icon="alarm-clock" if is_long else ICONS[status],
        period=board.period(visit.interval),
        minutes=minutes,
        is_long=is_long,
        is_movable=visit.status.occupies,
        is_over=visit.overbooked,
        is_again=visit.series_id is not None,
        is_outside=is_outside,
        expected=board.clock(expected) if expected else "",
        delay=int((expected - visit.interval.start).total_seconds() // 60) if expected else 0,
        service=visit.service or "",
        colour=visit.colour,
        room=(visit.room or "") if visit.is_elsewhere else "",
        since=board.clock(visit.status_since) if visit.status is Status.CHECKED_IN else "",
        reason=visit.cancellation_reason or "",
    )


def _look(visit: ShownVisit, status: str, is_long: bool, is_brief: bool, lane: str) -> str:
    own = "is-confirmed" if status == "confirmed" else LOOKS[visit.status]
    return " ".join(filter(None, (own, "is-long" if is_long else "", "is-brief" if is_brief else "", lane)))


def shown_status(visit: Appointment | ShownVisit) -> str:
    """The displayed status: a confirmed booking is displayed as a status of its own."""
    is_confirmed = visit.status is Status.BOOKED and visit.confirmed_at
    return "confirmed" if is_confirmed else visit.status.value
