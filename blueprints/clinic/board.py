"""The day's board as states: what each column and the time column show, in values that know no language.

A place on the board is a number of 5-minute steps from the board's first hour (LOOK 5).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from live.announcement import State
from models.clinic import Appointment, AvailabilityException, Hold, Practitioner
from models.clinic.day import Day
from models.clinic.day_topic import Hours
from models.clinic.standing import expected_times
from rules.booking import Interval, Status, free_gaps, place_columns
from rules.names import initials

STEP_MINUTES = 5
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
# What a visit is that stands within the hours and begins in time.
IN_ITS_PLACE: State = {"is_outside": False, "expected": "", "delay": 0}


@dataclass(frozen=True)
class Board:
    """The paper that everything is drawn on: a day, its hours, this moment, and the version of what is drawn."""

    day: Day
    hours: Hours
    now: datetime
    version: int

    @property
    def is_today(self) -> bool:
        return self.day.organization.today(self.now) == self.day.date

    @property
    def steps(self) -> int:
        return (self.hours.last - self.hours.first) * STEPS_IN_HOUR

    def step(self, instant: datetime) -> float:
        """How far down, by the wall clock; what lies on other days is put at the border."""
        local = instant.astimezone(self.day.zone)
        if local.date() != self.day.date:
            return 0 if local.date() < self.day.date else self.steps
        return (local.hour - self.hours.first) * STEPS_IN_HOUR + local.minute / STEP_MINUTES

    def place(self, interval: Interval) -> dict[str, int]:
        """Where it stands (`at`) and how long (`for`), whole steps that cover it."""
        at = int(self.step(interval.start))
        return {"at": at, "for": max(1, -int(-self.step(interval.end) // 1) - at)}

    def clock(self, instant: datetime) -> str:
        return f"{instant.astimezone(self.day.zone):%H:%M}"

    def waited(self, visit: Appointment) -> int | None:
        """Whole minutes, all growing together when the clock's minute does; None for one who does not wait here now."""
        if visit.status is not Status.ARRIVED or not self.is_today:
            return None
        return self.minutes_since(visit.status_since)

    def minutes_since(self, instant: datetime) -> int:
        """Whole minutes that the clock on the wall has counted since then."""
        since, now = (each.replace(second=0, microsecond=0) for each in (instant, self.now))
        return max(0, int((now - since).total_seconds() // 60))

    def now_mark(self) -> State | None:
        """Where the line of now stands; hidden outside the board's hours, None on other days."""
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


def axis_state(board: Board) -> State:
    """The time column."""
    return {
        "dom_id": "axis",
        "version": board.version,
        "hours": list(range(board.hours.first, board.hours.last)),
        "now": board.now_mark(),
    }


def column_state(
    board: Board, practitioner: Practitioner, visits: Sequence[Appointment], holds: Sequence[Hold] = ()
) -> State:
    """One practitioner's day: time off, free quarters and visits, the latter two in the order of time, and holds."""
    open_hours = board.day.open_hours(practitioner)
    closures = board.day.availability.closures(practitioner)
    items = [*_slots(board, open_hours, visits), *_visits(board, visits, open_hours)]
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
        "items": sorted(items, key=lambda item: item["at"]),
        "holds": list(_holds(board, holds)),
        "delay": max((item.get("delay", 0) for item in items), default=0),
        "now": board.now_mark(),
    }


def _room(practitioner: Practitioner) -> str:
    return practitioner.room.name if practitioner.room else ""


def _time_off(
    board: Board, open_hours: Sequence[Interval], closures: Sequence[AvailabilityException]
) -> Iterator[State]:
    """What of the board lies outside the practitioner's hours, with what to call it and when it ends or began."""
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


def _holds(board: Board, holds: Sequence[Hold]) -> Iterator[State]:
    """What is in somebody's hand at this moment on this day, with the first word of their name."""
    for hold in holds:
        place = _clipped(board, hold.starts_at, hold.ends_at) if hold.expires_at > board.now else None
        if place is not None and hold.interval.overlaps(board.day.whole):
            yield {
                **place,
                "person": hold.user_id,
                "who": hold.user.name.partition(" ")[0],
                "period": f"{board.clock(hold.starts_at)}–{board.clock(hold.ends_at)}",
                "look": "is-brief" if place["for"] <= BRIEF_STEPS else "",
            }


def _slots(board: Board, open_hours: Sequence[Interval], visits: Sequence[Appointment]) -> Iterator[State]:
    """The free quarter hours. A gap that begins between two quarters begins with the rest of its own."""
    for gap in free_gaps(open_hours, [visit.interval for visit in visits]):
        start = gap.start
        while start < gap.end:
            border = start - timedelta(minutes=start.minute % 15) + QUARTER
            quarter = Interval(start, min(border, gap.end))
            yield {"kind": "slot", **board.place(quarter), "clock": board.clock(start)}
            start = quarter.end


def _free(board: Board, open_hours: Sequence[Interval], visits: Sequence[Appointment]) -> str:
    """How much free time is left, as 1:45; empty when nothing is."""
    busy = [visit.interval for visit in visits if visit.status.occupies]
    gaps = free_gaps(open_hours, busy)
    left = sum((gap.end - max(gap.start, board.now) for gap in gaps if gap.end > board.now), timedelta())
    minutes = int(left.total_seconds() // 60)
    return f"{minutes // 60}:{minutes % 60:02d}" if minutes else ""


def _visits(board: Board, visits: Sequence[Appointment], open_hours: Sequence[Interval]) -> Iterator[State]:
    standing = [visit for visit in visits if visit.status is not Status.CANCELLED]
    expected = expected_times(standing, board.now) if board.is_today else {}
    cancelled = [visit for visit in visits if visit.status is Status.CANCELLED]
    for visit, lane in zip(standing, place_columns([visit.interval for visit in standing]), strict=True):
        beside = any(visit.interval.overlaps(other.interval) for other in cancelled)
        state = _visit(board, visit, _lane(lane.index, lane.count) or ("beside" if beside else ""))
        is_outside = visit.status.occupies and _is_outside(board, visit, open_hours)
        yield {**state, "is_outside": is_outside, **_expected(board, visit, expected.get(visit.id))}
    for index, visit in enumerate(cancelled):
        others = [*standing, *cancelled[:index]]
        is_given_away = any(visit.interval.overlaps(other.interval) for other in others)
        yield _visit(board, visit, "sliver" if is_given_away else "")


def _is_outside(board: Board, visit: Appointment, open_hours: Sequence[Interval]) -> bool:
    """Whether the practitioner sees nobody for some of the visit's time on this day."""
    start, end = max(visit.starts_at, board.day.whole.start), min(visit.ends_at, board.day.whole.end)
    return not any(hours.start <= start and end <= hours.end for hours in open_hours)


def _lane(index: int, count: int) -> str:
    if count == 1:
        return ""
    if count == 2:
        return ("left-half", "right-half")[index]
    return f"lane-{min(index, MOST_LANES - 1)}-of-{min(count, MOST_LANES)}"


def _visit(board: Board, visit: Appointment, lane: str) -> State:
    place = board.place(visit.interval)
    minutes = board.waited(visit)
    patient = visit.patient
    word = shown_status(visit)
    is_long = (minutes or 0) >= board.day.organization.long_minutes
    look = "is-confirmed" if word == "confirmed" else LOOKS[visit.status]
    looks = [look, "is-long" if is_long else "", "is-brief" if place["for"] <= BRIEF_STEPS else "", lane]
    return {
        "kind": "visit",
        **place,
        "id": visit.id,
        "revision": visit.version,
        "look": " ".join(filter(None, looks)),
        "status": word,
        "icon": "alarm-clock" if is_long else ICONS[word],
        "is_movable": visit.status.occupies,
        "family": patient.family_name,
        "given": patient.given_name,
        "middle": patient.middle_name,
        "initials": initials(patient.given_name, patient.middle_name),
        "period": f"{board.clock(visit.starts_at)}–{board.clock(visit.ends_at)}",
        "minutes": minutes,
        "is_long": is_long,
        "service": visit.service.name if visit.service else "",
        "since": board.clock(visit.status_since) if visit.status is Status.CHECKED_IN else "",
        "reason": visit.cancellation_reason.value if visit.cancellation_reason else "",
        **_marks(visit),
    }


def _marks(visit: Appointment) -> State:
    """What makes the visit unlike the others of its column."""
    return {
        "room": visit.room.name if visit.room and visit.room_id != visit.practitioner.room_id else "",
        "is_over": visit.overbooked,
        "is_again": visit.series_id is not None,
        **IN_ITS_PLACE,
    }


def _expected(board: Board, visit: Appointment, start: datetime | None) -> State:
    """When a visit that is delayed will begin, and by how many minutes."""
    if start is None:
        return {}
    return {"expected": board.clock(start), "delay": int((start - visit.starts_at).total_seconds() // 60)}


def shown_status(visit: Appointment) -> str:
    """The status as it is told: a confirmed booking is a status of its own there."""
    is_confirmed = visit.status is Status.BOOKED and visit.confirmed_at
    return "confirmed" if is_confirmed else visit.status.value
