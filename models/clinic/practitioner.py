"""Practitioners, their rooms and their weekly hours."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from extensions import db
from models.accounts import User
from models.base import Identified, Model, OrganizationOwned
from models.clinic.audit import Facts
from models.clinic.day_topic import AXIS, Hours, column_part, day_topic, touch_weeks
from models.clinic.room import Room
from models.clinic.service import Service
from models.live_topic import touch
from rules.hours import Stretch
from rules.names import full_name, short_name

if TYPE_CHECKING:
    from models.clinic.hold import Hold

DAYS_FOLLOWED = 28
ONE_ACCOUNT = "uq_practitioner_organization_id_user_id"


# The stretches of each practitioner (id) on each weekday (Monday is 0), earliest first.
WeeklyHours = Mapping[tuple[int, int], Sequence[Stretch]]


class AvailableTime(Identified, Model):
    """A stretch of a weekday, in local time, in which a practitioner sees patients."""

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
    """A doctor, nurse or other specialist: one column of the day, also of the days before they left."""

    __tablename__ = "practitioner"
    __table_args__ = (Index(ONE_ACCOUNT, "organization_id", "user_id", unique=True),)

    family_name: Mapped[str]
    given_name: Mapped[str]
    middle_name: Mapped[str] = mapped_column(default="")
    speciality: Mapped[str]
    place: Mapped[int] = mapped_column(default=0)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    sees_patients: Mapped[bool] = mapped_column(default=True)

    room: Mapped[Room | None] = relationship(lazy="joined")
    user: Mapped[User | None] = relationship()
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

    @property
    def facts(self) -> Facts:
        """What the history keeps of them."""
        return {
            "practitioner": self.short_name,
            "family_name": self.family_name,
            "given_name": self.given_name,
            "middle_name": self.middle_name,
            "speciality": self.speciality,
            "account": self.user.name if self.user else None,
            "left": None if self.sees_patients else "yes",
        }

    @classmethod
    def of(cls, organization_id: int, besides: int | None = None) -> Select["Practitioner"]:
        """Practitioners who see patients, in the order of the board's columns.

        besides: one more, also if they have left, for a record that already names them.
        """
        return cls.ever_of(organization_id).where(or_(cls.sees_patients, cls.id == besides))

    @classmethod
    def ever_of(cls, organization_id: int) -> Select["Practitioner"]:
        """As `of`, including those who have left."""
        own = select(cls).filter_by(organization_id=organization_id)
        return own.order_by(cls.place, cls.family_name, cls.id)

    @classmethod
    def all_of(cls, organization_id: int) -> list["Practitioner"]:
        """All practitioners of `of`; one statement."""
        return list(db.session.scalars(cls.of(organization_id)))

    def stretches(self, weekday: int) -> list[Stretch]:
        """The hours of one weekday (Monday is 0), earliest first."""
        return [(each.starts, each.ends) for each in self.available_times if each.weekday == weekday]

    def usual_room(self, service: Service | None) -> Room | None:
        """The room required by the service, else the practitioner's own; None if that is closed."""
        room = (service.room if service else None) or self.room
        return room if room and room.is_open else None

    def set_weekly_hours(self, week: Mapping[int, Sequence[Stretch]], today: date) -> None:
        """Replaces the weekly hours, flushed, and touches the boards of the next four weeks."""
        self.available_times = [
            AvailableTime(weekday=weekday, starts=starts, ends=ends)
            for weekday, stretches in week.items()
            for starts, ends in stretches
        ]
        db.session.flush()
        touch_boards_ahead(self.organization_id, [self.id], today)


def touch_boards_ahead(organization_id: int, whose_weeks: Sequence[int], today: date) -> None:
    """Touches all columns, and these practitioners' weeks, from today on."""
    for ahead in range(0, DAYS_FOLLOWED, 7):
        touch_weeks(organization_id, whose_weeks, today + timedelta(days=ahead))
    parts = [AXIS, *map(column_part, practitioner_ids(organization_id))]
    for ahead in range(DAYS_FOLLOWED):
        for part in parts:
            touch(day_topic(organization_id, today + timedelta(days=ahead)), part)


def practitioner_ids(organization_id: int) -> list[int]:
    """The ids of the organization's practitioners, in no order."""
    return list(db.session.scalars(select(Practitioner.id).filter_by(organization_id=organization_id)))


def practitioners_accounts(organization_id: int) -> list[int]:
    """The accounts with which the organization's practitioners sign in."""
    known = select(Practitioner.user_id).filter_by(organization_id=organization_id)
    return [account for account in db.session.scalars(known) if account]


def weekly_hours(organization_id: int, weekdays: Collection[int]) -> WeeklyHours:
    """Everybody's hours on these weekdays; one statement."""
    kept, hours = AvailableTime, defaultdict[tuple[int, int], list[Stretch]](list)
    columns = select(kept.practitioner_id, kept.weekday, kept.starts, kept.ends)
    own = columns.join(Practitioner, kept.practitioner_id == Practitioner.id)
    own = own.where(Practitioner.organization_id == organization_id, kept.weekday.in_(weekdays))
    for number, weekday, starts, ends in db.session.execute(own.order_by(kept.starts)):
        hours[number, weekday].append((starts, ends))
    return hours


def hours_between(first: time, last: time) -> Hours:
    return Hours(first.hour, last.hour + (last > time(last.hour)))
