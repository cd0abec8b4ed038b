"""The form of a waiting list entry: patient, service, practitioners, and when they can come."""

from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional, ValidationError

from blueprints.clinic.appointment_fields import LATEST, VisitDate, chosen_number, record_number, sent_version
from blueprints.clinic.appointment_form import chosen_patient, found_patients
from blueprints.clinic.history_words import Changed, HistoryWords
from blueprints.forms import Form
from blueprints.text_rules import at_most, printable, single_spaced
from extensions import db
from models.accounts import Membership
from models.base import utc_now
from models.clinic import Patient, Practitioner, Service, WaitlistEntry
from models.clinic.audit import differences
from models.clinic.waitlist import Wanted
from models.errors import Stale
from rules.part_of_day import PartOfDay

UNKNOWN = _l("Выберите из списка.")


class WaitlistForm(Form):
    """A new entry, or the given one. begun: the input of the form of a visit.

    is_stale: the entry changed while the form was open, and `newer` has its current values where they differ, in words.
    """

    patient = HiddenField(_l("Пациент"))
    q = StringField(_l("Пациент"), [at_most(200), printable])
    service = SelectField(_l("Услуга"), coerce=chosen_number, invalid_choice_message=UNKNOWN)
    practitioners = SelectMultipleField(_l("К кому"), coerce=chosen_number)
    weekdays = SelectMultipleField(_l("Дни"), coerce=int)
    parts = SelectMultipleField(_l("Время дня"))
    until = VisitDate(_l("Не позже"), [Optional()])
    urgent = BooleanField(_l("Срочно"))
    note = StringField(_l("Заметка"), [at_most(200), printable], filters=[single_spaced])
    version = HiddenField()

    def __init__(
        self, own: Membership, is_begun: bool = False, entry: WaitlistEntry | None = None, **given: Any
    ) -> None:
        super().__init__(**(_values(entry) if entry else given))
        self.own, self.entry = own, entry
        self.is_stale = False
        self.newer: list[Changed] = []
        doctors, services = (
            Practitioner.all_of(own.organization_id),
            db.session.scalars(Service.of(own.organization_id, entry.service_id if entry else None)),
        )
        self._services = {each.id: each for each in services}
        self.practitioners.choices = [SelectChoice(each.id, each.short_name) for each in doctors]
        self.weekdays.choices = [SelectChoice(number, str(number)) for number in range(7)]
        self.parts.choices = [SelectChoice(part.value, part.value) for part in PartOfDay]
        named = [SelectChoice(each.id, each.name) for each in self._services.values()]
        self.service.choices = [SelectChoice("", _("Любая")), *named]
        if is_begun:
            chosen = record_number(request.form.get("practitioner"))
            self.practitioners.data = [chosen] if chosen else []
        self.chosen_patient = chosen_patient(own, self.patient.data)

    def found_patients(self) -> list[Patient]:
        """The search results, for browsers without scripts."""
        return found_patients(self.own, self.q.data or "")

    def wanted(self) -> Wanted:
        """The parsed input; call it once the form is valid."""
        assert self.chosen_patient is not None
        return Wanted(
            self.chosen_patient,
            self._services.get(self.service.data),
            self.practitioners.data or (),
            self.weekdays.data or (),
            [PartOfDay(part) for part in self.parts.data or ()],
            self.until.data,
            self.urgent.data,
            self.note.data or "",
        )

    @property
    def seen_version(self) -> int:
        """The version that the form was filled from; 0, which no entry has, if malformed."""
        return sent_version(self.version)

    def meet(self, stale: Stale) -> None:
        """Shows the current values next to the input; saving again overwrites them."""
        assert self.entry is not None
        words = HistoryWords(self.own.organization, utc_now())
        self.newer = words.of(differences(self.wanted().facts, self.entry.wanted.facts))
        self.version.raw_data, self.version.data, self.is_stale = None, self.entry.version, True

    def validate_q(self, field: Any) -> None:
        if self.chosen_patient is None:
            raise ValidationError(_("Выберите пациента из списка.") if field.data else _("Найдите пациента."))

    def validate_until(self, field: Any) -> None:
        if field.data and not self.own.organization.today(utc_now()) <= field.data <= LATEST:
            raise ValidationError(_("Выберите день не раньше сегодняшнего."))


def _values(entry: WaitlistEntry) -> dict[str, Any]:
    """The entry as form data."""
    return {
        "patient": entry.patient_id,
        "service": entry.service_id,
        "practitioners": entry.practitioner_ids,
        "weekdays": entry.weekdays,
        "parts": entry.parts,
        "until": entry.until,
        "urgent": entry.is_urgent,
        "note": entry.note,
        "version": entry.version,
    }
