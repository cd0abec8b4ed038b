"""A day as it was at an earlier moment, reconstructed from the history of its visits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import String, cast, or_, select
from sqlalchemy.orm import joinedload

from extensions import db
from models.clinic.appointment import Appointment, CancellationReason
from models.clinic.audit import AuditEvent, Deed
from models.clinic.day import Day
from models.clinic.patient import Patient
from models.clinic.practitioner import Practitioner
from models.clinic.service import Service
from models.clinic.shown_visit import ShownVisit
from rules.booking import Interval, Status

# Events about a visit that do not change it.
UNSEEN = (Deed.REMINDER_SENT, Deed.REMINDER_FAILED)

Facts = dict[str, str | None]
Named = TypeVar("Named")


@dataclass(frozen=True)
class PastDay:
    """The events of all visits that were ever on this day, and the day after each of them."""

    day: Day
    practitioners: Sequence[Practitioner]

    def events(self) -> list[AuditEvent]:
        """Oldest first, with actors and visits; one statement."""
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
        """The day after these events; the visits have no version, so that nothing can be changed through them."""
        facts: dict[int, Facts] = {}
        since: dict[int, datetime] = {}
        patients: dict[int, Patient | None] = {}
        for event in events:
            number = event.appointment_id or 0
            facts.setdefault(number, {}).update({name: after for name, (_before, after) in event.changes.items()})
            patients[number] = event.patient
            if "status" in event.changes or event.deed is Deed.VISIT_CALLED_AGAIN:
                since[number] = event.at
        doctors, colours = self._doctors(), self._colours()
        made = [
            _visit(number, told, since[number], patients[number], doctors)._replace(
                colour=colours.get(told.get("service") or "")
            )
            for number, told in facts.items()
            if number in since and told.get("practitioner") in doctors
        ]
        return sorted(filter(self._is_shown, made), key=lambda visit: (visit.interval.start, visit.id))

    def _doctors(self) -> dict[str, Practitioner]:
        """By what they are called now and were called before; one statement."""
        known = {doctor.short_name: doctor for doctor in self.practitioners}
        return self._with_former_names(known, Deed.PRACTITIONER_REVISED, "practitioner")

    def _colours(self) -> dict[str, int]:
        """The colours of services by what these are called now and were called before; two statements."""
        services = db.session.scalars(Service.all_of(self.day.organization.id))
        known = {service.name: service.colour for service in services}
        return self._with_former_names(known, Deed.SERVICE_REVISED, "service")

    def _with_former_names(self, known: dict[str, Named], deed: Deed, name: str) -> dict[str, Named]:
        """Adds the names before each such deed."""
        renamed = select(AuditEvent.changes).filter_by(organization_id=self.day.organization.id, deed=deed)
        newest = renamed.order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
        for before, after in (changes[name] for changes in db.session.scalars(newest)):
            if before and after in known:
                known.setdefault(before, known[after])
        return known

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
        colour=None,
        room=told.get("room"),
        is_elsewhere=_is_elsewhere(told.get("room"), doctor),
    )


def _is_elsewhere(room: str | None, practitioner: Practitioner) -> bool:
    """Whether the room differs from the practitioner's present one, which the board's heading names."""
    return room != (practitioner.room.name if practitioner.room else None)


def _names(name: str, now: Patient | None) -> tuple[str, str, str]:
    """The name as it was then; its parts are known only if it has not changed since."""
    if now and now.full_name == name:
        return now.family_name, now.given_name, now.middle_name
    family, _space, given = name.partition(" ")
    return family, given, ""
