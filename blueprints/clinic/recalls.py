"""Recalls: planned on a card, called from a list."""

from datetime import date, timedelta
from typing import Any

from flask import Response, flash, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional, ValidationError

from blueprints.clinic.appointment_fields import LATEST, IsoDate, record_number
from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.news_live import LIST_NEWS
from blueprints.clinic.own import actor, seen_version
from blueprints.clinic.patient_words import PatientWords
from blueprints.clinic.patients import PATIENT, own_patient, visits_shown
from blueprints.errors import ErrorMessage, answer
from blueprints.forms import Form
from blueprints.guards import own_membership, requires
from blueprints.htmx import is_htmx
from blueprints.replies import invalid, page, see
from blueprints.text_rules import at_most, printable, single_spaced
from extensions import db
from models.accounts import Membership, Organization, Right
from models.base import utc_now
from models.clinic.own_patients import own_patient_ids
from models.clinic.recall import Recall, RecallState
from models.errors import Stale
from rules.calendar_months import months_after

LIST_PAGE, LIST = "clinic/recalls/page.html", "clinic/recalls/_list.html"
FORM_PAGE, FORM_DIALOG, FORM = (f"clinic/recalls/{name}.html" for name in ("form", "_dialog", "_form"))
SHOWN = 100
# Calls begin a week before the day, or there would be no time to book.
AHEAD = timedelta(days=7)
OUTCOMES = {
    "call": RecallState.CALLED,
    "booking": RecallState.BOOKED,
    "dismissal": RecallState.DROPPED,
    "reopening": RecallState.WAITING,
}
CHANGED = ErrorMessage("conflict", "forbidden", 409, _l("Уже отмечено"), _l("Кто-то успел раньше. Обновите список."))


class RecallForm(Form):
    """When to invite: in a number of months, or on a date, which takes precedence."""

    months = RadioField(
        _l("Через сколько"),
        choices=[
            SelectChoice("1", _l("месяц")),
            SelectChoice("3", _l("3 месяца")),
            SelectChoice("6", _l("полгода")),
            SelectChoice("12", _l("год")),
        ],
        default="6",
        invalid_choice_message=_l("Выберите один из этих ответов."),
    )
    due_on = IsoDate(_l("Или в день"), [Optional()])
    reason = StringField(_l("Зачем"), [at_most(200), printable], filters=[single_spaced])

    def __init__(self, organization: Organization) -> None:
        super().__init__()
        self.today = organization.today(utc_now())

    def validate_due_on(self, field: Any) -> None:
        if field.data and not self.today <= field.data <= LATEST:
            raise ValidationError(_("Выберите день не раньше сегодняшнего."))

    def day(self) -> date:
        """When to call; call it once the form is valid."""
        chosen: date | None = self.due_on.data
        return chosen or months_after(self.today, int(self.months.data))


@blueprint.get("/recalls")
@requires(Right.SEE_OWN)
def recalls() -> Response:
    """Patients to be called now, or (when=later) later; for who sees only their own, only these."""
    return _listed(request.args.get("when") == "later", _shown_settled())


@blueprint.get(f"{PATIENT}/recalls/new")
@requires(Right.EDIT_PATIENTS)
def new_recall(patient_id: int) -> Response:
    form = RecallForm(own_membership().organization)
    return page(FORM_PAGE, FORM_DIALOG, form=form, patient=own_patient(patient_id))


@blueprint.post(f"{PATIENT}/recalls/new")
@requires(Right.EDIT_PATIENTS)
def plan_recall(patient_id: int) -> Response:
    patient, form = own_patient(patient_id), RecallForm(own_membership().organization)
    if not form.validate():
        return invalid(FORM_PAGE, FORM, form=form, patient=patient)
    Recall.plan(patient, form.day(), form.reason.data or "", actor(), utc_now())
    db.session.commit()
    flash(_("Пригласим, когда придёт время."), "done")
    return see(url_for("clinic.patient", patient_id=patient.id))


@blueprint.post("/recalls/<int:number>/<any(call, booking, dismissal, reopening):outcome>")
@requires(Right.EDIT_PATIENTS)
def settle_recall(number: int, outcome: str) -> Response:
    """The outcome of a call. version: of the recall on the user's page."""
    recall: Recall = db.first_or_404(Recall.of(own_membership().organization_id).filter_by(id=number))
    is_later = recall.due_on > _horizon()
    try:
        recall.settle(OUTCOMES[outcome], seen_version(), actor(), utc_now())
        db.session.commit()
    except Stale:
        db.session.rollback()
        return answer(CHANGED)
    return _settled(recall, is_later)


def _shown_settled() -> Recall | None:
    """What the list that asks for itself anew says above its rows, with the undo."""
    own, number = own_membership(), record_number(request.args.get("settled"))
    if not own.may(Right.EDIT_PATIENTS) or not number:
        return None
    return db.session.scalar(Recall.of(own.organization_id).filter_by(id=number))


def _settled(recall: Recall, is_later: bool) -> Response:
    """The updated list with an undo; without scripts, the list's page."""
    if is_htmx():
        return _listed(is_later, settled=recall)
    flash(_("Отмечено."), "done")
    return see(_address(is_later))


def _listed(is_later: bool, settled: Recall | None = None) -> Response:
    own, now = own_membership(), utc_now()
    live = {} if is_htmx() else LIST_NEWS.live(own.organization_id)
    lists = (Recall.due(own.organization_id, _horizon()), Recall.later(own.organization_id, _horizon()))
    due, later = (_shown_to(own, each) for each in lists)
    shown = list(db.session.scalars((later if is_later else due).limit(SHOWN)))
    return page(
        LIST_PAGE,
        LIST,
        recalls=shown,
        visits=visits_shown(own, [recall.patient_id for recall in shown], now),
        counts=(Recall.count(due), Recall.count(later)),
        is_later=is_later,
        settled=settled,
        words=PatientWords(own.organization, now),
        may_edit=own.may(Right.EDIT_PATIENTS),
        may_book=own.may(Right.BOOK),
        **live,
    )


def _shown_to(own: Membership, recalls: Select[Recall]) -> Select[Recall]:
    if own.may(Right.SEE_PATIENTS):
        return recalls
    return recalls.where(Recall.patient_id.in_(own_patient_ids(own.organization_id, own.user_id)))


def _horizon() -> date:
    return own_membership().organization.today(utc_now()) + AHEAD


def _address(is_later: bool) -> str:
    return url_for("clinic.recalls", when="later" if is_later else None)
