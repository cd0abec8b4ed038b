"""The outbox of messages to patients: each is sent once or not at all, whatever breaks meanwhile.

A message is taken by one process, which says so in the database before it sends anything. If that process ends without
a word, nobody knows whether the message went out: it is not sent again, and the desk sees that somebody should call.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, UniqueConstraint, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from extensions import db
from models.accounts import Organization
from models.base import Model, OrganizationOwned
from models.clinic.appointment import Appointment
from models.clinic.audit import Changes, Deed, note_deed
from models.types import UtcDateTime, stored_by_value
from rules.booking import Status
from rules.reminders import LATEST, PAUSES, is_waking_hour, next_waking_hour

LEASE = timedelta(minutes=10)


class Channel(StrEnum):
    """How a patient is reached."""

    SMS = "sms"
    EMAIL = "email"


class MessageState(StrEnum):
    """How far a message has come."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class MessageFault(StrEnum):
    """Why a message was not sent; UNCLEAR: nobody knows whether it was."""

    NO_ADDRESS = "no-address"
    REFUSED = "refused"
    AWAY = "away"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Address:
    """Where a message goes; is_contact: not to the patient but to whoever answers for them."""

    channel: Channel
    value: str
    is_contact: bool


class Communication(OrganizationOwned, Model):
    """One reminder of one visit at one time. A visit that is moved has another one, and this one is withdrawn."""

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
        """The same for ever: by it a gateway may know what it has taken already."""
        return f"reminder-{self.organization_id}-{self.id}"

    @classmethod
    def of(cls, organization_id: int) -> Select["Communication"]:
        """The organization's messages, the newest first, with the visits and patients they are about."""
        visit = joinedload(cls.appointment)
        whose = (visit.joinedload(Appointment.patient), visit.joinedload(Appointment.practitioner))
        own = select(cls).filter_by(organization_id=organization_id).options(*whose)
        return own.order_by(cls.planned_at.desc(), cls.id.desc())

    @classmethod
    def not_reached(cls, organization_id: int, now: datetime) -> Select["Communication"]:
        """Failed ones about visits that are still to come: somebody should call; the nearest visit first."""
        failed = cls.of(organization_id).filter_by(state=MessageState.FAILED).join(cls.appointment)
        coming = failed.where(Appointment.starts_at == cls.visit_at, Appointment.status == Status.BOOKED)
        return coming.where(cls.visit_at > now).order_by(None).order_by(cls.visit_at, cls.id)

    @classmethod
    def about(cls, visit: Appointment) -> "Communication | None":
        """The newest message about the visit, also when the visit has been moved since; one statement."""
        newest = select(cls).filter_by(appointment_id=visit.id).where(cls.state != MessageState.WITHDRAWN)
        return db.session.scalar(newest.order_by(cls.id.desc()).limit(1))

    @classmethod
    def put_in(cls, visit: Appointment, address: Address | None, now: datetime) -> bool:
        """A message about the visit, flushed; False when there is one already. Without an address it has failed.

        One that was withdrawn, since the visit was changed and changed back, waits anew: it has not gone out.
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
        added, same = _insert()(cls).values(values), ("appointment_id", "visit_at")
        is_withdrawn = cls.state == MessageState.WITHDRAWN
        added = added.on_conflict_do_update(index_elements=same, set_=values, where=is_withdrawn)
        number = db.session.scalar(added.returning(cls.id))
        if number is not None and address is None:
            db.session.get_one(cls, number, populate_existing=True)._note(Deed.REMINDER_FAILED, now)
        return number is not None

    @classmethod
    def take_next(cls, channels: Collection[Channel], now: datetime) -> "Communication | None":
        """The next message for these channels, from now on this process's alone; commit before anything is sent.

        On the way it withdraws what is no longer true and puts off what would come at night.
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
        """Those whose sender never said how it went: they may have been sent, so they are not sent again."""
        lost = select(cls).where(cls.state == MessageState.SENDING, cls.state_since < now - LEASE).with_for_update()
        messages = list(db.session.scalars(lost))
        for message in messages:
            message.fail(MessageFault.UNCLEAR, now)
        return len(messages)

    def sent(self, now: datetime) -> None:
        """It has gone out."""
        self._become(MessageState.SENT, now)
        self._note(Deed.REMINDER_SENT, now)

    def put_off(self, now: datetime) -> None:
        """It surely did not go out, and later it may; after several times it is given up."""
        if self.attempts > len(PAUSES):
            self.fail(MessageFault.AWAY, now)
            return
        self._become(MessageState.WAITING, now)
        pause = timedelta(minutes=PAUSES[self.attempts - 1])
        self.next_try_at = next_waking_hour(now + pause, self.organization.zone)

    def fail(self, fault: MessageFault, now: datetime) -> None:
        """It will not be tried again."""
        self.fault = fault
        self._become(MessageState.FAILED, now)
        self._note(Deed.REMINDER_FAILED, now)

    @classmethod
    def _taken(cls, number: int, now: datetime) -> bool:
        """Whether this process is the one that takes it: the database decides, the same on both."""
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
        note_deed(
            deed,
            None,
            now,
            organization_id=self.organization_id,
            patient_id=self.appointment.patient_id,
            appointment_id=self.appointment_id,
            changes=changes,
        )


def _insert() -> Callable[..., Any]:
    return sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
