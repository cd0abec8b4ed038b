"""The day for printing: a sheet for each practitioner, or one list for the desk."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Response, abort, request
from flask_babel import format_date
from flask_babel import gettext as _

from blueprints.clinic.appointment_fields import record_number
from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.date_words import headline
from blueprints.clinic.drawing import shown_status
from blueprints.clinic.fragments import read_date
from blueprints.clinic.hours_rights import may_see
from blueprints.guards import own_membership, requires
from blueprints.replies import page
from models.accounts import Right
from models.base import utc_now
from models.clinic import Appointment, Practitioner
from models.clinic.day import Day
from models.clinic.free_time import not_past
from rules.booking import Interval, Status, free_gaps

EACH, DESK = "each", "desk"
AWAY = (Status.CANCELLED, Status.ENTERED_IN_ERROR)


@dataclass(frozen=True)
class Line:
    """One line of a sheet: a visit with its status, or free time without one."""

    period: str
    visit: Appointment | None = None
    told: str = ""


@dataclass(frozen=True)
class Sheet:
    """One printed sheet. practitioner: whose day it is, or None for the whole desk."""

    practitioner: Practitioner | None
    lines: list[Line]


@dataclass(frozen=True)
class Choice:
    """The print options in the address: "each", "desk" or a practitioner's id; phones only if requested."""

    sheet: str
    phones: bool
    practitioners: Sequence[Practitioner]

    @classmethod
    def read(cls, practitioners: Sequence[Practitioner]) -> "Choice":
        typed = request.args.get("sheet", EACH)
        known = {EACH, DESK, *(str(each.id) for each in practitioners)}
        return cls(typed if typed in known else EACH, "phones" in request.args, practitioners)

    @property
    def chosen(self) -> list[Practitioner]:
        """The practitioners whose sheets are printed; none for the desk's list."""
        if self.sheet == DESK:
            return []
        one = record_number(self.sheet)
        return [each for each in self.practitioners if one is None or each.id == one]


@blueprint.get("/schedule/<chosen>/print")
@requires(Right.SEE_OWN)
def day_sheets(chosen: str) -> Response:
    """A4, black on white, one page per practitioner; six statements for any day."""
    own, now = own_membership(), utc_now()
    day = Day(own.organization, read_date(chosen) or abort(404))
    choice = Choice.read([each for each in day.practitioners() if may_see(own, each)])
    return page(
        "clinic/day_sheets/page.html",
        "clinic/day_sheets/_sheets.html",
        day=day,
        choice=choice,
        sheets=_sheets(day, choice, now),
        title=_title(day),
        printed=_moment(now, day),
    )


def _sheets(day: Day, choice: Choice, now: datetime) -> list[Sheet]:
    here = set(choice.practitioners)
    visits = [visit for visit in day.visits() if visit.status not in AWAY and visit.practitioner in here]
    if choice.sheet == DESK:
        return [Sheet(None, [_line(visit, day) for visit in visits])]
    own = {each: [visit for visit in visits if visit.practitioner is each] for each in choice.chosen}
    return [Sheet(each, list(_lines(day, each, of_doctor, now))) for each, of_doctor in own.items()]


def _lines(day: Day, doctor: Practitioner, visits: Sequence[Appointment], now: datetime) -> Iterator[Line]:
    """Visits and the free time between them, by time: free lines are for handwriting."""
    held = [visit.interval for visit in visits if visit.status is not Status.NOSHOW]
    free = free_gaps(list(not_past(day.open_hours(doctor), now)), held)
    found = [(visit.interval, _line(visit, day)) for visit in visits]
    found += [(gap, Line(_period(gap, day))) for gap in free]
    for _interval, line in sorted(found, key=lambda each: each[0]):
        yield line


def _line(visit: Appointment, day: Day) -> Line:
    return Line(_period(visit.interval, day), visit, shown_status(visit))


def _period(interval: Interval, day: Day) -> str:
    return f"{interval.start.astimezone(day.zone):%H:%M}–{interval.end.astimezone(day.zone):%H:%M}"


def _title(day: Day) -> str:
    return headline(day.date, "EEEE, d MMMM y")


def _moment(now: datetime, day: Day) -> str:
    """«22 нояб., 11:48»: when the sheet was printed, since it goes out of date."""
    local = now.astimezone(day.zone)
    return str(_("Напечатано %(when)s", when=f"{format_date(local.date(), 'd MMM')}, {local:%H:%M}"))
