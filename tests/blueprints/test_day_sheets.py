"""The day on paper: which sheets, what they contain, and what they leave out."""

from datetime import date, timedelta

import pytest

from extensions import db
from models.accounts import Role
from models.base import utc_now
from models.clinic import Appointment, CancellationReason
from tests.support.page import PageClient
from tests.support.people import at, clinic, patient, person, practitioner, sign_in
from tests.support.queries import recorded_queries
from tests.support.visits import Desk


def sheets(client: PageClient, samal: Desk, query: str = "") -> str:
    answer = client.get(f"/schedule/{samal.at(10).date()}/print{query}")
    assert answer.status_code == 200
    return answer.text


def test_every_practitioner_has_a_sheet_with_visits_and_free_time(
    desk_client: PageClient, samal: Desk, visit: Appointment
) -> None:
    text = sheets(desk_client, samal)
    assert text.count('<table class="day-sheet">') == 2
    assert "10:00–10:30" in text
    assert "Ахметов Болат" in text
    assert "08:00–10:00" in text, "is free"
    assert "каб. 200" in text
    assert "Напечатано" in text


@pytest.mark.parametrize("day", [date(2024, 2, 29), date(2024, 3, 1)])
def test_on_both_sides_of_almatys_change_of_clocks_the_sheet_has_the_clinics_hours(
    desk_client: PageClient, samal: Desk, day: date
) -> None:
    """Of the hour that came twice too, and nothing of the other day."""
    leap = date(2024, 2, 29)
    for hour, minute, on in ((10, 0, day), (23, 0, leap), (0, 10, leap + timedelta(days=1))):
        samal.overbook(at(samal.organization, hour, minute, day=on), patient=patient(samal.organization, f"Ли{hour}"))
    again = at(samal.organization, 23, 20, day=leap).replace(fold=1)
    samal.overbook(again, minutes=20, patient=patient(samal.organization, "Поздний"))
    text = desk_client.get(f"/schedule/{day}/print").text
    assert "10:00–10:30" in text
    for clock, on in (("23:00–23:30", leap), ("23:20–23:40", leap), ("00:10–00:40", leap + timedelta(days=1))):
        assert (clock in text) is (on == day), clock


def test_phones_only_when_they_are_chosen(desk_client: PageClient, samal: Desk, visit: Appointment) -> None:
    assert "777 123 45 67" not in sheets(desk_client, samal)
    assert "777 123 45 67" in sheets(desk_client, samal, "?phones=on")


def test_the_desk_has_one_list_and_one_practitioner_may_be_chosen(
    desk_client: PageClient, samal: Desk, visit: Appointment
) -> None:
    samal.book(samal.at(9), practitioner=samal.kim, patient=patient(samal.organization, "Ли"))
    text = sheets(desk_client, samal, "?sheet=desk")
    assert text.count('<table class="day-sheet">') == 1
    assert text.index("Ли Болат") < text.index("Ахметов Болат")
    text = sheets(desk_client, samal, f"?sheet={samal.kim.id}")
    assert "Ли Болат" in text
    assert "Ахметов" not in text


@pytest.mark.parametrize("query", ["?sheet=x", "?sheet=999999", "?sheet=-1"])
def test_nonsense_prints_everybody(desk_client: PageClient, samal: Desk, query: str) -> None:
    assert sheets(desk_client, samal, query).count('<table class="day-sheet">') == 2


def test_what_was_cancelled_is_not_printed(desk_client: PageClient, samal: Desk, visit: Appointment) -> None:
    visit.cancel(CancellationReason.PATIENT, visit.version, samal.aigerim, utc_now())
    assert "Ахметов" not in sheets(desk_client, samal)


def test_another_clinic_prints_its_own(client: PageClient, samal: Desk, visit: Appointment) -> None:
    other = clinic("Чужая клиника")
    practitioner(other, "Чужой")
    sign_in(client, person("Ruslan", Role.OWNER, other))
    assert "Ахметов" not in sheets(client, samal, f"?sheet={samal.seitqali.id}")
    assert client.get("/schedule/2026-13-45/print").status_code == 404


def test_a_scorer_prints_nothing(client: PageClient, samal: Desk) -> None:
    sign_in(client, person("Madina", Role.SCORER, samal.organization))
    assert client.get(f"/schedule/{samal.at(10).date()}/print").status_code == 403


def test_the_statements_do_not_grow_with_the_visits(desk_client: PageClient, samal: Desk, visit: Appointment) -> None:
    def statements() -> int:
        with recorded_queries(db.engine) as queries:
            sheets(desk_client, samal)
        return len([query for query in queries if query.startswith("SELECT")])

    few = statements()
    for number in range(6):
        samal.book(samal.at(11 + number), practitioner=samal.kim, patient=patient(samal.organization, f"Ли{number}"))
    assert statements() == few
