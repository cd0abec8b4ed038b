"""The states of the day's board: its columns and time axis, as language-neutral values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from blueprints.clinic.drawing import BRIEF_STEPS, Drawing, Grid, lane_look
from live.announcement import State
from models.clinic import AvailabilityException, Hold, Practitioner
from models.clinic.day import Day
from models.clinic.day_topic import Hours
from models.clinic.shown_visit import ShownVisit
from models.clinic.standing import expected_times
from rules.booking import STEP, STEP_MINUTES, Interval, Status, free_gaps, next_on_grid, place_columns


class TimeOff(NamedTuple):
    """Time outside a practitioner's hours. clock: when it ends or began; said: the reason that somebody gave."""

    at: int
    length: int
    reason: str
    clock: str = ""
    said: str = ""


@dataclass(frozen=True)
class Board:
    """What the parts of a board have in common: a day, its hours, the present moment, the version of what is drawn."""

    day: Day
    hours: Hours
    now: datetime
    version: int

    @cached_property
    def grid(self) -> Grid:
        return Grid(self.day.date, self.day.zone, self.hours)

    @cached_property
    def is_today(self) -> bool:
        return self.day.organization.today(self.now) == self.day.date

    def minutes_since(self, instant: datetime) -> int:
        """Whole minutes by the clock since then."""
        since, now = (each.replace(second=0, microsecond=0) for each in (instant, self.now))
        return max(0, int((now - since).total_seconds() // 60))

    def now_mark(self) -> State | None:
        """The position of the current time: hidden outside the board's hours, None on other days."""
        if not self.is_today:
            return None
        step = self.grid.step(self.now)
        at = int(step)
        return {
            "at": at,
            "minute": round((step - at) * STEP_MINUTES),
            "hidden": not 0 <= at < self.grid.steps,
            "clock": self.grid.clock(self.now),
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
    drawing = _drawing(board, open_hours, visits)
    return {
        "dom_id": f"column-{practitioner.id}",
        "version": board.version,
        "prefix": "",
        "practitioner": practitioner.id,
        "date": board.day.date.isoformat(),
        "weekday": board.day.date.weekday(),
        "number": board.day.date.day,
        "first": board.hours.first,
        "family": practitioner.family_name,
        "name": practitioner.short_name,
        "full_name": practitioner.full_name,
        "about": ", ".join(part for part in (practitioner.speciality, _room(practitioner)) if part),
        "free": _free(board, open_hours, visits),
        "off": tuple(_time_off(board, open_hours, closures)),
        "items": drawing,
        "holds": list(_holds(board, holds, visits)),
        "delay": drawing.delay,
        "now": board.now_mark(),
    }


def _drawing(board: Board, open_hours: Sequence[Interval], visits: Sequence[ShownVisit]) -> Drawing:
    plain = (board.grid, tuple(open_hours), tuple(visits), board.day.organization.long_minutes)
    if not board.is_today:
        return Drawing(*plain)
    waiting = (visit for visit in visits if visit.status is Status.ARRIVED)
    waits = ((visit.id, board.minutes_since(visit.status_since)) for visit in waiting)
    standing = (visit for visit in visits if visit.status is not Status.CANCELLED)
    return Drawing(*plain, tuple(waits), tuple(expected_times(standing, board.now).items()))


def _room(practitioner: Practitioner) -> str:
    return practitioner.room.name if practitioner.room else ""


def _time_off(
    board: Board, open_hours: Sequence[Interval], closures: Sequence[AvailabilityException]
) -> Iterator[TimeOff]:
    """The parts of the board outside the practitioner's hours, with their label and when they end or began."""
    told = list(open_hours)
    for closure in closures:
        for gap in free_gaps([closure.interval], told):
            place = _clipped(board, gap.start, gap.end)
            if place is not None:
                yield TimeOff(*place, "closed", said=closure.reason)
        told.append(closure.interval)
    for gap in free_gaps([board.day.whole], told):
        place = _clipped(board, gap.start, gap.end)
        if place is not None:
            yield TimeOff(*place, *_reason_off(board, gap.start, gap.end, open_hours))


def _clipped(board: Board, start: datetime, end: datetime) -> tuple[int, int] | None:
    """Position and height of the part within the board."""
    first, last = (min(max(board.grid.step(edge), 0), board.grid.steps) for edge in (start, end))
    return (int(first), int(last - first)) if last - first >= 1 else None


def _reason_off(board: Board, start: datetime, end: datetime, open_hours: Sequence[Interval]) -> tuple[str, str]:
    """The reason, and the time at which it ends or began."""
    if not open_hours:
        return "day", ""
    if end <= open_hours[0].start:
        return "before", board.grid.clock(open_hours[0].start)
    if start >= open_hours[-1].end:
        return "after", board.grid.clock(open_hours[-1].end)
    return "lunch" if 11 <= start.astimezone(board.day.zone).hour <= 14 else "break", ""


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
            at, length = place
            looks = ("is-brief" if length <= BRIEF_STEPS else "", lane_look(lane.index, lane.count))
            yield {
                "at": at,
                "length": length,
                "person": hold.user_id,
                "who": hold.user.name.partition(" ")[0],
                "period": board.grid.period(hold.interval),
                "look": " ".join(filter(None, looks)),
            }


def _free(board: Board, open_hours: Sequence[Interval], visits: Sequence[ShownVisit]) -> str:
    """The remaining free time in whole steps, as 1:45; empty if there is none."""
    gaps = _free_ahead(open_hours, visits, board.now)
    left = sum((gap.end - max(gap.start, board.now) for gap in gaps), timedelta())
    minutes = left // STEP * STEP_MINUTES
    return f"{minutes // 60}:{minutes % 60:02d}" if minutes else ""


def shrinks_at(day: Day, practitioner: Practitioner, visits: Sequence[ShownVisit], now: datetime) -> datetime | None:
    """When less of the practitioner's free time remains, though nobody is booked; None if there is none."""
    gaps = _free_ahead(day.open_hours(practitioner), visits, now)
    return min((max(gap.start, next_on_grid(now)) for gap in gaps), default=None)


def _free_ahead(open_hours: Sequence[Interval], visits: Sequence[ShownVisit], now: datetime) -> list[Interval]:
    busy = [visit.interval for visit in visits if visit.status.occupies]
    return [gap for gap in free_gaps(open_hours, busy) if gap.end > now]
