"""A month at a glance: a table of days, each linking to its board."""

import re
from datetime import date, timedelta
from typing import Any

from flask import Response, abort, request, url_for
from flask_babel import format_date

from blueprints.clinic.appointment_fields import record_number
from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.date_words import headline
from blueprints.clinic.fragments import read_date
from blueprints.clinic.hours_rights import everybody_of
from blueprints.clinic.news_live import MONTH_NEWS
from blueprints.guards import own_membership, requires
from blueprints.replies import page
from models.accounts import Right
from models.base import utc_now
from models.clinic import Practitioner
from models.clinic.month import DaySum, Month

HOUR = timedelta(hours=1)


@blueprint.get("/schedule/months/<chosen>")
@requires(Right.SEE_SCHEDULE)
def month(chosen: str) -> Response:
    """A month such as 2026-11, for everybody or one practitioner; 404 if malformed."""
    own, now, first = own_membership(), utc_now(), _read_month(chosen) or abort(404)
    today, live = own.organization.today(now), MONTH_NEWS.live(own.organization_id)
    doctors = everybody_of(own)
    doctor = next((each for each in doctors if each.id == record_number(request.args.get("practitioner"))), None)
    shown = Month(own.organization, [doctor] if doctor else doctors, first)
    cells = [_cell(each, first, today, doctor) for each in shown.sums(now)]
    return page(
        "clinic/month/page.html",
        "clinic/month/_table.html",
        rows=[cells[begin : begin + 7] for begin in range(0, len(cells), 7)],
        people=_people(first, doctors, doctor),
        today=today,
        **live,
        **_head(first, today, doctor),
    )


def _people(first: date, doctors: list[Practitioner], chosen: Practitioner | None) -> list[tuple[Any, ...]]:
    """Everybody together, and each one who sees patients, with the address of the month and whether it is this one."""
    here = [each for each in doctors if each.sees_patients]
    return [(each, _address(first, each), each is chosen) for each in (None, *here)]


def _read_month(typed: str) -> date | None:
    return read_date(f"{typed}-01") if re.fullmatch(r"\d{4}-\d\d", typed, re.ASCII) else None


def _cell(day: DaySum, first: date, today: date, doctor: Practitioner | None) -> dict[str, Any]:
    iso = day.date.isoformat()
    own_week = url_for("clinic.week", number=doctor.id, chosen=iso, _anchor=f"column-{iso}") if doctor else None
    return {
        "url": own_week or url_for("clinic.day", chosen=iso),
        "iso": iso,
        "number": day.date.day,
        "words": format_date(day.date, "EEEE, d MMMM"),
        "visits": day.visits,
        "free": int(day.free / HOUR),
        "is_closed": not day.open,
        "is_full": bool(day.open) and day.date >= today and day.free < HOUR,
        "is_past": day.date < today,
        "is_today": day.date == today,
        "is_other": day.date.month != first.month,
    }


def _head(first: date, today: date, doctor: Practitioner | None) -> dict[str, Any]:
    is_now = (first.year, first.month) == (today.year, today.month)
    return {
        "title": headline(first, "LLLL y"),
        "here": _address(first, doctor),
        "earlier": _address(first - timedelta(days=1), doctor),
        "later": _address(first + timedelta(days=31), doctor),
        "this_month": None if is_now else _address(today, doctor),
        "chosen_day": today if is_now else first,
    }


def _address(day: date, doctor: Practitioner | None) -> str:
    return url_for("clinic.month", chosen=f"{day:%Y-%m}", practitioner=doctor.id if doctor else None)
