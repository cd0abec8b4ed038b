"""A clinic that reminds its patients, where it is noon whenever one looks."""

from datetime import datetime, timedelta

from models.accounts import Organization, Role
from models.base import utc_now
from models.clinic import Appointment, Channel, ReminderPlan
from models.clinic.reminder_plan import Wanted
from rules.reminders import Reminding, Timing
from tests.support.people import person
from tests.support.visits import Desk, desk

LONG_AGO = timedelta(days=10)


def reminding_desk(first: Channel = Channel.EMAIL, phone: str = "") -> Desk:
    """Patients are reminded three days before, so whoever is booked for tomorrow is to be reminded now."""
    samal = desk()
    samal.organization.time_zone = _zone_of_noon(utc_now())
    marat = person("Marat", Role.OWNER, samal.organization)
    wanted = Wanted(Reminding(Timing.HOURS_BEFORE, hours=72), first, phone)
    ReminderPlan.keep(samal.organization, wanted, marat, utc_now() - LONG_AGO)
    return samal


def booked_long_ago(samal: Desk, hour: int = 10, **changes: object) -> Appointment:
    """For tomorrow."""
    booking = samal.booking(samal.at(hour), **changes)
    return Appointment.book(samal.organization, booking, samal.aigerim, utc_now() - LONG_AGO)


def plan_of(organization: Organization) -> ReminderPlan:
    plan = ReminderPlan.of(organization.id)
    assert plan
    return plan


def _zone_of_noon(now: datetime) -> str:
    """Its name has the sign that POSIX gave it: Etc/GMT-5 is ahead of Greenwich."""
    return f"Etc/GMT{now.hour - 12:+d}"
