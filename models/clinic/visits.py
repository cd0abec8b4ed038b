"""What the patients' list and a patient's card say of visits."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from extensions import db
from models.clinic.appointment import Appointment
from models.clinic.patient import Patient
from rules.booking import Interval, Status

AWAITED = [status for status in Status if status.occupies]


@dataclass(frozen=True)
class Visits:
    """When a patient was last seen, and the visit that is going on or comes next."""

    last_at: datetime | None
    next: Appointment | None


def visits_of(patient: Patient, limit: int) -> list[Appointment]:
    """The patient's visits, the newest first, with what a card shows of them; not those booked by a slip."""
    own = Appointment.of(patient.organization_id).filter_by(patient_id=patient.id)
    own = own.where(Appointment.status != Status.ENTERED_IN_ERROR)
    newest = own.order_by(None).order_by(Appointment.starts_at.desc(), Appointment.id.desc())
    return list(db.session.scalars(newest.limit(limit)))


def visits_during(organization_id: int, stretch: Interval, practitioner_ids: Collection[int]) -> Sequence[Appointment]:
    """Those of these practitioners that begin within, by time; not those booked by a slip."""
    own = Appointment.of(organization_id).where(Appointment.practitioner_id.in_(practitioner_ids))
    begun = own.where(Appointment.starts_at >= stretch.start, Appointment.starts_at < stretch.end)
    return db.session.scalars(begun.where(Appointment.status != Status.ENTERED_IN_ERROR)).all()


def visits_by_patient(organization_id: int, patient_ids: Collection[int], since: datetime) -> dict[int, Visits]:
    """For each of these patients; the next visit is the first awaited one that ends after `since`. Two statements."""
    last = _last_times(organization_id, patient_ids)
    following = _next_visits(organization_id, patient_ids, since)
    return {number: Visits(last.get(number), following.get(number)) for number in patient_ids}


def next_visit(patient: Patient, since: datetime) -> Appointment | None:
    """The patient's visit that is going on or comes next."""
    return _next_visits(patient.organization_id, [patient.id], since).get(patient.id)


def _last_times(organization_id: int, patient_ids: Collection[int]) -> dict[int, datetime]:
    seen = (
        select(Appointment.patient_id, func.max(Appointment.starts_at))
        .where(Appointment.organization_id == organization_id, Appointment.patient_id.in_(patient_ids))
        .where(Appointment.status == Status.FULFILLED)
        .group_by(Appointment.patient_id)
    )
    return {patient_id: at for patient_id, at in db.session.execute(seen)}


def _next_visits(organization_id: int, patient_ids: Collection[int], since: datetime) -> dict[int, Appointment]:
    awaited = (
        select(Appointment.patient_id, func.min(Appointment.starts_at).label("starts_at"))
        .where(Appointment.patient_id.in_(patient_ids), Appointment.status.in_(AWAITED), Appointment.ends_at > since)
        .group_by(Appointment.patient_id)
        .subquery()
    )
    is_next = (Appointment.patient_id == awaited.c.patient_id) & (Appointment.starts_at == awaited.c.starts_at)
    visits = Appointment.of(organization_id).join(awaited, is_next).where(Appointment.status.in_(AWAITED))
    return {visit.patient_id: visit for visit in db.session.scalars(visits)}
