"""The page of the rooms, and the room in the form of a visit."""

import re

import pytest

from extensions import db
from models.accounts import Role
from models.base import utc_now
from models.clinic import Appointment, Room
from tests.blueprints.test_appointments import field, typed
from tests.support.page import PageClient
from tests.support.people import clinic, patient, person, sign_in
from tests.support.visits import Desk


@pytest.fixture
def owner(client: PageClient, samal: Desk) -> PageClient:
    """Marat's browser."""
    sign_in(client, person("Marat", Role.OWNER, samal.organization))
    return client


def rooms(samal: Desk) -> list[str]:
    return [room.name for room in db.session.scalars(Room.of(samal.organization.id))]


def test_the_owner_adds_renames_and_closes_a_room(owner: PageClient, samal: Desk) -> None:
    assert owner.post("/rooms/new", data={"name": "  301 ", "is_open": "y"}).location == "/rooms"
    assert rooms(samal) == ["200", "201", "301"]
    own = db.session.scalars(Room.of(samal.organization.id).filter_by(name="301")).one()
    assert owner.post(f"/rooms/{own.id}", data={"name": "УЗИ"}).status_code == 303
    text = owner.get("/rooms").text
    assert "УЗИ" in text
    assert "закрыт" in text
    assert owner.get("/rooms/new").status_code == owner.get(f"/rooms/{own.id}").status_code == 200


@pytest.mark.parametrize(
    ("name", "says"), [("", "Введите название"), ("а" * 41, "Слишком длинно"), ("200", "уже есть")]
)
def test_what_is_wrong_with_a_room_is_said_under_its_name(owner: PageClient, samal: Desk, name: str, says: str) -> None:
    answer = owner.post("/rooms/new", data={"name": name, "is_open": "y"})
    assert answer.status_code == 422
    assert says in field(answer, "name")


def test_who_sits_where_is_said_on_one_page(owner: PageClient, samal: Desk) -> None:
    samal.book(samal.at(10))
    hall = Room.add(samal.organization.id, "Процедурная", samal.aigerim, utc_now())
    given = {f"practitioner-{samal.seitqali.id}": hall.id, f"service-{samal.service.id}": ""}
    assert owner.post("/rooms/places", data=given).status_code == 303
    assert samal.seitqali.room is hall
    assert "1 запись перешла в новый кабинет" in owner.get("/rooms").text


def test_nonsense_leaves_everybody_where_they_are(owner: PageClient, samal: Desk) -> None:
    stranger = Room.add(clinic("Чужая клиника").id, "900", samal.aigerim, utc_now())
    db.session.flush()
    given = {f"practitioner-{samal.seitqali.id}": stranger.id, f"practitioner-{samal.kim.id}": "x"}
    assert owner.post("/rooms/places", data=given).status_code == 303
    assert samal.seitqali.room
    assert samal.seitqali.room.name == "200"
    assert owner.get(f"/rooms/{stranger.id}").status_code == 404


def test_the_desk_does_not_keep_the_rooms(desk_client: PageClient) -> None:
    assert desk_client.get("/rooms").status_code == 403
    assert desk_client.post("/rooms/places").status_code == 403


def test_another_room_is_chosen_in_the_form_and_shown(desk_client: PageClient, samal: Desk) -> None:
    hall = Room.add(samal.organization.id, "Процедурная", samal.aigerim, utc_now())
    assert desk_client.post("/appointments", data=typed(samal, room=hall.id)).status_code == 303
    [visit] = db.session.scalars(Appointment.of(samal.organization.id))
    assert visit.room is hall
    assert "каб. Процедурная" in desk_client.get(f"/appointments/{visit.id}").text
    assert "каб. Процедурная" in desk_client.get(f"/schedule/{samal.at(10).date()}").text
    form = desk_client.get(f"/appointments/{visit.id}/edit").text
    assert f'<option selected value="{hall.id}">Процедурная' in form


def test_a_taken_room_offers_the_free_ones(desk_client: PageClient, samal: Desk, visit: Appointment) -> None:
    hall = Room.add(samal.organization.id, "Процедурная", samal.aigerim, utc_now())
    given = typed(samal, practitioner=samal.kim.id, patient=patient(samal.organization, "Ли").id, room=visit.room_id)
    answer = desk_client.post("/appointments", data=given)
    assert "Кабинет в это время уже занят" in field(answer, "room")
    offered = re.findall(r'name="free_room" value="(\d+)"', answer.text)
    assert [int(each) for each in offered] == [samal.kim.room_id, hall.id]
    answer = desk_client.post("/appointments", data={**given, "free_room": hall.id})
    assert answer.status_code == 200
    assert f'<option selected value="{hall.id}">' in answer.text


def test_a_closed_room_is_not_offered(desk_client: PageClient, samal: Desk) -> None:
    hall = Room.add(samal.organization.id, "Процедурная", samal.aigerim, utc_now())
    hall.revise(hall.name, False, samal.aigerim, utc_now())
    assert "Процедурная" not in desk_client.get("/appointments/new").text
    assert desk_client.post("/appointments", data=typed(samal, room=hall.id)).status_code == 422
