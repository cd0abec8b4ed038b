"""What the screen of the waiting room shows, in values that know no language and name nobody.

It hangs where everybody looks, and travels through Redis: initials, times and rooms, and nothing else of a person.
"""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Flask

from live.announcement import State
from live.registry import HtmlView, TopicKind
from models.accounts import Organization, User
from models.base import utc_now
from models.clinic import Appointment
from models.clinic.day import Day
from models.clinic.screen import ROOM, Screen
from models.live_topic import topic_version

VIEW = "board"
CALLS_SHOWN = 5
WAITING_SHOWN = 7
# A room's number is drawn in figures; a name in words would not fit.
LONGEST_NUMBER = 4

Ids = Mapping[str, str]


def register(app: Flask) -> None:
    """Tells the application about the screens' topics."""
    screens = TopicKind(
        name="waiting room",
        pattern=r"waiting-room/(?P<code>[\w-]{1,64})",
        public=True,
        views={VIEW: HtmlView({ROOM: "clinic/waiting_room/_room.html"})},
        may_listen=_may_listen,
        zone=_zone,
        parts=lambda ids: [ROOM],
        load=_load,
        next_change=_next_change,
    )
    app.extensions["registry"].add(screens)


def room_state(screen: Screen, now: datetime) -> State:
    """Who was called, the newest first, and who waits, by the time of their visit; three statements."""
    organization = screen.organization
    day = Day(organization, organization.today(now))
    waiting = sorted(day.waiting(), key=lambda visit: (visit.starts_at, visit.id))
    return {
        "dom_id": "room",
        "version": topic_version(screen.topic),
        "calls": [_called(visit) for visit in day.inside()[:CALLS_SHOWN]],
        "waiting": [_waiting(visit, organization) for visit in waiting[:WAITING_SHOWN]],
        "more": len(waiting[WAITING_SHOWN:]),
    }


def _called(visit: Appointment) -> State:
    return {**_shown(visit), "since": visit.status_since.isoformat()}


def _waiting(visit: Appointment, organization: Organization) -> State:
    return {**_shown(visit), "clock": f"{visit.starts_at.astimezone(organization.zone):%H:%M}"}


def _shown(visit: Appointment) -> State:
    names = (visit.patient.given_name, visit.patient.family_name)
    room = visit.room.name if visit.room else ""
    return {
        "initials": " ".join(f"{name[0].upper()}." for name in names if name),
        "room": room,
        "is_number": 0 < len(room) <= LONGEST_NUMBER,
        "practitioner": visit.practitioner.short_name,
    }


def _may_listen(person: User | None, view: str, ids: Ids) -> bool:
    return Screen.with_code(ids["code"]) is not None


def _zone(ids: Ids) -> ZoneInfo:
    screen = Screen.with_code(ids["code"])
    return screen.organization.zone if screen else ZoneInfo("UTC")


def _load(part: str, ids: Ids) -> State | None:
    screen = Screen.with_code(ids["code"])
    return room_state(screen, utc_now()) if screen else None


def _next_change(part: str, ids: Ids, now: datetime) -> datetime | None:
    screen = Screen.with_code(ids["code"])
    return screen.organization.midnight_after(now) if screen else None
