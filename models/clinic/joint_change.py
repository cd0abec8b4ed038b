"""Several visits changed in one transaction (a practitioner's day, a series), and undoing that within a minute."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ForeignKey, Index, Select, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship, selectinload

from extensions import db
from models.accounts import Organization, User
from models.base import Identified, Model, OrganizationOwned
from models.clinic.appointment import Appointment, OutOfTurn
from models.clinic.audit import Deed, note_deed
from models.clinic.day_topic import CALLS, RAIL, calls_topic, day_topic, days_of
from models.clinic.locks import lock_for_visits
from models.clinic.practitioner import Practitioner
from models.clinic.revision import TOLD_FOR
from models.clinic.ticket import QueueTicket
from models.errors import Stale
from models.live_topic import touch, touch_later
from models.types import UtcDateTime, stored_by_value
from rules.booking import Status
from rules.tickets import TicketState

# A minute to press the button, and a little for the request.
UNDO_FOR = timedelta(seconds=75)
# About these changes patients are called.
TOLD_BY_PHONE = (Deed.DAY_CANCELLED, Deed.DAY_MOVED)
OF_A_DAY = (*TOLD_BY_PHONE, Deed.DAY_MARKED)
NEW = 0
# The column from which a change was made: None for all columns of that day.
Place = tuple[Practitioner | None, date]


class JointChangeLine(Identified, Model):
    """One visit: where it was before, its version after, and whether the patient has been called."""

    __tablename__ = "joint_change_line"

    joint_change_id: Mapped[int] = mapped_column(ForeignKey("joint_change.id"), index=True)
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.id"), index=True)
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    status: Mapped[Status] = mapped_column(stored_by_value(Status))
    status_since: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int]
    called_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    appointment: Mapped[Appointment] = relationship()
    practitioner: Mapped[Practitioner] = relationship()

    @classmethod
    def before(cls, visit: Appointment, version: int | None = None) -> "JointChangeLine":
        """The visit as it stands now. version: NEW for a visit created by this change."""
        return cls(
            appointment=visit,
            practitioner=visit.practitioner,
            starts_at=visit.starts_at,
            status=visit.status,
            status_since=visit.status_since,
            version=visit.version if version is None else version,
        )

    @property
    def is_changed(self) -> bool:
        """Whether the visit has been changed since."""
        return self.version != self.appointment.version

    @property
    def is_later(self) -> bool:
        """Whether the visit was moved to a later time."""
        return self.appointment.starts_at > self.starts_at

    def restore(self, actor: User, now: datetime) -> None:
        """Restores the visit and how long its patient waited; one booked by this change becomes entered in error."""
        visit = self.appointment
        if visit.status in (Status.FULFILLED, Status.NOSHOW):
            visit.undo(visit.status, visit.version, actor, now)
            return
        if visit.status is not Status.CANCELLED:
            visit.undo_booking(visit.version, actor, now)
            return
        visit.undo(Status.CANCELLED, visit.version, actor, now)
        ticket = QueueTicket.returned_from(visit)
        if ticket and ticket.state is TicketState.SERVED:
            return  # whoever was seen in the queue meanwhile does not wait
        if self.status is Status.ARRIVED:
            visit.become(Status.ARRIVED, visit.version, actor, now)
            visit.status_since = self.status_since
            db.session.flush()
        if ticket:
            ticket.sit_again(visit, actor, now)


class JointChange(OrganizationOwned, Model):
    """A change of several visits; practitioner and day: the place from which it was made."""

    __tablename__ = "joint_change"
    __table_args__ = (Index("ix_joint_change_organization_id_made_at", "organization_id", "made_at"),)

    deed: Mapped[Deed] = mapped_column(stored_by_value(Deed))
    practitioner_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"), index=True)
    day: Mapped[date]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    size: Mapped[int]

    organization: Mapped[Organization] = relationship()
    practitioner: Mapped[Practitioner | None] = relationship()
    made_by: Mapped[User | None] = relationship()
    lines: Mapped[list[JointChangeLine]] = relationship(order_by=JointChangeLine.starts_at)

    @classmethod
    def of(cls, organization_id: int) -> Select["JointChange"]:
        """The organization's changes, the newest first, with their lines."""
        own = select(cls).filter_by(organization_id=organization_id).order_by(cls.id.desc())
        visits = selectinload(cls.lines).joinedload(JointChangeLine.appointment)
        shown = (Appointment.patient, Appointment.practitioner, Appointment.service, Appointment.room)
        return own.options(joinedload(cls.practitioner), *(visits.joinedload(each) for each in shown))

    @classmethod
    def of_days(cls, organization_id: int) -> Select["JointChange"]:
        """As `of`, but only changes of practitioners' whole days, about which patients are called."""
        return cls.of(organization_id).where(cls.deed.in_(TOLD_BY_PHONE))

    @classmethod
    def newest_of(cls, visit: Appointment) -> "JointChange | None":
        """The joint change of this visit, if nothing happened to the visit since; one statement."""
        own = cls.of(visit.organization_id).where(cls.undone_at.is_(None)).join(cls.lines)
        made = own.where(JointChangeLine.appointment_id == visit.id, JointChangeLine.version == visit.version)
        return db.session.scalars(made.limit(1)).first()

    @classmethod
    def note(
        cls, deed: Deed, place: Place, lines: Sequence[JointChangeLine], actor: User, now: datetime
    ) -> "JointChange":
        """Records what was just done to the visits of these lines, flushed."""
        doctor, day = place
        change = cls(organization=lines[0].appointment.organization, deed=deed, practitioner=doctor, day=day)
        change.made_by, change.made_at, change.size, change.lines = actor, now, len(lines), list(lines)
        db.session.add(change)
        change._settle(deed, actor, now)
        if deed is not Deed.SERIES_PLANNED:
            change._touch_rails(now)
        return change

    def may_be_undone(self, now: datetime) -> bool:
        """For a minute, once, by anybody who may book."""
        return self.undone_at is None and now <= self.made_at + UNDO_FOR

    def undo(self, actor: User, now: datetime) -> None:
        """Restores everything and flushes: all or none.

        Raises OutOfTurn when it is too late, Stale when one of the visits was changed since, and Conflict when
        one of the times has been taken.
        """
        if not self.may_be_undone(now):
            raise OutOfTurn
        if any(line.is_changed for line in self.lines):
            raise Stale
        lock_for_visits(self.organization_id, [line.appointment.patient for line in self.lines])
        # In the order in which each visit moves out of the next one's way.
        is_earlier = any(line.is_later for line in self.lines)
        for line in sorted(self.lines, key=lambda line: line.starts_at, reverse=not is_earlier):
            line.restore(actor, now)
        self.undone_at = now
        touch(calls_topic(self.organization_id, self.id), CALLS)
        self._settle(Deed.DAY_RESTORED if self.deed in OF_A_DAY else Deed.SERIES_RESTORED, actor, now)

    def mark_told(self, line: JointChangeLine, is_told: bool, actor: User, now: datetime) -> None:
        """Records whether the patient of a line has been told, flushed; other desks are updated."""
        if (line.called_at is not None) is is_told:
            return
        line.called_at = now if is_told else None
        db.session.flush()
        told: list[str | None] = [None, "yes"] if is_told else ["yes", None]
        visit = line.appointment
        about = {"patient_id": visit.patient_id, "appointment_id": visit.id, "organization_id": self.organization_id}
        note_deed(Deed.PATIENT_TOLD, actor, now, **about, changes={"told": told})
        touch(calls_topic(self.organization_id, self.id), CALLS)

    def _settle(self, deed: Deed, actor: User, now: datetime) -> None:
        for line in self.lines:
            line.version = line.appointment.version
        db.session.flush()
        is_of_a_day = self.deed in OF_A_DAY
        visit = None if is_of_a_day or not self.lines else self.lines[0].appointment
        doctor = {"practitioner": [None, self.practitioner.short_name]} if is_of_a_day and self.practitioner else {}
        note_deed(
            deed,
            actor,
            now,
            organization_id=self.organization_id,
            patient_id=visit.patient_id if visit else None,
            appointment_id=visit.id if visit else None,
            changes={**doctor, "visits": [None, str(len(self.lines))]},
        )

    def _touch_rails(self, now: datetime) -> None:
        """Touches the rails of all days concerned, now and when the undo expires."""
        zone = self.organization.zone
        stood = {line.starts_at.astimezone(zone).date() for line in self.lines}
        stand = {day for line in self.lines for day in days_of(line.appointment.interval, zone)}
        for day in stood | stand:
            touch_later(day_topic(self.organization_id, day), RAIL, now + TOLD_FOR)
