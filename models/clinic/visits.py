"""Visits for the patient list, the patient card and exports."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Row, Select, bindparam, func, or_, select
from sqlalchemy.orm import Bundle, lazyload

from extensions import db
from models.clinic.appointment import Appointment
from models.clinic.overlap import OCCUPYING
from models.clinic.patient import Patient
from models.clinic.practitioner import Practitioner
from models.clinic.room import Room
from models.clinic.service import Service
from rules.booking import Interval, Status

# Rows per statement, between which other requests have their turn at the database.
PER_PAGE = 2000

_REACHED = (Patient.phone_key, Patient.phone, Patient.contact_phone_key, Patient.contact_phone)
_EXPORTED: tuple[Any, ...] = (
    *(Appointment.id, Appointment.starts_at, Appointment.ends_at, Appointment.status, Appointment.note),
    *(Appointment.cancellation_reason, func.coalesce(*_REACHED).label("reached")),
    Bundle("doctor", Practitioner.family_name, Practitioner.given_name, Practitioner.middle_name),
    Bundle("patient", Patient.family_name, Patient.given_name, Patient.middle_name),
    *(Service.name.label("service"), Room.name.label("room")),
)


class NextVisit(NamedTuple):
    """A visit in progress or ahead: a list shows little of it, and its record would need four more tables."""

    id: int
    starts_at: datetime
    status: Status
    confirmed_at: datetime | None
    practitioner: Practitioner


@dataclass(frozen=True)
class Visits:
    """When a patient was last seen, and the visit in progress or next."""

    last_at: datetime | None
    next: NextVisit | None


def visits_of(patient: Patient, limit: int, account: int | None = None) -> list[Appointment]:
    """The patient's visits, the newest first, with what a card shows of them; without those booked by mistake.

    account: only those to the practitioner who signs in with it.
    """
    own = _seen_by(account, Appointment.of(patient.organization_id)).filter_by(patient_id=patient.id)
    own = own.where(Appointment.status != Status.ENTERED_IN_ERROR)
    newest = own.order_by(None).order_by(Appointment.starts_at.desc(), Appointment.id.desc())
    return list(db.session.scalars(newest.limit(limit)))


@dataclass(frozen=True)
class VisitExport:
    """The visits of an exported table: of these practitioners, within a period; without those booked by mistake."""

    organization_id: int
    stretch: Interval
    practitioner_ids: Collection[int]

    @property
    def count(self) -> int:
        return db.session.scalar(self._of(select(func.count(Appointment.id)))) or 0

    def pages(self, size: int = PER_PAGE) -> Iterator[Sequence[Row[Any]]]:
        """In batches by time, as plain values, so that the transaction may end after each. One statement for each."""
        exported = self._of(select(*_EXPORTED)).join(Appointment.practitioner).join(Appointment.patient)
        exported = exported.outerjoin(Appointment.service).outerjoin(Room, Appointment.room_id == Room.id)
        following = exported.order_by(Appointment.starts_at, Appointment.id).limit(size)
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


def visits_by_patient(
    organization_id: int, patient_ids: Collection[int], since: datetime, account: int | None = None
) -> dict[int, Visits]:
    """For each of these patients; the next visit is the first pending one that ends after `since`. Two statements.

    account: as for visits_of.
    """
    whose = {"organization": organization_id, "patients": list(patient_ids), "account": account}
    is_own = account is not None
    last = {patient_id: at for patient_id, at in db.session.execute(_seen(is_own), whose)}
    found = db.session.execute(_following(is_own), {**whose, "since": since})
    following = {patient_id: NextVisit(*told) for patient_id, *told in found}
    return {number: Visits(last.get(number), following.get(number)) for number in patient_ids}


def next_visit(patient: Patient, since: datetime, account: int | None = None) -> Appointment | None:
    """The patient's visit in progress or next; account: as for visits_of."""
    own = _seen_by(account, Appointment.of(patient.organization_id)).filter_by(patient_id=patient.id)
    return db.session.scalars(own.where(*_is_ahead(since)).limit(1)).one_or_none()


def _seen_by(account: int | None, visits: Select[Appointment]) -> Select[Appointment]:
    if account is None:
        return visits
    return visits.where(Appointment.practitioner_id.in_(select(Practitioner.id).filter_by(user_id=account)))


# Both are built once: the list is queried again with every typed letter.


@cache
def _seen(is_own: bool) -> Select[int, datetime]:
    """When each of `patients` was last seen; is_own: by the practitioner of `account`."""
    own = Appointment.organization_id == bindparam("organization")
    seen = _narrowed(is_own, select(Appointment.patient_id, func.max(Appointment.starts_at)))
    seen = seen.where(own, _is_of_patients())
    return seen.where(Appointment.status == Status.FULFILLED).group_by(Appointment.patient_id)


@cache
def _following(is_own: bool) -> Select[*tuple[Any, ...]]:
    """The first pending visit of each of `patients` that ends after `since`: the patient, then a NextVisit's fields."""
    own = Appointment.organization_id == bindparam("organization")
    first = _narrowed(is_own, select(Appointment.patient_id, func.min(Appointment.starts_at).label("starts_at")))
    pending = first.where(own, _is_of_patients(), *_is_ahead(bindparam("since")))
    awaited = pending.group_by(Appointment.patient_id).subquery()
    is_next = (Appointment.patient_id == awaited.c.patient_id) & (Appointment.starts_at == awaited.c.starts_at)
    told = (Appointment.id, Appointment.starts_at, Appointment.status, Appointment.confirmed_at, Practitioner)
    found = select(Appointment.patient_id, *told).join(Appointment.practitioner).options(lazyload(Practitioner.room))
    return _narrowed(is_own, found).join(awaited, is_next).where(own, Appointment.status.in_(OCCUPYING))


def _narrowed(is_own: bool, visits: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """To those of the practitioner of `account`."""
    own = select(Practitioner.id).where(Practitioner.user_id == bindparam("account"))
    return visits.where(Appointment.practitioner_id.in_(own)) if is_own else visits


def _is_ahead(since: datetime | BindParameter[datetime]) -> tuple[ColumnElement[bool], ...]:
    return Appointment.status.in_(OCCUPYING), Appointment.ends_at > since


def _is_of_patients() -> ColumnElement[bool]:
    return Appointment.patient_id.in_(bindparam("patients", expanding=True))
