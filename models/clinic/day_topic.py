"""Live topics of the clinic's days (a day's columns, its rail, its time column), and which of them a change affects."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.live_topic import touch
from rules.booking import Interval

RAIL = "rail"
AXIS = "axis"
WEEK = "week"
WHO = "who"
CARDS = "cards"
# The days that desks usually look at, from yesterday on: changes of cards are pushed to forms that are open there.
DAYS_LOOKED_AT = 14
FREED = "freed"
WAITLIST = "waitlist"
CALLS = "calls"
MONTHS = "months"
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Hours:
    """Whole hours of one day in local time, [first, last), 0 to 24."""

    first: int
    last: int

    def __contains__(self, other: "Hours") -> bool:
        return self.first <= other.first and other.last <= self.last

    def joined(self, other: "Hours") -> "Hours":
        """The shortest range that contains both."""
        return Hours(min(self.first, other.first), max(self.last, other.last))


USUAL_HOURS = Hours(9, 18)


def day_topic(organization_id: int, day: date) -> str:
    """The topic of one clinic day."""
    return f"clinic/{organization_id}/{day.isoformat()}"


def waitlist_topic(organization_id: int) -> str:
    """The topic of the organization's waiting list."""
    return f"clinic/{organization_id}/waitlist"


def calls_topic(organization_id: int, change_id: int) -> str:
    """The topic of the call list after a change of a practitioner's day."""
    return f"clinic/{organization_id}/calls/{change_id}"


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def week_topic(organization_id: int, practitioner_id: int, day: date) -> str:
    """The topic of the practitioner's week that contains this day."""
    return f"clinic/{organization_id}/week/{practitioner_id}/{monday_of(day).isoformat()}"


def months_topic(organization_id: int) -> str:
    """The topic of all months of the organization."""
    return f"clinic/{organization_id}/months"


def column_part(practitioner_id: int) -> str:
    return f"column/{practitioner_id}"


def whole_day(day: date, zone: ZoneInfo) -> Interval:
    """From midnight to midnight in local time."""
    return Interval(
        datetime.combine(day, time(), zone),
        datetime.combine(day + timedelta(days=1), time(), zone),
    )


def days_of(interval: Interval, zone: ZoneInfo) -> Iterator[date]:
    """The days that the interval touches; one that crosses midnight touches two."""
    day = interval.start.astimezone(zone).date()
    last = (interval.end - timedelta(microseconds=1)).astimezone(zone).date()
    while day <= last:
        yield day
        day += timedelta(days=1)


def hours_on(interval: Interval, day: date, zone: ZoneInfo) -> Hours:
    """The whole hours of this day that the interval needs; parts on other days are cut off."""
    start, end = (instant.astimezone(zone) for instant in (interval.start, interval.end))
    first = start.hour if start.date() == day else 0
    last = end.hour + (end.time() > time(end.hour)) if end.date() == day else 24
    return Hours(first, last)


def next_minute(now: datetime) -> datetime:
    """When the displayed waiting times next change."""
    return now.replace(second=0, microsecond=0) + MINUTE


def touch_weeks(organization_id: int, practitioner_ids: Iterable[int], day: date) -> None:
    """Touches these practitioners' weeks that contain this day, and the months."""
    touch(months_topic(organization_id), MONTHS)
    for practitioner_id in practitioner_ids:
        touch(week_topic(organization_id, practitioner_id, day), WEEK)


def touch_columns(topic: str, practitioner_ids: Iterable[int]) -> None:
    """Touches these columns and the rail."""
    for practitioner_id in practitioner_ids:
        touch(topic, column_part(practitioner_id))
    touch(topic, RAIL)


def touch_cards(organization_id: int, now: datetime) -> None:
    """Touches open forms on these days' boards: they may contain a phone number or IIN that was just assigned."""
    for ahead in range(-1, DAYS_LOOKED_AT):
        touch(day_topic(organization_id, now.date() + timedelta(days=ahead)), CARDS)
