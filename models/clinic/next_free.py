"""The next free times by service, practitioner and part of the day."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from extensions import db
from models.accounts import Organization
from models.clinic.appointment import Appointment
from models.clinic.availability import Availability
from models.clinic.day_topic import whole_day
from models.clinic.free_time import not_past
from models.clinic.overlap import OCCUPYING, overlaps
from models.clinic.practitioner import Practitioner
from models.clinic.room import Room
from rules.booking import Interval, starts_within
from rules.part_of_day import PartOfDay, is_in_part

WEEKS_TO_LOOK = 8
WEEK = 7
STEP = timedelta(minutes=15)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Wish:
    """The search: length, practitioner (None means any), part of the day, and earliest moment.

    room: the required room; None is each practitioner's own.
    """

    minutes: int
    practitioners: Sequence[Practitioner]
    part: PartOfDay | None
    since: datetime
    room: Room | None = None


@dataclass(frozen=True)
class FreeTime:
    """One result; the start is in local time."""

    practitioner: Practitioner
    start: datetime


Busy = dict[tuple[str, int | None], list[Interval]]


def next_free(organization: Organization, wish: Wish, days: int = 3) -> list[FreeTime]:
    """Every free time of the first days that have any, by time, then by order of the columns.

    Starts lie on quarters of an hour. Three statements for each week searched, at most eight weeks.
    """
    found: dict[date, list[FreeTime]] = {}
    first = organization.today(wish.since)
    for week in range(WEEKS_TO_LOOK):
        begins = first + timedelta(days=WEEK * week)
        for day, free in _in_week(organization, wish, begins):
            found[day] = free
            if len(found) == days:
                return [each for day in found for each in found[day]]
    return [each for day in found for each in found[day]]


def spread(found: Sequence[FreeTime], count: int = 6) -> list[FreeTime]:
    """The first few results that differ usefully: at least an hour apart for the same practitioner."""
    chosen: list[FreeTime] = []
    for each in found:
        near = [other for other in chosen if other.practitioner is each.practitioner]
        if len(chosen) < count and all(abs(each.start - other.start) >= HOUR for other in near):
            chosen.append(each)
    return chosen


def _in_week(organization: Organization, wish: Wish, begins: date) -> Iterator[tuple[date, list[FreeTime]]]:
    dates = [begins + timedelta(days=ahead) for ahead in range(WEEK)]
    zone = organization.zone
    availability = Availability.on_days(organization, dates[0], dates[-1])
    busy = _busy(organization, Interval(whole_day(dates[0], zone).start, whole_day(dates[-1], zone).end))
    for day in dates:
        free = [each for doctor in wish.practitioners for each in _of(doctor, day, wish, availability, busy)]
        if free:
            yield day, sorted(free, key=lambda each: each.start)


def _of(doctor: Practitioner, day: date, wish: Wish, availability: Availability, busy: Busy) -> Iterator[FreeTime]:
    zone = availability.organization.zone
    hours = list(not_past(availability.open_hours(doctor, day), wish.since))
    room = wish.room or doctor.usual_room(None)
    taken = busy["practitioner", doctor.id] + (busy["room", room.id] if room else [])
    for start in starts_within(timedelta(minutes=wish.minutes), hours, taken, STEP):
        local = start.astimezone(zone)
        if is_in_part(local.time(), wish.part):
            yield FreeTime(doctor, local)


def _busy(organization: Organization, around: Interval) -> Busy:
    """Occupied times by practitioner and by room; one statement of plain columns: a day may have hundreds of visits."""
    of_visit = Appointment
    columns = select(of_visit.practitioner_id, of_visit.room_id, of_visit.starts_at, of_visit.ends_at)
    met = columns.filter_by(organization_id=organization.id, overbooked=False).where(
        overlaps(around), of_visit.status.in_(OCCUPYING)
    )
    busy: Busy = defaultdict(list)
    for practitioner_id, room_id, starts_at, ends_at in db.session.execute(met):
        for key in (("practitioner", practitioner_id), ("room", room_id)):
            busy[key].append(Interval(starts_at, ends_at))
    return busy
