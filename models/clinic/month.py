"""A month of the clinic at a glance: visits and free time of each day."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from extensions import db
from models.accounts import Organization
from models.clinic.appointment import Appointment
from models.clinic.availability import Availability
from models.clinic.day_topic import days_of, monday_of, whole_day
from models.clinic.free_time import not_past
from models.clinic.overlap import overlaps
from models.clinic.practitioner import Practitioner
from rules.booking import Interval, Status, free_gaps

NOT_COUNTED = (Status.CANCELLED, Status.ENTERED_IN_ERROR)


@dataclass(frozen=True)
class DaySum:
    """One day: the number of visits not cancelled, and the open time that is still free; in local time."""

    date: date
    visits: int
    open: timedelta
    free: timedelta


@dataclass(frozen=True)
class Month:
    """The whole weeks that contain the month of `first`, for these practitioners."""

    organization: Organization
    practitioners: Sequence[Practitioner]
    first: date

    @property
    def dates(self) -> list[date]:
        """From the Monday before the month to the Sunday after it."""
        begins = monday_of(self.first)
        after = (self.first + timedelta(days=31)).replace(day=1)
        ends = after + timedelta(days=-after.weekday() % 7)
        return [begins + timedelta(days=ahead) for ahead in range((ends - begins).days)]

    def sums(self, now: datetime) -> list[DaySum]:
        """One per day of `dates`; three statements for plain columns, since a month may have thousands of visits."""
        dates, zone = self.dates, self.organization.zone
        availability = Availability.on_days(self.organization, dates[0], dates[-1])
        around = Interval(whole_day(dates[0], zone).start, whole_day(dates[-1], zone).end)
        counted: Counter[date] = Counter()
        busy: dict[tuple[int, date], list[Interval]] = defaultdict(list)
        for practitioner_id, interval in self._visits(around):
            counted[interval.start.astimezone(zone).date()] += 1
            for day in days_of(interval, zone):
                busy[practitioner_id, day].append(interval)
        return [DaySum(day, counted[day], *self._time(day, availability, busy, now)) for day in dates]

    def _time(
        self, day: date, availability: Availability, busy: dict[tuple[int, date], list[Interval]], now: datetime
    ) -> tuple[timedelta, timedelta]:
        open_time = free = timedelta()
        for doctor in self.practitioners:
            hours = availability.open_hours(doctor, day)
            open_time += _sum(hours)
            free += _sum(free_gaps(list(not_past(hours, now)), busy[doctor.id, day]))
        return open_time, free

    def _visits(self, around: Interval) -> Iterator[tuple[int, Interval]]:
        own = [doctor.id for doctor in self.practitioners]
        columns = select(Appointment.practitioner_id, Appointment.starts_at, Appointment.ends_at)
        met = columns.filter_by(organization_id=self.organization.id).where(
            Appointment.practitioner_id.in_(own), overlaps(around), Appointment.status.not_in(NOT_COUNTED)
        )
        for practitioner_id, starts_at, ends_at in db.session.execute(met):
            yield practitioner_id, Interval(starts_at, ends_at)


def _sum(intervals: Sequence[Interval]) -> timedelta:
    return sum((each.length for each in intervals), timedelta())
