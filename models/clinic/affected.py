"""The visits over which somebody's time is closed, and what becomes of them."""

from datetime import datetime

from sqlalchemy import Select

from extensions import db
from models.accounts import User
from models.clinic.appointment import Appointment, CancellationReason
from models.clinic.availability import Departure, ExceptionKind
from models.clinic.free_time import LONGEST_VISIT, OCCUPYING, free_times


def affected_visits(organization_id: int, departure: Departure, now: datetime) -> list[Appointment]:
    """The visits still ahead that have some of the closed time, earliest first; extra hours close none."""
    if departure.kind is ExceptionKind.EXTRA:
        return []
    return list(db.session.scalars(_affected(organization_id, departure, now)))


def cancel_all(visits: list[Appointment], actor: User, now: datetime) -> None:
    """There is no practitioner; raises as Appointment.cancel does."""
    for visit in visits:
        visit.cancel(CancellationReason.PRACTITIONER, visit.version, actor, now)


def move_all(visits: list[Appointment], actor: User, now: datetime) -> None:
    """Each to its practitioner's nearest free time; who has none stays. Raises as Appointment.move."""
    for visit in visits:
        same = visit.elsewhere(visit.practitioner, visit.starts_at)
        for free in free_times(visit.organization, same, now, visit.id)[:1]:
            visit.move(visit.practitioner, free.start, visit.version, actor, now)


def _affected(organization_id: int, departure: Departure, now: datetime) -> Select[Appointment]:
    closed, doctor = departure.interval, departure.practitioner
    met = Appointment.of(organization_id).where(
        Appointment.starts_at < closed.end,
        Appointment.ends_at > max(closed.start, now),
        Appointment.starts_at > closed.start - LONGEST_VISIT,
        Appointment.status.in_(OCCUPYING),
    )
    return met.filter_by(practitioner_id=doctor.id) if doctor else met
