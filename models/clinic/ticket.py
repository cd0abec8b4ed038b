"""Queue tickets: patients without a booking take a number, wait with the others, and are called or booked."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ForeignKey, Select, UniqueConstraint, func, or_, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from extensions import db
from models.accounts import Organization, User
from models.base import Model, OrganizationOwned
from models.clinic.appointment import Appointment, OutOfTurn
from models.clinic.audit import Deed, Facts, differences, note_deed
from models.clinic.day_topic import RAIL, WEEK, day_topic, next_minute, week_topic
from models.clinic.locks import lock_cards
from models.clinic.patient import Patient
from models.clinic.practitioner import Practitioner
from models.clinic.screen import touch_screen
from models.errors import Stale, flush
from models.live_topic import touch, touch_later
from models.types import UtcDateTime, stored_by_value
from rules.booking import Status
from rules.tickets import TicketKind, TicketState, may_become, ticket_code

IS_AHEAD = frozenset({Status.BOOKED, Status.ARRIVED})
NEVER_WAS = frozenset({Status.CANCELLED, Status.NOSHOW, Status.ENTERED_IN_ERROR})


@dataclass(frozen=True)
class Errand:
    """What the patient came for, to whom (None is anybody), and whose card it is, if known."""

    kind: TicketKind
    practitioner: Practitioner | None = None
    patient: Patient | None = None


class QueueTicket(OrganizationOwned, Model):
    """One number of one day. Calling it back to the queue never resets the waiting time."""

    __tablename__ = "queue_ticket"
    __table_args__ = (UniqueConstraint("organization_id", "day", "number"),)

    day: Mapped[date]
    number: Mapped[int]
    kind: Mapped[TicketKind] = mapped_column(stored_by_value(TicketKind))
    practitioner_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patient.id"), index=True)
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointment.id"), index=True)
    returned_from_id: Mapped[int | None] = mapped_column(ForeignKey("appointment.id"), index=True)
    state: Mapped[TicketState] = mapped_column(stored_by_value(TicketState))
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state_since: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column()

    organization: Mapped[Organization] = relationship()
    practitioner: Mapped[Practitioner | None] = relationship()
    patient: Mapped[Patient | None] = relationship()
    appointment: Mapped[Appointment | None] = relationship(foreign_keys=[appointment_id])

    __mapper_args__ = {"version_id_col": version}

    @property
    def code(self) -> str:
        return ticket_code(self.kind, self.number)

    @property
    def needs_practitioner(self) -> bool:
        """Whether calling it requires choosing a practitioner."""
        return self.practitioner is None and self.kind is not TicketKind.DESK

    @property
    def holder(self) -> Patient | None:
        """The patient who was booked by it, otherwise the one who took it, if known."""
        return self.appointment.patient if self.appointment else self.patient

    @property
    def may_be_unseated(self) -> bool:
        """Whether its holder was booked by it, is not with the practitioner yet, and may go back to the queue."""
        return self.appointment is not None and self.appointment.status in IS_AHEAD | NEVER_WAS

    @property
    def facts(self) -> Facts:
        """The fields recorded in the audit trail."""
        return {
            "practitioner": self.practitioner.short_name if self.practitioner else None,
            "ticket_state": self.state.value,
        }

    @classmethod
    def of(cls, organization_id: int) -> Select["QueueTicket"]:
        """The organization's tickets with what is displayed of them, the longest wait first."""
        own = select(cls).filter_by(organization_id=organization_id).order_by(cls.taken_at, cls.id)
        return own.options(joinedload(cls.practitioner), joinedload(cls.patient))

    @classmethod
    def open_on(cls, organization_id: int, day: date) -> list["QueueTicket"]:
        """The day's tickets that are not served yet, and those whose holders were booked by them; one statement."""
        is_open = or_(cls.state != TicketState.SERVED, cls.appointment_id.is_not(None))
        return list(db.session.scalars(cls.of(organization_id).where(cls.day == day, is_open)))

    @classmethod
    def by_which_booked(cls, visit: Appointment) -> "QueueTicket | None":
        """The ticket by which the visit was booked; one statement."""
        return db.session.scalar(cls.of(visit.organization_id).filter_by(appointment_id=visit.id))

    @classmethod
    def returned_from(cls, visit: Appointment) -> "QueueTicket | None":
        """The ticket whose holder returned from this visit to the queue, whatever its state now; one statement."""
        return db.session.scalar(cls.of(visit.organization_id).filter_by(returned_from_id=visit.id))

    @classmethod
    def take(cls, organization: Organization, errand: Errand, actor: User, now: datetime) -> "QueueTicket":
        """Creates the day's next ticket, flushed. Concurrent desks are serialized.

        Raises Stale if the patient's card was removed meanwhile.
        """
        lock_cards(organization.id, [errand.patient] if errand.patient else [])
        day = organization.today(now)
        ticket = cls(
            organization=organization,
            day=day,
            number=_next_number(organization.id, day),
            kind=errand.kind,
            practitioner=errand.practitioner,
            patient=errand.patient,
            state=TicketState.WAITING,
            taken_at=now,
            state_since=now,
        )
        db.session.add(ticket)
        db.session.flush()
        ticket._settle(Deed.TICKET_TAKEN, {}, actor, now)
        return ticket

    def call(self, practitioner: Practitioner | None, version: int, actor: User, now: datetime) -> None:
        """Shows it on the screen with where to go: this practitioner, or the desk (None). Raises as become does."""
        before = self.facts
        self.practitioner = practitioner
        self._step(TicketState.CALLED, before, version, actor, now)

    def become(self, state: TicketState, version: int, actor: User, now: datetime) -> None:
        """Sets the state (served, skipped or waiting again), flushed. Raises Stale and OutOfTurn."""
        self._step(state, self.facts, version, actor, now)

    def seat(self, visit: Appointment, actor: User, now: datetime) -> None:
        """Records that its holder was booked, flushed: today's visit waits from when the ticket was taken.

        Raises Stale when another desk has served the ticket or booked its holder meanwhile.
        """
        if self.state is TicketState.SERVED:
            raise Stale
        if visit.organization.today(visit.starts_at) == self.day:
            visit.become(Status.ARRIVED, visit.version, actor, now)
            visit.status_since = self.taken_at
        self._take_seat(visit, actor, now)

    def sit_again(self, visit: Appointment, actor: User, now: datetime) -> None:
        """Undoes a return to the queue, flushed: the holder waits for the visit after all."""
        self.returned_from_id = None
        self._take_seat(visit, actor, now)

    def unseat(self, version: int, actor: User, now: datetime) -> None:
        """Returns the holder from a visit to the queue, flushed, with the waiting time kept.

        version: the visit's. Raises Stale, and OutOfTurn when there is no such visit or it has begun.
        """
        visit = self.appointment
        if visit is None:
            raise OutOfTurn
        if version != visit.version:
            raise Stale
        if not self.may_be_unseated:
            raise OutOfTurn
        if visit.status is Status.ARRIVED:
            visit.undo(Status.ARRIVED, visit.version, actor, now)
        if visit.status not in NEVER_WAS:
            visit.become(Status.ENTERED_IN_ERROR, visit.version, actor, now)
        before, self.appointment, self.returned_from_id = self.facts, None, visit.id
        self._enter(TicketState.WAITING, Deed.TICKET_STEPPED, before, actor, now)

    def ahead(self) -> int:
        """How many have waited longer for the same practitioner or errand."""
        others = (
            select(func.count())
            .select_from(QueueTicket)
            .filter_by(
                organization_id=self.organization_id,
                day=self.day,
                kind=self.kind,
                practitioner_id=self.practitioner_id,
                state=TicketState.WAITING,
            )
        )
        return db.session.scalar(others.where(QueueTicket.number < self.number)) or 0

    def _take_seat(self, visit: Appointment, actor: User, now: datetime) -> None:
        before, self.appointment = self.facts, visit
        self._enter(TicketState.SERVED, Deed.TICKET_SEATED, before, actor, now)

    def _step(self, state: TicketState, before: Facts, version: int, actor: User, now: datetime) -> None:
        if version != self.version:
            raise Stale
        if self.appointment_id or not may_become(self.state, state):
            raise OutOfTurn
        self._enter(state, Deed.TICKET_STEPPED, before, actor, now)

    def _enter(self, state: TicketState, deed: Deed, before: Facts, actor: User, now: datetime) -> None:
        self.state, self.state_since = state, now
        flush()
        self._settle(deed, before, actor, now)

    def _settle(self, deed: Deed, before: Facts, actor: User, now: datetime) -> None:
        """Writes the history and touches the desks and the screen."""
        changes = {"ticket": [None, self.code], **differences(before, self.facts)}
        organization_id = self.organization_id
        holder = self.holder
        about = {"patient_id": holder.id if holder else None, "appointment_id": self.appointment_id}
        note_deed(deed, actor, now, organization_id=organization_id, **about, changes=changes)
        shown = [(day_topic(organization_id, self.day), RAIL)]
        if self.practitioner_id:
            shown.append((week_topic(organization_id, self.practitioner_id, self.day), WEEK))
        for topic, part in shown:
            touch(topic, part)
            touch_later(topic, part, next_minute(now))
        touch_screen(organization_id, now)


def _next_number(organization_id: int, day: date) -> int:
    """Locks the organization's row in a mode that still allows other rows to refer to it."""
    db.session.execute(select(Organization.id).filter_by(id=organization_id).with_for_update(key_share=True))
    newest = select(func.max(QueueTicket.number)).filter_by(organization_id=organization_id, day=day)
    return (db.session.scalar(newest) or 0) + 1
