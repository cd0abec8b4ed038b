"""The day's board: one column per practitioner, with time running downwards."""

from datetime import date, timedelta
from typing import Any

from flask import Response, abort, render_template, url_for
from flask_babel import format_date

from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.date_tabs import date_tab, day_address
from blueprints.clinic.date_words import headline
from blueprints.clinic.fragments import VIEW, cards_state, page_states, read_date
from blueprints.guards import own_membership, requires
from blueprints.replies import see
from models.accounts import Membership, Right, Role
from models.base import utc_now
from models.clinic.day import Day
from models.live_topic import topic_version

DAYS_BEFORE, DAYS_AFTER = 2, 4


@blueprint.get("/schedule")
@requires(Right.SEE_OWN)
def today() -> Response:
    """Redirects to today in the clinic's time zone; practitioners to their own list."""
    if own_membership().role is Role.PRACTITIONER:
        return see(url_for("clinic.own_day"))
    date_now = own_membership().organization.today(utc_now())
    return see(url_for("clinic.day", chosen=date_now.isoformat()))


@blueprint.get("/schedule/<chosen>")
@requires(Right.SEE_OWN)
def day(chosen: str) -> str | Response:
    """The board of one day, 404 for an invalid date; who sees only their own is led to their week."""
    own, now = own_membership(), utc_now()
    day = Day(own.organization, read_date(chosen) or abort(404))
    if not own.may(Right.SEE_SCHEDULE):
        return see(url_for("clinic.any_week", chosen=chosen))
    since = topic_version(day.topic)
    axis, *columns, rail, freed = (state for _part, state in page_states(day, now, since))
    shown = {"axis": axis, "columns": columns, "rail": rail, "freed": freed, "cards": cards_state(since)}
    return render_template(
        "clinic/day/page.html",
        day=day,
        stream={"topic": day.topic, "view": VIEW, "since": since},
        **shown,
        **_rights(own),
        **_head(day.date, own.organization.today(now)),
    )


def _rights(own: Membership) -> dict[str, bool]:
    """The actions that the board offers."""
    return {
        "may_book": own.may(Right.BOOK),
        "may_look_back": own.may(Right.SEE_HISTORY),
        "may_staff": own.may(Right.MANAGE_STAFF),
    }


def _head(chosen: date, today: date) -> dict[str, Any]:
    """The date in words, its neighbours as tabs, and links to a week before and after."""
    week = timedelta(days=7)
    return {
        "title": headline(chosen),
        "date_words": format_date(chosen, "d MMMM"),
        "tabs": [
            date_tab(chosen + timedelta(days=step), today, chosen) for step in range(-DAYS_BEFORE, DAYS_AFTER + 1)
        ],
        "earlier": day_address(chosen - week),
        "later": day_address(chosen + week),
        "has_begun": chosen <= today,
        "today": None if chosen == today else day_address(today),
    }
