"""Visits as iCalendar (RFC 5545): the same UID for ever, a SEQUENCE that grows with every change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event, vCalAddress

from models.clinic.appointment import Appointment
from rules.booking import Status

# What a reader does with it (RFC 5546): it takes note, and nobody answers.
METHOD = "PUBLISH"
REFRESHED = timedelta(minutes=15)
STATUSES = {Status.PENDING: "TENTATIVE", Status.CANCELLED: "CANCELLED"}


@dataclass(frozen=True)
class Entry:
    """A visit as a calendar tells it, in the words of whoever gives it out; changed_at: when anything of it last did.

    url: where it is looked at; organizer: the mail address from which it comes; both may be empty.
    """

    visit: Appointment
    changed_at: datetime
    summary: str
    place: str = ""
    url: str = ""
    organizer: str = ""


def changed_at(visit: Appointment) -> datetime:
    """When anything of the visit last changed."""
    event = visit.latest_event
    return event.at if event else visit.status_since


def feed(title: str, entries: Iterable[Entry]) -> bytes:
    """A calendar that programs ask for again and again."""
    calendar = _calendar()
    calendar.add("name", title)
    calendar.add("x-wr-calname", title)
    calendar.add("refresh-interval", REFRESHED, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT15M")
    for entry in entries:
        calendar.add_component(_event(entry))
    return _with_zones(calendar)


def one(entry: Entry) -> bytes:
    """One visit, to be given to its patient."""
    calendar = _calendar()
    calendar.add_component(_event(entry))
    return _with_zones(calendar)


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Tablo//Tablo//RU")
    calendar.add("version", "2.0")
    calendar.add("method", METHOD)
    return calendar


def _event(entry: Entry) -> Event:
    event, visit = Event(), entry.visit
    zone = visit.organization.zone
    event.add("uid", f"appointment-{visit.organization_id}-{visit.id}@tablo")
    event.add("sequence", visit.version)
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("dtstart", visit.starts_at.astimezone(zone))
    event.add("dtend", visit.ends_at.astimezone(zone))
    event.add("status", STATUSES.get(visit.status, "CONFIRMED"))
    event.add("summary", entry.summary)
    if entry.place:
        event.add("location", entry.place)
    if entry.url:
        event.add("url", entry.url)
    if entry.organizer:
        event.add("organizer", _organizer(visit.organization.name, entry.organizer))
    return event


def _organizer(name: str, address: str) -> vCalAddress:
    organizer = vCalAddress(f"mailto:{address}")
    organizer.params["CN"] = name
    return organizer


def _with_zones(calendar: Calendar) -> bytes:
    """With what the zone did since a year before the first visit, as calendars need it; the same bytes every time."""
    starts = [event.start for event in calendar.events]
    first = min((start.date() if isinstance(start, datetime) else start for start in starts), default=date.max)
    if starts:
        calendar.add_missing_timezones(first_date=first.replace(month=1, day=1) - timedelta(days=365))
    written: bytes = calendar.to_ical()
    return written
