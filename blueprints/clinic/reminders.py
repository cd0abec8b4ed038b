"""Reminders: patients who could not be reached, sent messages, and the owner's settings."""

from datetime import time, timedelta
from typing import Any

from flask import Response, current_app, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, StringField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.news_live import LIST_NEWS
from blueprints.clinic.own import actor
from blueprints.clinic.patient_words import PatientWords
from blueprints.clinic.reminder_words import ReminderWords
from blueprints.forms import Form
from blueprints.guards import own_membership, requires
from blueprints.htmx import is_htmx
from blueprints.replies import invalid, page, see
from blueprints.text_rules import at_most, printable
from extensions import db
from models.accounts import Right
from models.base import utc_now
from models.clinic import Channel, Communication, ReminderPlan
from models.clinic.reminder_plan import Wanted
from rules.reminders import EVENING, MORNING, MOST_HOURS, Reminding, Timing

LIST_PAGE, LIST = "clinic/reminders/page.html", "clinic/reminders/_list.html"
FORM_PAGE, FORM = "clinic/reminders/settings.html", "clinic/reminders/_settings.html"
SHOWN = 100
# The service looks three times a minute; when it has not for so long, nobody is being reminded.
SILENCE = timedelta(minutes=5)


class ReminderForm(Form):
    """When and how patients are reminded."""

    timing = RadioField(
        _l("Когда напоминать"),
        choices=[
            SelectChoice(Timing.OFF.value, _l("Никогда")),
            SelectChoice(Timing.DAY_BEFORE.value, _l("Накануне")),
            SelectChoice(Timing.HOURS_BEFORE.value, _l("За часы")),
        ],
        invalid_choice_message=_l("Выберите один из этих ответов."),
    )
    clock = TimeField(_l("Накануне в"))
    hours = IntegerField(_l("За сколько часов"))
    first = RadioField(
        _l("Чем сначала"),
        choices=[SelectChoice(Channel.SMS.value, _l("СМС")), SelectChoice(Channel.EMAIL.value, _l("Почта"))],
        invalid_choice_message=_l("Выберите один из этих ответов."),
    )
    phone = StringField(_l("Куда звонить, если не смогут прийти"), [at_most(40), printable])

    def __init__(self, plan: ReminderPlan | None) -> None:
        usual = {"timing": Timing.OFF, "clock": time(18), "hours": 24, "first": Channel.SMS}
        super().__init__(obj=plan, data=usual)

    def wanted(self) -> Wanted:
        """The settings; call it once the form is valid."""
        reminding = Reminding(Timing(self.timing.data), self.clock.data, self.hours.data)
        return Wanted(reminding, Channel(self.first.data), self.phone.data or "")

    def validate_clock(self, field: Any) -> None:
        if not field.data or not MORNING <= field.data <= EVENING:
            field.errors = []
            raise ValidationError(_("Выберите время с 8:00 до 20:00."))

    def validate_hours(self, field: Any) -> None:
        if field.data is None or not 1 <= field.data <= MOST_HOURS:
            field.errors = []
            raise ValidationError(_("Введите число часов от 1 до %(most)s.", most=MOST_HOURS))

    def validate_phone(self, field: Any) -> None:
        if field.data and not any(sign.isdigit() for sign in field.data):
            raise ValidationError(_("Введите номер телефона."))


@blueprint.get("/reminders")
@requires(Right.SEE_PATIENTS)
def reminders() -> Response:
    """Failed reminders of upcoming visits, live, or (which=all) all recent ones."""
    own, now = own_membership(), utc_now()
    live = {} if is_htmx() else LIST_NEWS.live(own.organization_id)
    failed, everything = Communication.not_reached(own.organization_id, now), Communication.of(own.organization_id)
    is_all = request.args.get("which") == "all"
    return page(
        LIST_PAGE,
        LIST,
        messages=db.session.scalars((everything if is_all else failed).limit(SHOWN)).all(),
        is_all=is_all,
        words=ReminderWords(own.organization, now),
        patient_words=PatientWords(own.organization, now),
        may_set=own.may(Right.MANAGE_REMINDERS),
        **_standing(),
        **live,
    )


@blueprint.get("/reminders/settings")
@requires(Right.MANAGE_REMINDERS)
def reminder_settings() -> str:
    return render_template(FORM_PAGE, form=ReminderForm(_own_plan()), **_standing())


@blueprint.post("/reminders/settings")
@requires(Right.MANAGE_REMINDERS)
def set_reminders() -> Response:
    form = ReminderForm(_own_plan())
    if not form.validate():
        return invalid(FORM_PAGE, FORM, form=form, **_standing())
    ReminderPlan.save(own_membership().organization, form.wanted(), actor(), utc_now())
    db.session.commit()
    flash(_("Напоминания настроены."), "done")
    return see(url_for("clinic.reminders"))


def _own_plan() -> ReminderPlan | None:
    return ReminderPlan.of(own_membership().organization_id)


def _standing() -> dict[str, Any]:
    """Whether reminders can be sent: the configured channels, and whether the service has run lately."""
    plan, settings = _own_plan(), current_app.config
    is_on = plan is not None and plan.timing is not Timing.OFF
    is_silent = plan is not None and is_on and (plan.checked_at or plan.changed_at) < utc_now() - SILENCE
    return {
        "is_on": is_on,
        "is_silent": is_silent,
        "channels": [name for name in ("SMS_URL", "MAIL_URL") if settings[name]],
    }
