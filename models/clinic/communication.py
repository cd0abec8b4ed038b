"""The outbox of messages to patients: each is sent at most once, whatever fails.

A process claims a message in the database before it sends anything. If that process dies before it reports an outcome,
it is unknown whether the message went out: it is not sent again, and the desk is asked to call the patient.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from extensions import db
from models.accounts import Organization
from models.base import Model, OrganizationOwned
from models.clinic.appointment import Appointment
from models.clinic.audit import Changes, Deed, note_deed
from models.clinic.card_topic import touch_list
from models.types import UtcDateTime, stored_by_value
from models.upsert import insert_for
from rules.booking import Status
from rules.reminders import LATEST, PAUSES, is_waking_hour, next_waking_hour

LEASE = timedelta(minutes=10)


class Channel(StrEnum):
    """A way to reach a patient."""

    SMS = "sms"
    EMAIL = "email"


class MessageState(StrEnum):
    """The delivery state of a message."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class MessageFault(StrEnum):
    """Why a message was not sent; UNCLEAR: unknown whether it was."""

    NO_ADDRESS = "no-address"
    REFUSED = "refused"
    AWAY = "away"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Address:
    """The recipient's address; is_contact: it belongs to the patient's contact person."""

    channel: Channel
    value: str
    is_contact: bool


class Communication(OrganizationOwned, Model):
    """One reminder of one visit at one time. When the visit moves, this one is withdrawn and another one created."""

    __tablename__ = "communication"
    __table_args__ = (
        UniqueConstraint("appointment_id", "visit_at"),
        Index("ix_communication_state_next_try_at", "state", "next_try_at"),
        Index("ix_communication_organization_id_planned_at", "organization_id", "planned_at", "id"),
    )

    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.id"))
    visit_at: Mapped[datetime] = mapped_column(UtcDateTime)
    channel: Mapped[Channel | None] = mapped_column(stored_by_value(Channel))
    address: Mapped[str]
    is_contact: Mapped[bool]
    planned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[MessageState] = mapped_column(stored_by_value(MessageState))
    state_since: Mapped[datetime] = mapped_column(UtcDateTime)
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int]
    fault: Mapped[MessageFault | None] = mapped_column(stored_by_value(MessageFault))

    organization: Mapped[Organization] = relationship()
    appointment: Mapped[Appointment] = relationship()

    @property
    def key(self) -> str:
        """Stable, so that a gateway can recognize a message that it has already accepted."""
        return f"reminder-{self.organization_id}-{self.id}"

    @classmethod
    def of(cls, organization_id: int) -> Select["Communication"]:
        """The organization's messages, the newest first, with their visits and patients loaded."""
        visit = joinedload(cls.appointment)
        whose = (visit.joinedload(Appointment.patient), visit.joinedload(Appointment.practitioner))
        own = select(cls).filter_by(organization_id=organization_id).options(*whose)
        return own.order_by(cls.planned_at.desc(), cls.id.desc())

    @classmethod
    def not_reached(cls, organization_id: int, now: datetime) -> Select["Communication"]:
        """Failed messages about upcoming visits, whose patients should be called; the nearest visit first."""
        failed = cls.of(organization_id).filter_by(state=MessageState.FAILED).join(cls.appointment)
        coming = failed.where(Appointment.starts_at == cls.visit_at, Appointment.status == Status.BOOKED)
        return coming.where(cls.visit_at > now).order_by(None).order_by(cls.visit_at, cls.id)

    @classmethod
    def about(cls, visit: Appointment) -> "Communication | None":
        """The newest message about the visit, even if the visit has moved since; one statement."""
        newest = select(cls).filter_by(appointment_id=visit.id).where(cls.state != MessageState.WITHDRAWN)
        return db.session.scalar(newest.order_by(cls.id.desc()).limit(1))

    @classmethod
    def enqueue(cls, visit: Appointment, address: Address | None, now: datetime) -> bool:
        """Adds a message about the visit, flushed; False if there is one already. Without an address it is FAILED.

        A message withdrawn because of a change that was taken back waits again: it has not been sent.
        """
        values = {
            "organization_id": visit.organization_id,
            "appointment_id": visit.id,
            "visit_at": visit.starts_at,
            "channel": address.channel if address else None,
            "address": address.value if address else "",
            "is_contact": address.is_contact if address else False,
            "planned_at": now,
            "state_since": now,
            "next_try_at": now,
            "attempts": 0,
            "state": MessageState.WAITING if address else MessageState.FAILED,
            "fault": None if address else MessageFault.NO_ADDRESS,
        }
        added, same = insert_for(db.engine.dialect.name)(cls).values(values), ("appointment_id", "visit_at")
        is_withdrawn = cls.state == MessageState.WITHDRAWN
        added = added.on_conflict_do_update(index_elements=same, set_=values, where=is_withdrawn)
        number = db.session.scalar(added.returning(cls.id))
        if number is not None and address is None:
            db.session.get_one(cls, number, populate_existing=True)._note(Deed.REMINDER_FAILED, now)
        return number is not None

    @classmethod
    def take_next(cls, channels: Collection[Channel], now: datetime) -> "Communication | None":
        """Claims the next message of these channels for this process; commit before sending anything.

        Also withdraws messages that no longer apply, and postpones those due at night.
        """
        waiting = select(cls.id).where(cls.state == MessageState.WAITING, cls.next_try_at <= now)
        waiting = waiting.where(cls.channel.in_(channels))
        while number := db.session.scalar(waiting.order_by(cls.next_try_at, cls.id).limit(1)):
            if cls._taken(number, now):
                message = db.session.get_one(cls, number, populate_existing=True)
                if message._may_go(now):
                    return message
            db.session.commit()
        return None

    @classmethod
    def give_up_lost(cls, now: datetime) -> int:
        """Fails messages without a reported outcome: they may have been sent, so they are not sent again."""
        lost = select(cls).where(cls.state == MessageState.SENDING, cls.state_since < now - LEASE).with_for_update()
        messages = list(db.session.scalars(lost))
        for message in messages:
            message.fail(MessageFault.UNCLEAR, now)
        return len(messages)

    def sent(self, now: datetime) -> None:
        """Marks the message as sent."""
        self._become(MessageState.SENT, now)
        self._note(Deed.REMINDER_SENT, now)

    def postpone(self, now: datetime) -> None:
        """Schedules a retry after a definite failure to send; gives up after several."""
        if self.attempts > len(PAUSES):
            self.fail(MessageFault.AWAY, now)
            return
        self._become(MessageState.WAITING, now)
        pause = timedelta(minutes=PAUSES[self.attempts - 1])
        self.next_try_at = next_waking_hour(now + pause, self.organization.zone)

    def fail(self, fault: MessageFault, now: datetime) -> None:
        """Gives up: there will be no retry."""
        self.fault = fault
        self._become(MessageState.FAILED, now)
        self._note(Deed.REMINDER_FAILED, now)

    @classmethod
    def _taken(cls, number: int, now: datetime) -> bool:
        """Whether this process claimed the message; atomic in the database, on SQLite and PostgreSQL alike."""
        taken = update(cls).where(cls.id == number, cls.state == MessageState.WAITING)
        values: dict[str, Any] = {"state": MessageState.SENDING, "state_since": now, "attempts": cls.attempts + 1}
        return db.session.scalar(taken.values(values).returning(cls.id)) is not None

    def _may_go(self, now: datetime) -> bool:
        visit, zone = self.appointment, self.organization.zone
        if visit.status is not Status.BOOKED or visit.starts_at != self.visit_at or self.visit_at <= now + LATEST:
            self._become(MessageState.WITHDRAWN, now)
            return False
        if not is_waking_hour(now, zone):
            self._become(MessageState.WAITING, now)
            self.attempts, self.next_try_at = self.attempts - 1, next_waking_hour(now, zone)
            return False
        return True

    def _become(self, state: MessageState, now: datetime) -> None:
        self.state, self.state_since = state, now
        db.session.flush()

    def _note(self, deed: Deed, now: datetime) -> None:
        changes: Changes = {}
        if self.channel:
            changes["channel"] = [None, self.channel.value]
        if self.fault:
            changes["fault"] = [None, self.fault.value]
        if deed is Deed.REMINDER_FAILED:
            touch_list(self.organization_id)
        note_deed(
            deed,
            None,
            now,
            organization_id=self.organization_id,
            patient_id=self.appointment.patient_id,
            appointment_id=self.appointment_id,
            changes=changes,
        )
