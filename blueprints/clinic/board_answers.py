"""Responses to changes made from a board."""

import re

from flask import Response, flash, make_response, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from blueprints.clinic.appointment_fields import record_number
from blueprints.clinic.appointment_words import changed_words, conflict_words
from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.card_fragments import CardOnScreen
from blueprints.clinic.fragments import read_date, redrawn
from blueprints.clinic.hours_rights import may_see, may_see_patient
from blueprints.clinic.own import own_practitioner
from blueprints.clinic.week_fragments import DESK, OWN_LIST, own_week, week_redrawn
from blueprints.errors import ErrorMessage, answer
from blueprints.guards import own_membership
from blueprints.htmx import keep_what_is_there, page_on_screen
from blueprints.replies import Undo, see, toast
from extensions import db
from models.accounts import Right
from models.base import utc_now
from models.clinic import Appointment, JointChange, Patient
from models.clinic.appointment import OutOfTurn
from models.clinic.booking import Booking
from models.clinic.day import Day
from models.clinic.day_topic import column_part, monday_of
from models.clinic.free_time import reason
from models.clinic.week import Week
from models.errors import Conflict
from models.live_topic import touched_parts

OUT_OF_TURN = ErrorMessage(
    "conflict",
    "forbidden",
    409,
    _l("Так уже нельзя"),
    _l("Приём завершён или отменён. Откройте запись: там видно, что с ней можно сделать."),
)


def day_address(visit: Appointment) -> str:
    """The address of the visit's board, scrolled to the visit."""
    starts_on = visit.starts_at.astimezone(visit.organization.zone).date()
    return url_for("clinic.day", chosen=starts_on.isoformat(), _anchor=f"appointment-{visit.id}")


def shown(visit: Appointment, title: str, text: str, undo: tuple[str, str] | None = None) -> Response:
    """Commits, and updates the board, list or card on screen; else redirects to the visit's board, or back to the card.

    title: what happened, without a name; undo: label and address of the undo action, or None.
    """
    fresh = committed_on_screen()
    if fresh is None:
        flash(title, "done")
        is_on_card = request.form.get("from") == "card"
        return see(url_for("clinic.patient", patient_id=visit.patient_id) if is_on_card else day_address(visit))
    back = Undo(*undo, visit.version) if undo else None
    return dialog_done(fresh + toast("done", title, text, undo=back))


def committed_on_screen() -> Markup | None:
    """Commits, and redraws the changed parts of the board, list or card on screen; None if there is none."""
    board = day_on_screen() or week_on_screen() or own_list_on_screen() or card_on_screen()
    parts = touched_parts(board.topic) if board else set()
    db.session.commit()
    if isinstance(board, CardOnScreen):
        return board.redrawn(parts, utc_now())
    if isinstance(board, Week):
        return _redrawn_week(board) if parts else Markup()
    return redrawn(board, parts, utc_now()) if board else None


def way_back(visit: Appointment, version: int) -> tuple[str, str] | None:
    """Label and address for undoing the latest change of the booking, alone or with others.

    version: the visit's before; None if it is unchanged and there is nothing to undo.
    """
    if version == visit.version:
        return None
    together = JointChange.newest_of(visit)
    if together:
        return _("Вернуть всё"), url_for("clinic.undo_joint_change", number=together.id)
    if visit.newest_revision:
        return _("Вернуть как было"), url_for("clinic.undo_booking", number=visit.id, _method="POST")
    return None


def dialog_done(said: Markup) -> Response:
    """Closes the dialog and leaves the page as it is."""
    response = keep_what_is_there(make_response(said))
    response.headers["HX-Trigger"] = "closeDialog"
    return response


def outdated(visit: Appointment) -> Response:
    """Somebody else was faster: who, when, and on a board the visit as it is now."""
    db.session.rollback()
    trouble = ErrorMessage("conflict", "forbidden", 409, _("Запись уже изменили"), changed_words(visit))
    return _with_column(answer(trouble), visit)


def in_the_way(conflict: Conflict, booking: Booking, visit: Appointment) -> str:
    """Why the visit cannot be there; to be called after the rollback."""
    return conflict_words(reason(conflict, booking, visit.id))


def refused(visit: Appointment, title: str, text: str) -> Response:
    """Reports a conflict for an action without a form."""
    return _with_column(answer(ErrorMessage("conflict", "forbidden", 409, title, text)), visit)


@blueprint.errorhandler(OutOfTurn)
def out_of_turn(error: OutOfTurn) -> Response:
    db.session.rollback()
    return answer(OUT_OF_TURN)


def with_board(response: Response, part: str) -> Response:
    """Adds this part of the day on screen, else the week or own list on it, to an htmx response."""
    day, week = day_on_screen(), week_on_screen() or own_list_on_screen()
    fresh = redrawn(day, {part}, utc_now()) if day else Markup()
    if week:
        fresh = _redrawn_week(week)
    response.data = response.get_data() + str(fresh).encode()
    return response


def _with_column(response: Response, visit: Appointment) -> Response:
    return with_board(response, column_part(visit.practitioner_id))


def _redrawn_week(week: Week) -> Markup:
    return week_redrawn(week, utc_now(), DESK if week_on_screen() else OWN_LIST)


def own_list_on_screen() -> Week | None:
    """The week of the practitioner's own list that the browser is showing, as its request says."""
    is_own = page_on_screen(re.escape(url_for("clinic.own_day")))
    return own_week(own_membership(), utc_now()) if is_own else None


def week_on_screen() -> Week | None:
    """The week that the browser is showing, as its request says; None if the member may not see it."""
    found = page_on_screen(r"/practitioners/(\d+)/weeks/([0-9-]+)")
    doctor, date = (own_practitioner(found[1]), read_date(found[2])) if found else (None, None)
    own = own_membership()
    return Week(own.organization, doctor, monday_of(date)) if doctor and date and may_see(own, doctor) else None


def card_on_screen() -> CardOnScreen | None:
    """The patient's card that the browser is showing, as its request says; None if the member may not see it."""
    found, own = page_on_screen(r"/patients/(\d+)"), own_membership()
    number = record_number(found[1]) if found else None
    card = db.session.scalar(Patient.known(own.organization_id).filter_by(id=number)) if number else None
    return CardOnScreen(card, own) if card and may_see_patient(own, card.id) else None


def day_on_screen() -> Day | None:
    """The day that the browser is showing, as its request says; None if the member may not see it."""
    found = page_on_screen(re.escape(url_for("clinic.today")) + r"/([0-9-]+)")
    date = read_date(found[1]) if found else None
    own = own_membership()
    return Day(own.organization, date) if date and own.may(Right.SEE_SCHEDULE) else None
