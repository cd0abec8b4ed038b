"""A practitioner's whole day at once: cancelled or moved, whom to call about it, and the way back for a minute."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ForeignKey, Select, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship, selectinload

from extensions import db
from models.accounts import Organization, User
from models.base import Identified, Model, OrganizationOwned
from models.clinic.appointment import Appointment, CancellationReason, OutOfTurn
from models.clinic.audit import Deed, note_deed
from models.clinic.availability import Availability
from models.clinic.booking import Booking
from models.clinic.day import Day
from models.clinic.day_topic import whole_day
from models.clinic.free_time import LONGEST_VISIT, not_past
from models.clinic.occurrences import competed_for, taken_around
from models.clinic.practitioner import Practitioner
from models.errors import Stale
from models.types import UtcDateTime, stored_by_value
from rules.booking import Interval, Status, nearest_free

NOT_SEEN_YET = (Status.PENDING, Status.BOOKED, Status.ARRIVED)
# A minute to press it, and a little for the way there.
UNDO_FOR = timedelta(seconds=75)

Moves = Mapping[Appointment, Booking]


class DayChange(OrganizationOwned, Model):
    """What was done to the visits of one practitioner on one day, all in one transaction."""

    __tablename__ = "day_change"

    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"), index=True)
    day: Mapped[date]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    organization: Mapped[Organization] = relationship()
    practitioner: Mapped[Practitioner] = relationship()
    made_by: Mapped[User | None] = relationship()
    lines: Mapped[list["DayChangeLine"]] = relationship(order_by="DayChangeLine.starts_at")

    @classmethod
    def of(cls, organization_id: int) -> Select["DayChange"]:
        """The organization's, the newest first, with their lines."""
        own = select(cls).filter_by(organization_id=organization_id).order_by(cls.id.desc())
        visits = selectinload(cls.lines).joinedload(DayChangeLine.appointment)
        shown = (Appointment.patient, Appointment.practitioner, Appointment.service, Appointment.room)
        return own.options(joinedload(cls.practitioner), *(visits.joinedload(each) for each in shown))

    @classmethod
    def cancel(
        cls,
        day: Day,
        doctor: Practitioner,
        visits: Sequence[Appointment],
        reason: CancellationReason,
        actor: User,
        now: datetime,
    ) -> "DayChange":
        """None of them takes place, flushed. Raises as Appointment.cancel does."""
        change = cls._begun(day, doctor, visits, actor, now)
        for visit in visits:
            visit.cancel(reason, visit.version, actor, now)
        change._finish(Deed.DAY_CANCELLED, actor, now)
        return change

    @classmethod
    def move(cls, day: Day, doctor: Practitioner, moves: Moves, actor: User, now: datetime) -> "DayChange":
        """Each to its place, flushed: all or none. Raises as Appointment.revise does."""
        change = cls._begun(day, doctor, list(moves), actor, now)
        for visit, booking in moves.items():
            visit.revise(booking, visit.version, actor, now)
        change._finish(Deed.DAY_MOVED, actor, now)
        return change

    def may_be_undone(self, now: datetime) -> bool:
        """For a minute, once, by anybody who may book."""
        return self.undone_at is None and now <= self.made_at + UNDO_FOR

    def undo(self, actor: User, now: datetime) -> None:
        """Everything as it was, flushed: all or none.

        Raises OutOfTurn when it is too late, Stale when one of the visits was changed since, and Conflict when
        somebody has taken one of the times.
        """
        if not self.may_be_undone(now):
            raise OutOfTurn
        if any(line.version != line.appointment.version for line in self.lines):
            raise Stale
        for line in self.lines:
            line.restore(actor, now)
        self.undone_at = now
        self._finish(Deed.DAY_RESTORED, actor, now)

    @classmethod
    def _begun(
        cls, day: Day, doctor: Practitioner, visits: Sequence[Appointment], actor: User, now: datetime
    ) -> "DayChange":
        lines = [DayChangeLine.before(visit) for visit in visits]
        change = cls(organization=day.organization, practitioner=doctor, day=day.date, made_at=now, lines=lines)
        change.made_by_id = actor.id
        db.session.add(change)
        return change

    def _finish(self, deed: Deed, actor: User, now: datetime) -> None:
        for line in self.lines:
            line.version = line.appointment.version
        db.session.flush()
        changes: dict[str, list[str | None]] = {
            "practitioner": [None, self.practitioner.short_name],
            "visits": [None, str(len(self.lines))],
        }
        note_deed(deed, actor, now, organization_id=self.organization_id, changes=changes)


class DayChangeLine(Identified, Model):
    """One visit: where it was before, its version after, and whether the patient has been called."""

    __tablename__ = "day_change_line"

    day_change_id: Mapped[int] = mapped_column(ForeignKey("day_change.id"), index=True)
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.id"))
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    status: Mapped[Status] = mapped_column(stored_by_value(Status))
    status_since: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=0)
    called_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    appointment: Mapped[Appointment] = relationship()
    practitioner: Mapped[Practitioner] = relationship()

    @classmethod
    def before(cls, visit: Appointment) -> "DayChangeLine":
        """The visit as it stands now."""
        return cls(
            appointment=visit,
            practitioner=visit.practitioner,
            starts_at=visit.starts_at,
            status=visit.status,
            status_since=visit.status_since,
        )

    def restore(self, actor: User, now: datetime) -> None:
        """The visit where it was, and as long waiting as it was."""
        visit = self.appointment
        if visit.status is not Status.CANCELLED:
            visit.move(self.practitioner, self.starts_at, visit.version, actor, now)
            return
        visit.undo(Status.CANCELLED, visit.version, actor, now)
        if self.status is Status.ARRIVED:
            visit.become(Status.ARRIVED, visit.version, actor, self.status_since)


def visits_to_settle(day: Day, doctor: Practitioner, now: datetime) -> list[Appointment]:
    """Whoever is still to be seen by this practitioner on this day, by time."""
    return [
        visit
        for visit in day.visits(doctor.id)
        if visit.status in NOT_SEEN_YET and (visit.ends_at > now or visit.status is Status.ARRIVED)
    ]


def places_for(
    visits: Sequence[Appointment], doctor: Practitioner, on: date, now: datetime
) -> dict[Appointment, Booking | None]:
    """Where each could stand with this practitioner on this day, as near to its hour as it gets; None: nowhere.

    Whoever can keep their hour keeps it; the others then take what is left. Two statements for all of them.
    """
    if not visits:
        return {}
    organization = visits[0].organization
    wanted = {visit: _same_hour(visit, doctor, on) for visit in visits}
    whole = whole_day(on, organization.zone)
    around = Interval(whole.start - LONGEST_VISIT, whole.end)
    taken = taken_around(list(wanted.values()), around, [visit.id for visit in visits])
    hours = list(not_past(Availability.on_days(organization, on, on).open_hours(doctor, on), now))
    busy = {visit: [each.interval for each in taken if competed_for(wanted[visit], each)] for visit in visits}
    found: dict[Appointment, Interval] = {}
    for must_keep in (True, False):
        for visit in (each for each in visits if each not in found):
            hour = wanted[visit].interval
            free = nearest_free(hour, hours, [*busy[visit], *found.values()], count=1)
            if free and (free[0] == hour or not must_keep):
                found[visit] = free[0]
    return {visit: visit.elsewhere(doctor, found[visit].start) if visit in found else None for visit in visits}


def _same_hour(visit: Appointment, doctor: Practitioner, on: date) -> Booking:
    zone = visit.organization.zone
    return visit.elsewhere(doctor, datetime.combine(on, visit.starts_at.astimezone(zone).time(), zone))
