"""Visits: booked, looked at, changed and moved."""

from typing import Any

from flask import Response, request
from flask_babel import gettext as _

from blueprints.clinic.appointment_fields import instant, number
from blueprints.clinic.appointment_form import AppointmentForm
from blueprints.clinic.appointment_words import changed_words, said_of
from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.board_answers import outdated, refused, shown
from blueprints.guards import own_membership, requires
from blueprints.replies import Said, page, unsaved
from extensions import db
from models.accounts import Right, User
from models.base import utc_now
from models.clinic import Appointment, Practitioner
from models.errors import Conflict, Stale

# The largest number that both databases take for a record's.
APPOINTMENT = "/appointments/<int(max=2147483647):number>"
FORM_PAGE = "clinic/appointments/form.html"
FORM_DIALOG = "clinic/appointments/_dialog.html"
FORM = "clinic/appointments/_form.html"


def own_visit(number: int) -> Appointment:
    """The visit of the member's organization; any other is a 404."""
    found: Appointment = db.first_or_404(Appointment.of(own_membership().organization_id).filter_by(id=number))
    return found


def actor() -> User:
    return own_membership().user


@blueprint.get("/appointments/new")
@requires(Right.BOOK)
def new_appointment() -> Response:
    """An empty form, or one begun by a free time on the board (practitioner, start) or a patient's card (patient)."""
    own = own_membership()
    form = AppointmentForm(own, **_begun())
    return page(FORM_PAGE, FORM_DIALOG, form=form)


@blueprint.post("/appointments")
@requires(Right.BOOK)
def book() -> Response:
    form = AppointmentForm(own_membership())
    if form.takes_offer():
        return page(FORM_PAGE, FORM, form=form)
    if form.validate():
        with form.conflicts():
            visit = Appointment.book(own_membership().organization, form.booking(), actor(), utc_now())
            return shown(visit, _("Записано"), said_of(visit))
    return _unsaved(form)


@blueprint.get(f"{APPOINTMENT}/edit")
@requires(Right.BOOK)
def edit_appointment(number: int) -> Response:
    return page(FORM_PAGE, FORM_DIALOG, form=AppointmentForm(own_membership(), own_visit(number)))


@blueprint.post(f"{APPOINTMENT}/edit")
@requires(Right.BOOK)
def revise_appointment(number: int) -> Response:
    visit = own_visit(number)
    form = AppointmentForm(own_membership(), visit)
    if form.takes_offer():
        return page(FORM_PAGE, FORM, form=form)
    if form.validate():
        with form.conflicts():
            visit.revise(form.booking(), form.seen_version, actor(), utc_now())
            return shown(visit, _("Запись изменена"), said_of(visit))
    return _unsaved(form)


@blueprint.post(f"{APPOINTMENT}/time")
@requires(Right.BOOK)
def move(number: int) -> Response:
    """To another time or practitioner, as the board's drag and keys ask for it: practitioner, start, version."""
    visit = own_visit(number)
    practitioner, starts_at = _aim()
    if practitioner is None or starts_at is None:
        return refused(visit, _("Не перенесено"), _("Такого времени или врача нет."))
    try:
        visit.move(practitioner, starts_at, _seen_version(), actor(), utc_now())
        return shown(visit, _("Перенесено"), said_of(visit))
    except Stale:
        return outdated(visit)
    except Conflict as conflict:
        db.session.rollback()
        return refused(visit, _("Не перенесено"), _reason(conflict))
