"""The month view: visits, free hours, access."""

import re
from contextlib import closing
from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask

from extensions import db
from models.accounts import Role
from models.base import utc_now
from models.clinic import AvailabilityException, CancellationReason, ExceptionKind
from models.clinic.availability import Departure
from models.clinic.day_topic import months_topic, whole_day
from models.clinic.month import DaySum, Month
from rules.booking import Interval
from tests.support.page import PageClient
from tests.support.people import clinic, patient, person, practitioner, sign_in
from tests.support.queries import recorded_queries
from tests.support.stream import Stream, stream_address
from tests.support.visits import Desk

HOUR = timedelta(hours=1)


def sums(samal: Desk, day: date, now: datetime | None = None) -> DaySum:
    """The totals of both practitioners on this day."""
    month = Month(samal.organization, [samal.seitqali, samal.kim], day.replace(day=1))
    return next(each for each in month.sums(now or utc_now()) if each.date == day)


def cell(text: str, day: date) -> str:
    """The text of the day's cell, without tags."""
    found = re.search(rf'id="day-{day}".*?</a>', text, re.DOTALL)
    assert found
    return " ".join(re.sub(r"<[^>]*>", " ", found[0]).split())


@pytest.mark.both_databases
def test_a_day_counts_its_visits_and_its_free_hours(samal: Desk) -> None:
    day = samal.at(10).date()
    assert sums(samal, day) == DaySum(day, 0, 18 * HOUR, 18 * HOUR)
    samal.book(samal.at(10), minutes=60)
    gone = samal.book(samal.at(11), patient=patient(samal.organization, "Ли"))
    gone.cancel(CancellationReason.PATIENT, gone.version, samal.aigerim, utc_now())
    assert sums(samal, day) == DaySum(day, 1, 18 * HOUR, 17 * HOUR)
    assert sums(samal, day, samal.at(16)).free == 4 * HOUR


@pytest.mark.both_databases
def test_a_visit_across_midnight_counts_once_and_takes_of_both_days(samal: Desk) -> None:
    day = samal.at(10).date()
    night = Interval(samal.at(20), samal.at(2) + timedelta(days=1))
    said = Departure(ExceptionKind.EXTRA, samal.seitqali, night)
    AvailabilityException.mark(samal.organization, said, samal.aigerim, utc_now())
    samal.book(samal.at(23), minutes=120)
    first, second = sums(samal, day), sums(samal, day + timedelta(days=1))
    assert (first.visits, second.visits) == (1, 0)
    assert (first.free, second.free) == (21 * HOUR, 19 * HOUR)


def test_the_long_day_of_the_change_of_clocks_is_closed_as_a_whole(samal: Desk) -> None:
    eve = date(2024, 2, 29)
    said = Departure(ExceptionKind.CLOSED, None, whole_day(eve, samal.organization.zone))
    AvailabilityException.mark(samal.organization, said, samal.aigerim, utc_now())
    before = datetime.combine(eve, time(), samal.organization.zone)
    assert sums(samal, eve, before).open == timedelta()
    month = Month(samal.organization, [samal.kim], date(2024, 3, 1))
    assert {each.open for each in month.sums(before) if each.date != eve} == {9 * HOUR}


@pytest.mark.parametrize(
    ("first", "begins", "ends"),
    [
        (date(2026, 11, 1), date(2026, 10, 26), date(2026, 12, 6)),
        (date(2024, 2, 1), date(2024, 1, 29), date(2024, 3, 3)),
        (date(2027, 2, 1), date(2027, 2, 1), date(2027, 2, 28)),
        (date(2026, 12, 1), date(2026, 11, 30), date(2027, 1, 3)),
    ],
)
def test_a_month_is_whole_weeks(samal: Desk, first: date, begins: date, ends: date) -> None:
    dates = Month(samal.organization, [], first).dates
    assert (dates[0], dates[-1], len(dates) % 7) == (begins, ends, 0)


def test_the_page_says_it_day_by_day(desk_client: PageClient, samal: Desk) -> None:
    day = samal.at(10).date()
    samal.book(samal.at(10))
    text = desk_client.get(f"/schedule/months/{day:%Y-%m}").text
    assert cell(text, day).endswith("1 запись своб. 17 ч")
    assert f'href="/schedule/{day}"' in text
    own = desk_client.get(f"/schedule/months/{day:%Y-%m}?practitioner={samal.kim.id}").text
    assert cell(own, day).endswith("своб. 9 ч")
    assert "запись" not in cell(own, day)
    assert f'href="/practitioners/{samal.kim.id}/weeks/{day}#column-{day}"' in own


def test_full_and_closed_days_are_told(desk_client: PageClient, samal: Desk) -> None:
    day = samal.at(10).date()
    samal.book(samal.at(8), minutes=600)
    address = f"/schedule/months/{day:%Y-%m}?practitioner={samal.seitqali.id}"
    assert cell(desk_client.get(address).text, day).endswith("свободного нет")
    samal.seitqali.set_weekly_hours({}, day)
    assert cell(desk_client.get(address).text, day).endswith("нет приёма")


@pytest.mark.both_databases
def test_the_statements_do_not_grow_with_the_visits(samal: Desk) -> None:
    def statements() -> int:
        with recorded_queries(db.engine) as queries:
            sums(samal, samal.at(10).date())
        return len(queries)

    few = statements()
    for number in range(8):
        samal.book(samal.at(8) + number * HOUR, patient=patient(samal.organization, f"Ли{number}"))
    assert statements() == few == 3


@pytest.mark.parametrize("bad", ["2026-13", "2026", "ноябрь", "2026-11-01", "1999-12", "2101-01"])
def test_what_is_no_month_is_no_page(desk_client: PageClient, bad: str) -> None:
    assert desk_client.get(f"/schedule/months/{bad}").status_code == 404


def test_who_may_see_the_schedule_may_see_the_month(client: PageClient, samal: Desk, app: Flask) -> None:
    assert client.get("/schedule/months/2026-11").location.startswith("/sign-in")
    sign_in(client, person("Madina", Role.SCORER, samal.organization))
    assert client.get("/schedule/months/2026-11").status_code == 403
    doctor = app.test_client()
    sign_in(doctor, person("Gulnar", Role.PRACTITIONER, samal.organization))
    assert doctor.get("/schedule/months/2026-11").status_code == 200
    assert doctor.post("/schedule/months/2026-11").status_code == 405
    other = clinic("Чужая клиника")
    practitioner(other, "Чужой")
    stranger = app.test_client()
    sign_in(stranger, person("Ruslan", Role.OWNER, other))
    assert "Сейтқали" not in stranger.get(f"/schedule/months/2026-11?practitioner={samal.seitqali.id}").text


def test_a_visit_is_news_for_an_open_month_which_asks_for_its_days_anew(desk_client: PageClient, samal: Desk) -> None:
    here = f"/schedule/months/{samal.at(10):%Y-%m}"
    address = f"{here}?practitioner={samal.kim.id}"
    text = desk_client.get(address).text
    assert f'hx-get="{address}" hx-trigger="news"' in text
    with closing(Stream(desk_client, stream_address(text))) as stream:
        samal.book(samal.at(10))
        db.session.commit()
        [event] = stream.next_events()
    [news] = re.findall(r'<i id="months-news".*?</i>', event.data)
    assert news in desk_client.get(here).text
    fresh = desk_client.get(here, headers={"HX-Request": "true"}).text
    assert "1 запись" in cell(fresh, samal.at(10).date())
    assert "<html" not in fresh


def test_a_doctor_who_sees_only_their_own_hears_nothing_of_the_months(client: PageClient, samal: Desk) -> None:
    samal.organization.practitioners_see_own = True
    sign_in(client, person("Dina", Role.PRACTITIONER, samal.organization))
    answer = client.get(f"/live/{months_topic(samal.organization.id)}?view=desk&language=ru&since=0")
    assert answer.status_code == 404
