"""Alternatives for a visit that does not fit."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import Select, or_, select

from extensions import db
from models.accounts import Organization
from models.clinic.appointment import Appointment
from models.clinic.availability import Availability
from models.clinic.booking import Booking
from models.clinic.overlap import LONGEST_VISIT, OCCUPYING, overlaps
from models.clinic.room import Room
from models.errors import Conflict
from rules.booking import Interval, nearest_free

DAYS_TO_LOOK = 14


def reason(conflict: Conflict, booking: Booking, own: int | None = None) -> str:
    """The form field to blame for a refused booking; to be called after the rollback.

    One visit may conflict with the practitioner, the room and the patient at once, and each database reports
    another of them first; the practitioner is the most useful. `own` is the visit being changed.
    """
    doctor = Appointment.practitioner_id == booking.practitioner.id
    is_busy = db.session.scalar(_occupying(booking.interval, own).where(doctor).limit(1)) is not None
    return "time" if is_busy else conflict.field


def taken(booking: Booking, own: int | None = None) -> str | None:
    """The field for which this booking would be refused now; None while its time is free. One statement.

    Precedence as in `reason`; `own` does not conflict with itself.
    """
    visits = list(db.session.scalars(_competing(booking, booking.interval, own)))
    if not visits or booking.overbooked:
        return None
    if any(visit.practitioner_id == booking.practitioner.id for visit in visits):
        return "time"
    place = booking.place
    return "room" if place and any(visit.room_id == place.id for visit in visits) else "patient"


def free_until(booking: Booking, own: int | None = None) -> datetime | None:
    """When the practitioner's next visit ends the free time in which the booking begins; None if it begins in none.

    To be called for a booking that conflicts with one of the practitioner's visits. One statement.
    """
    doctor = Appointment.practitioner_id == booking.practitioner.id
    first = _occupying(booking.interval, own).where(doctor).order_by(Appointment.starts_at).limit(1)
    visit = db.session.scalar(first)
    return visit.starts_at if visit and visit.starts_at > booking.starts_at else None


def free_times(organization: Organization, booking: Booking, now: datetime, own: int | None = None) -> list[Interval]:
    """Up to three upcoming times near the requested one at which practitioner, room and patient are all free.

    They are on the requested day or, when that is full, on the first later day that has any; empty if there is none
    within two weeks. Three statements.
    """
    wanted = booking.interval
    around = Interval(wanted.start - LONGEST_VISIT, wanted.end + timedelta(days=DAYS_TO_LOOK))
    busy = _busy(booking, around, own)
    for open_hours in _open_hours(organization, booking, now):
        if offers := nearest_free(wanted, open_hours, busy):
            return offers
    return []


def free_rooms(organization: Organization, booking: Booking, own: int | None = None) -> list[Room]:
    """The open rooms that are free at the requested time, by name; one statement."""
    taken = _occupying(booking.interval, own).with_only_columns(Appointment.room_id)
    free = Room.of(organization.id).where(Room.is_open, Room.id.not_in(taken.where(Appointment.room_id.is_not(None))))
    return list(db.session.scalars(free))


def _busy(booking: Booking, around: Interval, own: int | None) -> list[Interval]:
    return [visit.interval for visit in db.session.scalars(_competing(booking, around, own))]


def _competing(booking: Booking, around: Interval, own: int | None) -> Select[Appointment]:
    """Visits around this time with the same practitioner, patient or room."""
    competing = [
        Appointment.practitioner_id == booking.practitioner.id,
        Appointment.patient_id == booking.patient.id,
    ]
    if booking.place:
        competing.append(Appointment.room_id == booking.place.id)
    return _occupying(around, own).where(or_(*competing))


def _occupying(interval: Interval, own: int | None) -> Select[Appointment]:
    others = select(Appointment).where(overlaps(interval), Appointment.id != (own or 0))
    return others.where(Appointment.status.in_(OCCUPYING), Appointment.overbooked.is_(False))


def _open_hours(organization: Organization, booking: Booking, now: datetime) -> Iterator[list[Interval]]:
    first = organization.today(max(booking.starts_at, now))
    days = [first + timedelta(days=ahead) for ahead in range(DAYS_TO_LOOK)]
    availability = Availability.on_days(organization, days[0], days[-1])
    for day in days:
        yield list(not_past(availability.open_hours(booking.practitioner, day), now))


def not_past(hours: Iterable[Interval], now: datetime) -> Iterator[Interval]:
    """The part of these hours that lies in the future."""
    for each in hours:
        if each.end > now:
            yield Interval(max(each.start, now), each.end)
