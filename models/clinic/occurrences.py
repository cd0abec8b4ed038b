"""Conflicts of several visits that are planned or moved together, and free alternatives."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select

from extensions import db
from models.accounts import Organization
from models.clinic.appointment import Appointment
from models.clinic.availability import Availability
from models.clinic.booking import Booking
from models.clinic.free_time import not_past
from models.clinic.overlap import LONGEST_VISIT, OCCUPYING, overlaps
from rules.booking import Interval, nearest_free, open_time

DAYS_TO_LOOK = 6


@dataclass(frozen=True)
class Occurrence:
    """One of the visits. trouble: "" if there is no conflict, else closed, time, room or patient.

    offers: starts, in local time, of the nearest free times on that day or on the next that has any.
    """

    booking: Booking
    trouble: str
    offers: tuple[datetime, ...]


@dataclass(frozen=True)
class Taken:
    """An existing visit that may conflict with others, as plain values."""

    practitioner_id: int
    room_id: int | None
    patient_id: int
    interval: Interval


def occurrences(
    organization: Organization, bookings: Sequence[Booking], now: datetime, own: Collection[int] = ()
) -> list[Occurrence]:
    """Each booking with its conflict; own: the visits being moved. Three statements for all."""
    wanted = [each.interval for each in bookings]
    around = Interval(min(wanted).start - LONGEST_VISIT, max(wanted).end + timedelta(days=DAYS_TO_LOOK + 1))
    first, last = (each.astimezone(organization.zone).date() for each in (around.start, around.end))
    availability = Availability.on_days(organization, first, last)
    taken = taken_around(bookings, around, own)
    return [_occurrence(each, availability, taken, wanted, now) for each in bookings]


def _occurrence(
    booking: Booking,
    availability: Availability,
    taken: Sequence[Taken],
    wanted: Sequence[Interval],
    now: datetime,
) -> Occurrence:
    trouble = _trouble(booking, availability, taken)
    if not trouble:
        return Occurrence(booking, "", ())
    busy = [each.interval for each in taken if competed_for(booking, each)]
    zone, first = availability.organization.zone, booking.starts_at.date()
    for ahead in range(DAYS_TO_LOOK + 1):
        hours = list(not_past(availability.open_hours(booking.practitioner, first + timedelta(days=ahead)), now))
        if free := nearest_free(booking.interval, hours, [*busy, *wanted]):
            return Occurrence(booking, trouble, tuple(each.start.astimezone(zone) for each in free))
    return Occurrence(booking, trouble, ())


def _trouble(booking: Booking, availability: Availability, taken: Sequence[Taken]) -> str:
    met = {competed_for(booking, each) for each in taken if each.interval.overlaps(booking.interval)}
    found = next((field for field in ("time", "room", "patient") if field in met), "")
    return found or ("" if _is_open(booking, availability) else "closed")


def competed_for(booking: Booking, taken: Taken) -> str:
    """What both need at the same time; empty if nothing."""
    if taken.practitioner_id == booking.practitioner.id:
        return "time"
    if booking.place and taken.room_id == booking.place.id:
        return "room"
    return "patient" if taken.patient_id == booking.patient.id else ""


def _is_open(booking: Booking, availability: Availability) -> bool:
    """Whether the practitioner sees patients during the whole visit."""
    day: date = booking.starts_at.date()
    hours = open_time(availability.open_hours(booking.practitioner, day), [], [], [])
    return any(each.start <= booking.interval.start and booking.interval.end <= each.end for each in hours)


def taken_around(bookings: Sequence[Booking], around: Interval, own: Collection[int]) -> list[Taken]:
    """All visits in this interval that any of the bookings might conflict with; one statement."""
    of_visit = Appointment
    rooms = {each.place.id for each in bookings if each.place}
    competing = or_(
        of_visit.practitioner_id.in_({each.practitioner.id for each in bookings}),
        of_visit.patient_id.in_({each.patient.id for each in bookings}),
        of_visit.room_id.in_(rooms),
    )
    columns = (of_visit.practitioner_id, of_visit.room_id, of_visit.patient_id, of_visit.starts_at, of_visit.ends_at)
    met = select(*columns).where(competing, overlaps(around), of_visit.id.not_in(own))
    rows = db.session.execute(met.where(of_visit.status.in_(OCCUPYING), of_visit.overbooked.is_(False)))
    return [Taken(doctor, room, patient, Interval(start, end)) for doctor, room, patient, start, end in rows]
