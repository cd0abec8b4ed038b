"""The demo clinic's reminders: sent yesterday evening, and this evening if it is already evening."""

from datetime import datetime, time, timedelta

from models.accounts import Organization, User
from models.clinic import Channel, Communication, ReminderPlan
from models.clinic.reminder_plan import Wanted
from rules.reminders import Reminding, Timing

CLOCK = time(18)
CHANNELS = (Channel.SMS, Channel.EMAIL)
PHONE = "+7 727 555 04 06"


def plant_reminders(organization: Organization, owner: User, now: datetime) -> None:
    """By SMS on the evening before; patients without phone and mail address are to be called."""
    wanted = Wanted(Reminding(Timing.DAY_BEFORE, CLOCK), Channel.SMS, PHONE)
    plan = ReminderPlan.save(organization, wanted, owner, now - timedelta(days=30))
    today = organization.today(now)
    for day in (today - timedelta(days=1), today):
        evening = datetime.combine(day, CLOCK, organization.zone)
        if evening <= now:
            _remind(plan, evening)
    plan.checked_at = now


def _remind(plan: ReminderPlan, evening: datetime) -> None:
    plan.fill_outbox(CHANNELS, evening)
    while reminder := Communication.take_next(CHANNELS, evening):
        reminder.sent(evening)
