"""A day as it was at an earlier moment, made again out of the history of its visits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import String, cast, or_, select
from sqlalchemy.orm import joinedload

from extensions import db
from models.clinic.appointment import Appointment, CancellationReason
from models.clinic.audit import AuditEvent, Deed
from models.clinic.day import Day
from models.clinic.patient import Patient
from models.clinic.practitioner import Practitioner
from models.clinic.shown_visit import ShownVisit
from rules.booking import Interval, Status

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

    def visits(self, events: Sequence[AuditEvent]) -> list[ShownVisit]:
        """The day after these events; nobody's version, so that nothing is changed by them."""
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
        return sorted(filter(self._is_shown, made), key=lambda visit: (visit.interval.start, visit.id))

    def _is_shown(self, visit: ShownVisit) -> bool:
        return visit.interval.overlaps(self.day.whole) and visit.status is not Status.ENTERED_IN_ERROR


def _visit(
    number: int, told: Facts, since: datetime, patient: Patient | None, doctors: dict[str, Practitioner]
) -> ShownVisit:
    starts_at = datetime.fromisoformat(told["starts_at"] or "")
    reason, doctor = told.get("reason"), doctors[told["practitioner"] or ""]
    return ShownVisit(
        Interval(starts_at, starts_at + timedelta(minutes=int(told["minutes"] or 0))),
        *_names(told["patient"] or "", patient),
        *(doctor.family_name, doctor.given_name, doctor.middle_name),
        id=number,
        version=0,
        practitioner_id=doctor.id,
        status=Status(told["status"] or ""),
        status_since=since,
        confirmed_at=since if told.get("confirmed") else None,
        cancellation_reason=CancellationReason(reason) if reason else None,
        overbooked=told.get("overbooked") is not None,
        series_id=None,
        service=told.get("service"),
        room=told.get("room"),
        is_elsewhere=_is_elsewhere(told.get("room"), doctor),
    )


def _is_elsewhere(room: str | None, practitioner: Practitioner) -> bool:
    """Whether it is another room than the one in which the practitioner sits now, of which the board's head tells."""
    return room != (practitioner.room.name if practitioner.room else None)


def _names(name: str, now: Patient | None) -> tuple[str, str, str]:
    """As they were called then; the parts of the name are known only where it has not changed."""
    if now and now.full_name == name:
        return now.family_name, now.given_name, now.middle_name
    family, _space, given = name.partition(" ")
    return family, given, ""
