"""The nearest free time: by practitioner and part of the day, in a constant number of statements."""

from datetime import date, datetime, time, timedelta

import pytest

from extensions import db
from models.base import utc_now
from models.clinic import AvailabilityException, ExceptionKind, Practitioner
from models.clinic.availability import Departure
from models.clinic.next_free import FreeTime, Wish, next_free, spread
from rules.booking import Interval
from rules.part_of_day import PartOfDay
from tests.support.people import at, patient
from tests.support.queries import recorded_queries
from tests.support.visits import Desk

BOTH = pytest.mark.both_databases


def found(samal: Desk, *doctors: Practitioner, days: int = 1, **changes: object) -> list[FreeTime]:
    """The nearest free time of half an hour from tomorrow's midnight on."""
    given = {"minutes": 30, "practitioners": doctors, "part": None, "since": samal.at(0), **changes}
    return next_free(samal.organization, Wish(**given), days)  # type: ignore[arg-type]


def clocks(times: list[FreeTime]) -> str:
    return " ".join(f"{each.start:%H:%M}" for each in times)


@BOTH
def test_every_quarter_at_which_the_visit_fits_is_told(samal: Desk) -> None:
    samal.book(samal.at(8), minutes=120)
    samal.book(samal.at(14), minutes=240, patient=patient(samal.organization, "Ли"))
    assert clocks(found(samal, samal.seitqali, minutes=60)) == ("10:00 10:15 10:30 10:45 11:00 11:15 11:30 11:45 12:00")


@BOTH
def test_of_two_the_one_who_is_free_sooner_comes_first(samal: Desk) -> None:
    samal.book(samal.at(8), minutes=60)
    first, second = found(samal, samal.seitqali, samal.kim)[0], found(samal, samal.seitqali)[0]
    assert (first.practitioner, f"{first.start:%H:%M}") == (samal.kim, "08:00")
    assert (second.practitioner, f"{second.start:%H:%M}") == (samal.seitqali, "09:00")


def test_a_room_that_is_taken_is_not_free(samal: Desk) -> None:
    samal.kim.room = samal.seitqali.room
    samal.book(samal.at(8), minutes=300)
    assert found(samal, samal.kim)[0].start == samal.at(14)


@pytest.mark.parametrize(
    ("part", "first", "last"),
    [(PartOfDay.MORNING, "08:00", "11:45"), (PartOfDay.DAY, "12:00", "16:45"), (PartOfDay.EVENING, "17:00", "17:30")],
)
def test_each_part_of_the_day_has_its_hours(samal: Desk, part: PartOfDay, first: str, last: str) -> None:
    times = clocks(found(samal, samal.kim, part=part)).split()
    assert (times[0], times[-1]) == (first, last)


def test_what_is_past_is_not_offered(samal: Desk) -> None:
    assert found(samal, samal.kim, since=samal.at(17, 20))[0].start == samal.at(17, 30)
    assert found(samal, samal.kim, since=samal.at(17, 40))[0].start == samal.at(8) + timedelta(days=1)


@BOTH
def test_who_is_on_leave_is_found_after_it(samal: Desk) -> None:
    away = Interval(samal.at(0), samal.at(0) + timedelta(days=17))
    said = Departure(ExceptionKind.CLOSED, samal.kim, away)
    AvailabilityException.mark(samal.organization, said, samal.aigerim, utc_now())
    assert found(samal, samal.kim)[0].start == samal.at(8) + timedelta(days=17)


def test_after_eight_weeks_nobody_looks_any_further(samal: Desk) -> None:
    samal.kim.set_weekly_hours({}, samal.organization.today(utc_now()))
    assert found(samal, samal.kim) == []


@BOTH
def test_the_statements_do_not_grow_with_visits_or_practitioners(samal: Desk) -> None:
    def statements(*doctors: Practitioner) -> int:
        with recorded_queries(db.engine) as queries:
            assert found(samal, *doctors, days=3)
        return len(queries)

    few = statements(samal.seitqali)
    for number in range(8):
        somebody = patient(samal.organization, f"Ли{number}")
        samal.book(samal.at(8) + timedelta(hours=number), minutes=45, patient=somebody)
    assert statements(samal.seitqali, samal.kim) == few == 3


def test_on_the_night_the_clocks_go_back_the_hours_are_the_clinics(samal: Desk) -> None:
    eve = datetime.combine(date(2024, 2, 29), time(17, 31), samal.organization.zone)
    times = found(samal, samal.kim, since=eve)
    assert times[0].start == at(samal.organization, 8, day=date(2024, 3, 1))
    assert f"{times[0].start:%H:%M %z}" == "08:00 +0500"


def test_the_few_that_are_offered_differ(samal: Desk) -> None:
    offers = spread(found(samal, samal.seitqali, samal.kim))
    assert clocks(offers) == "08:00 08:00 09:00 09:00 10:00 10:00"
