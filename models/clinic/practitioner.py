"""Those whom patients come to, where they sit and the hours they keep."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, ForeignKey, Select, func, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship, selectinload

from extensions import db
from models.base import Identified, Model, OrganizationOwned
from models.clinic.day_topic import AXIS, USUAL_HOURS, Hours, column_part, day_topic, touch_weeks
from models.clinic.room import Room
from models.clinic.service import Service
from models.live_topic import touch
from rules.booking import Interval
from rules.hours import Stretch
from rules.names import full_name, short_name

if TYPE_CHECKING:
    from models.clinic.hold import Hold

DAYS_FOLLOWED = 28


class AvailableTime(Identified, Model):
    """One stretch of a weekday, on the clinic's wall clock, in which a practitioner sees patients."""

    __tablename__ = "available_time"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("starts < ends", name="order"),
    )

    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"), index=True)
    weekday: Mapped[int]
    starts: Mapped[time]
    ends: Mapped[time]


class Practitioner(OrganizationOwned, Model):
    """A doctor, nurse or other specialist: one column of the day."""

    __tablename__ = "practitioner"

    family_name: Mapped[str]
    given_name: Mapped[str]
    middle_name: Mapped[str] = mapped_column(default="")
    speciality: Mapped[str]
    place: Mapped[int] = mapped_column(default=0)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    room: Mapped[Room | None] = relationship(lazy="joined")
    available_times: Mapped[list[AvailableTime]] = relationship(
        order_by=AvailableTime.starts, cascade="all, delete-orphan"
    )

    holds: Mapped[list["Hold"]] = relationship(viewonly=True)

    @property
    def full_name(self) -> str:
        return full_name(self.family_name, self.given_name, self.middle_name)

    @property
    def short_name(self) -> str:
        return short_name(self.family_name, self.given_name, self.middle_name)

    @classmethod
    def of(cls, organization_id: int) -> Select["Practitioner"]:
        """The organization's practitioners in the order of the day's columns, with their hours."""
        return cls._in_order(organization_id).options(selectinload(cls.available_times))

    @classmethod
    def all_of(cls, organization_id: int) -> list["Practitioner"]:
        """Everybody whom `of` selects, in one statement."""
        return list(db.session.scalars(cls.at_once(organization_id)).unique())

    @classmethod
    def at_once(cls, organization_id: int) -> Select["Practitioner"]:
        """As `of`, in one statement whose rows are to be made unique: for those who count statements."""
        return cls._in_order(organization_id).options(joinedload(cls.available_times))

    @classmethod
    def _in_order(cls, organization_id: int) -> Select["Practitioner"]:
        own = select(cls).filter_by(organization_id=organization_id)
        return own.order_by(cls.place, cls.family_name, cls.id)

    def stretches(self, weekday: int) -> list[Stretch]:
        """The hours of one day of the week, Monday is 0, earliest first."""
        return [(each.starts, each.ends) for each in self.available_times if each.weekday == weekday]

    def usual_room(self, service: Service | None) -> Room | None:
        """Where this is done: in the room that the service needs, else in the practitioner's own; in none if closed."""
        room = (service.room if service else None) or self.room
        return room if room and room.is_open else None

    def keep_hours(self, week: Mapping[int, Sequence[Stretch]], today: date) -> None:
        """From now on these are the hours of the week, flushed; boards of the next four weeks follow at once."""
        self.available_times = [
            AvailableTime(weekday=weekday, starts=starts, ends=ends)
            for weekday, stretches in week.items()
            for starts, ends in stretches
        ]
        db.session.flush()
        touch_boards_ahead(self.organization_id, [self.id], today)

    def weekly_hours(self, day: date, zone: ZoneInfo) -> list[Interval]:
        """What the week says of this day, earliest first; models.clinic.availability knows the exceptions."""
        return [
            Interval(datetime.combine(day, hours.starts, zone), datetime.combine(day, hours.ends, zone))
            for hours in self.available_times
            if hours.weekday == day.weekday()
        ]


def touch_boards_ahead(organization_id: int, whose_weeks: Sequence[int], today: date) -> None:
    """Something changed that shows in everybody's columns, and in these weeks, from today on."""
    for ahead in range(0, DAYS_FOLLOWED, 7):
        touch_weeks(organization_id, whose_weeks, today + timedelta(days=ahead))
    parts = [AXIS, *map(column_part, practitioner_ids(organization_id))]
    for ahead in range(DAYS_FOLLOWED):
        for part in parts:
            touch(day_topic(organization_id, today + timedelta(days=ahead)), part)


def practitioner_ids(organization_id: int) -> list[int]:
    """The columns of the organization's day."""
    return list(db.session.scalars(select(Practitioner.id).filter_by(organization_id=organization_id)))


def weekly_opening(organization_id: int, day: date) -> Hours:
    """From the first practitioner's coming to the last one's going, or the usual hours when nobody works."""
    kept = select(func.min(AvailableTime.starts), func.max(AvailableTime.ends)).join(
        Practitioner, AvailableTime.practitioner_id == Practitioner.id
    )
    of_day = kept.where(Practitioner.organization_id == organization_id, AvailableTime.weekday == day.weekday())
    first, last = db.session.execute(of_day).one()
    return hours_between(first, last) if first else USUAL_HOURS


def hours_between(first: time, last: time) -> Hours:
    return Hours(first.hour, last.hour + (last > time(last.hour)))
