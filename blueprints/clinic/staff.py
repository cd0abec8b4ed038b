"""Who sees patients: kept by those who answer for the clinic."""

from collections import Counter
from typing import Any

from flask import Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from blueprints.clinic.appointment_fields import chosen_number
from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.own import actor
from blueprints.forms import Form
from blueprints.guards import own_membership, requires
from blueprints.htmx import is_htmx
from blueprints.replies import invalid, page, see
from blueprints.text_rules import at_most, named, printable, single_spaced
from extensions import db
from models.accounts import Membership, Organization, Right, Role
from models.base import utc_now
from models.clinic import Practitioner, Service
from models.clinic.affected import visits_ahead
from models.clinic.staff import Person, create_practitioner, limit_sight, revise_practitioner, shift_practitioner

FORM_PAGE, FORM_DIALOG, FORM = (f"clinic/staff/{name}.html" for name in ("form", "_dialog", "_form"))
TABLE = "clinic/staff/_practitioners.html"
PRACTITIONER = "/practitioners/<int:number>"


class PractitionerForm(Form):
    """Somebody else who sees patients, or the given practitioner."""

    family_name = StringField(
        _l("Фамилия"), [named(_l("Введите фамилию.")), at_most(100), printable], filters=[single_spaced]
    )
    given_name = StringField(_l("Имя"), [named(_l("Введите имя.")), at_most(100), printable], filters=[single_spaced])
    middle_name = StringField(_l("Отчество"), [at_most(100), printable], filters=[single_spaced])
    speciality = StringField(
        _l("Специальность"), [named(_l("Введите специальность.")), at_most(60), printable], filters=[single_spaced]
    )
    user_id = SelectField(
        _l("Учётная запись"), coerce=chosen_number, invalid_choice_message=_l("Выберите учётную запись из списка.")
    )
    sees_patients = BooleanField(_l("Принимает пациентов"), default=True)

    def __init__(self, organization_id: int, doctor: Practitioner | None = None) -> None:
        super().__init__(obj=doctor)
        colleagues = db.session.scalars(Membership.of_organization(organization_id))
        doctors = [each.user for each in colleagues if each.role is Role.PRACTITIONER]
        known = [SelectChoice(each.id, each.name) for each in doctors]
        self.user_id.choices = [SelectChoice("", _("не заходит в Табло")), *known]

    def explain(self, field: str) -> None:
        self.user_id.errors = [_("С этой записью уже входит другой врач.")]

    def person(self) -> Person:
        """Who it is, once the form is valid."""
        return Person(
            self.family_name.data,
            self.given_name.data,
            self.middle_name.data or "",
            self.speciality.data,
            self.user_id.data,
            self.sees_patients.data,
        )


class SightForm(Form):
    """What practitioners see of the clinic."""

    practitioners_see_own = BooleanField(_l("Врачи видят только своё расписание и своих пациентов"))


@blueprint.get("/staff")
@requires(Right.MANAGE_STAFF)
def staff() -> str:
    """Who sees patients and what for, also those of before."""
    own = own_membership()
    return render_template(
        "clinic/staff/page.html",
        **_table(own.organization),
        sight=SightForm(obj=own.organization),
        services=list(db.session.scalars(Service.all_of(own.organization_id))),
    )


@blueprint.post("/staff/sight")
@requires(Right.MANAGE_STAFF)
def limit_practitioners() -> Response:
    """Practitioners see only what is their own, or everything again."""
    limit_sight(own_membership().organization, SightForm().practitioners_see_own.data, actor(), utc_now())
    db.session.commit()
    flash(_("Сохранено."), "done")
    return see(url_for("clinic.staff"))


@blueprint.post(f"{PRACTITIONER}/place/<any(earlier, later):place>")
@requires(Right.MANAGE_STAFF)
def shift(number: int, place: str) -> Response:
    """One column to the left or to the right in the schedule, and everywhere doctors are listed."""
    own = own_membership()
    doctor: Practitioner = db.first_or_404(Practitioner.of(own.organization_id).filter_by(id=number))
    shift_practitioner(own.organization, doctor, -1 if place == "earlier" else 1, actor(), utc_now())
    db.session.commit()
    if is_htmx():
        return make_response(render_template(TABLE, **_table(own.organization)))
    return see(url_for("clinic.staff", _anchor=f"practitioner-{number}"))


@blueprint.get("/practitioners/new")
@requires(Right.MANAGE_STAFF)
def new_practitioner() -> Response:
    return page(
        FORM_PAGE, FORM_DIALOG, form=PractitionerForm(own_membership().organization_id), practitioner=None, ahead=0
    )


@blueprint.post("/practitioners/new")
@requires(Right.MANAGE_STAFF)
def add_practitioner() -> Response:
    """Whoever is new has no hours yet: the form of the week comes next."""
    own = own_membership()
    form = PractitionerForm(own.organization_id)
    if form.validate():
        with form.conflicts():
            doctor = create_practitioner(own.organization, form.person(), actor(), utc_now())
            db.session.commit()
            return see(url_for("clinic.edit_hours", number=doctor.id))
    return invalid(FORM_PAGE, FORM, form=form, practitioner=None, ahead=0)


@blueprint.get(PRACTITIONER)
@requires(Right.MANAGE_STAFF)
def edit_practitioner(number: int) -> Response:
    doctor = _own_practitioner(number)
    return page(
        FORM_PAGE,
        FORM_DIALOG,
        form=PractitionerForm(doctor.organization_id, doctor),
        practitioner=doctor,
        ahead=_ahead_of(doctor),
    )


@blueprint.post(PRACTITIONER)
@requires(Right.MANAGE_STAFF)
def change_practitioner(number: int) -> Response:
    """Called otherwise, or seeing patients no more: what is booked stays."""
    doctor = _own_practitioner(number)
    form = PractitionerForm(doctor.organization_id, doctor)
    if form.validate():
        with form.conflicts():
            revise_practitioner(own_membership().organization, doctor, form.person(), actor(), utc_now())
            db.session.commit()
            _say_saved(doctor)
            return see(url_for("clinic.staff", _anchor=f"practitioner-{doctor.id}"))
    return invalid(FORM_PAGE, FORM, form=form, practitioner=doctor, ahead=_ahead_of(doctor))


def _table(organization: Organization) -> dict[str, Any]:
    """Doctors in the order of the schedule, those who left last, and which of their days are still booked."""
    everybody = list(db.session.scalars(Practitioner.ever_of(organization.id)))
    left = [each.id for each in everybody if not each.sees_patients]
    ahead = visits_ahead(organization, left, utc_now())
    return {"practitioners": sorted(everybody, key=lambda each: not each.sees_patients), "ahead": ahead}


def _ahead_of(doctor: Practitioner) -> int:
    """How many visits of a doctor are still to come."""
    own = own_membership()
    return visits_ahead(own.organization, [doctor.id], utc_now()).get(doctor.id, Counter()).total()


def _say_saved(doctor: Practitioner) -> None:
    ahead = 0 if doctor.sees_patients else _ahead_of(doctor)
    said = _("Сохранено. Записей впереди: %(count)s, их дни указаны рядом с врачом.", count=ahead)
    flash(said if ahead else _("Сохранено."), "done")


def _own_practitioner(number: int) -> Practitioner:
    """Of the member's organization; any other is a 404."""
    found: Practitioner = db.first_or_404(Practitioner.ever_of(own_membership().organization_id).filter_by(id=number))
    return found
