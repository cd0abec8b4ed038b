"""Booking, viewing and changing visits."""

from typing import Any

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _

from blueprints.clinic.appointment_fields import instant, record_number
from blueprints.clinic.appointment_form import AppointmentForm
from blueprints.clinic.appointment_words import said_of
from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.board_answers import shown, way_back
from blueprints.clinic.fragments import read_date
from blueprints.clinic.own import APPOINTMENT, actor, own_practitioner, own_visit
from blueprints.clinic.series_words import changed_title
from blueprints.guards import own_membership, requires
from blueprints.replies import Message, page, unsaved
from extensions import db
from models.accounts import Membership, Right
from models.base import utc_now
from models.clinic import Appointment, Hold, QueueTicket, WaitlistEntry
from models.clinic.series import revise_visits

FORM_PAGE = "clinic/appointments/form.html"
FORM_DIALOG = "clinic/appointments/_dialog.html"
FORM = "clinic/appointments/_form.html"


@blueprint.get("/appointments/new")
@requires(Right.BOOK)
def new_appointment() -> Response:
    """An empty form, or one prefilled from a free time (practitioner, start) or a patient's card (patient)."""
    own = own_membership()
    return page(FORM_PAGE, FORM_DIALOG, form=AppointmentForm(own, **_begun(own)))


@blueprint.post("/appointments")
@requires(Right.BOOK)
def book() -> Response:
    form = AppointmentForm(own_membership())
    if form.takes_offer() or form.looks_for_nearest():
        return page(FORM_PAGE, FORM, form=form)
    if form.validate():
        with form.conflicts():
            visit = Appointment.book(own_membership().organization, form.booking(), actor(), utc_now())
            _close_wish(visit, form.wish.data)
            undo = _seat_holder(visit, form.ticket.data) or _slip(visit)
            Hold.release(own_membership().organization, actor(), utc_now())
            return shown(visit, _("Записано"), said_of(visit), undo)
    return _unsaved(form)


@blueprint.post("/appointments/check")
@blueprint.post(f"{APPOINTMENT}/check")
@requires(Right.BOOK)
def check_appointment(number: int | None = None) -> str:
    """The date and time fields, redrawn with any conflict while the form is being filled in."""
    form = AppointmentForm(own_membership(), own_visit(number) if number else None)
    form.look()
    return render_template("clinic/appointments/_times.html", form=form)


@blueprint.get(f"{APPOINTMENT}/edit")
@requires(Right.BOOK)
def edit_appointment(number: int) -> Response:
    return page(FORM_PAGE, FORM_DIALOG, form=AppointmentForm(own_membership(), own_visit(number)))


@blueprint.post(f"{APPOINTMENT}/edit")
@requires(Right.BOOK)
def revise_appointment(number: int) -> Response:
    visit = own_visit(number)
    form = AppointmentForm(own_membership(), visit)
    if form.takes_offer() or form.looks_for_nearest():
        return page(FORM_PAGE, FORM, form=form)
    if form.validate():
        with form.conflicts():
            changed = revise_visits(visit, form.booking(), form.chosen_scope, form.seen_version, actor(), utc_now())
            return shown(visit, changed_title(len(changed)), said_of(visit), way_back(visit, form.seen_version))
    return _unsaved(form)


def _close_wish(visit: Appointment, typed: object) -> None:
    """Settles the waiting list entry from which the visit was booked, if any."""
    wanted = record_number(typed)
    entry = db.session.scalar(WaitlistEntry.of(visit.organization_id).filter_by(id=wanted)) if wanted else None
    if entry:
        entry.close_by(visit, actor(), utc_now())


def _seat_holder(visit: Appointment, typed: object) -> tuple[str, str] | None:
    """Serves the ticket from which the visit was booked, if any; returns how to undo that."""
    wanted = record_number(typed)
    ticket = db.session.scalar(QueueTicket.of(visit.organization_id).filter_by(id=wanted)) if wanted else None
    if ticket is None:
        return None
    ticket.seat(visit, actor(), utc_now())
    return _("Вернуть в очередь"), url_for("clinic.return_to_queue", number=ticket.id)


def _slip(visit: Appointment) -> tuple[str, str]:
    return _("Убрать запись"), url_for("clinic.undo_booking", number=visit.id, _method="POST")


def _unsaved(form: AppointmentForm) -> Response:
    """The form with its input and faults, and a toast that names the kind of fault."""
    if form.is_stale and form.visit:
        said = Message("conflict", _("Запись уже изменили"), form.newer(form.visit))
    elif form.is_stale and form.ticket.data:
        form.ticket.raw_data = form.ticket.data = None
        said = Message(
            "conflict", _("Талон уже отметили"), _("Запись ещё не сделана. Если она нужна, запишите ещё раз.")
        )
    elif form.is_stale:
        text = _("Её объединили с другой или убрали. Выберите пациента ещё раз.")
        said = Message("conflict", _("Карты этого пациента больше нет"), text)
    elif form.is_outside:
        said = Message("input", _("Вне часов приёма"), _("Выберите другое время или отметьте, что так и нужно."))
    elif form.is_taken:
        said = Message("conflict", _("Не записано: занято"), _("Введённое осталось в форме, выберите другое время."))
    else:
        said = Message("input", _("Проверьте форму"), _("Отмеченные поля нужно исправить."))
    return unsaved(FORM_PAGE, FORM, 409 if form.is_stale else 422, said, form=form, trouble=said.text)


def _begun(own: Membership) -> dict[str, Any]:
    """The initial values in the address; invalid ones are ignored."""
    start = request.args.get("start", "")
    starts_at = instant(start, own.organization)
    practitioner = own_practitioner(request.args.get("practitioner"))
    return {
        "patient": request.args.get("patient"),
        "wish": record_number(request.args.get("wish")),
        "practitioner": practitioner.id if practitioner else None,
        "service": record_number(request.args.get("service")),
        "date": starts_at.date() if starts_at else read_date(start) or own.organization.today(utc_now()),
        "time": starts_at.time() if starts_at else None,
    }
