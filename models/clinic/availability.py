"""When practitioners see patients: weekly hours and exceptions to them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from extensions import db
from models.accounts import Organization, User
from models.base import Model, OrganizationOwned
from models.clinic.day_topic import (
    AXIS,
    USUAL_HOURS,
    Hours,
    column_part,
    day_topic,
    days_of,
    hours_on,
    touch_weeks,
    whole_day,
)
from models.clinic.practitioner import Practitioner, WeeklyHours, hours_between, practitioner_ids, weekly_hours
from models.live_topic import touch
from models.types import UtcDateTime, stored_by_value
from rules.booking import Interval, open_time


class ExceptionKind(StrEnum):
    """The kind of exception to the weekly hours."""

    CLOSED = "closed"
    EXTRA = "extra"


@dataclass(frozen=True)
class Departure:
    """The content of an exception: time off, or extra hours.

    practitioner: whose time it is; None is the whole clinic, which can only be closed.
    """

    kind: ExceptionKind
    practitioner: Practitioner | None
    interval: Interval
    reason: str = ""


class AvailabilityException(OrganizationOwned, Model):
    """Time off, a holiday of the clinic, or extra hours."""

    __tablename__ = "availability_exception"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="order"),
        CheckConstraint("practitioner_id IS NOT NULL OR kind = 'closed'", name="whose"),
        Index("ix_availability_exception_organization_id_ends_at", "organization_id", "ends_at"),
    )

    practitioner_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"), index=True)
    kind: Mapped[ExceptionKind] = mapped_column(stored_by_value(ExceptionKind))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(default="")
    marked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    marked_at: Mapped[datetime] = mapped_column(UtcDateTime)

    organization: Mapped[Organization] = relationship()
    practitioner: Mapped[Practitioner | None] = relationship()
    marked_by: Mapped[User | None] = relationship()

    @property
    def interval(self) -> Interval:
        return Interval(self.starts_at, self.ends_at)

    @property
    def closes(self) -> bool:
        return self.kind is ExceptionKind.CLOSED

    @property
    def departure(self) -> Departure:
        """The content of this exception."""
        return Departure(self.kind, self.practitioner, self.interval, self.reason)

    @classmethod
    def of(cls, organization_id: int) -> Select["AvailabilityException"]:
        """The organization's exceptions by time, with their practitioners and authors."""
        own = select(cls).filter_by(organization_id=organization_id).order_by(cls.starts_at, cls.id)
        return own.options(joinedload(cls.practitioner), joinedload(cls.marked_by))

    @classmethod
    def mark(
        cls, organization: Organization, departure: Departure, actor: User, now: datetime
    ) -> "AvailabilityException":
        """Creates an exception, flushed, and touches the boards of its days."""
        marked = cls(
            organization=organization,
            practitioner=departure.practitioner,
            kind=departure.kind,
            starts_at=departure.interval.start,
            ends_at=departure.interval.end,
            reason=departure.reason,
            marked_by=actor,
            marked_at=now,
        )
        db.session.add(marked)
        db.session.flush()
        marked._touch_days()
        return marked

    def remove(self) -> None:
        """Deletes the exception, flushed, and touches the boards of its days."""
        self._touch_days()
        db.session.delete(self)
        db.session.flush()

    def _touch_days(self) -> None:
        """Extra hours may extend the whole board; time off changes only the columns of those who are away."""
        everybody = practitioner_ids(self.organization_id)
        columns = [self.practitioner_id] if self.practitioner_id and self.closes else everybody
        for day in days_of(self.interval, self.organization.zone):
            topic = day_topic(self.organization_id, day)
            for practitioner_id in columns:
                touch(topic, column_part(practitioner_id))
            touch_weeks(self.organization_id, columns, day)
            if not self.closes:
                touch(topic, AXIS)


@dataclass(frozen=True)
class Availability:
    """The weekly hours of a period's weekdays, and the exceptions; the methods need no further statements."""

    organization: Organization
    weekly: WeeklyHours
    exceptions: Sequence[AvailabilityException]

    @classmethod
    def within(cls, organization: Organization, interval: Interval) -> "Availability":
        """Two statements."""
        kept = AvailabilityException
        own = select(kept).filter_by(organization_id=organization.id).order_by(kept.starts_at, kept.id)
        met = own.where(kept.starts_at < interval.end, kept.ends_at > interval.start)
        weekdays = {day.weekday() for day in days_of(interval, organization.zone)}
        return cls(organization, weekly_hours(organization.id, weekdays), list(db.session.scalars(met)))

    @classmethod
    def on_days(cls, organization: Organization, first: date, last: date) -> "Availability":
        """From the first to the last of these days, inclusive; two statements."""
        zone = organization.zone
        return cls.within(organization, Interval(whole_day(first, zone).start, whole_day(last, zone).end))

    def open_hours(self, practitioner: Practitioner, day: date) -> list[Interval]:
        """When the practitioner sees patients on this day, earliest first.

        Extra hours apply even on days when the clinic is closed; the practitioner's own absence overrides
        everything.
        """
        zone = self.organization.zone
        own = [each for each in self.exceptions if each.practitioner_id == practitioner.id]
        return open_time(
            [
                Interval(datetime.combine(day, starts, zone), datetime.combine(day, ends, zone))
                for starts, ends in self.weekly.get((practitioner.id, day.weekday()), ())
            ],
            [each.interval for each in self.exceptions if each.practitioner_id is None],
            list(_clipped((each for each in own if not each.closes), whole_day(day, zone))),
            [each.interval for each in own if each.closes],
        )

    def closures(self, practitioner: Practitioner) -> list[AvailabilityException]:
        """The absences of this practitioner and the closures of the clinic, by time."""
        own = (None, practitioner.id)
        return [each for each in self.exceptions if each.closes and each.practitioner_id in own]

    def opening(self, day: date) -> Hours:
        """From the first practitioner's start to the last one's end, or the default hours when nobody works.

        Extra hours extend it; time off shortens it for nobody else.
        """
        zone = self.organization.zone
        kept = [each for (_number, weekday), week in self.weekly.items() if weekday == day.weekday() for each in week]
        opening = hours_between(min(kept)[0], max(ends for _starts, ends in kept)) if kept else USUAL_HOURS
        for each in _clipped((each for each in self.exceptions if not each.closes), whole_day(day, zone)):
            opening = opening.joined(hours_on(each, day, zone))
        return opening


def is_open(organization: Organization, practitioner: Practitioner, interval: Interval) -> bool:
    """Whether the practitioner sees patients during the whole interval; two statements."""
    days = list(days_of(interval, organization.zone))
    availability = Availability.on_days(organization, days[0], days[-1])
    hours = [each for day in days for each in availability.open_hours(practitioner, day)]
    return any(each.start <= interval.start and interval.end <= each.end for each in open_time(hours, [], [], []))


def _clipped(exceptions: Iterator[AvailabilityException], whole: Interval) -> Iterator[Interval]:
    for each in exceptions:
        start, end = max(each.starts_at, whole.start), min(each.ends_at, whole.end)
        if start < end:
            yield Interval(start, end)
