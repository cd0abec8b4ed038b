"""When and how a clinic reminds its patients, as set by its owner, and which reminders are due."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from extensions import db
from models.accounts import Membership, Organization, Right, User
from models.base import Model, OrganizationOwned
from models.clinic.appointment import Appointment
from models.clinic.audit import Deed, Facts, differences, note_deed
from models.clinic.communication import Address, Channel, Communication, MessageState
from models.clinic.patient import MessageWish, Patient
from models.clinic.status_event import StatusEvent
from models.errors import NotAllowed
from models.types import UtcDateTime, stored_by_value
from rules.booking import Status
from rules.phone import takes_messages
from rules.reminders import LATEST, Reminding, Timing, is_waking_hour


@dataclass(frozen=True)
class Wanted:
    """The owner's form. phone: the number for patients who cannot come; empty if it is not to be mentioned."""

    reminding: Reminding
    first: Channel
    phone: str = ""


class ReminderPlan(OrganizationOwned, Model):
    """A clinic's settings. first: the preferred channel for patients who can be reached by both."""

    __tablename__ = "reminder_plan"
    __table_args__ = (UniqueConstraint("organization_id"),)

    timing: Mapped[Timing] = mapped_column(stored_by_value(Timing))
    clock: Mapped[time]
    hours: Mapped[int]
    first: Mapped[Channel] = mapped_column(stored_by_value(Channel))
    phone: Mapped[str]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    organization: Mapped[Organization] = relationship()

    @property
    def reminding(self) -> Reminding:
        return Reminding(self.timing, self.clock, self.hours)

    @property
    def facts(self) -> Facts:
        """The fields recorded in the audit trail."""
        told = {Timing.DAY_BEFORE: f"{self.clock:%H:%M}", Timing.HOURS_BEFORE: str(self.hours)}
        return {
            "timing": self.timing.value,
            "reminded": told.get(self.timing),
            "channel": self.first.value,
            "phone": self.phone or None,
        }

    @classmethod
    def of(cls, organization_id: int) -> "ReminderPlan | None":
        """The organization's plan; None if the owner never saved one, which means off."""
        return db.session.scalar(select(cls).filter_by(organization_id=organization_id))

    @classmethod
    def all_active(cls) -> list["ReminderPlan"]:
        """The plans of all clinics with reminders switched on."""
        active = select(cls).where(cls.timing != Timing.OFF).order_by(cls.id)
        return list(db.session.scalars(active.options(joinedload(cls.organization))))

    @classmethod
    def save(cls, organization: Organization, wanted: Wanted, actor: User, now: datetime) -> "ReminderPlan":
        """Saves the plan, flushed. Raises NotAllowed."""
        if not Membership.grants(actor, organization.id, Right.MANAGE_REMINDERS):
            raise NotAllowed
        plan = cls.of(organization.id)
        before = plan.facts if plan else {}
        plan = plan or cls(organization=organization)
        reminding = wanted.reminding
        plan.timing, plan.clock, plan.hours = reminding.timing, reminding.clock, reminding.hours
        plan.first, plan.phone, plan.changed_at = wanted.first, wanted.phone, now
        db.session.add(plan)
        db.session.flush()
        changes = differences(before, plan.facts)
        note_deed(Deed.REMINDERS_SET, actor, now, organization_id=organization.id, changes=changes)
        return plan

    def fill_outbox(self, channels: Collection[Channel], now: datetime) -> int:
        """Adds the missing due messages for these channels, flushed; returns how many.

        Safe to run concurrently: each visit gets one reminder for its time, whoever is first.
        """
        self.checked_at = now
        zone = self.organization.zone
        if not is_waking_hour(now, zone):
            return 0
        found = [visit for visit, booked_at in self._unplanned(now) if self._is_due(visit, booked_at, now)]
        return sum(Communication.enqueue(visit, self._address(visit.patient, channels), now) for visit in found)

    def _is_due(self, visit: Appointment, booked_at: datetime | None, now: datetime) -> bool:
        """False if it was due before the plan was saved, or before the visit was booked: the patient knows of it."""
        due_at = self.reminding.due_at(visit.starts_at, self.organization.zone)
        return due_at is not None and max(self.changed_at, booked_at or due_at) <= due_at <= now

    def _unplanned(self, now: datetime) -> Iterator[tuple[Appointment, datetime | None]]:
        """Upcoming visits without an active reminder, and when each was booked; one statement."""
        booked_at = select(func.min(StatusEvent.at)).where(StatusEvent.appointment_id == Appointment.id)
        told = select(Communication.id).where(
            Communication.appointment_id == Appointment.id,
            Communication.visit_at == Appointment.starts_at,
            Communication.state != MessageState.WITHDRAWN,
        )
        horizon = self.reminding.horizon(now, self.organization.zone)
        coming = select(Appointment, booked_at.scalar_subquery()).where(
            Appointment.organization_id == self.organization_id,
            Appointment.status == Status.BOOKED,
            Appointment.starts_at > now + LATEST,
            Appointment.starts_at < horizon,
            ~told.exists(),
        )
        for visit, booked in db.session.execute(coming.options(joinedload(Appointment.patient))):
            if visit.patient.messages is not MessageWish.NONE:
                yield visit, booked

    def _address(self, patient: Patient, channels: Collection[Channel]) -> Address | None:
        """The address of the patient or of their contact person."""
        phone = next((key for key in (patient.phone_key, patient.contact_phone_key) if takes_messages(key)), None)
        ways: dict[Channel, Any] = {Channel.SMS: f"+{phone}" if phone else None, Channel.EMAIL: patient.email}
        for channel in sorted(channels, key=lambda channel: channel is not self.first):
            if ways[channel]:
                return Address(channel, ways[channel], is_contact=channel is Channel.SMS and phone != patient.phone_key)
        return None
