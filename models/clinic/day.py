"""One day of a clinic, as its board needs it. Methods run one statement where they say so."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import joinedload

from extensions import db
from models.accounts import Organization
from models.clinic.appointment import Appointment
from models.clinic.availability import Availability
from models.clinic.day_topic import Hours, day_topic, hours_on, whole_day
from models.clinic.hold import Hold
from models.clinic.overlap import overlaps
from models.clinic.practitioner import Practitioner
from models.clinic.shown_visit import ShownVisit
from models.clinic.standing import Standing
from models.clinic.ticket import QueueTicket
from rules.booking import Interval, Status

# Who has not been marked as seen or missed, and how long after a visit's end that is normal.
UNMARKED = (Status.BOOKED, Status.ARRIVED, Status.CHECKED_IN)
MARKED_WITHIN = timedelta(minutes=30)


@dataclass(frozen=True)
class Counts:
    """The number of a day's visits by status, and of those that should have been marked as seen or missed by now."""

    by_status: Counter[Status]
    unmarked: int

    @classmethod
    def of(cls, visits: Collection[Standing], now: datetime) -> "Counts":
        """From data that is already loaded."""
        late = (each for each in visits if each.status in UNMARKED and each.interval.end <= now - MARKED_WITHIN)
        return cls(Counter(each.status for each in visits), sum(1 for _each in late))


@dataclass(frozen=True)
class Day:
    """A calendar day in the organization's time zone."""

    organization: Organization
    date: date
    known: Availability | None = field(default=None, compare=False, repr=False)

    @cached_property
    def zone(self) -> ZoneInfo:
        return self.organization.zone

    @property
    def topic(self) -> str:
        return day_topic(self.organization.id, self.date)

    @cached_property
    def whole(self) -> Interval:
        return whole_day(self.date, self.zone)

    def turns_at(self, now: datetime) -> datetime | None:
        """When it begins, or ends if it has begun; None if it is over."""
        return next((border for border in (self.whole.start, self.whole.end) if border > now), None)

    @cached_property
    def availability(self) -> Availability:
        """Weekly hours, absences and extra hours; two statements unless loaded already."""
        return self.known or Availability.within(self.organization, self.whole)

    def open_hours(self, practitioner: Practitioner) -> list[Interval]:
        """When the practitioner sees patients on this day, earliest first."""
        return self.availability.open_hours(practitioner, self.date)

    def practitioners(self) -> list[Practitioner]:
        """The columns; one statement."""
        return list(db.session.scalars(self._columns()).unique())

    def practitioner(self, practitioner_id: int) -> Practitioner | None:
        """One column; one statement."""
        return db.session.scalars(self._columns().filter_by(id=practitioner_id)).unique().one_or_none()

    def visits(self, practitioner_id: int | None = None) -> list[Appointment]:
        """As `shown`, but ORM records; one statement."""
        of_day = Appointment.of(self.organization.id).where(self._is_shown(), *_with(practitioner_id))
        return list(db.session.scalars(of_day))

    def shown(self, practitioner_id: int | None = None) -> list[ShownVisit]:
        """All visits shown on the board or in one of its columns, by time; one statement."""
        return ShownVisit.where(*self._own(), *_with(practitioner_id))

    def waiting(self) -> list[ShownVisit]:
        """Patients who have arrived and are not being seen yet, the longest wait first; one statement."""
        return by_wait(ShownVisit.where(*self._own(), Appointment.status == Status.ARRIVED))

    def tickets(self) -> list[QueueTicket]:
        """As QueueTicket.open_on, the longest wait first; one statement."""
        return QueueTicket.open_on(self.organization.id, self.date)

    def counts(self, now: datetime) -> Counts:
        """One statement."""
        is_late = case((self._is_unmarked(now - MARKED_WITHIN), 1), else_=0)
        counted = select(Appointment.status, func.count(), func.sum(is_late)).where(*self._own())
        rows = db.session.execute(counted.group_by(Appointment.status)).all()
        return Counts(Counter({status: number for status, number, _late in rows}), sum(late for *_, late in rows))

    def unmarked(self, now: datetime) -> list[Appointment]:
        """The visits that are over and neither seen nor missed, by time, as ORM records; one statement."""
        left = Appointment.of(self.organization.id).where(self._is_shown(), self._is_unmarked(now))
        return list(db.session.scalars(left))

    def next_unmarked_at(self, now: datetime) -> datetime | None:
        """When the next visit should have been marked; None if none is left. One statement."""
        left = select(func.min(Appointment.ends_at)).where(*self._own(), Appointment.status.in_(UNMARKED))
        ends_at = db.session.scalar(left.where(Appointment.ends_at > now - MARKED_WITHIN))
        return ends_at + MARKED_WITHIN if ends_at else None

    def hours(self) -> Hours:
        """The hours that the board covers: from the first opening to the last closing or visit; three statements."""
        span = select(func.min(Appointment.starts_at), func.max(Appointment.ends_at))
        own = span.filter_by(organization_id=self.organization.id).where(self._is_shown())
        first, last = db.session.execute(own).one()
        return self._stretched(first, last)

    def hours_of(self, visits: Collection[Standing]) -> Hours:
        """As `hours`, from visits that are already loaded."""
        first = min((visit.interval.start for visit in visits), default=None)
        last = max((visit.interval.end for visit in visits), default=None)
        return self._stretched(first, last)

    def _columns(self) -> Select[Practitioner]:
        """Practitioners who see patients or have visits that day, with holds of all days: at most one per person."""
        held = joinedload(Practitioner.holds).joinedload(Hold.user)
        booked = select(Appointment.practitioner_id).where(*self._own())
        stand = or_(Practitioner.sees_patients, Practitioner.id.in_(booked))
        here = Practitioner.ever_of(self.organization.id).where(stand)
        return here.options(held).execution_options(populate_existing=True)

    def _stretched(self, first: datetime | None, last: datetime | None) -> Hours:
        opening = self.availability.opening(self.date)
        if first is None or last is None:
            return opening
        return opening.joined(hours_on(Interval(first, last), self.date, self.zone))

    def _own(self) -> tuple[ColumnElement[bool], ...]:
        return Appointment.organization_id == self.organization.id, self._is_shown()

    def _is_unmarked(self, over_by: datetime) -> ColumnElement[bool]:
        return and_(Appointment.status.in_(UNMARKED), Appointment.ends_at <= over_by)

    def _is_shown(self) -> ColumnElement[bool]:
        return and_(overlaps(self.whole), Appointment.status != Status.ENTERED_IN_ERROR)


def _with(practitioner_id: int | None) -> list[ColumnElement[bool]]:
    """No condition when any practitioner will do."""
    return [] if practitioner_id is None else [Appointment.practitioner_id == practitioner_id]


def by_wait(visits: Iterable[ShownVisit]) -> list[ShownVisit]:
    """The longest wait first."""
    return sorted(visits, key=lambda visit: (visit.status_since, visit.id))
