"""The week of one practitioner: seven columns, with time running downwards."""

from datetime import date, timedelta
from typing import Any

from flask import Response, abort, render_template, url_for
from flask_babel import format_date

from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.date_tabs import date_tab
from blueprints.clinic.fragments import read_date
from blueprints.clinic.hours_rights import everybody_of, practitioners_of
from blueprints.clinic.week_fragments import VIEW, week_state, who_state
from blueprints.guards import own_membership, requires
from blueprints.replies import see
from models.accounts import Right
from models.base import utc_now
from models.clinic.day_topic import monday_of
from models.clinic.week import Week
from models.errors import NotAllowed
from models.live_topic import topic_version

SEVEN_DAYS = timedelta(days=7)


@blueprint.get("/schedule/weeks/<chosen>")
@requires(Right.SEE_OWN)
def any_week(chosen: str) -> Response:
    """The user's own week of this day, else that of the first practitioner; the day's board if there is none."""
    own, day = own_membership(), read_date(chosen) or abort(404)
    doctors = practitioners_of(own)
    first = next((each for each in doctors if each.user_id == own.user_id), doctors[0] if doctors else None)
    if first is None:
        if not own.may(Right.SEE_SCHEDULE):
            raise NotAllowed
        return see(url_for("clinic.day", chosen=day.isoformat()))
    return see(f"{_address(first.id, day)}#column-{day}")


@blueprint.get("/practitioners/<int:number>/weeks/<chosen>")
@requires(Right.SEE_OWN)
def week(number: int, chosen: str) -> str:
    """The week that contains this day; 404 for an invalid date or another clinic's practitioner."""
    own, now, day = own_membership(), utc_now(), read_date(chosen) or abort(404)
    doctors = everybody_of(own)
    doctor = next((each for each in doctors if each.id == number), None) or abort(404)
    week = Week(own.organization, doctor, monday_of(day))
    since = topic_version(week.topic)
    return render_template(
        "clinic/week/page.html",
        week=week,
        stream={"topic": week.topic, "view": VIEW, "since": since},
        state=week_state(week, now, since),
        may_book=own.may(Right.BOOK),
        may_see_all=own.may(Right.SEE_SCHEDULE),
        neighbours=[(each, _address(each.id, day)) for each in doctors if each.sees_patients],
        **_head(week, own.organization.today(now)),
    )


def _head(week: Week, today: date) -> dict[str, Any]:
    is_one_month = week.last.month == week.monday.month
    first = str(week.monday.day) if is_one_month else format_date(week.monday, "d MMMM")
    number, following = week.practitioner.id, week.monday + SEVEN_DAYS
    return {
        "who": who_state(week.practitioner),
        "title": f"{first} – {format_date(week.last, 'd MMMM')}",
        "earlier": _address(number, week.monday - SEVEN_DAYS),
        "later": _address(number, following),
        "tabs": [date_tab(following + timedelta(days=ahead), today) for ahead in range(7)],
        "this_week": None if week.monday == monday_of(today) else _address(number, today),
        "chosen_day": today if week.monday == monday_of(today) else week.monday,
    }


def _address(number: int, day: date) -> str:
    return url_for("clinic.week", number=number, chosen=monday_of(day).isoformat())
