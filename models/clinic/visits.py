"""What the patients' list and a patient's card say of visits."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Row, Select, bindparam, func, or_, select
from sqlalchemy.orm import Bundle

from extensions import db
from models.clinic.appointment import Appointment
from models.clinic.patient import Patient
from models.clinic.practitioner import Practitioner
from models.clinic.room import Room
from models.clinic.service import Service
from rules.booking import Interval, Status

# So many rows are read before others have their turn at the database.
PER_PAGE = 2000
AWAITED = [status for status in Status if status.occupies]

_REACHED = (Patient.phone_key, Patient.phone, Patient.contact_phone_key, Patient.contact_phone)
_TOLD: tuple[Any, ...] = (
    *(Appointment.id, Appointment.starts_at, Appointment.ends_at, Appointment.status, Appointment.note),
    *(Appointment.cancellation_reason, func.coalesce(*_REACHED).label("reached")),
    Bundle("doctor", Practitioner.family_name, Practitioner.given_name, Practitioner.middle_name),
    Bundle("patient", Patient.family_name, Patient.given_name, Patient.middle_name),
    *(Service.name.label("service"), Room.name.label("room")),
)


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


@dataclass(frozen=True)
class ToldVisits:
    """Visits as a table tells of them: those of these practitioners that begin within; not those booked by a slip."""

    organization_id: int
    stretch: Interval
    practitioner_ids: Collection[int]

    @property
    def count(self) -> int:
        return db.session.scalar(self._of(select(func.count(Appointment.id)))) or 0

    def pages(self, size: int = PER_PAGE) -> Iterator[Sequence[Row[Any]]]:
        """By time, so many at once; plain values, so that the transaction may end after each. A statement for each."""
        told = self._of(select(*_TOLD)).join(Appointment.practitioner).join(Appointment.patient)
        told = told.outerjoin(Appointment.service).outerjoin(Room, Appointment.room_id == Room.id)
        following = told.order_by(Appointment.starts_at, Appointment.id).limit(size)
        page = db.session.execute(following).all()
        while page:
            yield page
            last = page[-1]
            is_later = or_(Appointment.starts_at > last.starts_at, Appointment.id > last.id)
            page = db.session.execute(following.where(Appointment.starts_at >= last.starts_at, is_later)).all()

    def _of(self, asked: Select[Any]) -> Select[Any]:
        own = asked.where(Appointment.organization_id == self.organization_id)
        own = own.where(Appointment.practitioner_id.in_(self.practitioner_ids))
        begun = own.where(Appointment.starts_at >= self.stretch.start, Appointment.starts_at < self.stretch.end)
        return begun.where(Appointment.status != Status.ENTERED_IN_ERROR)


def visits_by_patient(organization_id: int, patient_ids: Collection[int], since: datetime) -> dict[int, Visits]:
    """For each of these patients; the next visit is the first awaited one that ends after `since`. Two statements."""
    last = _last_times(organization_id, patient_ids)
    following = _next_visits(organization_id, patient_ids, since)
    return {number: Visits(last.get(number), following.get(number)) for number in patient_ids}


def next_visit(patient: Patient, since: datetime) -> Appointment | None:
    """The patient's visit that is going on or comes next."""
    return _next_visits(patient.organization_id, [patient.id], since).get(patient.id)


def _last_times(organization_id: int, patient_ids: Collection[int]) -> dict[int, datetime]:
    whose = {"organization": organization_id, "patients": list(patient_ids)}
    return {patient_id: at for patient_id, at in db.session.execute(_seen(), whose)}


def _next_visits(organization_id: int, patient_ids: Collection[int], since: datetime) -> dict[int, Appointment]:
    whose = {"organization": organization_id, "patients": list(patient_ids), "since": since}
    return {visit.patient_id: visit for visit in db.session.scalars(_following(), whose)}


# Both are put together once: the list is asked for anew with every letter that is typed.


@cache
def _seen() -> Select[int, datetime]:
    """When each of these `patients` was last seen."""
    own = Appointment.organization_id == bindparam("organization")
    seen = select(Appointment.patient_id, func.max(Appointment.starts_at)).where(own, _is_of_patients())
    return seen.where(Appointment.status == Status.FULFILLED).group_by(Appointment.patient_id)


@cache
def _following() -> Select[Appointment]:
    """The first awaited visit of each of these `patients` that ends after `since`."""
    ahead = Appointment.status.in_(AWAITED) & (Appointment.ends_at > bindparam("since"))
    first = select(Appointment.patient_id, func.min(Appointment.starts_at).label("starts_at"))
    awaited = first.where(_is_of_patients(), ahead).group_by(Appointment.patient_id).subquery()
    is_next = (Appointment.patient_id == awaited.c.patient_id) & (Appointment.starts_at == awaited.c.starts_at)
    organization: BindParameter[int] = bindparam("organization")
    return Appointment.of(organization).join(awaited, is_next).where(Appointment.status.in_(AWAITED))


def _is_of_patients() -> ColumnElement[bool]:
    return Appointment.patient_id.in_(bindparam("patients", expanding=True))
