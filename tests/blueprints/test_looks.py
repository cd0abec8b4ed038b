"""The form of a visit is validated while it is being filled in."""

import re

import pytest

from models.accounts import Role
from models.clinic import Appointment
from tests.support.page import PageClient
from tests.support.people import clinic, patient, person, sign_in
from tests.support.visits import Desk

BOTH = pytest.mark.both_databases
TAKEN = "Это время уже занято"


def typed(samal: Desk, clock: str = "10:00", /, **changes: object) -> dict[str, object]:
    day = samal.at(10).date().isoformat()
    return {"practitioner": samal.seitqali.id, "date": day, "time": clock, **changes}


def look(client: PageClient, data: dict[str, object], path: str = "/appointments/check") -> str:
    answer = client.post(path, data=data)
    assert answer.status_code == 200
    return answer.text


@BOTH
def test_a_time_that_was_just_taken_is_told_with_the_three_nearest(
    desk_client: PageClient, samal: Desk, visit: Appointment
) -> None:
    told = look(desk_client, typed(samal, "10:15"))
    assert TAKEN in told
    assert re.findall(r'name="offer" value="\S+T(\S+)"', told) == ["10:30", "10:45", "11:00"]
    assert 'value="10:15"' in told, "what was typed stays"


def test_a_free_time_needs_no_words(desk_client: PageClient, samal: Desk, visit: Appointment) -> None:
    told = look(desk_client, typed(samal, "10:30"))
    assert "says" not in told
    assert "offer" not in told


@pytest.mark.parametrize("changes", [{"time": ""}, {"time": "1"}, {"date": ""}, {"practitioner": ""}])
def test_a_half_typed_form_is_left_in_peace(
    desk_client: PageClient, samal: Desk, visit: Appointment, changes: dict[str, object]
) -> None:
    assert "says" not in look(desk_client, {**typed(samal), **changes})


@BOTH
def test_whatever_is_in_the_way_is_told(desk_client: PageClient, samal: Desk, visit: Appointment) -> None:
    busy = typed(samal, practitioner=samal.kim.id, patient=samal.bolat.id)
    assert "Пациент в это время уже записан к другому врачу" in look(desk_client, busy)
    room = typed(samal, practitioner=samal.kim.id, room=samal.seitqali.room_id)
    assert "Кабинет в это время уже занят" in look(desk_client, room)
    assert "В это время врач не принимает." in look(desk_client, typed(samal, "13:00"))


def test_a_visit_is_not_in_its_own_way(desk_client: PageClient, samal: Desk, visit: Appointment) -> None:
    assert TAKEN not in look(desk_client, typed(samal, "10:15"), f"/appointments/{visit.id}/check")
    samal.book(samal.at(11), patient=patient(samal.organization, "Ли"))
    assert TAKEN in look(desk_client, typed(samal, "11:00"), f"/appointments/{visit.id}/check")


def test_who_may_overbook_is_offered_to(client: PageClient, samal: Desk, visit: Appointment) -> None:
    sign_in(client, person("Marat", Role.OWNER, samal.organization))
    assert "Записать сверх расписания" in look(client, typed(samal))
    meant = look(client, typed(samal, overbook="y"))
    assert TAKEN not in meant
    assert "Записать сверх расписания" in meant, "and may think better of it"


def test_who_may_not_overbook_is_not(desk_client: PageClient, samal: Desk, visit: Appointment) -> None:
    assert "Записать сверх расписания" not in look(desk_client, typed(samal))
    assert TAKEN in look(desk_client, typed(samal, overbook="y"))


def test_strangers_look_at_nothing_of_ours(client: PageClient, samal: Desk, visit: Appointment) -> None:
    path = f"/appointments/{visit.id}/check"
    sign_in(client, person("Ruslan", Role.OWNER, clinic("Чужая клиника")))
    assert client.post(path, data=typed(samal)).status_code == 404
    sign_in(client, person("Marat", Role.PRACTITIONER, samal.organization))
    assert client.post(path, data=typed(samal)).status_code == 403
    assert client.get(path).status_code == 405
