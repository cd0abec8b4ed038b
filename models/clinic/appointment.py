"""Visits on the calendar. Times are instants; the organization's zone turns them into days and hours."""

from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import BindParameter, CheckConstraint, ForeignKey, Index, Select, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from extensions import db
from models.accounts import Membership, Organization, Right, User
from models.accounts.audience import recheck_person
from models.base import Model, OrganizationOwned
from models.clinic.audit import Changes, Deed, Facts, differences, note_deed
from models.clinic.booking import Booking
from models.clinic.card_topic import touch_list, touch_visits
from models.clinic.day_topic import RAIL, day_topic, days_of
from models.clinic.freed import Held, follow_held
from models.clinic.locks import lock_for_visit
from models.clinic.patient import Patient
from models.clinic.practitioner import Practitioner
from models.clinic.revision import TOLD_FOR, Revision
from models.clinic.room import Room
from models.clinic.service import Service
from models.clinic.standing import touch_standing
from models.clinic.status_event import StatusEvent
from models.errors import NotAllowed, Refusal, Stale, flush
from models.live_topic import touch_later
from models.types import UtcDateTime, stored_by_value
from rules.booking import Interval, Status, may_become

# Constraint (PostgreSQL) or trigger (SQLite) that refuses a double booking -> the form field to blame.
FIELD_OF_CONSTRAINT = {
    "ex_appointment_practitioner": "time",
    "ex_appointment_room": "room",
    "ex_appointment_patient": "patient",
}

FIRST_VERSION = 1


class OutOfTurn(Refusal):
    """The visit's current status does not allow this step."""


# The status to which undoing a step leads, unless steps were left out.
BEFORE = {
    Status.ARRIVED: Status.BOOKED,
    Status.CHECKED_IN: Status.ARRIVED,
    Status.FULFILLED: Status.CHECKED_IN,
    Status.NOSHOW: Status.BOOKED,
    Status.CANCELLED: Status.BOOKED,
}
# The forward steps, as opposed to undone ones, to each status whose time matters.
FORWARD = {
    Status.ARRIVED: (Status.BOOKED, Status.NOSHOW),
    Status.CHECKED_IN: (Status.BOOKED, Status.ARRIVED),
    Status.FULFILLED: (Status.BOOKED, Status.ARRIVED, Status.CHECKED_IN),
}


class CancellationReason(StrEnum):
    """Why a visit did not take place (FHIR appointment-cancellation-reason groups)."""

    PATIENT = "pat"
    PRACTITIONER = "prov"
    EQUIPMENT = "maint"
    OTHER = "other"


# Cancelled for one of these reasons, the time does not become free for others.
NOBODYS_TIME = (CancellationReason.PRACTITIONER, CancellationReason.EQUIPMENT)


class Appointment(OrganizationOwned, Model):
    """A visit: FHIR's statuses, one patient, one practitioner, a half-open interval."""

    __tablename__ = "appointment"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="order"),
        Index("ix_appointment_organization_id_starts_at", "organization_id", "starts_at"),
    )

    patient_id: Mapped[int] = mapped_column(ForeignKey("patient.id"), index=True)
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"), index=True)
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    status: Mapped[Status] = mapped_column(stored_by_value(Status), default=Status.BOOKED)
    overbooked: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(default="")
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    status_since: Mapped[datetime] = mapped_column(UtcDateTime)
    cancellation_reason: Mapped[CancellationReason | None] = mapped_column(stored_by_value(CancellationReason))
    version: Mapped[int] = mapped_column()
    series_id: Mapped[int | None] = mapped_column(ForeignKey("appointment_series.id"), index=True)

    organization: Mapped[Organization] = relationship()
    patient: Mapped[Patient] = relationship()
    practitioner: Mapped[Practitioner] = relationship()
    service: Mapped[Service | None] = relationship()
    room: Mapped[Room | None] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def interval(self) -> Interval:
        return Interval(self.starts_at, self.ends_at)

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def chosen_room(self) -> Room | None:
        """The room if it differs from the usual one; it is then kept wherever the visit moves."""
        return self.room if self.room is not self.practitioner.usual_room(self.service) else None

    @property
    def held(self) -> Held | None:
        """The time that it occupies; an overbooked visit occupies none."""
        is_taking = self.status.occupies and not self.overbooked
        return Held(self.practitioner, self.interval) if is_taking else None

    @property
    def facts(self) -> Facts:
        """The fields recorded in the audit trail: current names, times in UTC and ISO form."""
        return {
            "patient": self.patient.full_name,
            "practitioner": self.practitioner.short_name,
            "service": self.service.name if self.service else None,
            "room": self.room.name if self.room else None,
            "starts_at": self.starts_at.astimezone(UTC).isoformat(),
            "minutes": str(self.minutes),
            "status": self.status.value,
            "reason": self.cancellation_reason.value if self.cancellation_reason else None,
            "confirmed": "yes" if self.confirmed_at else None,
            "overbooked": "yes" if self.overbooked else None,
            "note": self.note or None,
        }

    @classmethod
    def of(cls, organization_id: int | BindParameter[int]) -> Select["Appointment"]:
        """The organization's visits by time, with what is displayed of them."""
        own = select(cls).filter_by(organization_id=organization_id).order_by(cls.starts_at, cls.id)
        shown = (cls.patient, cls.practitioner, cls.service, cls.room)
        return own.options(*map(joinedload, shown))

    @classmethod
    def book(
        cls, organization: Organization, booking: Booking, actor: User, now: datetime, series_id: int | None = None
    ) -> "Appointment":
        """Creates a visit, flushed.

        Raises Conflict("time" | "room" | "patient") when the time is taken, NotAllowed when it is to be
        overbooked and the actor may not do that.
        """
        _require_right_to_overbook(booking, organization, actor)
        appointment = cls(organization=organization, patient=booking.patient, status_since=now, series_id=series_id)
        appointment._assign(booking)
        db.session.add(appointment)
        appointment._flush()
        appointment._note_status(None, {}, actor, now)
        follow_held(organization, None, appointment.held, now)
        appointment._touch_days(now)
        return appointment

    def revise(self, booking: Booking, version: int, actor: User, now: datetime) -> None:
        """Changes what, when, with whom and for whom, flushed; also used for moving a visit.

        Raises Stale unless version is current, OutOfTurn once the visit has ended, Conflict and NotAllowed as
        book does.
        """
        self._expect(version)
        if not self.status.occupies:
            raise OutOfTurn
        if not self.stays_overbooked(booking):
            _require_right_to_overbook(booking, self.organization, actor)
        former = self.booking
        self._rebook(booking, actor, now)
        if self.version != version:
            db.session.add(Revision.of(former, appointment=self, actor=actor, at=now, version=self.version))
            self._touch_rails(former.interval, now)

    def move(self, practitioner: Practitioner, starts_at: datetime, version: int, actor: User, now: datetime) -> None:
        """Moves the visit to a free time, possibly of another practitioner; raises as revise does."""
        self.revise(self.elsewhere(practitioner, starts_at), version, actor, now)

    def change_room(self, room: Room | None, actor: User, now: datetime) -> None:
        """Moves the visit to another room, flushed. Raises Conflict("room") when that is taken."""
        before, self.room = self.facts, room
        self._flush()
        self._note_status(self.status, before, actor, now)
        self._touch_days(now)

    def undo_booking(self, version: int, actor: User, now: datetime) -> None:
        """Undoes the newest change of the booking; a new booking becomes entered in error.

        Raises OutOfTurn when neither is the newest event of the visit, and as revise does.
        """
        self._expect(version)
        if self.version == FIRST_VERSION:
            self._step(Status.ENTERED_IN_ERROR, None, version, actor, now)
            return
        revision = self.newest_revision
        if revision is None:
            raise OutOfTurn
        self._rebook(revision.booking, actor, now)

    @property
    def newest_revision(self) -> Revision | None:
        """The booking change that can be undone; None when something else happened to the visit since."""
        newest = select(Revision).filter_by(appointment_id=self.id, version=self.version)
        return db.session.scalar(newest)

    @property
    def booking(self) -> Booking:
        """The current booking."""
        same = (self.patient, self.practitioner, self.service, self.starts_at, self.minutes, self.note)
        return Booking(*same, overbooked=self.overbooked, room=self.chosen_room)

    def elsewhere(self, practitioner: Practitioner, starts_at: datetime, minutes: int | None = None) -> Booking:
        """The booking with another place and time; overbooked only if it takes no more time than now."""
        wanted = replace(self.booking, practitioner=practitioner, starts_at=starts_at, minutes=minutes or self.minutes)
        return replace(wanted, overbooked=self.stays_overbooked(wanted))

    def stays_overbooked(self, wanted: Booking) -> bool:
        """Whether it is overbooked and would take no more time there: that much was allowed already."""
        is_less = wanted.practitioner is self.practitioner and self.interval.holds(wanted.interval)
        return self.overbooked and is_less

    def become(self, status: Status, version: int, actor: User, now: datetime) -> None:
        """Advances the status, flushed.

        Raises Stale, OutOfTurn for a step that rules.booking.may_become refuses, and Conflict when a visit returns
        to a time that has been taken.
        """
        self._step(status, None, version, actor, now)

    def call_again(self, version: int, actor: User, now: datetime) -> None:
        """Calls a patient who was called and has not come in yet; the visit counts from now, flushed.

        Raises Stale, and OutOfTurn unless the patient was called in.
        """
        self._expect(version)
        if self.status is not Status.CHECKED_IN:
            raise OutOfTurn
        self.status_since = now
        self._flush()
        self._note(Deed.VISIT_CALLED_AGAIN, {}, actor, now)
        self._touch_days(now)

    def undo(self, status: Status, version: int, actor: User, now: datetime) -> None:
        """Undoes the step to this status, including its time: correcting a mistake does not reset the wait.

        Raises OutOfTurn unless the visit has this status, and as become does.
        """
        self._expect(version)
        before = self.before_step
        if self.status is not status or before is None:
            raise OutOfTurn
        entered = self._entered(before)
        self.become(before, version, actor, now)
        if entered:
            self.status_since = entered.at
            self._flush()

    def cancel(self, reason: CancellationReason, version: int, actor: User, now: datetime) -> None:
        """Cancels the visit; its time is free again. Raises Stale and OutOfTurn as become does."""
        self._step(Status.CANCELLED, reason, version, actor, now)

    def confirm(self, version: int, actor: User, now: datetime) -> None:
        """Records that the patient will come. Raises Stale, and OutOfTurn unless the visit is upcoming."""
        self._confirm(now, version, actor, now)

    def unconfirm(self, version: int, actor: User, now: datetime) -> None:
        """Removes the confirmation; raises as confirm does."""
        self._confirm(None, version, actor, now)

    @property
    def before_step(self) -> Status | None:
        """The status to which undoing the newest step leads; None if there is nothing to undo. One statement."""
        entered = self._entered(self.status) if self.status in (Status.CHECKED_IN, Status.FULFILLED) else None
        return entered.before if entered else BEFORE.get(self.status)

    @property
    def latest_event(self) -> StatusEvent | None:
        """The newest change, with its actor."""
        newest = select(StatusEvent).filter_by(appointment_id=self.id).order_by(StatusEvent.id.desc())
        return db.session.scalar(newest.limit(1))

    def history(self) -> list[StatusEvent]:
        """Every change of the visit with its actor, the newest first; one statement."""
        kept = select(StatusEvent).filter_by(appointment_id=self.id).order_by(StatusEvent.id.desc())
        return list(db.session.scalars(kept.options(joinedload(StatusEvent.actor))))

    def _step(
        self, status: Status, reason: CancellationReason | None, version: int, actor: User, now: datetime
    ) -> None:
        self._expect(version)
        if not may_become(self.status, status, self.ends_at <= now):
            raise OutOfTurn
        before, facts, held = self.status, self.facts, self.held
        self.status, self.status_since, self.cancellation_reason = status, now, reason
        self._flush()
        self._note_status(before, facts, actor, now)
        follow_held(self.organization, None if reason in NOBODYS_TIME else held, self.held, now)
        self._touch_days(now)
        if status is Status.ENTERED_IN_ERROR:
            self._recheck(self.practitioner)

    def _entered(self, status: Status) -> StatusEvent | None:
        """The newest forward step to this status."""
        steps = select(StatusEvent).filter_by(appointment_id=self.id, after=status)
        steps = steps.where(StatusEvent.before.in_(FORWARD.get(status, ())))
        return db.session.scalar(steps.order_by(StatusEvent.id.desc()).limit(1))

    def _confirm(self, confirmed_at: datetime | None, version: int, actor: User, now: datetime) -> None:
        self._expect(version)
        if self.status is not Status.BOOKED:
            raise OutOfTurn
        before, self.confirmed_at = self.facts, confirmed_at
        self._flush()
        self._note_status(self.status, before, actor, now)
        self._touch_days(now)

    def _rebook(self, booking: Booking, actor: User, now: datetime) -> None:
        before, held, whose = self.facts, self.held, (self.practitioner, self.patient)
        self._touch_days(now)
        self.patient = booking.patient
        self._assign(booking)
        self._flush()
        self._note_status(self.status, before, actor, now)
        follow_held(self.organization, held, self.held, now)
        self._touch_days(now)
        if whose != (self.practitioner, self.patient):
            self._recheck(whose[0])

    def _recheck(self, former: Practitioner) -> None:
        """Who sees only their own may have seen the patient by this visit alone, and listens no more."""
        if former.user_id and self.organization.practitioners_see_own:
            recheck_person(former.user_id)

    def _touch_rails(self, former: Interval, now: datetime) -> None:
        """Touches the rails of the days concerned, where the change can be undone for a while."""
        zone = self.organization.zone
        for day in {*days_of(former, zone), *days_of(self.interval, zone)}:
            touch_later(day_topic(self.organization_id, day), RAIL, now + TOLD_FOR)

    def _assign(self, booking: Booking) -> None:
        self.practitioner, self.service, self.note = booking.practitioner, booking.service, booking.note
        self.room = booking.place
        self.starts_at, self.ends_at = booking.interval.start, booking.interval.end
        self.overbooked = booking.overbooked

    def _expect(self, version: int) -> None:
        if version != self.version:
            raise Stale

    def _flush(self) -> None:
        lock_for_visit(self.practitioner, self.room, self.patient)
        flush(FIELD_OF_CONSTRAINT)

    def _note_status(self, before: Status | None, facts: Facts, actor: User, now: datetime) -> None:
        """before, facts: the visit before the change; None and empty for a new one."""
        event = StatusEvent(appointment_id=self.id, actor_id=actor.id, at=now, before=before, after=self.status)
        db.session.add(event)
        self._note(deed_of(before, self.status), differences(facts, self.facts), actor, now)

    def _note(self, deed: Deed, changes: Changes, actor: User, now: datetime) -> None:
        about = {"patient_id": self.patient_id, "appointment_id": self.id}
        note_deed(deed, actor, now, organization_id=self.organization_id, **about, changes=changes)

    def _touch_days(self, now: datetime) -> None:
        touch_standing(self.organization, self.practitioner.id, self, now)
        touch_visits(self.organization, self.patient_id, self.practitioner.user_id, self.ends_at, now)
        touch_list(self.organization_id)


def _require_right_to_overbook(booking: Booking, organization: Organization, actor: User) -> None:
    if booking.overbooked and not Membership.grants(actor, organization.id, Right.OVERBOOK):
        raise NotAllowed


def deed_of(before: Status | None, after: Status) -> Deed:
    """The audit trail's name for a change of status; before: None for a new visit."""
    if before is None:
        return Deed.VISIT_BOOKED
    return Deed.VISIT_REVISED if before is after else Deed.VISIT_STEPPED
