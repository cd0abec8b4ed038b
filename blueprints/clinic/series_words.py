"""Wording of series: recurrence, position of a visit, scope of a change."""

from dataclasses import dataclass

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import SelectChoice

from blueprints.clinic.appointment_words import conflict_words
from blueprints.clinic.hours_rights import may_see
from models.accounts import Membership
from models.clinic import Appointment, AppointmentSeries
from models.clinic.occurrences import Occurrence
from models.clinic.series import Scope
from rules.booking import Status

SHOWN = 5
SCOPES = [
    SelectChoice(Scope.ONE.value, _l("Только эта запись")),
    SelectChoice(Scope.FOLLOWING.value, _l("Эта и следующие")),
    SelectChoice(Scope.ALL.value, _l("Все, что впереди")),
]

WRONG_SCOPE = _l("Выберите один из этих ответов.")


@dataclass(frozen=True)
class SeriesWords:
    """The series of one visit, for its card."""

    visit: Appointment
    series: AppointmentSeries
    visits: list[Appointment]

    @classmethod
    def of(cls, visit: Appointment, own: Membership) -> "SeriesWords | None":
        """None for a single visit; two statements. Without visits that are hidden from the member."""
        series = AppointmentSeries.of_visit(visit)
        shown = [each for each in series.visits() if may_see(own, each.practitioner)] if series else []
        return cls(visit, series, shown) if series else None

    @property
    def place(self) -> str:
        """«3 из 10», not counting cancelled visits."""
        standing = [each for each in self.visits if each.status is not Status.CANCELLED]
        if self.visit not in standing:
            return str(_("отменена"))
        return str(_("%(number)s из %(total)s", number=standing.index(self.visit) + 1, total=len(standing)))

    @property
    def often(self) -> str:
        """«каждую неделю», «раз в 2 нед.»"""
        return every_words(self.series.weeks)

    def day(self, visit: Appointment) -> str:
        """«пн, 23 нояб., 10:00»"""
        local = visit.starts_at.astimezone(visit.organization.zone)
        return f"{format_date(local.date(), 'EEE, d MMM y')}, {local:%H:%M}"


def every_words(weeks: int) -> str:
    """«каждую неделю», «раз в 2 нед.»"""
    return str(_("каждую неделю") if weeks == 1 else _("раз в %(number)s нед.", number=weeks))


def changed_title(number: int) -> str:
    """One visit changed, or several."""
    return str(_("Запись изменена") if number == 1 else _("Изменено записей: %(number)s", number=number))


def cancelled_title(number: int) -> str:
    """One visit cancelled, or several."""
    return str(_("Запись отменена") if number == 1 else _("Отменено записей: %(number)s", number=number))


def blocked_words(blocked: list[Occurrence]) -> str:
    """The first few visits of a series that cannot follow a change, and why."""
    told = [f"{format_date(each.booking.starts_at.date(), 'd MMM')}: {trouble_words(each.trouble)}" for each in blocked]
    more = [_("и ещё %(number)s", number=len(told) - SHOWN)] if len(told) > SHOWN else []
    listed = "; ".join([*told[:SHOWN], *more])
    return str(_("Ничего не изменено. Мешает: %(list)s.", list=listed))


def trouble_words(trouble: str) -> str:
    """The conflict of one visit."""
    return str(_("приёма нет")) if trouble == "closed" else conflict_words(trouble)
