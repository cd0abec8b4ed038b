"""What of the waiting list is live: the list itself, and on the boards the freed times with those whom they suit."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask

from extensions import db
from live.announcement import State
from live.registry import HtmlView, TopicKind
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

Ids = Mapping[str, str]


def register(app: Flask) -> None:
    """Tells the application about the topic of a clinic's waiting list."""
    waiting = TopicKind(
        name="waiting list",
        pattern=TOPIC,
        public=False,
        views={VIEW: LIST},
        may_listen=_may_listen,
        zone=lambda ids: _organization(ids).zone,
        parts=lambda ids: [WAITLIST],
        load=_load,
        next_change=lambda part, ids, now: next_moment(_organization(ids), now),
    )
    app.extensions["registry"].add(waiting)


def list_state(organization: Organization, now: datetime, version: int) -> State:
    """Everybody who waits; two statements."""
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
    """The freed times of the day, on today's board those of later days too, with whom to call; one statement."""
    is_today = day.organization.today(now) == day.date
    known: dict[int, tuple[FreedTime, list[WaitlistEntry]]] = {}
    for freed, entry in WaitlistEntry.beside_freed(day.organization, now):
        known.setdefault(freed.id, (freed, []))[1].append(entry)
    shown = [_freed(freed, entries, day, now) for freed, entries in known.values()]
    times = [each for each in shown if each["count"] and (is_today or each["day"] == day.date.isoformat())]
    return {"dom_id": "freed", "version": version, "times": sorted(times, key=lambda each: each["start"])}


def next_moment(organization: Organization, now: datetime) -> datetime | None:
    """When something of it changes by itself: a claim ends, or a freed time begins."""
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
    membership = Membership.in_organization(person, int(ids["organization"]))
    return membership is not None and membership.may(Right.SEE_PATIENTS)


def _load(part: str, ids: Ids) -> State | None:
    organization = _organization(ids)
    return list_state(organization, utc_now(), topic_version(waitlist_topic(organization.id)))


def _organization(ids: Ids) -> Organization:
    return db.session.get_one(Organization, int(ids["organization"]))
