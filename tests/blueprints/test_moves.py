"""Changing a visit's length or day from the board."""

import re
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from extensions import db
from models.base import utc_now
from models.clinic import Appointment
from models.clinic.day_topic import monday_of
from tests.support.page import PageClient
from tests.support.people import patient
from tests.support.visits import Desk, on_board

BOTH = pytest.mark.both_databases


def aim(client: PageClient, samal: Desk, visit: Appointment, **changes: object) -> TestResponse:
    """Sends the board's request: the visit's own place, unless given otherwise."""
    start = samal.at(10) + timedelta(days=int(str(changes.pop("days", 0))))
    data = {
        "practitioner": visit.practitioner_id,
        "start": f"{start:%Y-%m-%dT%H:%M}",
        "version": visit.version,
        **changes,
    }
    answer = client.post(f"/appointments/{visit.id}/time", data=data, headers=on_board(samal))
    db.session.refresh(visit)
    return answer


@BOTH
def test_a_visit_becomes_longer(desk_client: PageClient, samal: Desk, visit: Appointment) -> None:
    answer = aim(desk_client, samal, visit, minutes=50)
    assert "Длительность изменена" in answer.text
    assert "Вернуть как было" in answer.text
    assert (visit.starts_at, visit.minutes) == (samal.at(10), 50)


@BOTH
def test_a_visit_does_not_grow_over_another(desk_client: PageClient, samal: Desk, visit: Appointment) -> None:
    samal.book(samal.at(10, 30), patient=patient(samal.organization, "Ли"))
    answer = aim(desk_client, samal, visit, minutes=35)
    assert answer.status_code == 409
    assert "Это время уже занято" in answer.text
    assert visit.minutes == 30


@pytest.mark.parametrize("minutes", ["0", "17", "725", "x", "-30"])
def test_a_length_off_the_grid_is_refused(
    desk_client: PageClient, samal: Desk, visit: Appointment, minutes: str
) -> None:
    assert aim(desk_client, samal, visit, minutes=minutes).status_code == 409
    assert visit.minutes == 30


def test_a_visit_does_not_grow_into_the_lunch_but_may_leave_it(desk_client: PageClient, samal: Desk) -> None:
    early = samal.book(samal.at(12, 30))
    start = f"{samal.at(12, 30):%Y-%m-%dT%H:%M}"
    assert "приёма нет" in aim(desk_client, samal, early, start=start, minutes=60).text
    outside = samal.book(samal.at(13), patient=patient(samal.organization, "Ли"), minutes=30)
    start = f"{samal.at(13):%Y-%m-%dT%H:%M}"
    assert aim(desk_client, samal, outside, start=start, minutes=15).status_code == 200


def test_an_overbooked_visit_may_become_shorter_and_not_longer(
    desk_client: PageClient, samal: Desk, visit: Appointment
) -> None:
    over = samal.overbook(samal.at(10), patient=patient(samal.organization, "Ли"))
    assert aim(desk_client, samal, over, minutes=20).status_code == 200
    assert (over.minutes, over.overbooked) == (20, True)
    assert aim(desk_client, samal, over, minutes=40).status_code == 409


@BOTH
def test_a_visit_goes_to_another_day_at_its_hour(desk_client: PageClient, samal: Desk, visit: Appointment) -> None:
    answer = aim(desk_client, samal, visit, days=2)
    assert "Перенесено" in answer.text
    assert f'hx-target="#column-{samal.seitqali.id}"' in answer.text
    assert visit.starts_at == samal.at(10) + timedelta(days=2)


@BOTH
def test_a_taken_hour_of_another_day_offers_the_nearest(
    desk_client: PageClient, samal: Desk, visit: Appointment
) -> None:
    tomorrow = samal.at(10) + timedelta(days=1)
    samal.book(tomorrow, patient=patient(samal.organization, "Ли"))
    answer = aim(desk_client, samal, visit, days=1)
    assert answer.status_code == 409
    assert 'hx-target="#dialog"' in answer.text
    assert "Это время уже занято." in answer.text
    offers = re.findall(r'name="start" value="(\S+)"', answer.text)
    assert offers[:2] == [f"{tomorrow.date()}T10:30", f"{tomorrow.date()}T09:30"]
    assert aim(desk_client, samal, visit, start=offers[0]).status_code == 200
    assert visit.starts_at == tomorrow + timedelta(minutes=30)


def test_a_taken_hour_of_another_week_offers_the_nearest_on_the_board_of_a_week(
    desk_client: PageClient, samal: Desk, visit: Appointment
) -> None:
    samal.book(samal.at(10) + timedelta(weeks=1), patient=patient(samal.organization, "Ли"))
    week = f"http://localhost/practitioners/{samal.seitqali.id}/weeks/{monday_of(samal.at(10).date())}"
    values = {
        "practitioner": samal.seitqali.id,
        "version": visit.version,
        "start": f"{samal.at(10) + timedelta(weeks=1):%Y-%m-%dT%H:%M}",
    }
    headers = {"HX-Request": "true", "HX-Current-URL": week}
    answer = desk_client.post(f"/appointments/{visit.id}/time", data=values, headers=headers)
    assert (answer.status_code, 'hx-target="#dialog"' in answer.text) == (409, True)


def test_a_day_without_hours_offers_the_next_one_with_them(
    desk_client: PageClient, samal: Desk, visit: Appointment
) -> None:
    weekday = (samal.at(10) + timedelta(days=1)).weekday()
    for hours in samal.seitqali.available_times:
        if hours.weekday == weekday:
            db.session.delete(hours)
    answer = aim(desk_client, samal, visit, days=1)
    assert "В этот день врач не принимает." in answer.text
    assert f'value="{(samal.at(10) + timedelta(days=2)).date()}T' in answer.text


def test_who_has_no_time_at_all_is_said_so(desk_client: PageClient, samal: Desk, visit: Appointment) -> None:
    for hours in samal.seitqali.available_times:
        db.session.delete(hours)
    assert "свободного времени нет" in aim(desk_client, samal, visit, days=1).text


def test_a_visit_changed_meanwhile_goes_to_no_other_day(
    desk_client: PageClient, samal: Desk, visit: Appointment
) -> None:
    seen = visit.version
    visit.confirm(seen, samal.aigerim, utc_now())
    assert aim(desk_client, samal, visit, days=1, version=seen).status_code == 409
    assert visit.starts_at == samal.at(10)
