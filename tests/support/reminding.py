"""A clinic with reminders, in a time zone in which it is now noon."""

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
    """Reminders are sent three days before, so those of tomorrow's visits are due now."""
    samal = desk()
    samal.organization.time_zone = zone_of_noon(utc_now())
    marat = person("Marat", Role.OWNER, samal.organization)
    wanted = Wanted(Reminding(Timing.HOURS_BEFORE, hours=72), first, phone)
    ReminderPlan.save(samal.organization, wanted, marat, utc_now() - LONG_AGO)
    return samal


def booked_long_ago(samal: Desk, hour: int = 10, **changes: object) -> Appointment:
    """A visit tomorrow that was booked long ago."""
    booking = samal.booking(samal.at(hour), **changes)
    return Appointment.book(samal.organization, booking, samal.aigerim, utc_now() - LONG_AGO)


def plan_of(organization: Organization) -> ReminderPlan:
    plan = ReminderPlan.of(organization.id)
    assert plan
    return plan


def zone_of_noon(now: datetime) -> str:
    """The name has POSIX's inverted sign: Etc/GMT-5 is ahead of Greenwich."""
    return f"Etc/GMT{now.hour - 12:+d}"
