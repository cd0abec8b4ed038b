"""The form of a series: its recurrence, and what to do with each date."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from blueprints.clinic.appointment_fields import SeriesTimes, VisitDate, chosen_number, instant
from blueprints.clinic.appointment_form import AppointmentForm
from blueprints.clinic.series_words import every_words
from models.accounts import Membership
from models.base import utc_now
from models.clinic.booking import Booking
from models.clinic.occurrences import Occurrence, occurrences
from rules.recurrence import Recurrence

USUAL_TIMES = 10
EVERY = (1, 2, 3, 4, 6, 8, 12)


def weekday(typed: object) -> int | None:
    """The number of a weekday, Monday is 0; None if malformed."""
    return int(str(typed)) if str(typed) in {"0", "1", "2", "3", "4", "5", "6"} else None


@dataclass(frozen=True)
class Row:
    """One date of the plan. chosen: the start to be booked, None to skip the date."""

    occurrence: Occurrence
    chosen: datetime | None
    is_settled: bool

    @property
    def key(self) -> str:
        return self.occurrence.booking.starts_at.date().isoformat()

    @property
    def booking(self) -> Booking | None:
        return replace(self.occurrence.booking, starts_at=self.chosen) if self.chosen else None


class SeriesForm(AppointmentForm):
    """The fields of a visit, and its recurrence."""

    weeks = SelectField(_l("Как часто"), coerce=chosen_number, invalid_choice_message=_l("Выберите из списка."))
    weekdays = SelectMultipleField(
        _l("По каким дням"),
        coerce=weekday,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        choices=[
            SelectChoice(number, name)
            for number, name in enumerate((_l("Пн"), _l("Вт"), _l("Ср"), _l("Чт"), _l("Пт"), _l("Сб"), _l("Вс")))
        ],
    )
    times = SeriesTimes(_l("Сколько всего раз"))
    until = VisitDate(_l("Или по какой день"), [Optional()])

    def __init__(self, own: Membership) -> None:
        super().__init__(own)
        self.weeks.choices = [SelectChoice(number, every_words(number)) for number in EVERY]
        self.rows: list[Row] = []
        if "weeks" not in request.form:
            self.weeks.data, self.times.data = 1, USUAL_TIMES
        first = {self.date.data.weekday()} if self.date.data else set()
        self.weekdays.data = sorted(first.union(each for each in self.weekdays.data or [] if each is not None))

    def validate_times(self, field: Any) -> None:
        if not field.data and not self.until.data:
            raise ValidationError(_("Укажите, сколько раз или по какой день."))

    def validate_until(self, field: Any) -> None:
        if field.data and self.date.data and field.data < self.date.data:
            raise ValidationError(_("Это раньше первого приёма."))

    def rule(self) -> Recurrence:
        """The recurrence; call it once the form is valid. An end date takes precedence over a number."""
        until = self.until.data
        return Recurrence(self.weeks.data, frozenset(self.weekdays.data), None if until else self.times.data, until)

    def look_at_dates(self) -> None:
        """Fills `rows` with each date, its conflict and the choice made for it."""
        first, zone = self.booking(), self.own.organization.zone
        bookings = [
            replace(first, starts_at=datetime.combine(day, self.time.data, zone), overbooked=False)
            for day in self.rule().days(self.date.data)
        ]
        found = occurrences(self.own.organization, bookings, utc_now())
        self.rows = [self._row(each) for each in found]

    @property
    def bookings(self) -> list[Booking]:
        """The visits to be booked."""
        return [row.booking for row in self.rows if row.booking]

    @property
    def is_settled(self) -> bool:
        """Whether there is a choice for every conflict, and some dates are left."""
        return bool(self.bookings) and all(row.is_settled for row in self.rows)

    def _row(self, found: Occurrence) -> Row:
        day = found.booking.starts_at.date()
        if not found.trouble:
            is_left_out = day.isoformat() in request.form.getlist("skip")
            return Row(found, None if is_left_out else found.booking.starts_at, True)
        typed = request.form.get(f"at-{day.isoformat()}")
        chosen = instant(typed or "", self.own.organization)
        if typed == "" or chosen in found.offers:
            return Row(found, chosen, True)
        return Row(found, _on_the_day(found.offers, day), False)


def _on_the_day(offers: Sequence[datetime], day: date) -> datetime | None:
    return next((each for each in offers if each.date() == day), None)
