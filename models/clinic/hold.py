"""Temporary holds: a desk that fills in a booking form shows the time as being booked to the other desks."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, UniqueConstraint, delete, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from extensions import db
from models.accounts import Organization, User
from models.base import Model, OrganizationOwned
from models.clinic.day_topic import WEEK, column_part, day_topic, days_of, week_topic
from models.clinic.practitioner import Practitioner
from models.errors import Conflict
from models.live_topic import touch, touch_later
from models.types import UtcDateTime
from rules.booking import Interval

HELD_FOR = timedelta(minutes=5)


class Hold(OrganizationOwned, Model):
    """A user's hold on a time (FHIR busy-tentative). It expires by itself and never prevents a booking."""

    __tablename__ = "hold"
    __table_args__ = (UniqueConstraint("organization_id", "user_id"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship()

    @property
    def interval(self) -> Interval:
        return Interval(self.starts_at, self.ends_at)

    @classmethod
    def of_practitioner(cls, practitioner: Practitioner) -> list["Hold"]:
        """All holds on this practitioner's time, expired ones included; one statement."""
        own = select(cls).filter_by(practitioner_id=practitioner.id).options(joinedload(cls.user))
        return list(db.session.scalars(own))

    @classmethod
    def take(
        cls, organization: Organization, practitioner: Practitioner, interval: Interval, actor: User, now: datetime
    ) -> "Hold":
        """Moves the user's only hold here and flushes. Raises Conflict("hold") if another tab of theirs was faster."""
        cls.release(organization, actor, now)
        hold = cls(organization_id=organization.id, user_id=actor.id, practitioner_id=practitioner.id)
        hold.starts_at, hold.ends_at, hold.expires_at = interval.start, interval.end, now + HELD_FOR
        db.session.add(hold)
        try:
            db.session.flush()
        except IntegrityError as error:
            raise Conflict("hold") from error
        for topic, part in _shown(organization, practitioner.id, interval):
            touch(topic, part)
            touch_later(topic, part, hold.expires_at)
        return hold

    @classmethod
    def release(cls, organization: Organization, actor: User, now: datetime) -> None:
        """Deletes the user's hold and all expired ones. One statement."""
        is_over = or_(cls.user_id == actor.id, cls.expires_at <= now)
        gone = delete(cls).where(cls.organization_id == organization.id, is_over)
        for number, start, end in db.session.execute(gone.returning(cls.practitioner_id, cls.starts_at, cls.ends_at)):
            for topic, part in _shown(organization, number, Interval(start, end)):
                touch(topic, part)


def _shown(organization: Organization, practitioner_id: int, interval: Interval) -> Iterator[tuple[str, str]]:
    """Touches the places that show the hold: the day's column and the practitioner's week."""
    for day in days_of(interval, organization.zone):
        yield day_topic(organization.id, day), column_part(practitioner_id)
        yield week_topic(organization.id, practitioner_id, day), WEEK
