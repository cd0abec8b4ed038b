"""The patient's form, with faults that prevent saving and doubts that do not."""

import re
from datetime import date
from secrets import token_urlsafe
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import DateField, HiddenField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import Optional, ValidationError

from blueprints.clinic.appointment_fields import sent_version
from blueprints.clinic.date_words import shown_date
from blueprints.clinic.patient_words import iin_doubt, shown_details, shown_sex
from blueprints.forms import Form
from blueprints.text_rules import at_most, named, printable, single_spaced
from extensions import db
from models.accounts import Organization
from models.base import utc_now
from models.clinic import Patient
from models.clinic.patient import MessageWish, PatientDetails
from models.errors import Stale
from rules.iin import Iin, Sex, read_iin
from rules.mail_address import is_mail_address

UNIQUE = ("phone", "iin")
# The first century that an IIN can tell.
EARLIEST_YEAR = 1800

_ONCE_KEY = re.compile(r"[A-Za-z0-9_-]{1,40}")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def plain_lines(text: str | None) -> str | None:
    return text.replace("\r\n", "\n") if text else text


class BirthDateField(DateField):
    """A date in ISO form; malformed input is shown again as typed."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        typed = valuelist[0].strip() if valuelist else ""
        if not typed:
            return
        try:
            self.data = date.fromisoformat(typed) if _ISO_DATE.fullmatch(typed) else None
        except ValueError:
            self.data = None
        if self.data is None:
            raise ValueError(_("Нужна дата вида ГГГГ-ММ-ДД, например 1990-01-13."))

    @property
    def is_typed(self) -> bool:
        return bool(self.data or "".join(self.raw_data or []).strip())

    @property
    def kind(self) -> str:
        """A date input would discard malformed text."""
        return "text" if self.is_typed and not self.data else "date"


class PatientForm(Form):
    """A new card, or the card of `patient`, in this organization.

    `taken`: fields whose phone or IIN belongs to another card; `is_stale`: the card changed while the form was open,
    and `on_card` has its current values in the fields that differ.
    """

    family_name = StringField(
        _l("Фамилия"), [named(_l("Введите фамилию.")), at_most(100), printable], filters=[single_spaced]
    )
    given_name = StringField(_l("Имя"), [named(_l("Введите имя.")), at_most(100), printable], filters=[single_spaced])
    middle_name = StringField(_l("Отчество"), [at_most(100), printable], filters=[single_spaced])
    phone = StringField(_l("Телефон"), [at_most(40), printable])
    iin = StringField(_l("ИИН"), [at_most(40), printable])
    birth_date = BirthDateField(_l("Дата рождения"))
    sex = RadioField(
        _l("Пол"),
        [Optional()],
        choices=[
            SelectChoice(Sex.FEMALE.value, _l("Жен.")),
            SelectChoice(Sex.MALE.value, _l("Муж.")),
            SelectChoice("", _l("Не указан")),
        ],
        invalid_choice_message=_l("Выберите один из этих ответов."),
    )
    note = TextAreaField(_l("Заметка"), [at_most(2000), printable], filters=[plain_lines])
    contact_name = StringField(_l("Контактное лицо"), [at_most(100), printable], filters=[single_spaced])
    contact_phone = StringField(_l("Как связаться"), [at_most(40), printable])
    email = StringField(_l("Эл. почта"), [at_most(254), printable])
    messages = SelectField(
        _l("Напоминания"),
        choices=[
            SelectChoice("", _l("на языке клиники")),
            SelectChoice(MessageWish.KAZAKH.value, _l("по-казахски")),
            SelectChoice(MessageWish.RUSSIAN.value, _l("по-русски")),
            SelectChoice(MessageWish.ENGLISH.value, _l("по-английски")),
            SelectChoice(MessageWish.NONE.value, _l("не присылать")),
        ],
        default="",
        invalid_choice_message=_l("Выберите один из этих ответов."),
    )
    version = HiddenField()
    once_key = HiddenField(default=lambda: token_urlsafe(16))

    def __init__(self, organization: Organization, patient: Patient | None = None) -> None:
        super().__init__(obj=patient.details if patient else None, version=patient.version if patient else None)
        self.organization_id = organization.id
        self.patient_id = patient.id if patient else None
        self.sex.data = self.sex.data or ""
        self.messages.data = self.messages.data or ""
        self.today = organization.today(utc_now())
        self.is_stale = False
        self.on_card: dict[str, str] = {}
        self.taken: list[str] = []

    def details(self) -> PatientDetails:
        """The parsed input; call it once the form is valid."""
        return PatientDetails(
            self.family_name.data,
            self.given_name.data,
            self.middle_name.data or "",
            self.phone.data or "",
            self.birth_date.data,
            self.iin.data or "",
            Sex(self.sex.data) if self.sex.data else None,
            self.note.data or "",
            self.contact_name.data or "",
            self.contact_phone.data or "",
            self.email.data or "",
            MessageWish(self.messages.data) if self.messages.data else None,
        )

    def seen_version(self) -> int:
        """The version that the form was filled from; one that no card has if malformed."""
        return sent_version(self.version)

    def once(self) -> str | None:
        """The idempotency key of this form; None if it already belongs to another person's card."""
        known = Patient.registered_once(self.organization_id, self._once_key())
        return self._once_key() or None if known is None or self._is_same(known) else None

    def sent_before(self) -> Patient | None:
        """The card that this very form created already."""
        known = Patient.registered_once(self.organization_id, self._once_key())
        return known if known and self._is_same(known) else None

    def resembling(self) -> list[Patient]:
        """Existing cards of which a new one may be a duplicate."""
        names = self.family_name.data or "", self.given_name.data or ""
        return Patient.resembling(self.organization_id, *names, self.birth_date.data) if self.patient_id is None else []

    def validate_birth_date(self, field: Any) -> None:
        if field.data and field.data > self.today:
            raise ValidationError(_("Дата рождения ещё не наступила."))
        if field.data and field.data.year < EARLIEST_YEAR:
            raise ValidationError(_("Проверьте год рождения."))

    def validate_email(self, field: Any) -> None:
        if field.data and not is_mail_address(field.data):
            raise ValidationError(_("Нужен адрес вида имя@почта.kz."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Checks uniqueness of phone and IIN, so that all faults are shown together; the database has the last word."""
        super().validate(extra_validators)
        for field in UNIQUE:
            if not self[field].errors and self._holder(field):
                self.explain(field)
        return not self.errors

    def explain(self, field: str) -> None:
        """Shows which card has this phone or IIN, with a link that opens a new tab, so that the input is kept."""
        if field not in UNIQUE:
            return
        sentence = self.taken_words(field)
        if holder := self._holder(field):
            born = f", {holder.birth_date.year}" if holder.birth_date else ""
            link = '{}: <a href="{}" target="_blank">{} {}{}</a>'
            card = url_for("clinic.patient", patient_id=holder.id)
            sentence = Markup(link).format(sentence, card, holder.family_name, holder.given_name, born)
        self[field].errors = [*self[field].errors, sentence]
        self.taken.append(field)

    def taken_words(self, field: str) -> str:
        """The message for a phone or IIN that belongs to another card."""
        if field == "phone":
            return str(_("Пациент с таким телефоном уже существует"))
        return str(_("Пациент с таким ИИН уже существует"))

    def doubts(self) -> dict[str, str]:
        """Doubts by field; these do not prevent saving."""
        doubts = {field: _("Сейчас в карте: %(value)s", value=value) for field, value in self.on_card.items()}
        if doubt := self._iin_doubt():
            doubts.setdefault("iin", doubt)
        return doubts

    def offer(self) -> Iin | None:
        """A valid IIN from which a missing birth date or sex can be filled in."""
        iin = self._iin()
        is_complete = self.birth_date.is_typed and self.sex.data
        return iin if iin and iin.fault is None and not is_complete else None

    def offer_words(self) -> str:
        """«По ИИН: 17.05.1995, женщина»"""
        iin = self.offer()
        if iin is None or iin.birth_date is None:
            return ""
        return str(_("По ИИН: %(date)s, %(sex)s", date=shown_date(iin.birth_date), sex=shown_sex(iin.sex)))

    def take_offer(self) -> None:
        """Fills in empty fields from the IIN."""
        iin = self.offer()
        if iin and not self.birth_date.is_typed:
            self.birth_date.raw_data, self.birth_date.data = None, iin.birth_date
        if iin and not self.sex.data:
            self.sex.data = iin.sex.value if iin.sex else None

    def _once_key(self) -> str:
        typed = str(self.once_key.data or "")
        return typed if _ONCE_KEY.fullmatch(typed) else ""

    def _is_same(self, known: Patient) -> bool:
        """Whether the card is of the person in the form, not of the next one typed into a page gone back to."""
        names = known.family_name, known.given_name, known.middle_name
        return (*names, known.birth_date) == (
            self.family_name.data,
            self.given_name.data,
            self.middle_name.data or "",
            self.birth_date.data,
        )

    def _iin(self) -> Iin | None:
        return read_iin(self.iin.data, self.today) if self.iin.data else None

    def _iin_doubt(self) -> str | None:
        iin = self._iin()
        doubt = iin_doubt(iin, self.birth_date.data, self.sex.data) if iin else ""
        return str(_("%(doubt)s Сохранить можно, проверьте позже.", doubt=doubt)) if doubt else None

    def _holder(self, field: str) -> Patient | None:
        return Patient.holding(self.organization_id, field, self[field].data or "", other_than=self.patient_id)

    def meet(self, stale: Stale) -> None:
        """Shows the card's current values next to the input."""
        patient = db.session.get_one(Patient, self.patient_id)
        now, typed = shown_details(patient.details), shown_details(self.details())
        self.on_card = {field: now[field] or str(_("пусто")) for field in now if now[field] != typed[field]}
        self.is_stale, self.version.data = True, patient.version
