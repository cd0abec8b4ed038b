"""A visit's card and its status changes: each step is a resource, made by POST and undone by DELETE or …/undo."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Response, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from blueprints.clinic.appointment_words import event_words, place_words, said_of, when
from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.board_answers import in_the_way, outdated, refused, shown, way_back
from blueprints.clinic.date_words import short_date
from blueprints.clinic.drawing import ICONS, shown_status
from blueprints.clinic.hours_rights import may_call
from blueprints.clinic.own import APPOINTMENT, actor, own_visit, seen_version
from blueprints.clinic.reminder_words import ReminderWords
from blueprints.clinic.series_words import SCOPES, WRONG_SCOPE, SeriesWords, cancelled_title
from blueprints.forms import Form
from blueprints.guards import own_membership, requires
from blueprints.replies import invalid, page
from extensions import db
from models.accounts import Right
from models.base import utc_now
from models.clinic import Appointment, CancellationReason, JointChange, QueueTicket, ReminderPlan
from models.clinic.availability import is_open
from models.clinic.series import Scope, cancel_visits
from models.errors import Conflict, NotAllowed, Stale
from rules.booking import Status

STEPS = {
    "arrival": Status.ARRIVED,
    "admission": Status.CHECKED_IN,
    "completion": Status.FULFILLED,
    "absence": Status.NOSHOW,
    "cancellation": Status.CANCELLED,
}
# What practitioners do with their own visits.
INSIDE = ("admission", "call", "completion")
STEP = f"{APPOINTMENT}/<any(confirmation, arrival, admission, call, completion, absence):step>"
UNDONE = f"{APPOINTMENT}/<any(confirmation, arrival, admission, completion, absence, cancellation):step>"
CARD_PAGE, CARD = "clinic/appointments/card.html", "clinic/appointments/_card.html"
CANCEL_PAGE, CANCEL = "clinic/appointments/cancel.html", "clinic/appointments/_cancel.html"


class CancellationForm(Form):
    """Why a visit is cancelled."""

    reason = RadioField(
        _l("Причина"),
        [InputRequired(_l("Выберите причину."))],
        choices=[
            SelectChoice(CancellationReason.PATIENT.value, _l("Отказался пациент")),
            SelectChoice(CancellationReason.PRACTITIONER.value, _l("Нет врача")),
            SelectChoice(CancellationReason.EQUIPMENT.value, _l("Неисправность")),
            SelectChoice(CancellationReason.OTHER.value, _l("Другая")),
        ],
        invalid_choice_message=_l("Выберите причину из списка."),
    )
    scope = RadioField(
        _l("Что отменить в серии"),
        [Optional()],
        choices=SCOPES,
        default=Scope.ONE.value,
        invalid_choice_message=WRONG_SCOPE,
    )
    version = HiddenField()

    @property
    def chosen_scope(self) -> Scope:
        """Which visits of the series are cancelled with this one."""
        return Scope(self.scope.data or Scope.ONE)


@blueprint.get(APPOINTMENT)
@requires(Right.SEE_OWN)
def appointment(number: int) -> Response:
    """The visit's card, with the steps possible now."""
    visit = own_visit(number)
    return page(
        CARD_PAGE,
        CARD,
        visit=visit,
        told=shown_status(visit),
        icon_name=ICONS[shown_status(visit)],
        when=when(visit),
        reminder=_reminder(visit),
        trail=_trail(visit),
        **_ways_back(visit),
        series=SeriesWords.of(visit, own_membership()),
        is_outside=visit.status.occupies and not is_open(visit.organization, visit.practitioner, visit.interval),
        **_may(visit),
    )


@blueprint.post(STEP)
@requires(Right.SEE_OWN)
def take_step(number: int, step: str) -> Response:
    """The patient confirmed, arrived, went in, was called again or seen, or did not come.

    version: of the visit on the user's page.
    """
    visit, now = _visit_to_step(number, step), utc_now()
    try:
        if step == "confirmation":
            visit.confirm(seen_version(), actor(), now)
        elif step == "call":
            visit.call_again(seen_version(), actor(), now)
        else:
            visit.become(STEPS[step], seen_version(), actor(), now)
        return shown(visit, _said(step), said_of(visit), _undo(visit, step))
    except Stale:
        return outdated(visit)
    except Conflict as conflict:
        return _taken(visit, conflict)


@blueprint.post(f"{UNDONE}/undo")
@blueprint.delete(UNDONE)
@requires(Right.SEE_OWN)
def undo_step(number: int, step: str) -> Response:
    """Corrects a mistake: the visit returns to its status before the step."""
    visit, now = _visit_to_step(number, step), utc_now()
    try:
        if step == "confirmation":
            visit.unconfirm(seen_version(), actor(), now)
        else:
            visit.undo(STEPS[step], seen_version(), actor(), now)
        return shown(visit, _("Возвращено"), said_of(visit))
    except Stale:
        return outdated(visit)
    except Conflict as conflict:
        return _taken(visit, conflict)


@blueprint.get(f"{APPOINTMENT}/cancellation")
@requires(Right.BOOK)
def ask_cancellation(number: int) -> Response:
    visit = own_visit(number)
    return _cancellation(page, visit, CancellationForm(version=visit.version))


@blueprint.post(f"{APPOINTMENT}/cancellation")
@requires(Right.BOOK)
def cancel(number: int) -> Response:
    """Cancels the visit, whose time becomes free; the reason is required."""
    visit, form = own_visit(number), CancellationForm()
    if not form.validate():
        return _cancellation(invalid, visit, form)
    try:
        why = CancellationReason(form.reason.data)
        gone = cancel_visits(visit, why, form.chosen_scope, seen_version(), actor(), utc_now())
        undo = _undo(visit, "cancellation") if len(gone) == 1 else way_back(visit, seen_version())
        return shown(visit, cancelled_title(len(gone)), said_of(visit), undo)
    except Stale:
        return outdated(visit)


def _visit_to_step(number: int, step: str) -> Appointment:
    """The visit, if the member may take this step: the desk any, practitioners those of their own visits."""
    own, visit = own_membership(), own_visit(number)
    if not (own.may(Right.BOOK) or (step in INSIDE and may_call(own, visit.practitioner))):
        raise NotAllowed
    return visit


def _may(visit: Appointment) -> dict[str, bool]:
    """What the member may do, and whether the visit's day is still ahead."""
    own, today = own_membership(), visit.organization.today
    is_ahead = today(visit.starts_at) > today(utc_now())
    return {"may_book": own.may(Right.BOOK), "may_call": may_call(own, visit.practitioner), "is_ahead": is_ahead}


def _reminder(visit: Appointment) -> tuple[str, bool] | None:
    """The state of the visit's reminder, and whether to call instead."""
    words = ReminderWords(visit.organization, utc_now())
    return words.of_visit(visit, ReminderPlan.of(visit.organization_id))


def _cancellation(reply: Callable[..., Response], visit: Appointment, form: CancellationForm) -> Response:
    return reply(CANCEL_PAGE, CANCEL, visit=visit, words=said_of(visit), form=form)


def _taken(visit: Appointment, conflict: Conflict) -> Response:
    """A visit cannot return to a time that has been taken."""
    db.session.rollback()
    same = visit.elsewhere(visit.practitioner, visit.starts_at)
    return refused(visit, _("Вернуть нельзя"), in_the_way(conflict, same, visit))


def _said(step: str) -> str:
    words = {
        "confirmation": _("Подтвердил, что придёт."),
        "arrival": _("Пришёл и ждёт."),
        "admission": _("На приёме."),
        "call": _("Вызван ещё раз."),
        "completion": _("Приём завершён."),
        "absence": _("Отмечено, что не пришёл."),
    }
    return str(words[step])


def _undo(visit: Appointment, step: str) -> tuple[str, str]:
    """Label and address for undoing the step; calling again is undone with the first call."""
    step = "admission" if step == "call" else step
    words = {
        "confirmation": _("Не подтверждал"),
        "arrival": _("Ещё не приходил"),
        "admission": _back_words(visit),
        "completion": _back_words(visit),
        "absence": _("Вернуть в записанные"),
        "cancellation": _("Вернуть запись"),
    }
    return str(words[step]), url_for("clinic.undo_step", number=visit.id, step=step, _method="POST")


def _back_words(visit: Appointment) -> str:
    """The label of undoing the newest step towards the visit's end."""
    words = {Status.CHECKED_IN: _("Вернуть на приём"), Status.ARRIVED: _("Вернуть в ожидание")}
    return str(words.get(visit.before_step or Status.BOOKED, _("Вернуть в записанные")))


def _ways_back(visit: Appointment) -> dict[str, Any]:
    """Where undoing the newest step leads, the former booking and joint change if undoable, and the visit's ticket."""
    revision, together = visit.newest_revision, JointChange.newest_of(visit)
    return {
        "back": _back_words(visit),
        "was": place_words(revision.booking, visit.organization) if revision else "",
        "together": together if together and together.may_be_undone(utc_now()) else None,
        "ticket": QueueTicket.by_which_booked(visit),
    }


def _trail(visit: Appointment) -> list[tuple[str, str, str]]:
    """The visit's history, the newest first: when, what, who."""
    return [
        (
            _moment(event.at.astimezone(visit.organization.zone)),
            event_words(visit, event),
            event.actor.name if event.actor else "",
        )
        for event in visit.history()
    ]


def _moment(at: datetime) -> str:
    return f"{short_date(at.date())}, {at:%H:%M}"
