"""Visits as iCalendar (RFC 5545): the same UID for ever, a SEQUENCE that grows with every change."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from flask import url_for
from flask_babel import gettext as _
from icalendar import Calendar, Event

from models.clinic import Appointment
from rules.booking import Status

REFRESHED = timedelta(minutes=15)
STATUSES = {Status.PENDING: "TENTATIVE", Status.CANCELLED: "CANCELLED"}


def feed(title: str, visits: Iterable[tuple[Appointment, datetime]]) -> bytes:
    """A practitioner's calendar: whom they see by initials, and what for. visits: each with when it last changed."""
    calendar = _calendar()
    calendar.add("name", title)
    calendar.add("x-wr-calname", title)
    calendar.add("refresh-interval", REFRESHED, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT15M")
    for visit, changed_at in visits:
        event = _event(visit, changed_at, _seen_by_practitioner(visit))
        event.add("url", url_for("clinic.appointment", number=visit.id, _external=True))
        calendar.add_component(event)
    return _with_zones(calendar)


def one(visit: Appointment, changed_at: datetime) -> bytes:
    """A visit for its patient: where and with whom, and nothing of what for."""
    calendar = _calendar()
    words = {"clinic": visit.organization.name, "practitioner": visit.practitioner.short_name}
    calendar.add_component(_event(visit, changed_at, str(_("%(clinic)s: %(practitioner)s", **words))))
    return _with_zones(calendar)


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Tablo//Tablo//RU")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    return calendar


def _event(visit: Appointment, changed_at: datetime, summary: str) -> Event:
    event, zone = Event(), visit.organization.zone
    event.add("uid", f"appointment-{visit.organization_id}-{visit.id}@tablo")
    event.add("sequence", visit.version)
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    event.add("dtstart", visit.starts_at.astimezone(zone))
    event.add("dtend", visit.ends_at.astimezone(zone))
    event.add("status", STATUSES.get(visit.status, "CONFIRMED"))
    event.add("summary", summary)
    if visit.room:
        event.add("location", str(_("каб. %(room)s", room=visit.room.name)))
    return event


def _seen_by_practitioner(visit: Appointment) -> str:
    """«Ахметов Болат» is «Б. А.»: calendars are copied to many machines."""
    names = (visit.patient.given_name, visit.patient.family_name)
    whose = " ".join(f"{name[0].upper()}." for name in names if name)
    return f"{whose}, {visit.service.name}" if visit.service else whose


def _with_zones(calendar: Calendar) -> bytes:
    """With what the zone did since a year before the first visit, as calendars need it; the same bytes every time."""
    starts = [event.start for event in calendar.events]
    first = min((start.date() if isinstance(start, datetime) else start for start in starts), default=date.max)
    if starts:
        calendar.add_missing_timezones(first_date=first.replace(month=1, day=1) - timedelta(days=365))
    written: bytes = calendar.to_ical()
    return written
