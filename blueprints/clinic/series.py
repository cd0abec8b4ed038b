"""Booking a series: from the form of a visit, via a preview of all dates with their conflicts."""

from flask import Response
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints.clinic.appointment_words import said_of
from blueprints.clinic.appointments import FORM_DIALOG
from blueprints.clinic.appointments import FORM_PAGE as VISIT_PAGE
from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.board_answers import shown, way_back
from blueprints.clinic.own import actor
from blueprints.clinic.series_form import SeriesForm
from blueprints.guards import own_membership, requires
from blueprints.replies import Message, invalid, page, unsaved
from extensions import db
from models.accounts import Right
from models.base import utc_now
from models.clinic import AppointmentSeries
from models.clinic.joint_change import NEW
from models.errors import Conflict

PLAN_PAGE, PLAN = "clinic/series/plan.html", "clinic/series/_plan.html"


@blueprint.post("/series/plan")
@requires(Right.BOOK)
def plan_series() -> Response:
    """All dates of the series with their conflicts; books nothing."""
    form = SeriesForm(own_membership())
    if not form.validate():
        return _wrong(form)
    form.look_at_dates()
    return page(PLAN_PAGE, PLAN, form=form)


@blueprint.post("/series")
@requires(Right.BOOK)
def book_series() -> Response:
    """Books all dates, or none."""
    own, form = own_membership(), SeriesForm(own_membership())
    if not form.validate():
        return _wrong(form)
    form.look_at_dates()
    if form.is_settled:
        try:
            visits = AppointmentSeries.plan(own.organization, form.rule(), form.bookings, actor(), utc_now())
            return shown(visits[0], _booked(len(visits)), said_of(visits[0]), way_back(visits[0], NEW))
        except Conflict:
            db.session.rollback()
            form.look_at_dates()
    said = Message("conflict", _("Не записано"), _("Проверьте даты: часть времён занята, или не осталось ни одной."))
    return unsaved(PLAN_PAGE, PLAN, 409, said, form=form)


def _booked(number: int) -> str:
    return str(ngettext("Записано: %(num)s приём", "Записано приёмов: %(num)s", number))


def _wrong(form: SeriesForm) -> Response:
    """Faults of the visit itself are corrected in its own form."""
    if set(form.errors) <= {"weeks", "times", "until"}:
        return invalid(PLAN_PAGE, PLAN, form=form)
    return invalid(VISIT_PAGE, FORM_DIALOG, form=form)
