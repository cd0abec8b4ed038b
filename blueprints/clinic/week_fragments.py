"""The live topic of a practitioner's week: whose it is, and its board, drawn with the columns of the day."""

from datetime import date, datetime

from flask import Flask, current_app
from markupsafe import Markup

from blueprints.clinic.board import Board, axis_state, column_state
from blueprints.clinic.fragments import next_of_column, read_date
from blueprints.clinic.hours_rights import may_see, practitioners_of
from blueprints.clinic.rail import ticket_state
from blueprints.clinic.topic_ids import zone_of
from extensions import db
from live.announcement import State
from live.registry import HtmlView, Ids, TopicKind
from live.render import block
from models.accounts import Membership, Organization, Right, User
from models.base import utc_now
from models.clinic import Hold, Practitioner
from models.clinic.day_topic import WEEK, WHO, monday_of, next_minute
from models.clinic.week import Week, visits_on
from models.live_topic import topic_version

TOPIC = r"clinic/(?P<organization>[1-9]\d{0,8})/week/(?P<practitioner>[1-9]\d{0,8})/(?P<date>\d{4}-\d\d-\d\d)"
VIEW = "desk"
LIST = "list"
DESK = HtmlView({WHO: "clinic/week/_who.html", WEEK: "clinic/week/_week.html"})
OWN_LIST = HtmlView({WHO: "clinic/own/_who.html", WEEK: "clinic/own/_list.html"})


def register(app: Flask) -> None:
    """Registers the topic of a practitioner's week."""
    week = TopicKind(
        name="clinic week",
        pattern=TOPIC,
        public=False,
        views={VIEW: DESK, LIST: OWN_LIST},
        may_listen=_may_listen,
        zone=zone_of,
        parts=lambda ids: [WHO, WEEK],
        load=_load,
        next_change=_next_change,
    )
    app.extensions["registry"].add(week)


def week_state(week: Week, now: datetime, version: int) -> State:
    """The whole board of a week; four statements, five for the current week. version: the topic's, read before."""
    visits, holds = week.shown(), Hold.of_practitioner(week.practitioner)
    hours = week.hours(visits)
    boards = [Board(day, hours, now, version) for day in week.days]
    today = next((board for board in boards if board.is_today), boards[0])
    return {
        "dom_id": "week",
        "version": version,
        "is_narrow": week.organization.practitioners_see_own,
        "axis": axis_state(today),
        "tickets": [ticket_state(today, each) for each in week.tickets(today.day.date)] if today.is_today else [],
        "columns": [
            {
                **column_state(board, week.practitioner, visits_on(board.day, visits), holds),
                "dom_id": f"column-{board.day.date}",
                "prefix": f"{board.day.date}-",
                "is_today": board.is_today,
            }
            for board in boards
        ],
    }


def who_state(doctor: Practitioner) -> State:
    """Whose week it is."""
    return {
        "dom_id": "who",
        "name": doctor.short_name,
        "speciality": doctor.speciality,
        "room": doctor.room.name if doctor.room else "",
    }


def own_week(own: Membership, now: datetime) -> Week | None:
    """The member's current week; None unless they see patients."""
    doctor = next((each for each in practitioners_of(own) if each.user_id == own.user_id), None)
    return Week(own.organization, doctor, monday_of(own.organization.today(now))) if doctor else None


def week_redrawn(week: Week, now: datetime, view: HtmlView) -> Markup:
    """The week for an htmx response, byte-identical to the push to this view."""
    return block(current_app, view, WEEK, week_state(week, now, topic_version(week.topic)))


def _may_listen(person: User | None, view: str, ids: Ids) -> bool:
    monday = read_date(ids["date"])
    if monday is None or monday != monday_of(monday):
        return False
    own, week = Membership.in_organization(person, int(ids["organization"])), _week(ids)
    return own is not None and week is not None and own.may(Right.SEE_OWN) and may_see(own, week.practitioner)


def _load(part: str, ids: Ids) -> State | None:
    week = _week(ids)
    if week is None:
        return None
    return who_state(week.practitioner) if part == WHO else week_state(week, utc_now(), topic_version(week.topic))


def _next_change(part: str, ids: Ids, now: datetime) -> datetime | None:
    """A day begins or ends, a wait grows by a minute, a visit runs over, a hold expires."""
    week = _week(ids)
    if week is None or part == WHO:
        return None
    moments = [
        week.turns_at(now),
        *_next_today(week, now),
        *(hold.expires_at for hold in Hold.of_practitioner(week.practitioner)),
    ]
    return min((moment for moment in moments if moment and moment > now), default=None)


def _next_today(week: Week, now: datetime) -> list[datetime]:
    today = week.organization.today(now)
    day = next((each for each in week.days if each.date == today), None)
    if day is None:
        return []
    moments = next_of_column(day, week.practitioner, visits_on(day, week.shown()), now)
    return [*moments, next_minute(now)] if week.tickets(today) else moments


def _week(ids: Ids) -> Week | None:
    number = int(ids["organization"])
    doctor = db.session.scalar(Practitioner.ever_of(number).filter_by(id=int(ids["practitioner"])))
    if doctor is None:
        return None
    return Week(db.session.get_one(Organization, number), doctor, date.fromisoformat(ids["date"]))
