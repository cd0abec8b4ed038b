"""Where a visit that does not fit could stand instead."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, or_, select

from extensions import db
from models.accounts import Organization
from models.clinic.appointment import Appointment
from models.clinic.availability import Availability
from models.clinic.booking import Booking
from models.clinic.room import Room
from models.errors import Conflict
from rules.booking import Interval, Status, nearest_free

DAYS_TO_LOOK = 14
LONGEST_VISIT = timedelta(days=1)
OCCUPYING = [status for status in Status if status.occupies]


def reason(conflict: Conflict, booking: Booking, own: int | None = None) -> str:
    """The field that the refusal of this booking belongs to, asked after the rollback.

    One visit may be in the way of the practitioner, the room and the patient at once, and each database names another
    of them first; people care for the practitioner first. `own` is the visit that is being changed.
    """
    doctor = Appointment.practitioner_id == booking.practitioner.id
    is_busy = db.session.scalar(_occupying(booking.interval, own).where(doctor).limit(1)) is not None
    return "time" if is_busy else conflict.field


def taken(booking: Booking, own: int | None = None) -> str | None:
    """The field for which this booking would be refused now; None while its time is free. One statement.

    As in `reason`, what takes the practitioner's time goes first, and `own` is in nobody's way.
    """
    visits = list(db.session.scalars(_competing(booking, booking.interval, own)))
    if not visits or booking.overbooked:
        return None
    if any(visit.practitioner_id == booking.practitioner.id for visit in visits):
        return "time"
    place = booking.place
    return "room" if place and any(visit.room_id == place.id for visit in visits) else "patient"


def free_times(organization: Organization, booking: Booking, now: datetime, own: int | None = None) -> list[Interval]:
    """Up to three times near the wanted one when practitioner, room and patient are all free, none of them past.

    They lie on the wanted day or, when that is full, on the first day after it that has any; none within two weeks
    gives none. Two statements.
    """
    wanted = booking.interval
    around = Interval(wanted.start - LONGEST_VISIT, wanted.end + timedelta(days=DAYS_TO_LOOK))
    busy = _busy(booking, around, own)
    for open_hours in _open_hours(organization, booking, now):
        if offers := nearest_free(wanted, open_hours, busy):
            return offers
    return []


def free_rooms(organization: Organization, booking: Booking, own: int | None = None) -> list[Room]:
    """The open rooms that nobody has at the wanted time, by name; one statement."""
    taken = _occupying(booking.interval, own).with_only_columns(Appointment.room_id)
    free = Room.of(organization.id).where(Room.is_open, Room.id.not_in(taken.where(Appointment.room_id.is_not(None))))
    return list(db.session.scalars(free))


def _busy(booking: Booking, around: Interval, own: int | None) -> list[Interval]:
    return [visit.interval for visit in db.session.scalars(_competing(booking, around, own))]


def _competing(booking: Booking, around: Interval, own: int | None) -> Select[Appointment]:
    """Visits around this time that want the same practitioner, patient or room."""
    competing = [
        Appointment.practitioner_id == booking.practitioner.id,
        Appointment.patient_id == booking.patient.id,
    ]
    if booking.place:
        competing.append(Appointment.room_id == booking.place.id)
    return _occupying(around, own).where(or_(*competing))


def _occupying(interval: Interval, own: int | None) -> Select[Appointment]:
    overlaps = and_(Appointment.starts_at < interval.end, Appointment.ends_at > interval.start)
    others = select(Appointment).where(overlaps, Appointment.id != (own or 0), Appointment.overbooked.is_(False))
    return others.where(Appointment.status.in_(OCCUPYING), Appointment.starts_at > interval.start - LONGEST_VISIT)


def _open_hours(organization: Organization, booking: Booking, now: datetime) -> Iterator[list[Interval]]:
    first = organization.today(max(booking.starts_at, now))
    days = [first + timedelta(days=ahead) for ahead in range(DAYS_TO_LOOK)]
    availability = Availability.on_days(organization, days[0], days[-1])
    for day in days:
        yield list(not_past(availability.open_hours(booking.practitioner, day), now))


def not_past(hours: Iterable[Interval], now: datetime) -> Iterator[Interval]:
    """What of these hours is still ahead."""
    for each in hours:
        if each.end > now:
            yield Interval(max(each.start, now), each.end)
