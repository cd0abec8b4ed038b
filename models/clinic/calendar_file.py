"""Visits as iCalendar (RFC 5545): a stable UID, and a SEQUENCE that grows with every change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event, vCalAddress

from models.clinic.appointment import Appointment
from rules.booking import Status

# For information only, without replies (RFC 5546).
METHOD = "PUBLISH"
REFRESHED = timedelta(minutes=15)
STATUSES = {Status.PENDING: "TENTATIVE", Status.CANCELLED: "CANCELLED"}


@dataclass(frozen=True)
class Entry:
    """A visit as a calendar entry, in the wording of the caller; changed_at: when any part of it last changed.

    url: link to the visit; organizer: the sender's mail address; both may be empty.
    """

    visit: Appointment
    changed_at: datetime
    summary: str
    place: str = ""
    url: str = ""
    organizer: str = ""


def changed_at(visit: Appointment) -> datetime:
    """When any part of the visit last changed."""
    event = visit.latest_event
    return event.at if event else visit.status_since


def feed(title: str, entries: Iterable[Entry]) -> bytes:
    """A calendar for subscription."""
    calendar = _calendar()
    calendar.add("name", title)
    calendar.add("x-wr-calname", title)
    calendar.add("refresh-interval", REFRESHED, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT15M")
    for entry in entries:
        calendar.add_component(_event(entry))
    return _with_zones(calendar)


def one(entry: Entry) -> bytes:
    """A single visit, to be given to its patient."""
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
    """Adds the zone's transitions since a year before the first visit, as calendars need them; deterministic output."""
    starts = [event.start for event in calendar.events]
    first = min((start.date() if isinstance(start, datetime) else start for start in starts), default=date.max)
    if starts:
        calendar.add_missing_timezones(first_date=first.replace(month=1, day=1) - timedelta(days=365))
    written: bytes = calendar.to_ical()
    return written
