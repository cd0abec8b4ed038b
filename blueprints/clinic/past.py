"""The board of a day as it was, read-only: the owner steps through its history."""

import re
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from flask import Response, abort, request, url_for
from flask_babel import format_date

from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.board import Board, axis_state, column_state
from blueprints.clinic.fragments import read_date
from blueprints.clinic.history_words import HistoryWords
from blueprints.clinic.rail import rail_state
from blueprints.guards import own_membership, requires
from blueprints.replies import page
from live.announcement import State
from models.accounts import Organization, Right
from models.base import utc_now
from models.clinic import AuditEvent
from models.clinic.day import Counts, Day, by_wait
from models.clinic.moves import Told
from models.clinic.past import PastDay
from models.clinic.shown_visit import ShownVisit
from rules.booking import Status


@blueprint.get("/schedule/<chosen>/past")
@requires(Right.SEE_HISTORY)
def past_day(chosen: str) -> Response:
    """After a number of events (step), or as of a moment (at); by default, after all of them."""
    own, now = own_membership(), utc_now()
    day = Day(own.organization, read_date(chosen) or abort(404))
    past = PastDay(day, day.practitioners())
    events = past.events()
    step = _step(events, own.organization)
    event = events[step - 1] if step else None
    return page(
        "clinic/past/page.html",
        "clinic/past/_board.html",
        day=day,
        event=event,
        words=HistoryWords(own.organization, now),
        **_steps(day, step, len(events)),
        **_drawn(past, past.visits(events[:step]), event.at if event else day.whole.start),
    )


def _step(events: Sequence[AuditEvent], organization: Organization) -> int:
    """How many events are to be applied; invalid values count as missing."""
    at, typed = _end_of_minute(request.args.get("at", ""), organization), request.args.get("step", "")
    if at:
        return sum(event.at < at for event in events)
    is_number = typed.isascii() and typed.isdigit() and len(typed) < 7
    return min(int(typed), len(events)) if is_number else len(events)


def _end_of_minute(typed: str, organization: Organization) -> datetime | None:
    """The end of a local minute such as 2026-11-21T10:32; None if malformed."""
    day, _t, clock = typed.partition("T")
    date, is_clock = read_date(day), re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", clock, re.ASCII)
    if date is None or not is_clock:
        return None
    return datetime.combine(date, time.fromisoformat(clock), organization.zone) + timedelta(minutes=1)


def _steps(day: Day, step: int, last: int) -> dict[str, Any]:
    """The current step, and the addresses of the previous and next ones."""

    def address(number: int) -> str | None:
        return url_for("clinic.past_day", chosen=day.date, step=number) if 0 <= number <= last else None

    words = format_date(day.date, "d MMMM")
    return {"step": step, "last": last, "earlier": address(step - 1), "later": address(step + 1), "date_words": words}


def _drawn(past: PastDay, visits: Sequence[ShownVisit], at: datetime) -> dict[str, Any]:
    """The board's parts without any controls."""
    board = Board(past.day, past.day.hours_of(visits), at, 0)
    columns = [
        column_state(board, doctor, [visit for visit in visits if visit.practitioner_id == doctor.id])
        for doctor in past.practitioners
    ]
    waiting = by_wait(visit for visit in visits if visit.status is Status.ARRIVED)
    return {
        "axis": axis_state(board),
        "columns": [_read_only(column) for column in columns],
        "rail": rail_state(board, Counts.of(visits, at), waiting, tickets=(), told=Told()),
        "at": at,
    }


def _read_only(column: State) -> State:
    visits = tuple(item._replace(is_movable=False) for item in column["items"] if item.kind == "visit")
    return {**column, "items": visits, "free": ""}
