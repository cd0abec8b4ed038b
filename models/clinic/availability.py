"""When practitioners see patients: their week, and what makes one day unlike the others."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from extensions import db
from models.accounts import Organization, User
from models.base import Model, OrganizationOwned
from models.clinic.day_topic import AXIS, Hours, column_part, day_topic, days_of, hours_on, touch_weeks, whole_day
from models.clinic.practitioner import Practitioner, practitioner_ids, weekly_opening
from models.live_topic import touch
from models.types import UtcDateTime, stored_by_value
from rules.booking import Interval, open_time


class ExceptionKind(StrEnum):
    """Which way a stretch of time departs from the week."""

    CLOSED = "closed"
    EXTRA = "extra"


@dataclass(frozen=True)
class Departure:
    """What is said of a stretch of time: nobody is seen, or somebody is beyond their week.

    practitioner: whose time it is; None is the whole clinic, which can only be closed.
    """

    kind: ExceptionKind
    practitioner: Practitioner | None
    interval: Interval
    reason: str = ""


class AvailabilityException(OrganizationOwned, Model):
    """Time off, a holiday of the clinic, or hours beyond the week."""

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
        """What was said when it was marked."""
        return Departure(self.kind, self.practitioner, self.interval, self.reason)

    @classmethod
    def of(cls, organization_id: int) -> Select["AvailabilityException"]:
        """The organization's exceptions by time, with whose they are and who marked them."""
        own = select(cls).filter_by(organization_id=organization_id).order_by(cls.starts_at, cls.id)
        return own.options(joinedload(cls.practitioner), joinedload(cls.marked_by))

    @classmethod
    def mark(
        cls, organization: Organization, departure: Departure, actor: User, now: datetime
    ) -> "AvailabilityException":
        """Writes it down, flushed; the boards of its days follow."""
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
        """The week holds again, flushed; the boards of its days follow."""
        self._touch_days()
        db.session.delete(self)
        db.session.flush()

    def _touch_days(self) -> None:
        """Extra hours may make the whole board longer, time off changes only the columns of those who are away."""
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
    """What departs from the week in a stretch of time; the questions of it need no further statements."""

    organization: Organization
    exceptions: Sequence[AvailabilityException]

    @classmethod
    def within(cls, organization: Organization, interval: Interval) -> "Availability":
        """One statement."""
        kept = AvailabilityException
        own = select(kept).filter_by(organization_id=organization.id).order_by(kept.starts_at, kept.id)
        met = own.where(kept.starts_at < interval.end, kept.ends_at > interval.start)
        return cls(organization, list(db.session.scalars(met)))

    @classmethod
    def on_days(cls, organization: Organization, first: date, last: date) -> "Availability":
        """From the first to the last of these days; one statement."""
        zone = organization.zone
        return cls.within(organization, Interval(whole_day(first, zone).start, whole_day(last, zone).end))

    def open_hours(self, practitioner: Practitioner, day: date) -> list[Interval]:
        """When patients are seen on this day, earliest first.

        Extra hours hold on a day on which the clinic is closed; an absence of one's own wins over everything.
        """
        zone = self.organization.zone
        own = [each for each in self.exceptions if each.practitioner_id == practitioner.id]
        return open_time(
            practitioner.weekly_hours(day, zone),
            [each.interval for each in self.exceptions if each.practitioner_id is None],
            list(_clipped((each for each in own if not each.closes), whole_day(day, zone))),
            [each.interval for each in own if each.closes],
        )

    def closures(self, practitioner: Practitioner) -> list[AvailabilityException]:
        """The absences of this practitioner and the days on which the clinic is closed, by time."""
        own = (None, practitioner.id)
        return [each for each in self.exceptions if each.closes and each.practitioner_id in own]

    def stretched(self, weekly: Hours, day: date) -> Hours:
        """The hours of a board made longer by everybody's extra hours; time off makes none shorter."""
        zone = self.organization.zone
        for each in _clipped((each for each in self.exceptions if not each.closes), whole_day(day, zone)):
            weekly = weekly.joined(hours_on(each, day, zone))
        return weekly


def opening_hours(organization: Organization, day: date) -> Hours:
    """From the first practitioner's coming to the last one's going; two statements."""
    return Availability.within(organization, whole_day(day, organization.zone)).stretched(
        weekly_opening(organization.id, day), day
    )


def is_open(organization: Organization, practitioner: Practitioner, interval: Interval) -> bool:
    """Whether the practitioner sees patients through all of this time; one statement."""
    days = list(days_of(interval, organization.zone))
    availability = Availability.on_days(organization, days[0], days[-1])
    hours = [each for day in days for each in availability.open_hours(practitioner, day)]
    return any(each.start <= interval.start and interval.end <= each.end for each in open_time(hours, [], [], []))


def _clipped(exceptions: Iterator[AvailabilityException], whole: Interval) -> Iterator[Interval]:
    for each in exceptions:
        start, end = max(each.starts_at, whole.start), min(each.ends_at, whole.end)
        if start < end:
            yield Interval(start, end)
