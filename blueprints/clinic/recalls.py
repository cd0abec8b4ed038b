"""Whom to invite again: planned on a card, called from a list."""

from datetime import date, timedelta
from typing import Any

from flask import Response, flash, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional, ValidationError

from blueprints.clinic.appointment_fields import LATEST
from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.own import actor, seen_version
from blueprints.clinic.patient_words import PatientWords
from blueprints.clinic.patients import PATIENT, own_patient
from blueprints.errors import Trouble, answer
from blueprints.forms import Form
from blueprints.guards import own_membership, requires
from blueprints.replies import invalid, page, see
from blueprints.text_rules import at_most, printable, single_spaced
from extensions import db
from models.accounts import Organization, Right
from models.base import utc_now
from models.clinic.recall import Recall, RecallState
from models.clinic.visits import visits_by_patient
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
CHANGED = Trouble("conflict", "forbidden", 409, _l("Уже отмечено"), _l("Кто-то успел раньше. Обновите список."))


class DueDateField(DateField):
    """A day, as ГГГГ-ММ-ДД."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([typed.strip() for typed in valuelist])
        except ValueError as error:
            raise ValueError(_("Нужна дата вида ГГГГ-ММ-ДД, например 2026-11-21.")) from error


class RecallForm(Form):
    """In how many months to invite, or on which day; the day wins."""

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
    due_on = DueDateField(_l("Или в день"), [Optional()])
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
@requires(Right.SEE_PATIENTS)
def recalls() -> Response:
    """Whom to call now, or (when=later) whom later."""
    return _listed(request.args.get("when") == "later")


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
    flash(_("Пригласим, когда придёт время."))
    return see(url_for("clinic.patient", patient_id=patient.id))


@blueprint.post("/recalls/<int:number>/<any(call, booking, dismissal, reopening):outcome>")
@requires(Right.EDIT_PATIENTS)
def settle_recall(number: int, outcome: str) -> Response:
    """What came of a call. version: of the invitation on the person's page."""
    recall: Recall = db.first_or_404(Recall.of(own_membership().organization_id).filter_by(id=number))
    is_later = recall.due_on > _horizon()
    try:
        recall.settle(OUTCOMES[outcome], seen_version(), actor(), utc_now())
        db.session.commit()
    except Stale:
        db.session.rollback()
        return answer(CHANGED)
    return _settled(recall, is_later)


def _settled(recall: Recall, is_later: bool) -> Response:
    """The list as it is now, with the way back from a slip; without scripts the list's page."""
    listed = _listed(is_later, settled=recall)
    return listed if "HX-Request" in request.headers else see(_address(is_later))


def _listed(is_later: bool, settled: Recall | None = None) -> Response:
    own, now = own_membership(), utc_now()
    due, later = Recall.due(own.organization_id, _horizon()), Recall.later(own.organization_id, _horizon())
    shown = list(db.session.scalars((later if is_later else due).limit(SHOWN)))
    return page(
        LIST_PAGE,
        LIST,
        recalls=shown,
        visits=visits_by_patient(own.organization_id, [recall.patient_id for recall in shown], now),
        counts=(Recall.count(due), Recall.count(later)),
        is_later=is_later,
        settled=settled,
        words=PatientWords(own.organization, now),
        may_edit=own.may(Right.EDIT_PATIENTS),
        may_book=own.may(Right.BOOK),
    )


def _horizon() -> date:
    return own_membership().organization.today(utc_now()) + AHEAD


def _address(is_later: bool) -> str:
    return url_for("clinic.recalls", when="later" if is_later else None)
