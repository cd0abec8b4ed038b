"""One week of one practitioner, as its board needs it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from extensions import db
from models.accounts import Organization
from models.clinic.appointment import Appointment
from models.clinic.availability import Availability
from models.clinic.day import Day
from models.clinic.day_topic import USUAL_HOURS, Hours, hours_on, week_topic
from models.clinic.overlap import overlaps
from models.clinic.practitioner import Practitioner
from models.clinic.shown_visit import ShownVisit
from models.clinic.ticket import QueueTicket
from rules.booking import Interval, Status
from rules.tickets import TicketState


@dataclass(frozen=True)
class Week:
    """Seven days from a Monday on, in the organization's time zone."""

    organization: Organization
    practitioner: Practitioner
    monday: date

    @property
    def topic(self) -> str:
        return week_topic(self.organization.id, self.practitioner.id, self.monday)

    @property
    def last(self) -> date:
        """Its Sunday."""
        return self.monday + timedelta(days=6)

    @cached_property
    def days(self) -> list[Day]:
        """Its days, sharing their hours; two statements."""
        dates = [self.monday + timedelta(days=ahead) for ahead in range(7)]
        availability = Availability.on_days(self.organization, dates[0], dates[-1])
        return [Day(self.organization, each, availability) for each in dates]

    def turns_at(self, now: datetime) -> datetime | None:
        """When the next of its days begins, or the last one ends; None if it is over."""
        return next((turn for day in self.days if (turn := day.turns_at(now))), None)

    def shown(self) -> list[ShownVisit]:
        """All visits of the week, by time; one statement."""
        return ShownVisit.where(
            Appointment.organization_id == self.organization.id,
            Appointment.practitioner_id == self.practitioner.id,
            overlaps(Interval(self.days[0].whole.start, self.days[-1].whole.end)),
            Appointment.status != Status.ENTERED_IN_ERROR,
        )

    def tickets(self, day: date) -> list[QueueTicket]:
        """The day's open tickets for this practitioner; one statement."""
        waits = QueueTicket.state.in_((TicketState.WAITING, TicketState.CALLED))
        own = QueueTicket.of(self.organization.id).filter_by(practitioner_id=self.practitioner.id, day=day).where(waits)
        return list(db.session.scalars(own))

    def hours(self, visits: Sequence[ShownVisit]) -> Hours:
        """From the first start to the last end or visit of the whole week, or the default hours."""
        kept = [
            hours_on(each, day.date, day.zone)
            for day in self.days
            for each in (*day.open_hours(self.practitioner), *_of(day, visits))
        ]
        if not kept:
            return USUAL_HOURS
        return Hours(min(each.first for each in kept), max(each.last for each in kept))


def visits_on(day: Day, visits: Sequence[ShownVisit]) -> list[ShownVisit]:
    """The visits that overlap the day; one across midnight is on both days."""
    return [visit for visit in visits if visit.interval.overlaps(day.whole)]


def _of(day: Day, visits: Sequence[ShownVisit]) -> list[Interval]:
    return [visit.interval for visit in visits_on(day, visits)]
