"""What one can come for: kept by those who answer for the clinic."""

from flask import Response, flash, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from blueprints.clinic.appointment_fields import VisitMinutes
from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.own import actor
from blueprints.forms import Form
from blueprints.guards import own_membership, requires
from blueprints.replies import invalid, page, see
from blueprints.text_rules import at_most, named, printable, single_spaced
from extensions import db
from models.accounts import Right
from models.base import utc_now
from models.clinic import Service
from models.clinic.service import Terms
from models.clinic.staff import create_service, revise_service

FORM_PAGE, FORM_DIALOG, FORM = (f"clinic/services/{name}.html" for name in ("form", "_dialog", "_form"))
SERVICE = "/services/<int:number>"
COLOURS = (
    _l("серый"),
    _l("жёлтый"),
    _l("зелёный"),
    _l("бирюзовый"),
    _l("синий"),
    _l("фиолетовый"),
    _l("розовый"),
    _l("коричневый"),
)


class ServiceForm(Form):
    """Something else to come for, or the given service."""

    name = StringField(
        _l("Название"), [named(_l("Введите название.")), at_most(80), printable], filters=[single_spaced]
    )
    minutes = VisitMinutes(_l("Длительность, минут"), [InputRequired(_l("Укажите длительность."))])
    colour = RadioField(
        _l("Цвет"),
        choices=[SelectChoice(str(number), words) for number, words in enumerate(COLOURS)],
        default="0",
        invalid_choice_message=_l("Выберите один из этих ответов."),
    )
    is_offered = BooleanField(_l("Предлагаем: на неё можно записывать"), default=True)

    def explain(self, field: str) -> None:
        self.name.errors = [_("Такая услуга уже есть.")]

    def terms(self) -> Terms:
        """What is said of the service, once the form is valid."""
        return Terms(self.name.data, self.minutes.data or 0, int(self.colour.data), self.is_offered.data)


@blueprint.get("/services/new")
@requires(Right.MANAGE_STAFF)
def new_service() -> Response:
    return page(FORM_PAGE, FORM_DIALOG, form=ServiceForm(), service=None)


@blueprint.post("/services/new")
@requires(Right.MANAGE_STAFF)
def add_service() -> Response:
    form = ServiceForm()
    if form.validate():
        with form.conflicts():
            create_service(own_membership().organization, form.terms(), actor(), utc_now())
            return _done(_("Услуга добавлена."))
    return invalid(FORM_PAGE, FORM, form=form, service=None)


@blueprint.get(SERVICE)
@requires(Right.MANAGE_STAFF)
def edit_service(number: int) -> Response:
    service = _own_service(number)
    return page(FORM_PAGE, FORM_DIALOG, form=ServiceForm(obj=service), service=service)


@blueprint.post(SERVICE)
@requires(Right.MANAGE_STAFF)
def change_service(number: int) -> Response:
    """Called or done otherwise from now on; what is booked stays as long as it is."""
    service, form = _own_service(number), ServiceForm()
    if form.validate():
        with form.conflicts():
            revise_service(own_membership().organization, service, form.terms(), actor(), utc_now())
            return _done(_("Услуга изменена."))
    return invalid(FORM_PAGE, FORM, form=form, service=service)


def _done(said: str) -> Response:
    db.session.commit()
    flash(said, "done")
    return see(url_for("clinic.staff"))


def _own_service(number: int) -> Service:
    """Of the member's organization; any other is a 404."""
    found: Service = db.first_or_404(Service.all_of(own_membership().organization_id).filter_by(id=number))
    return found
