"""Creating and editing patients' cards, with validation of each field as it is typed."""

from flask import Response, abort, flash, render_template, request, url_for
from flask_babel import gettext as _

from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.board_answers import day_on_screen, dialog_done
from blueprints.clinic.patient_form import PatientForm
from blueprints.clinic.patients import PATIENT, own_patient
from blueprints.guards import own_membership, requires
from blueprints.replies import Message, page, see, toast, unsaved
from extensions import db
from models.accounts import Right
from models.base import utc_now
from models.clinic import Patient

FORM_PAGE = "clinic/patients/form.html"
FORM_DIALOG = "clinic/patients/_dialog.html"
FORM = "clinic/patients/_form.html"


@blueprint.get("/patients/new")
@requires(Right.EDIT_PATIENTS)
def new_patient() -> Response:
    return page(FORM_PAGE, FORM_DIALOG, form=PatientForm(own_membership().organization), patient=None)


@blueprint.post("/patients/new")
@requires(Right.EDIT_PATIENTS)
def register_patient() -> Response:
    form = PatientForm(own_membership().organization)
    patient = registered(form)
    return _saved(patient) if patient else _unsaved(form, None)


def registered(form: PatientForm) -> Patient | None:
    """The new card, committed, or the one that the same form created before; None if it is invalid."""
    own = own_membership()
    if form.validate():
        with form.conflicts():
            patient = Patient.register(own.organization_id, form.details(), own.user, utc_now(), form.once())
            db.session.commit()
            return patient
    return form.sent_before()


@blueprint.get(f"{PATIENT}/edit")
@requires(Right.EDIT_PATIENTS)
def edit_patient(patient_id: int) -> Response:
    patient = own_patient(patient_id)
    return page(FORM_PAGE, FORM_DIALOG, form=PatientForm(own_membership().organization, patient), patient=patient)


@blueprint.post(f"{PATIENT}/edit")
@requires(Right.EDIT_PATIENTS)
def revise_patient(patient_id: int) -> Response:
    patient = own_patient(patient_id)
    form = PatientForm(own_membership().organization, patient)
    if form.validate():
        with form.conflicts():
            patient.revise(form.details(), form.seen_version(), own_membership().user, utc_now())
            db.session.commit()
            return _saved(patient)
    return _unsaved(form, patient)


@blueprint.post("/patients/check")
@requires(Right.EDIT_PATIENTS)
def check_new_patient() -> str:
    """One field of a new card, redrawn with its faults and doubts."""
    return _checked(PatientForm(own_membership().organization), None)


@blueprint.post(f"{PATIENT}/check")
@requires(Right.EDIT_PATIENTS)
def check_patient(patient_id: int) -> str:
    """As check_new_patient, for an existing card, whose own phone and IIN do not conflict."""
    patient = own_patient(patient_id)
    return _checked(PatientForm(own_membership().organization, patient), patient)


def _saved(patient: Patient) -> Response:
    """Redirects to the card; on a board, stays there and shows a toast that links to the card."""
    card = url_for("clinic.patient", patient_id=patient.id)
    if day_on_screen():
        return dialog_done(toast("done", _("Карта записана."), patient.full_name, (_("Карта пациента"), card)))
    flash(_("Карта записана."), "done")
    return see(card)


def _unsaved(form: PatientForm, patient: Patient | None) -> Response:
    status = 409 if form.is_stale else 422
    return unsaved(FORM_PAGE, FORM, status, _trouble(form), form=form, patient=patient)


def _trouble(form: PatientForm) -> Message:
    if form.is_stale:
        text = _("Ваше осталось в форме: сравните с тем, что теперь в карте, и сохраните ещё раз.")
        return Message("conflict", _("Не сохранено: карту уже изменили"), text)
    if form.taken:
        text = _("%(reason)s. Введённое осталось в форме.", reason=form.taken_words(form.taken[0]))
        return Message("conflict", _("Не сохранено: совпадение"), text)
    return Message("input", _("Проверьте форму"), _("Отмеченные поля нужно исправить."))


def _checked(form: PatientForm, patient: Patient | None) -> str:
    left = request.args.get("field", "")
    if left not in form or left in ("version", "once_key", "csrf_token"):
        abort(404)
    is_offer_taken = "take" in request.args
    if is_offer_taken:
        form.take_offer()
    form.validate()
    return render_template(
        "clinic/patients/_checked.html", form=form, left=left, patient=patient, is_offer_taken=is_offer_taken
    )
