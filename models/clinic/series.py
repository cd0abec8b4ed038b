"""Recurring visits: ordinary appointments of one series, changed and cancelled alone or together."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Select
from sqlalchemy.orm import Mapped, mapped_column

from extensions import db
from models.accounts import Organization, User
from models.base import Model, OrganizationOwned
from models.clinic.appointment import Appointment, CancellationReason
from models.clinic.audit import Deed
from models.clinic.booking import Booking
from models.clinic.joint_change import NEW, JointChange, JointChangeLine
from models.clinic.locks import lock_for_visits
from models.clinic.occurrences import Occurrence, occurrences
from models.types import UtcDateTime
from rules.booking import Status
from rules.recurrence import Recurrence

AHEAD = (Status.PENDING, Status.BOOKED)


class Scope(StrEnum):
    """Which visits of a series a change applies to; visits that have begun are never included."""

    ONE = "one"
    FOLLOWING = "following"
    ALL = "all"


class AppointmentSeries(OrganizationOwned, Model):
    """The common data of a series: its recurrence rule (rules/recurrence.py)."""

    __tablename__ = "appointment_series"

    weeks: Mapped[int]
    weekdays: Mapped[str]
    planned_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    planned_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @classmethod
    def plan(
        cls, organization: Organization, rule: Recurrence, bookings: Sequence[Booking], actor: User, now: datetime
    ) -> list[Appointment]:
        """Books all visits, flushed, or none. Raises Conflict as Appointment.book does."""
        series = cls(
            organization_id=organization.id,
            weeks=rule.weeks,
            weekdays="".join(map(str, sorted(rule.weekdays))),
            planned_by_id=actor.id,
            planned_at=now,
        )
        db.session.add(series)
        db.session.flush()
        lock_for_visits(organization.id, [each.patient for each in bookings])
        visits = [Appointment.book(organization, each, actor, now, series.id) for each in bookings]
        _note(Deed.SERIES_PLANNED, [JointChangeLine.before(each, NEW) for each in visits], actor, now)
        return visits

    @classmethod
    def of_visit(cls, visit: Appointment) -> "AppointmentSeries | None":
        """The visit's series."""
        return db.session.get(cls, visit.series_id) if visit.series_id else None

    @property
    def days(self) -> list[int]:
        """Its weekdays, Monday is 0."""
        return [int(each) for each in self.weekdays]

    def visits(self) -> list[Appointment]:
        """All visits by time, including cancelled ones; one statement."""
        return list(db.session.scalars(self._visits()))

    def _visits(self) -> Select[Appointment]:
        return Appointment.of(self.organization_id).filter_by(series_id=self.id)


def companions(visit: Appointment, scope: Scope, now: datetime) -> list[Appointment]:
    """The other visits of the series that a change of this one applies to: upcoming and not begun, by time."""
    if visit.series_id is None or scope is Scope.ONE:
        return []
    since = max(now, visit.starts_at) if scope is Scope.FOLLOWING else now
    ahead = Appointment.of(visit.organization_id).filter_by(series_id=visit.series_id)
    ahead = ahead.where(Appointment.starts_at > since, Appointment.status.in_(AHEAD), Appointment.id != visit.id)
    return list(db.session.scalars(ahead))


def rebookings(visit: Appointment, booking: Booking, scope: Scope, now: datetime) -> dict[Appointment, Booking]:
    """The new bookings of the companions; only fields changed on the visit itself are carried over."""
    return {each: _carried(visit, booking, each) for each in companions(visit, scope, now)}


def blocked_others(visit: Appointment, booking: Booking, scope: Scope, now: datetime) -> list[Occurrence]:
    """The companions that cannot follow this change, each with its conflict."""
    others = rebookings(visit, booking, scope, now)
    if not others:
        return []
    wanted = list(others.values())
    own = [visit.id, *(each.id for each in others)]
    return [each for each in occurrences(visit.organization, wanted, now, own) if each.trouble]


def revise_visits(
    visit: Appointment, booking: Booking, scope: Scope, version: int, actor: User, now: datetime
) -> list[Appointment]:
    """Changes the visit and its companions, flushed: all or none. Raises as Appointment.revise does."""
    others = rebookings(visit, booking, scope, now)
    is_later = booking.starts_at > visit.starts_at
    wanted = {visit: booking, **others}
    lock_for_visits(visit.organization_id, [booking.patient, *(each.patient for each in wanted)])
    lines = [JointChangeLine.before(each) for each in wanted]
    # In the order in which each visit moves out of the next one's way.
    for each in sorted(wanted, key=lambda each: each.starts_at, reverse=is_later):
        each.revise(wanted[each], version if each is visit else each.version, actor, now)
    _note(Deed.SERIES_REVISED, lines, actor, now)
    return [visit, *others]


def cancel_visits(
    visit: Appointment, reason: CancellationReason, scope: Scope, version: int, actor: User, now: datetime
) -> list[Appointment]:
    """Cancels the visit and its companions, flushed. Raises as Appointment.cancel does."""
    others = companions(visit, scope, now)
    lock_for_visits(visit.organization_id, [each.patient for each in (visit, *others)])
    lines = [JointChangeLine.before(each) for each in (visit, *others)]
    visit.cancel(reason, version, actor, now)
    for each in others:
        each.cancel(reason, each.version, actor, now)
    _note(Deed.SERIES_CANCELLED, lines, actor, now)
    return [visit, *others]


def _carried(visit: Appointment, booking: Booking, other: Appointment) -> Booking:
    zone = visit.organization.zone
    same = other.elsewhere(other.practitioner, other.starts_at)
    was, becomes = (each.astimezone(zone) for each in (visit.starts_at, booking.starts_at))
    stands = other.starts_at.astimezone(zone)
    clock = becomes.time() if becomes.time() != was.time() else stands.time()
    carried = replace(
        same,
        practitioner=booking.practitioner if booking.practitioner is not visit.practitioner else same.practitioner,
        service=booking.service if booking.service is not visit.service else same.service,
        starts_at=datetime.combine(stands.date() + (becomes.date() - was.date()), clock, zone),
        minutes=booking.minutes if booking.minutes != visit.minutes else same.minutes,
        note=booking.note if booking.note != visit.note else same.note,
        room=booking.room if booking.room is not visit.chosen_room else same.room,
    )
    return replace(carried, overbooked=other.stays_overbooked(carried))


def _note(deed: Deed, lines: Sequence[JointChangeLine], actor: User, now: datetime) -> None:
    """Records a joint change; a single visit has its own undo instead, and unchanged visits are left out."""
    changed = [line for line in lines if line.is_changed]
    if len(lines) > 1 and changed:
        first = lines[0]
        day = first.starts_at.astimezone(first.appointment.organization.zone).date()
        JointChange.note(deed, (first.practitioner, day), changed, actor, now)
