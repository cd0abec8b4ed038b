"""When a patient is reminded of a visit, in the clinic's local time, never at night."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

# Messages are sent between these hours; one due at night is sent the evening before.
MORNING, EVENING, NIGHT = time(8), time(20), time(21)
# A later reminder is useless: the patient is already on the way.
LATEST = timedelta(minutes=30)
MOST_HOURS = 72
# Minutes until each retry of a message that was certainly not accepted; after the last it is given up.
PAUSES = (1, 5, 15, 60)


class Timing(StrEnum):
    """What the owner chose."""

    OFF = "off"
    DAY_BEFORE = "day-before"
    HOURS_BEFORE = "hours-before"


@dataclass(frozen=True)
class Reminding:
    """The owner's choice: at this time on the day before, or this many hours before."""

    timing: Timing
    clock: time = time(18)
    hours: int = 24

    def due_at(self, starts_at: datetime, zone: ZoneInfo) -> datetime | None:
        """When the reminder of a visit is due, never at night; None if reminders are off."""
        if self.timing is Timing.OFF:
            return None
        if self.timing is Timing.DAY_BEFORE:
            return datetime.combine(starts_at.astimezone(zone).date() - timedelta(days=1), self.clock, zone)
        return _before_night((starts_at.astimezone(UTC) - timedelta(hours=self.hours)).astimezone(zone))

    def horizon(self, now: datetime, zone: ZoneInfo) -> datetime:
        """Visits that begin at or after this instant are not due for a reminder yet."""
        local = now.astimezone(zone)
        if self.timing is Timing.DAY_BEFORE:
            return _midnight(local.date() + timedelta(days=2 if local.time() >= self.clock else 1), zone)
        if MORNING <= local.time() < EVENING:
            return now.astimezone(UTC) + timedelta(hours=self.hours, microseconds=1)
        # What falls into this night was due the evening before.
        morning = datetime.combine(local.date() + timedelta(days=local.time() >= EVENING), MORNING, zone)
        return morning.astimezone(UTC) + timedelta(hours=self.hours)


def is_waking_hour(now: datetime, zone: ZoneInfo) -> bool:
    """Whether a message may be sent at this time."""
    return MORNING <= now.astimezone(zone).time() < NIGHT


def next_waking_hour(now: datetime, zone: ZoneInfo) -> datetime:
    """The next time at which a message may be sent; now, if it is day."""
    local = now.astimezone(zone)
    if is_waking_hour(now, zone):
        return now
    day = local.date() + timedelta(days=local.time() >= NIGHT)
    return datetime.combine(day, MORNING, zone)


def _before_night(local: datetime) -> datetime:
    if local.time() > EVENING:
        return local.replace(hour=EVENING.hour, minute=0, second=0, microsecond=0)
    if local.time() < MORNING:
        return datetime.combine(local.date() - timedelta(days=1), EVENING, local.tzinfo)
    return local


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
