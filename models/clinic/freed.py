"""Times that became free: recorded when a visit leaves them, deleted when another takes the place."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ForeignKey, Index, Select, delete, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from extensions import db
from models.accounts import Organization
from models.base import Model, OrganizationOwned
from models.clinic.availability import is_open
from models.clinic.day_topic import FREED, day_topic
from models.clinic.practitioner import Practitioner
from models.live_topic import touch, touch_later
from models.types import UtcDateTime
from rules.booking import Interval, on_grid
from rules.waitlist import Opening

# Nobody can come at once: a time that begins sooner counts from then on.
LEAD = timedelta(minutes=10)
SHORTEST = timedelta(minutes=10)


@dataclass(frozen=True)
class Held:
    """What a visit occupies: this practitioner's time."""

    practitioner: Practitioner
    interval: Interval


class FreedTime(OrganizationOwned, Model):
    """A stretch of a practitioner's time that was booked and is free now."""

    __tablename__ = "freed_time"
    __table_args__ = (Index("ix_freed_time_organization_id_starts_at", "organization_id", "starts_at"),)

    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)

    organization: Mapped[Organization] = relationship()
    practitioner: Mapped[Practitioner] = relationship()

    @property
    def opening(self) -> Opening:
        """The value that the waiting list's rule takes."""
        local = self.starts_at.astimezone(self.organization.zone)
        return Opening(self.practitioner_id, local, self.ends_at - self.starts_at)

    @classmethod
    def ahead(cls, organization_id: int, now: datetime) -> Select["FreedTime"]:
        """The organization's freed times that have not begun yet, the next one first."""
        own = select(cls).filter_by(organization_id=organization_id).where(cls.starts_at > now)
        return own.options(joinedload(cls.practitioner)).order_by(cls.starts_at, cls.id)

    @classmethod
    def days_ahead(cls, organization: Organization, now: datetime) -> set[date]:
        """The days whose boards show a freed time; one statement."""
        starts = db.session.scalars(cls.ahead(organization.id, now).options().with_only_columns(cls.starts_at))
        return {start.astimezone(organization.zone).date() for start in starts}


def follow_held(organization: Organization, before: Held | None, after: Held | None, now: datetime) -> None:
    """Records the time that one visit released and deletes freed time that it took; flushed."""
    if before == after:
        return
    if before:
        _note(organization, before, now)
    if after:
        _forget(organization, after, now)


def touch_freed(organization: Organization, days: set[date], now: datetime) -> None:
    """Touches the boards of these days and of today, which show freed times."""
    for day in {*days, organization.today(now)}:
        touch(day_topic(organization.id, day), FREED)


def _note(organization: Organization, held: Held, now: datetime) -> None:
    start = max(held.interval.start, on_grid(now + LEAD))
    if held.interval.end - start < SHORTEST or not is_open(organization, held.practitioner, held.interval):
        return
    freed = FreedTime(
        organization=organization, practitioner=held.practitioner, starts_at=start, ends_at=held.interval.end
    )
    db.session.add(freed)
    db.session.flush()
    day = freed.opening.starts_at.date()
    touch_freed(organization, {day}, now)
    for shown in {day, organization.today(now)}:
        touch_later(day_topic(organization.id, shown), FREED, start)


def _forget(organization: Organization, held: Held, now: datetime) -> None:
    met = delete(FreedTime).filter_by(practitioner_id=held.practitioner.id)
    met = met.where(FreedTime.starts_at < held.interval.end, FreedTime.ends_at > held.interval.start)
    starts = db.session.scalars(met.returning(FreedTime.starts_at)).all()
    if starts:
        touch_freed(organization, {start.astimezone(organization.zone).date() for start in starts}, now)
