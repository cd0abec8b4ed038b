"""The state of the waiting room's screen, language-neutral and without names.

The screen is public, and its state travels through Redis: tickets, initials, times and rooms, no other personal data.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Flask

from live.announcement import State
from live.registry import HtmlView, Ids, TopicKind
from models.accounts import Organization, User
from models.base import utc_now
from models.clinic import QueueTicket
from models.clinic.day import Day
from models.clinic.screen import ROOM, Screen
from models.clinic.shown_visit import ShownVisit
from models.clinic.standing import expected_times, next_shift_of
from models.live_topic import topic_version
from rules.booking import Status
from rules.tickets import TicketState

VIEW = "board"
CALLS_SHOWN = 5
WAITING_SHOWN = 7
# A room's number is drawn in figures; a name in words would not fit.
LONGEST_NUMBER = 4


def register(app: Flask) -> None:
    """Registers the topics of screens."""
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
        is_secret=True,
    )
    app.extensions["registry"].add(screens)


def room_state(screen: Screen, now: datetime) -> State:
    """Who was called, the newest first, and who waits, by the time of their visit or ticket; three statements.

    Holders of tickets who were booked keep their number and their place.
    """
    organization = screen.organization
    day = Day(organization, organization.today(now))
    visits, tickets = day.shown(), day.tickets()
    expected = expected_times(visits, now)
    called = [ticket for ticket in tickets if ticket.state is TicketState.CALLED]
    held = {ticket.appointment_id: ticket for ticket in tickets if ticket.appointment_id}
    inside = [visit for visit in visits if visit.status is Status.CHECKED_IN]
    calls = [_visit(visit, visit.status_since, held.get(visit.id)) for visit in inside]
    calls += [_ticket(ticket, ticket.state_since) for ticket in called]
    here = [visit for visit in visits if visit.status is Status.ARRIVED]
    waiting = [_waiter(visit, held.get(visit.id), expected.get(visit.id), day) for visit in here]
    waiting += [_ticket(ticket, ticket.taken_at) for ticket in tickets if ticket.state is TicketState.WAITING]
    waiting.sort(key=lambda each: each["since"])
    return {
        "dom_id": "room",
        "version": topic_version(screen.topic),
        "date": day.date.isoformat(),
        "second": screen.second_language.value if screen.second_language else "",
        "calls": sorted(calls, key=lambda each: each["since"], reverse=True)[:CALLS_SHOWN],
        "waiting": [{**each, "clock": _clock(each, organization)} for each in waiting[:WAITING_SHOWN]],
        "more": len(waiting[WAITING_SHOWN:]),
    }


def _clock(each: State, organization: Organization) -> str:
    return f"{datetime.fromisoformat(each['since']).astimezone(organization.zone):%H:%M}"


def _waiter(visit: ShownVisit, ticket: QueueTicket | None, expected: datetime | None, day: Day) -> State:
    about = f"{expected.astimezone(day.zone):%H:%M}" if expected else ""
    since = ticket.taken_at if ticket else visit.interval.start
    return {**_visit(visit, since, ticket), "expected": about}


def _visit(visit: ShownVisit, since: datetime, ticket: QueueTicket | None) -> State:
    if ticket:
        return {**_ticket(ticket, since), **_place(visit.practitioner, visit.room)}
    initials = " ".join(f"{name[0].upper()}." for name in (visit.given_name, visit.family_name) if name)
    return {"initials": initials, "code": "", "since": since.isoformat(), **_place(visit.practitioner, visit.room)}


def _ticket(ticket: QueueTicket, since: datetime) -> State:
    doctor = ticket.practitioner
    room = doctor.room.name if doctor and doctor.room else None
    told = {"initials": "", "code": ticket.code, "kind": ticket.kind.value, "since": since.isoformat()}
    return {**told, **_place(doctor.short_name if doctor else "", room)}


def _place(practitioner: str, room: str | None) -> State:
    """Where to go: a room's number is drawn large; without a practitioner, to the desk."""
    name = room or ""
    return {"room": name, "is_number": 0 < len(name) <= LONGEST_NUMBER, "practitioner": practitioner}


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
    if screen is None:
        return None
    day = Day(screen.organization, screen.organization.today(now))
    moments = (screen.organization.midnight_after(now), next_shift_of(day.shown(), now))
    return min(moment for moment in moments if moment)
