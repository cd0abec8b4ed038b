"""When a calendar day or week ends."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def midnight_after(now: datetime, zone: ZoneInfo) -> datetime:
    """When the next calendar day begins in this zone, in UTC; always after `now`, also where clocks repeat midnight."""
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    comes = (datetime.combine(tomorrow, time(fold=fold), zone).astimezone(UTC) for fold in (0, 1))
    return next(midnight for midnight in comes if midnight > now)


def week_after(now: datetime, zone: ZoneInfo) -> datetime:
    """When the next Monday begins in this zone, in UTC; always after `now`."""
    midnight = midnight_after(now, zone)
    while midnight.astimezone(zone).weekday() != 0:
        midnight = midnight_after(midnight, zone)
    return midnight
