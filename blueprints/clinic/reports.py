"""The owner's report on past weeks, as charts with numbers, and as a file."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Response, render_template, request, url_for
from flask_babel import format_date, format_percent, ngettext
from flask_babel import gettext as _

from blueprints.clinic.appointment_fields import record_number
from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.date_words import short_date
from blueprints.clinic.fragments import read_date
from blueprints.clinic.hours_rights import everybody_of
from blueprints.clinic.report_chart import WIDTHS, chart
from blueprints.clinic.table_answer import Cell, table_answer
from blueprints.guards import own_membership, requires
from models.accounts import Right
from models.base import utc_now
from models.clinic import Practitioner
from models.clinic.day_topic import monday_of
from models.clinic.report import Cells, Report, Tally

PERIODS = (4, 12, 26)
USUAL_PERIOD = 12
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Metric:
    """One chart: its title, its definition, its value in a tally, and the value's format."""

    key: str
    title: str
    about: str
    value: Callable[[Tally], float | None]
    said: Callable[[float], str]

    def words(self, tally: Tally) -> str:
        value = self.value(tally)
        return str(_("нет")) if value is None else self.said(value)


@dataclass(frozen=True)
class Asked:
    """The parameters in the address; invalid values count as missing."""

    weeks: int
    last: date
    doctor: Practitioner | None
    doctors: Sequence[Practitioner]
    is_going_on: bool

    @classmethod
    def read(cls) -> "Asked":
        own, now = own_membership(), utc_now()
        doctors, wanted = everybody_of(own), record_number(request.args.get("practitioner"))
        weeks, today = record_number(request.args.get("weeks")), own.organization.today(now)
        last = monday_of(read_date(request.args.get("last", "")) or today)
        return cls(
            weeks if weeks in PERIODS else USUAL_PERIOD,
            last,
            next((doctor for doctor in doctors if doctor.id == wanted), None),
            doctors,
            is_going_on=today < last + WEEK,
        )

    @property
    def chosen(self) -> Sequence[Practitioner]:
        return [self.doctor] if self.doctor else self.doctors

    @property
    def offers_visits(self) -> bool:
        return own_membership().may(Right.EXPORT_PATIENTS)

    def report(self) -> Report:
        first = self.last - WEEK * (self.weeks - 1)
        return Report(own_membership().organization, self.chosen, first, self.weeks)

    def address(self, weeks: int = 0, shift: int = 0, doctor: Practitioner | None = None) -> str:
        """The address of the same report with these changes; shift: periods later."""
        weeks, last = weeks or self.weeks, self.last + WEEK * self.weeks * shift
        whose = doctor.id if doctor else None
        return url_for("clinic.reports", weeks=weeks, last=last.isoformat(), practitioner=whose)


@blueprint.get("/reports")
@requires(Right.SEE_REPORTS)
def reports() -> str:
    """Load, no-shows, waits, new patients by week; weeks (4, 12, 26), last (any day of the last one), practitioner."""
    asked = Asked.read()
    report = asked.report()
    cells = report.cells()
    by_week = [_sum(cells[doctor.id, monday] for doctor in asked.chosen) for monday in report.mondays]
    return render_template(
        "clinic/reports/page.html",
        asked=asked,
        periods=[(weeks, ngettext("%(num)s неделя", "%(num)s недель", weeks)) for weeks in PERIODS],
        title=_period(report),
        metrics=[(metric, _drawn(metric, by_week)) for metric in metrics()],
        total=_sum(by_week),
        weeks=[(_week(monday), tally) for monday, tally in zip(report.mondays, by_week, strict=True)],
        labels=[short_date(monday) for monday in report.mondays],
        doctors=[(doctor, _sum(cells[doctor.id, monday] for monday in report.mondays)) for doctor in asked.chosen],
    )


@blueprint.get("/reports/table")
@requires(Right.SEE_REPORTS)
def reports_table() -> Response:
    """The same by practitioner and week, as a file (as: csv, xlsx)."""
    asked = Asked.read()
    report = asked.report()
    return table_answer(f"report-{report.first.isoformat()}-{asked.weeks}", _heads(), [_rows(report, report.cells())])


def metrics() -> list[Metric]:
    """The four metrics, in the reader's language."""
    return [
        Metric("load", _("Загрузка"), _("Занятое время от часов приёма"), lambda tally: tally.load, _percent),
        Metric("missed", _("Не пришли"), _("Из тех, чей приём уже прошёл"), lambda tally: tally.missed_share, _percent),
        Metric("wait", _("Ожидание"), _("От прихода до приглашения, в среднем"), lambda tally: tally.wait, _minutes),
        Metric("first", _("Новые пациенты"), _("Первый приём в клинике"), lambda tally: tally.first, _count),
    ]


def _percent(share: float) -> str:
    return str(format_percent(share))


def _minutes(minutes: float) -> str:
    return str(_("%(minutes)s мин", minutes=round(minutes)))


def _count(number: float) -> str:
    return f"{number:g}"


def _sum(tallies: Iterable[Tally]) -> Tally:
    return sum(tallies, Tally())


def _drawn(metric: Metric, by_week: Sequence[Tally]) -> dict[str, object]:
    """The chart for wide and for narrow screens."""
    return {kind: chart([metric.value(tally) for tally in by_week], kind) for kind in WIDTHS}


def _week(monday: date) -> str:
    """«16–22 нояб.»"""
    sunday = monday + timedelta(days=6)
    first = format_date(monday, "d" if monday.month == sunday.month else "d MMM")
    return f"{first}–{format_date(sunday, 'd MMM')}"


def _period(report: Report) -> str:
    """«7 сентября – 22 ноября»"""
    last = report.mondays[-1] + timedelta(days=6)
    return f"{format_date(report.first, 'd MMMM')} – {format_date(last, 'd MMMM y')}"


def _heads() -> list[str]:
    return [
        *(_("Врач"), _("Неделя с"), _("Записей"), _("Принято"), _("Не пришли"), _("Занято минут")),
        *(_("Минут приёма"), _("Ждали, человек"), _("Ждали, минут"), _("Новые пациенты")),
    ]


def _rows(report: Report, cells: Cells) -> list[list[Cell]]:
    return [
        [doctor.short_name, monday, *_figures(cells[doctor.id, monday])]
        for doctor in report.practitioners
        for monday in report.mondays
    ]


def _figures(tally: Tally) -> list[int]:
    minutes = (tally.booked_minutes, tally.open_minutes)
    return [tally.visits, tally.seen, tally.missed, *minutes, tally.waits, round(tally.waited_minutes), tally.first]
