"""Choosing the patient within the form of a visit: an existing one, or a new one, without leaving the form."""

from flask import Response, make_response, render_template, request
from flask_babel import gettext as _
from markupsafe import Markup

from blueprints.clinic.appointment_form import AppointmentForm, found_patients
from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.patient_editing import registered
from blueprints.clinic.patient_form import PatientForm
from blueprints.guards import own_membership, requires
from blueprints.htmx import keep_what_is_there
from blueprints.replies import invalid, toast
from models.accounts import Right
from models.clinic import Patient

FORM_PAGE = "clinic/appointments/form.html"
PICK = "clinic/appointments/_pick.html"
FOUND = "clinic/appointments/_found.html"
NEWCOMER = "clinic/appointments/_newcomer.html"


@blueprint.get("/appointments/patients")
@requires(Right.BOOK)
def find_patients() -> str:
    """Search results for q."""
    typed = request.args.get("q", "")
    return render_template(FOUND, patients=found_patients(own_membership(), typed), typed=typed.strip())


@blueprint.get("/appointments/minutes")
@requires(Right.BOOK)
def usual_minutes() -> str:
    """The length field, filled with the default of the chosen service."""
    form = AppointmentForm(own_membership(), service=request.args.get("service", type=int))
    form.minutes.data = form.service_minutes
    return render_template("clinic/appointments/_minutes.html", form=form)


@blueprint.get("/appointments/patients/new")
@requires(Right.EDIT_PATIENTS)
def newcomer() -> str:
    """The form for a new card, prefilled with the search text."""
    form = PatientForm(own_membership().organization)
    typed = request.args.get("q", "").split()
    fields = (form.family_name, form.given_name, form.middle_name)
    if typed and typed[0][0].isalpha():
        for field, word in zip(fields, typed, strict=False):
            field.data = word.capitalize()
    else:
        form.phone.data = " ".join(typed)
    return render_template(NEWCOMER, newcomer=form)


@blueprint.post("/appointments/patients")
@requires(Right.EDIT_PATIENTS)
def register_newcomer() -> Response:
    """Creates the card and selects the patient in the form, which keeps its input."""
    own = own_membership()
    form = PatientForm(own.organization)
    if patient := registered(form):
        return _chosen(patient)
    return invalid(FORM_PAGE, NEWCOMER, newcomer=form, form=AppointmentForm(own))


def _chosen(patient: Patient) -> Response:
    form = AppointmentForm(own_membership())
    form.chosen_patient, form.q.data = patient, ""
    field = Markup('<hx-partial hx-target="#pick" hx-swap="outerHTML">{}</hx-partial>')
    picked = field.format(Markup(render_template(PICK, form=form, is_new=True)))
    said = toast("done", _("Карта записана."), patient.full_name)
    return keep_what_is_there(make_response(picked + said))
