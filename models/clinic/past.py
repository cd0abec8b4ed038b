"""A day as it was at an earlier moment, made again out of the history of its visits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter

from sqlalchemy import String, cast, or_, select
from sqlalchemy.orm import joinedload

from extensions import db
from models.clinic.appointment import Appointment, CancellationReason
from models.clinic.audit import AuditEvent, Deed
from models.clinic.day import Day
from models.clinic.patient import Patient
from models.clinic.practitioner import Practitioner
from models.clinic.room import Room
from models.clinic.service import Service
from rules.booking import Status

# Told of a visit, and nothing of it is another for that.
UNSEEN = (Deed.REMINDER_SENT, Deed.REMINDER_FAILED)

Facts = dict[str, str | None]


@dataclass(frozen=True)
class PastDay:
    """What happened to the visits that ever stood on this day, and what the day looked like after each of it."""

    day: Day
    practitioners: Sequence[Practitioner]

    def events(self) -> list[AuditEvent]:
        """Oldest first, with who did it and to whose visit; one statement."""
        iso = {f"%{each.isoformat()}T%" for each in (self.day.date, self.day.date - timedelta(days=1))}
        told = cast(AuditEvent.changes, String)
        of_clinic = select(AuditEvent.appointment_id).filter_by(organization_id=self.day.organization.id)
        moved = of_clinic.where(AuditEvent.deed == Deed.VISIT_REVISED, or_(*(told.like(day) for day in iso)))
        own = select(AuditEvent).filter_by(organization_id=self.day.organization.id).join(Appointment)
        stands = (Appointment.starts_at < self.day.whole.end) & (Appointment.ends_at > self.day.whole.start)
        known = own.where(AuditEvent.deed.not_in(UNSEEN), or_(stands, AuditEvent.appointment_id.in_(moved)))
        ordered = known.order_by(AuditEvent.at, AuditEvent.id)
        return list(db.session.scalars(ordered.options(joinedload(AuditEvent.actor), joinedload(AuditEvent.patient))))

    def visits(self, events: Sequence[AuditEvent]) -> list[Appointment]:
        """The day after these events: records like the calendar's, but of no session, so that none is ever saved."""
        facts: dict[int, Facts] = {}
        since: dict[int, datetime] = {}
        patients: dict[int, Patient | None] = {}
        for event in events:
            number = event.appointment_id or 0
            facts.setdefault(number, {}).update({name: after for name, (_before, after) in event.changes.items()})
            patients[number] = event.patient
            if "status" in event.changes:
                since[number] = event.at
        doctors = {doctor.short_name: doctor for doctor in self.practitioners}
        made = [
            _visit(number, told, since[number], patients[number], doctors)
            for number, told in facts.items()
            if number in since and told.get("practitioner") in doctors
        ]
        return sorted(filter(self._is_shown, made), key=attrgetter("starts_at", "id"))

    def _is_shown(self, visit: Appointment) -> bool:
        return visit.interval.overlaps(self.day.whole) and visit.status is not Status.ENTERED_IN_ERROR


def _visit(
    number: int, told: Facts, since: datetime, patient: Patient | None, doctors: dict[str, Practitioner]
) -> Appointment:
    starts_at = datetime.fromisoformat(told["starts_at"] or "")
    reason = told.get("reason")
    visit = Appointment(id=number, version=0, starts_at=starts_at, status_since=since)
    visit.ends_at = starts_at + timedelta(minutes=int(told["minutes"] or 0))
    visit.status = Status(told["status"] or "")
    visit.cancellation_reason = CancellationReason(reason) if reason else None
    visit.confirmed_at = since if told.get("confirmed") else None
    visit.overbooked = told.get("overbooked") is not None
    visit.patient = _patient(told["patient"] or "", patient)
    visit.practitioner = doctors[told["practitioner"] or ""]
    visit.practitioner_id = visit.practitioner.id
    visit.service = Service(name=told["service"]) if told.get("service") else None
    visit.room = _other_room(told.get("room"), visit.practitioner)
    return visit


def _other_room(name: str | None, practitioner: Practitioner) -> Room | None:
    """None also for the room in which the practitioner sits now, of which the board's head tells."""
    usual = practitioner.room.name if practitioner.room else None
    return Room(name=name) if name and name != usual else None


def _patient(name: str, now: Patient | None) -> Patient:
    """As they were called then; the parts of the name are known only where it has not changed."""
    if now and now.full_name == name:
        family, given, middle = now.family_name, now.given_name, now.middle_name
    else:
        family, _space, given = name.partition(" ")
        middle = ""
    return Patient(family_name=family, given_name=given, middle_name=middle)
