"""«Ближайшее свободное время»: the next free times by service, practitioner and part of the day, to be booked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from flask import Response, request, url_for

from blueprints.clinic.appointment_fields import record_number
from blueprints.clinic.appointment_form import USUAL_MINUTES
from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.date_words import headline
from blueprints.clinic.fragments import read_date
from blueprints.clinic.hours_rights import practitioners_of
from blueprints.clinic.news_live import MONTH_NEWS
from blueprints.guards import own_membership, requires
from blueprints.htmx import is_htmx
from blueprints.replies import page
from extensions import db
from models.accounts import Membership, Right
from models.base import utc_now
from models.clinic import Practitioner, Service
from models.clinic.day_topic import whole_day
from models.clinic.next_free import FreeTime, Wish, next_free
from rules.part_of_day import PartOfDay

# On a phone two rows of five, with the button for the rest.
TIMES_SHOWN = 9


@dataclass(frozen=True)
class Search:
    """The search in the address; invalid values mean any."""

    practitioners: Sequence[Practitioner]
    services: Sequence[Service]
    practitioner: Practitioner | None
    service: Service | None
    part: PartOfDay | None
    first: date

    @classmethod
    def of(cls, own: Membership, today: date) -> "Search":
        """Three statements."""
        practitioners = practitioners_of(own)
        services = list(db.session.scalars(Service.of(own.organization_id)))
        wanted, service = (record_number(request.args.get(name)) for name in ("practitioner", "service"))
        part = request.args.get("part", "")
        return cls(
            practitioners,
            services,
            next((each for each in practitioners if each.id == wanted), None),
            next((each for each in services if each.id == service), None),
            PartOfDay(part) if part in set(PartOfDay) else None,
            max(read_date(request.args.get("first", "")) or today, today),
        )

    @property
    def address(self) -> str:
        """The same search again."""
        whom, what = (each.id if each else None for each in (self.practitioner, self.service))
        return url_for("clinic.free_times", practitioner=whom, service=what, part=self.part, first=self.first)

    def wish(self, since: datetime) -> Wish:
        wanted = [self.practitioner] if self.practitioner else self.practitioners
        minutes, room = (self.service.minutes, self.service.room) if self.service else (USUAL_MINUTES, None)
        return Wish(minutes, wanted, self.part, since, room)


@dataclass(frozen=True)
class FoundDay:
    """One day with its free times by practitioner, in the order of the day's columns."""

    words: str
    date: date
    rows: list[tuple[Practitioner, list[FreeTime]]]


@blueprint.get("/free-times")
@requires(Right.BOOK)
def free_times() -> Response:
    """The first three days with free time."""
    own, now = own_membership(), utc_now()
    live = {} if is_htmx() else MONTH_NEWS.live(own.organization_id)
    search = Search.of(own, own.organization.today(now))
    since = max(now, whole_day(search.first, own.organization.zone).start)
    found = next_free(own.organization, search.wish(since))
    return page(
        "clinic/free_times/page.html",
        "clinic/free_times/_found.html",
        search=search,
        days=_days(found, search.practitioners, own.organization.today(now)),
        shown=TIMES_SHOWN,
        parts=list(PartOfDay),
        **live,
    )


def _days(found: list[FreeTime], columns: Sequence[Practitioner], today: date) -> list[FoundDay]:
    days = []
    for day, of_day in groupby(found, key=lambda each: each.start.date()):
        times = list(of_day)
        rows = [(doctor, [each for each in times if each.practitioner is doctor]) for doctor in columns]
        days.append(FoundDay(_words(day, today), day, [row for row in rows if row[1]]))
    return days


def _words(day: date, today: date) -> str:
    return headline(day) if day - today < timedelta(days=300) else headline(day, "d MMMM y")
