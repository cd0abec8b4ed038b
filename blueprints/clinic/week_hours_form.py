"""The form of a practitioner's weekly hours: one text line per day."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import ValidationError

from blueprints.forms import Form
from blueprints.text_rules import at_most
from models.clinic import Practitioner
from rules.hours import BadHours, HoursFault, Stretch, read_hours, shown_hours

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WORKDAYS = DAYS[:5]


def readable(form: Form, field: Any) -> None:
    """Rejects unparsable hours with a message that shows the format."""
    try:
        read_hours(field.data or "")
    except BadHours as error:
        raise ValidationError(fault_words(error.fault)) from error


class WeekHoursForm(Form):
    """The hours of each weekday; an empty line is a day off."""

    monday = StringField(_l("Понедельник"), [at_most(100), readable])
    tuesday = StringField(_l("Вторник"), [at_most(100), readable])
    wednesday = StringField(_l("Среда"), [at_most(100), readable])
    thursday = StringField(_l("Четверг"), [at_most(100), readable])
    friday = StringField(_l("Пятница"), [at_most(100), readable])
    saturday = StringField(_l("Суббота"), [at_most(100), readable])
    sunday = StringField(_l("Воскресенье"), [at_most(100), readable])

    @classmethod
    def of(cls, practitioner: Practitioner) -> "WeekHoursForm":
        """Filled with the current hours."""
        return cls(**{day: shown_hours(practitioner.stretches(number)) for number, day in enumerate(DAYS)})

    @property
    def days(self) -> list[Any]:
        """The fields from Monday on."""
        return [self[day] for day in DAYS]

    def takes_copy(self) -> bool:
        """Copies the chosen day's line to every workday, if requested; the form is then shown again."""
        source = request.form.get("copy")
        if source not in DAYS:
            return False
        for day in WORKDAYS:
            self[day].data = self[source].data
        return True

    def stretches(self) -> Mapping[int, Sequence[Stretch]]:
        """By weekday, Monday is 0; call it once the form is valid."""
        return {number: read_hours(self[day].data or "") for number, day in enumerate(DAYS)}


def fault_words(fault: HoursFault) -> str:
    words = {
        HoursFault.UNREADABLE: _("Напишите часы так: 8–13, 14–17:30."),
        HoursFault.NO_SUCH_TIME: _("Такого времени нет: часы от 0 до 23, минуты от 00 до 55."),
        HoursFault.OFF_GRID: _("Часы приёма кратны пяти минутам."),
        HoursFault.BACKWARDS: _("Конец должен быть позже начала."),
        HoursFault.OVERLAP: _("Эти часы накладываются друг на друга."),
    }
    return str(words[fault])
