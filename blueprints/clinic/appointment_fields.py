"""Form fields of a visit, with strict parsing and clear messages."""

from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from wtforms import DateField, HiddenField, IntegerField, TimeField
from wtforms.validators import ValidationError

from models.accounts import Organization
from rules.booking import STEP_MINUTES
from rules.recurrence import MOST_TIMES

SHORTEST, LONGEST = 5, 720
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)
BIGGEST_ID = 2**31 - 1


def record_number(typed: object) -> int | None:
    """The id of a record; None for missing or malformed input."""
    text = str(typed or "")
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(BIGGEST_ID))
    return int(text) if is_number and int(text) <= BIGGEST_ID else None


def sent_version(field: HiddenField) -> int:
    """The version submitted with the form; 0, which no record has, if missing or malformed."""
    return record_number("".join(field.raw_data or [])) or 0


def chosen_number(typed: object) -> int | None:
    """As record_number for an optional choice: malformed input is 0, an id that no record has, rather than None."""
    return record_number(typed) or 0 if typed else None


def visit_length(typed: str) -> int | None:
    """Minutes on the board's grid within the allowed length of visits; None for anything else."""
    minutes = record_number(typed)
    return minutes if minutes and SHORTEST <= minutes <= LONGEST and minutes % STEP_MINUTES == 0 else None


def instant(typed: str, organization: Organization) -> datetime | None:
    """A local date and time such as 2026-11-21T10:30; None for anything else."""
    try:
        read = datetime.fromisoformat(typed) if typed.isascii() and "T" in typed else None
    except ValueError:
        return None
    if read is None or read.tzinfo or not EARLIEST <= read.date() <= LATEST or read.minute % STEP_MINUTES:
        return None
    return read.replace(second=0, microsecond=0, tzinfo=organization.zone)


class IsoDate(DateField):
    """A date, ГГГГ-ММ-ДД."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([typed.strip() for typed in valuelist])
        except ValueError as error:
            raise ValueError(_("Нужна дата вида ГГГГ-ММ-ДД, например 2026-11-21.")) from error


class VisitDate(IsoDate):
    """A date within the years in which there can be visits."""

    def pre_validate(self, form: Any) -> None:
        if self.data and not EARLIEST <= self.data <= LATEST:
            raise ValidationError(_("Проверьте год."))


class VisitTime(TimeField):
    """A time of day on the board's grid of five minutes, ЧЧ:ММ, also in the shorthand of people in a hurry."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("Нужно время вида ЧЧ:ММ, например 09:30.")) from error

    def pre_validate(self, form: Any) -> None:
        if self.data and self.data.minute % STEP_MINUTES:
            raise ValidationError(_("Время записи кратно пяти минутам."))


class VisitMinutes(IntegerField):
    """The length; empty means the service's default."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        typed = valuelist[0].strip() if valuelist else ""
        if not typed:
            return
        self.data = visit_length(typed)
        if self.data is None:
            raise ValueError(_("Нужно число минут от 5 до 720, кратное пяти."))


class SeriesTimes(IntegerField):
    """The number of visits of a series."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        typed = valuelist[0].strip() if valuelist else ""
        if not typed:
            return
        self.data = record_number(typed)
        if self.data is None or not 2 <= self.data <= MOST_TIMES:
            self.data = None
            raise ValueError(_("Нужно число от 2 до %(most)s.", most=MOST_TIMES))
