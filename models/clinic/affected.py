"""Upcoming visits within time that is being closed, and cancelling or moving them."""

from collections import Counter
from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import Select, select

from extensions import db
from models.accounts import Organization, User
from models.clinic.appointment import Appointment, CancellationReason
from models.clinic.availability import Departure, ExceptionKind
from models.clinic.day_change import NOT_SEEN_YET
from models.clinic.free_time import free_times
from models.clinic.overlap import OCCUPYING, overlaps


def affected_visits(organization_id: int, departure: Departure, now: datetime) -> list[Appointment]:
    """Upcoming visits that overlap the closed time, earliest first; extra hours close none."""
    if departure.kind is ExceptionKind.EXTRA:
        return []
    return list(db.session.scalars(_affected(organization_id, departure, now)))


def visits_ahead(
    organization: Organization, practitioner_ids: Collection[int], now: datetime
) -> dict[int, Counter[date]]:
    """How many visits of each day are still to come: practitioner id -> local day -> number; one statement."""
    ahead = select(Appointment.practitioner_id, Appointment.starts_at).where(
        Appointment.practitioner_id.in_(practitioner_ids),
        Appointment.ends_at > now,
        Appointment.status.in_(NOT_SEEN_YET),
    )
    counted: dict[int, Counter[date]] = {}
    for number, starts_at in db.session.execute(ahead.order_by(Appointment.starts_at)):
        counted.setdefault(number, Counter())[organization.today(starts_at)] += 1
    return counted


def cancel_all(visits: list[Appointment], actor: User, now: datetime) -> None:
    """Cancels them because the practitioner is unavailable; raises as Appointment.cancel does."""
    for visit in visits:
        visit.cancel(CancellationReason.PRACTITIONER, visit.version, actor, now)


def move_all(visits: list[Appointment], actor: User, now: datetime) -> None:
    """Moves each to its practitioner's nearest free time, if there is one. Raises as Appointment.move does."""
    for visit in visits:
        same = visit.elsewhere(visit.practitioner, visit.starts_at)
        for free in free_times(visit.organization, same, now, visit.id)[:1]:
            visit.move(visit.practitioner, free.start, visit.version, actor, now)


def _affected(organization_id: int, departure: Departure, now: datetime) -> Select[Appointment]:
    closed, doctor = departure.interval, departure.practitioner
    met = Appointment.of(organization_id).where(
        overlaps(closed), Appointment.ends_at > now, Appointment.status.in_(OCCUPYING)
    )
    return met.filter_by(practitioner_id=doctor.id) if doctor else met
