"""Live parts of the waiting list: the list, and on the boards the freed times with matching entries."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask

from blueprints.clinic.topic_ids import organization_of, zone_of
from extensions import db
from live.announcement import State
from live.registry import HtmlView, Ids, TopicKind
from models.accounts import Membership, Organization, Right, User
from models.base import utc_now
from models.clinic import FreedTime, Practitioner, WaitlistEntry
from models.clinic.day import Day
from models.clinic.day_topic import WAITLIST, waitlist_topic
from models.live_topic import topic_version
from rules.waitlist import call_order, suits

TOPIC = r"clinic/(?P<organization>[1-9]\d{0,8})/waitlist"
VIEW = "desk"
LIST = HtmlView({WAITLIST: "clinic/waitlist/_list.html"})
CALLS_SHOWN = 3


def register(app: Flask) -> None:
    """Registers the topic of a clinic's waiting list."""
    waiting = TopicKind(
        name="waiting list",
        pattern=TOPIC,
        public=False,
        views={VIEW: LIST},
        may_listen=_may_listen,
        zone=zone_of,
        parts=lambda ids: [WAITLIST],
        load=_load,
        next_change=_next_change,
    )
    app.extensions["registry"].add(waiting)


def list_state(organization: Organization, now: datetime, version: int) -> State:
    """All open entries; two statements."""
    names = {each.id: each.short_name for each in Practitioner.all_of(organization.id)}
    entries = WaitlistEntry.waiting(organization, now)
    return {
        "dom_id": "waitlist",
        "version": version,
        "entries": [
            {
                **_entry(entry, organization.zone, now),
                "whom": [names[number] for number in entry.practitioner_ids if number in names],
                "weekdays": entry.weekdays,
                "parts": entry.parts,
                "until": entry.until.isoformat() if entry.until else "",
                "added": entry.added_at.astimezone(organization.zone).date().isoformat(),
            }
            for entry in entries
        ],
    }


def freed_state(day: Day, now: datetime, version: int) -> State:
    """The day's freed times, on today's board also later ones, with matching entries; one statement."""
    is_today = day.organization.today(now) == day.date
    known: dict[int, tuple[FreedTime, list[WaitlistEntry]]] = {}
    for freed, entry in WaitlistEntry.beside_freed(day.organization, now, None if is_today else day.whole):
        known.setdefault(freed.id, (freed, []))[1].append(entry)
    shown = [_freed(freed, entries, day, now) for freed, entries in known.values()]
    times = [each for each in shown if each["count"]]
    return {"dom_id": "freed", "version": version, "times": sorted(times, key=lambda each: each["start"])}


def next_moment(organization: Organization, now: datetime) -> datetime | None:
    """When the list next changes by itself: a claim expires, or a freed time begins."""
    claims = [entry.claimed_until for entry in WaitlistEntry.waiting(organization, now)]
    starts = [freed.starts_at for freed in db.session.scalars(FreedTime.ahead(organization.id, now))]
    return min((each for each in (*claims, *starts) if each and each > now), default=None)


def _freed(freed: FreedTime, entries: Iterable[WaitlistEntry], day: Day, now: datetime) -> State:
    opening = freed.opening
    fitting = [entry for entry in entries if suits(entry.wish, opening)]
    fitting.sort(key=lambda entry: call_order(entry.wish))
    return {
        "id": freed.id,
        "day": opening.starts_at.date().isoformat(),
        "is_other_day": opening.starts_at.date() != day.date,
        "clock": f"{opening.starts_at:%H:%M}",
        "start": f"{opening.starts_at:%Y-%m-%dT%H:%M}",
        "practitioner": freed.practitioner.short_name,
        "practitioner_id": freed.practitioner_id,
        "count": len(fitting),
        "entries": [_entry(entry, day.zone, now) for entry in fitting[:CALLS_SHOWN]],
    }


def _entry(entry: WaitlistEntry, zone: ZoneInfo, now: datetime) -> State:
    patient = entry.patient
    is_claimed = entry.is_claimed(now)
    told: dict[str, Any] = {
        "id": entry.id,
        "revision": entry.version,
        "patient": patient.id,
        "name": patient.short_name,
        "phone": patient.phone or patient.contact_phone or "",
        "key": patient.phone_key or patient.contact_phone_key or "",
        "is_urgent": entry.is_urgent,
        "service": entry.service.name if entry.service else "",
        "service_id": entry.service_id,
        "note": entry.note,
        "caller": entry.claimed_by.name if is_claimed and entry.claimed_by else "",
        "until_clock": "",
    }
    if is_claimed and entry.claimed_until:
        told["until_clock"] = f"{entry.claimed_until.astimezone(zone):%H:%M}"
    return told


def _may_listen(person: User | None, view: str, ids: Ids) -> bool:
    return Membership.grants(person, int(ids["organization"]), Right.SEE_PATIENTS)


def _next_change(part: str, ids: Ids, now: datetime) -> datetime:
    """A claim expires, a freed time begins, or the last day of an entry is over."""
    organization = organization_of(ids)
    midnight = organization.midnight_after(now)
    return min(midnight, next_moment(organization, now) or midnight)


def _load(part: str, ids: Ids) -> State | None:
    organization = organization_of(ids)
    return list_state(organization, utc_now(), topic_version(waitlist_topic(organization.id)))
