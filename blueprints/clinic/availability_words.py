"""Wording of weekly hours and their exceptions."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from flask_babel import format_date
from flask_babel import gettext as _

from models.accounts import Organization
from models.clinic import AvailabilityException, Practitioner
from models.clinic.practitioner import WeeklyHours
from rules.hours import Stretch

WEEK = range(7)
MOMENT = timedelta(microseconds=1)


def hours_words(stretches: Sequence[Stretch]) -> list[str]:
    """«08:00–13:00», «14:00–17:00»"""
    return [f"{starts:%H:%M}–{ends:%H:%M}" for starts, ends in stretches]


def week_of(practitioner: Practitioner, weekly: WeeklyHours) -> list[list[str]]:
    """The hours of each weekday, from Monday on."""
    return [hours_words(weekly.get((practitioner.id, day), ())) for day in WEEK]


class ExceptionWords:
    """Wording of exceptions, relative to one organization and moment; for templates."""

    def __init__(self, organization: Organization, now: datetime) -> None:
        self.zone = organization.zone
        self.today = organization.today(now)

    def title(self, exception: AvailabilityException) -> str:
        """«Отпуск», or the kind of exception if it has no title."""
        return exception.reason or str(_("Приёма нет") if exception.closes else _("Приём сверх графика"))

    def who(self, exception: AvailabilityException) -> str:
        return exception.practitioner.short_name if exception.practitioner else str(_("Вся клиника"))

    def when(self, exception: AvailabilityException) -> str:
        """«25–27 нояб.», «25 нояб., 14:00–16:00», «25 нояб., 14:00 – 27 нояб., 10:00»"""
        start, end = (each.astimezone(self.zone) for each in (exception.starts_at, exception.ends_at))
        last = (exception.ends_at - MOMENT).astimezone(self.zone).date()
        if f"{start:%H:%M}{end:%H:%M}" == "00:0000:00":
            return self._days(start.date(), last)
        if start.date() == last:
            return f"{self._day(last)}, {start:%H:%M}–{end:%H:%M}"
        return f"{self._day(start.date())}, {start:%H:%M} – {self._day(end.date())}, {end:%H:%M}"

    def first_day(self, exception: AvailabilityException) -> str:
        """The first day, as in addresses."""
        return exception.starts_at.astimezone(self.zone).date().isoformat()

    def clock(self, instant: datetime) -> str:
        return f"{instant.astimezone(self.zone):%H:%M}"

    def visit_day(self, instant: datetime) -> str:
        return str(format_date(instant.astimezone(self.zone).date(), "EEE, d MMM"))

    def _days(self, first: date, last: date) -> str:
        if first == last:
            return self._day(first)
        is_one_month = (first.year, first.month) == (last.year, last.month)
        return f"{first.day}–{self._day(last)}" if is_one_month else f"{self._day(first)} – {self._day(last)}"

    def _day(self, day: date) -> str:
        return str(format_date(day, "d MMM" if day.year == self.today.year else "d MMM y"))
