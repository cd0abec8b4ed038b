"""A visit as a calendar shows it."""

from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, select

from extensions import db
from models.clinic.appointment import Appointment, CancellationReason
from models.clinic.patient import Patient
from models.clinic.practitioner import Practitioner
from models.clinic.room import Room
from models.clinic.service import Service
from rules.booking import Interval, Status
from rules.names import short_name


class ShownVisit(NamedTuple):
    """A read-only snapshot in plain values: ORM records of a day's hundreds of visits would cost more than its page.

    is_elsewhere: whether the room differs from the practitioner's own.
    """

    interval: Interval
    family_name: str
    given_name: str
    middle_name: str
    doctor_family_name: str
    doctor_given_name: str
    doctor_middle_name: str
    id: int
    version: int
    practitioner_id: int
    status: Status
    status_since: datetime
    confirmed_at: datetime | None
    cancellation_reason: CancellationReason | None
    overbooked: bool
    series_id: int | None
    service: str | None
    colour: int | None
    room: str | None
    is_elsewhere: bool

    @property
    def patient(self) -> str:
        """«Ахметов Б. С.»"""
        return short_name(self.family_name, self.given_name, self.middle_name)

    @property
    def practitioner(self) -> str:
        """«Сейтқали Г.»"""
        return short_name(self.doctor_family_name, self.doctor_given_name, self.doctor_middle_name)

    @classmethod
    def where(cls, *conditions: ColumnElement[bool]) -> list["ShownVisit"]:
        """The visits matching all conditions, by time; one statement."""
        rows = db.session.execute(_columns().where(*conditions))
        return [cls(Interval(starts_at, ends_at), *others) for starts_at, ends_at, *others in rows]


@cache
def _columns() -> Select[*tuple[Any, ...]]:
    """Start, end, then everything else in the order of the fields. Built once."""
    own, patient, doctor = Appointment, Patient, Practitioner
    found = select(
        *(own.starts_at, own.ends_at, patient.family_name, patient.given_name, patient.middle_name),
        *(doctor.family_name, doctor.given_name, doctor.middle_name),
        *(own.id, own.version, own.practitioner_id, own.status, own.status_since, own.confirmed_at),
        *(own.cancellation_reason, own.overbooked, own.series_id),
        *(Service.name, Service.colour, Room.name, own.room_id.is_distinct_from(doctor.room_id)),
    )
    known = found.select_from(own).join(own.patient).join(own.practitioner)
    return known.outerjoin(own.service).outerjoin(own.room).order_by(own.starts_at, own.id)
