"""The live topic of a clinic's day: its parts, and who may listen."""

import re
from collections.abc import Collection, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Flask, current_app
from markupsafe import Markup

from blueprints.clinic.appointment_fields import EARLIEST, LATEST
from blueprints.clinic.board import Board, axis_state, column_state, shrinks_at
from blueprints.clinic.rail import rail_state
from blueprints.clinic.topic_ids import organization_of
from blueprints.clinic.waitlist_live import freed_state, next_moment
from live.announcement import State
from live.registry import HtmlView, Ids, TopicKind
from live.render import block
from models.accounts import Membership, Right, User
from models.base import utc_now
from models.clinic.day import Counts, Day, by_wait
from models.clinic.day_topic import AXIS, CARDS, FREED, RAIL, column_part, next_minute
from models.clinic.moves import Told, told_on
from models.clinic.practitioner import Practitioner, practitioner_ids
from models.clinic.shown_visit import ShownVisit
from models.clinic.standing import next_shift_of
from models.live_topic import topic_version
from rules.booking import Status
from rules.tickets import TicketState

TOPIC = r"clinic/(?P<organization>[1-9]\d{0,8})/(?P<date>\d{4}-\d\d-\d\d)"
VIEW = "desk"
DESK = HtmlView(
    {
        "column": "clinic/day/_column.html",
        "rail": "clinic/day/_rail.html",
        "freed": "clinic/day/_freed.html",
        "axis": "clinic/day/_axis.html",
        "cards": "clinic/day/_cards.html",
    }
)


def register(app: Flask) -> None:
    """Registers the topic of a clinic's day."""
    day = TopicKind(
        name="clinic day",
        pattern=TOPIC,
        public=False,
        views={VIEW: DESK},
        may_listen=_may_listen,
        zone=_zone,
        parts=_parts,
        load=_load,
        next_change=_next_change,
    )
    app.extensions["registry"].add(day)


def read_date(typed: str) -> date | None:
    """A calendar day in ISO form; None if malformed or outside the range of possible visits."""
    try:
        read = date.fromisoformat(typed) if re.fullmatch(r"\d{4}-\d\d-\d\d", typed, re.ASCII) else None
    except ValueError:
        return None
    return read if read and EARLIEST <= read <= LATEST else None


def page_states(day: Day, now: datetime, version: int) -> list[tuple[str, State]]:
    """Every part of the board with its state: time axis, columns, rail, freed times; seven statements for any day.

    version: the topic's, read before.
    """
    practitioners, visits = day.practitioners(), day.shown()
    board = Board(day, day.hours_of(visits), now, version)
    own: dict[int, list[ShownVisit]] = {doctor.id: [] for doctor in practitioners}
    for visit in visits:
        own[visit.practitioner_id].append(visit)
    columns = [
        (column_part(doctor.id), column_state(board, doctor, own[doctor.id], doctor.holds)) for doctor in practitioners
    ]
    beside = [(RAIL, _rail_from(board, visits, told_on(day, now))), (FREED, freed_state(day, now, version))]
    return [(AXIS, axis_state(board, practitioners)), *columns, *beside]


def part_state(day: Day, part: str, now: datetime) -> State | None:
    """The current state of one part; None if there is no such part."""
    if part == CARDS:
        return cards_state(topic_version(day.topic))
    board = Board(day, day.hours(), now, topic_version(day.topic))
    if part == AXIS:
        return axis_state(board, day.practitioners())
    if part == RAIL:
        return rail_state(board, day.counts(now), day.waiting(), day.tickets(), told_on(day, now))
    if part == FREED:
        return freed_state(day, now, board.version)
    doctor = day.practitioner(_practitioner_id(part))
    return column_state(board, doctor, day.shown(doctor.id), doctor.holds) if doctor else None


def cards_state(version: int) -> State:
    """Says only that some card's phone or IIN changed: no patient data is sent to pages without an open form."""
    return {"dom_id": "cards", "version": version}


def redrawn(day: Day, parts: Collection[str], now: datetime) -> Markup:
    """These parts for an htmx response, byte-identical to the push."""
    states = [(part, part_state(day, part, now)) for part in sorted(parts)]
    return Markup("\n").join(block(current_app, DESK, part, state) for part, state in states if state)


def _rail_from(board: Board, visits: Collection[ShownVisit], told: Told) -> State:
    waiting = by_wait(visit for visit in visits if visit.status is Status.ARRIVED)
    return rail_state(board, Counts.of(visits, board.now), waiting, board.day.tickets(), told)


def _may_listen(person: User | None, view: str, ids: Ids) -> bool:
    may_see = Membership.grants(person, int(ids["organization"]), Right.SEE_SCHEDULE)
    return may_see and read_date(ids["date"]) is not None


def _zone(ids: Ids) -> ZoneInfo:
    return _day(ids).zone


def _parts(ids: Ids) -> list[str]:
    return [AXIS, *map(column_part, practitioner_ids(int(ids["organization"]))), RAIL, FREED, CARDS]


def _load(part: str, ids: Ids) -> State | None:
    return part_state(_day(ids), part, utc_now())


def _next_change(part: str, ids: Ids, now: datetime) -> datetime | None:
    """The day begins or ends, a wait grows by a minute, an undo or a hold expires, a visit should have been marked."""
    if part == CARDS:
        return None
    day = _day(ids)
    turn = day.turns_at(now)
    passing = told_on(day, now).ends_at if part == RAIL else None
    return min((each for each in (turn, passing, turn and _next_within(day, part, now)) if each), default=None)


def _next_within(day: Day, part: str, now: datetime) -> datetime | None:
    """When the part of a day that is not over changes by itself before the day turns."""
    if part == AXIS:
        return None
    if part == FREED:
        return next_moment(day.organization, now)
    is_today = day.organization.today(now) == day.date
    if part == RAIL:
        return _next_of_rail(day, now) if is_today else None
    doctor = day.practitioner(_practitioner_id(part))
    moments = next_of_column(day, doctor, day.shown(doctor.id), now) if doctor and is_today else []
    holds = doctor.holds if doctor else []
    return min((each for each in (*moments, *(hold.expires_at for hold in holds)) if each > now), default=None)


def _next_of_rail(day: Day, now: datetime) -> datetime | None:
    is_waited_for = any(ticket.state is not TicketState.SERVED for ticket in day.tickets())
    return next_minute(now) if is_waited_for or day.waiting() else day.next_unmarked_at(now)


def next_of_column(day: Day, doctor: Practitioner, visits: Sequence[ShownVisit], now: datetime) -> list[datetime]:
    """When a wait grows by a minute, a visit runs over, or less free time remains."""
    is_waited_for = any(visit.status is Status.ARRIVED for visit in visits)
    moments = (next_minute(now) if is_waited_for else next_shift_of(visits, now), shrinks_at(day, doctor, visits, now))
    return [moment for moment in moments if moment]


def _day(ids: Ids) -> Day:
    return Day(organization_of(ids), date.fromisoformat(ids["date"]))


def _practitioner_id(part: str) -> int:
    return int(part.partition("/")[2])
