"""One day of a clinic, as its board asks for it. Each method that says so is one statement."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import joinedload

from extensions import db
from models.accounts import Organization
from models.clinic.appointment import Appointment
from models.clinic.availability import Availability, opening_hours
from models.clinic.day_topic import USUAL_HOURS, Hours, day_topic, hours_on, whole_day
from models.clinic.hold import Hold
from models.clinic.practitioner import Practitioner, hours_between
from models.clinic.shown_visit import ShownVisit
from models.clinic.standing import Standing
from models.clinic.ticket import QueueTicket
from rules.booking import Interval, Status

LONGEST_VISIT = timedelta(days=1)


@dataclass(frozen=True)
class Day:
    """A calendar day on the organization's wall clock."""

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

    @cached_property
    def availability(self) -> Availability:
        """Who is away and who works beyond their week; one statement unless it is known."""
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
        """The records of what `shown` shows; one statement."""
        of_day = Appointment.of(self.organization.id).where(self._is_shown(), *_with(practitioner_id))
        return list(db.session.scalars(of_day))

    def shown(self, practitioner_id: int | None = None) -> list[ShownVisit]:
        """Everything that is drawn on the board or in one of its columns, by time; one statement."""
        return ShownVisit.where(*self._own(), *_with(practitioner_id))

    def waiting(self) -> list[ShownVisit]:
        """Those who have come and not been seen yet, the longest wait first; one statement."""
        return by_wait(ShownVisit.where(*self._own(), Appointment.status == Status.ARRIVED))

    def tickets(self) -> list[QueueTicket]:
        """As QueueTicket.open_on, the one that has waited longest first; one statement."""
        return QueueTicket.open_on(self.organization.id, self.date)

    def counts(self) -> Counter[Status]:
        """How many visits have which status; one statement."""
        counted = select(Appointment.status, func.count()).filter_by(organization_id=self.organization.id)
        rows = db.session.execute(counted.where(self._is_shown()).group_by(Appointment.status))
        return Counter({status: number for status, number in rows})

    def hours(self) -> Hours:
        """What the board must show: from the first opening to the last closing or visit; three statements."""
        span = select(func.min(Appointment.starts_at), func.max(Appointment.ends_at))
        own = span.filter_by(organization_id=self.organization.id).where(self._is_shown())
        first, last = db.session.execute(own).one()
        return self._stretched(opening_hours(self.organization, self.date), first, last)

    def hours_of(self, practitioners: Iterable[Practitioner], visits: Collection[Standing]) -> Hours:
        """The same from what is already loaded."""
        first = min((visit.interval.start for visit in visits), default=None)
        last = max((visit.interval.end for visit in visits), default=None)
        return self._stretched(self._opening_of(practitioners), first, last)

    def _columns(self) -> Select[Practitioner]:
        """With what is in somebody's hand, on whatever day: no more than there are people at desks."""
        held = joinedload(Practitioner.holds).joinedload(Hold.user)
        return Practitioner.at_once(self.organization.id).options(held).execution_options(populate_existing=True)

    def _stretched(self, opening: Hours, first: datetime | None, last: datetime | None) -> Hours:
        if first is None or last is None:
            return opening
        return opening.joined(hours_on(Interval(first, last), self.date, self.zone))

    def _opening_of(self, practitioners: Iterable[Practitioner]) -> Hours:
        weekday = self.date.weekday()
        kept = [each for doctor in practitioners for each in doctor.available_times if each.weekday == weekday]
        weekly = hours_between(min(each.starts for each in kept), max(each.ends for each in kept)) if kept else None
        return self.availability.stretched(weekly or USUAL_HOURS, self.date)

    def _own(self) -> tuple[ColumnElement[bool], ...]:
        return Appointment.organization_id == self.organization.id, self._is_shown()

    def _is_shown(self) -> ColumnElement[bool]:
        """The lower border of starts_at adds nothing to the meaning: with it the index knows where to begin."""
        return and_(
            Appointment.starts_at < self.whole.end,
            Appointment.ends_at > self.whole.start,
            Appointment.starts_at > self.whole.start - LONGEST_VISIT,
            Appointment.status != Status.ENTERED_IN_ERROR,
        )


def _with(practitioner_id: int | None) -> list[ColumnElement[bool]]:
    """Nothing is asked of a visit when it may be with anybody."""
    return [] if practitioner_id is None else [Appointment.practitioner_id == practitioner_id]


def by_wait(visits: Iterable[ShownVisit]) -> list[ShownVisit]:
    """The longest wait first."""
    return sorted(visits, key=lambda visit: (visit.status_since, visit.id))
