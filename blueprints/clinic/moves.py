"""Moving and resizing visits on the board by drag and drop or keyboard."""

from flask import Response, make_response, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from blueprints.clinic.appointment_fields import instant, visit_length
from blueprints.clinic.appointment_words import closed_words, offered, place_words, said_of
from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.board_answers import (
    day_on_screen,
    in_the_way,
    outdated,
    refused,
    shown,
    way_back,
    week_on_screen,
)
from blueprints.clinic.own import APPOINTMENT, actor, own_practitioner, own_visit, seen_version
from blueprints.guards import requires
from blueprints.htmx import keep_what_is_there
from extensions import db
from models.accounts import Right
from models.base import utc_now
from models.clinic import Appointment
from models.clinic.availability import is_open
from models.clinic.booking import Booking
from models.clinic.day_topic import monday_of
from models.clinic.free_time import free_times
from models.errors import Conflict, Stale

OUTSIDE = _l("Если так и нужно, откройте запись, нажмите «Изменить» и поставьте время там.")


@blueprint.post(f"{APPOINTMENT}/time")
@requires(Right.BOOK)
def move(number: int) -> Response:
    """Moves or resizes: practitioner, start, version, and minutes if they change."""
    visit = own_visit(number)
    wanted = _wanted(visit)
    if wanted is None:
        return refused(visit, _("Не перенесено"), _("Такого времени или врача нет."))
    if not _is_open(visit, wanted):
        return _closed(visit, wanted)
    title = _title(visit, wanted)
    try:
        visit.revise(wanted, seen_version(), actor(), utc_now())
        return shown(visit, title, said_of(visit), way_back(visit, seen_version()))
    except Stale:
        return outdated(visit)
    except Conflict as conflict:
        db.session.rollback()
        return _taken(visit, wanted, in_the_way(conflict, wanted, visit))


def _wanted(visit: Appointment) -> Booking | None:
    """The requested booking; None if malformed."""
    starts_at = instant(request.form.get("start", ""), visit.organization)
    practitioner = own_practitioner(request.form.get("practitioner"))
    minutes = visit_length(request.form.get("minutes") or str(visit.minutes))
    if practitioner is None or starts_at is None or minutes is None:
        return None
    return visit.elsewhere(practitioner, starts_at, minutes)


def _title(visit: Appointment, wanted: Booking) -> str:
    is_stretched = (visit.practitioner, visit.starts_at) == (wanted.practitioner, wanted.starts_at)
    return str(_("Длительность изменена") if is_stretched else _("Перенесено"))


def _is_open(visit: Appointment, wanted: Booking) -> bool:
    """Whether the practitioner is at work; a visit that only gets shorter is always fine."""
    is_less = wanted.practitioner is visit.practitioner and visit.interval.holds(wanted.interval)
    return is_less or is_open(visit.organization, wanted.practitioner, wanted.interval)


def _closed(visit: Appointment, wanted: Booking) -> Response:
    if _is_out_of_sight(wanted):
        return _offers(visit, wanted, closed_words(visit.organization, wanted))
    return refused(visit, _("Не перенесено: приёма нет"), OUTSIDE)


def _taken(visit: Appointment, wanted: Booking, why: str) -> Response:
    if _is_out_of_sight(wanted):
        return _offers(visit, wanted, f"{why}.")
    return refused(visit, _("Не перенесено"), why)


def _is_out_of_sight(wanted: Booking) -> bool:
    """Whether the conflict is not visible on the board on screen."""
    day, week, date = day_on_screen(), week_on_screen(), wanted.starts_at.date()
    return (day is not None and date != day.date) or (week is not None and monday_of(date) != week.monday)


def _offers(visit: Appointment, wanted: Booking, why: str) -> Response:
    """The nearest free times, in a dialog, in place of the requested time."""
    organization, day = visit.organization, wanted.starts_at.date()
    free = free_times(organization, wanted, utc_now(), visit.id)
    sheet = render_template(
        "clinic/appointments/_elsewhere.html",
        visit=visit,
        wanted=wanted,
        place=place_words(wanted, organization),
        why=why,
        offers=[offered(each.start.astimezone(organization.zone), day) for each in free],
    )
    part = Markup('<hx-partial hx-target="#dialog" hx-swap="innerHTML">{}</hx-partial>').format(Markup(sheet))
    return keep_what_is_there(make_response(part, 409))
