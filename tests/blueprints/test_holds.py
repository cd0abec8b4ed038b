"""An open form holds its time: visible to other desks without a patient's name, released with the booking."""

import re

from flask import Flask

from extensions import db
from models.accounts import Role
from models.base import utc_now
from models.clinic import CancellationReason, Hold
from tests.support.page import PageClient
from tests.support.people import browser_of, clinic, patient, person, practitioner, sign_in
from tests.support.visits import Desk


def typed(samal: Desk, **changes: object) -> dict[str, object]:
    day = samal.at(10).date().isoformat()
    return {"practitioner": samal.seitqali.id, "date": day, "time": "10:00", **changes}


def board(client: PageClient, samal: Desk) -> str:
    return client.get(f"/schedule/{samal.at(10).date()}").text


def test_an_open_form_holds_its_time(desk_client: PageClient, samal: Desk) -> None:
    assert desk_client.post("/hold", data=typed(samal, patient=samal.bolat.id, q="Ахметов")).status_code == 204
    text = board(desk_client, samal)
    assert "бронирует Aigerim" in text
    assert f'data-person="{samal.aigerim.id}"' in text
    assert "Ахметов" not in text


def test_the_length_is_that_of_the_form_or_of_its_service(desk_client: PageClient, samal: Desk) -> None:
    samal.service.minutes = 45
    desk_client.post("/hold", data=typed(samal, service=samal.service.id))
    assert "10:00–10:45" in board(desk_client, samal)
    desk_client.post("/hold", data=typed(samal, minutes=20))
    assert "10:00–10:20" in board(desk_client, samal)


def test_a_form_without_a_time_holds_nothing(desk_client: PageClient, samal: Desk) -> None:
    for changes in ({"time": ""}, {"date": "x"}, {"practitioner": ""}, {"practitioner": 999}):
        desk_client.post("/hold", data=typed(samal))
        assert desk_client.post("/hold", data=typed(samal, **changes)).status_code == 204
        assert db.session.query(Hold).count() == 0


def test_a_closed_form_lets_go(desk_client: PageClient, samal: Desk) -> None:
    desk_client.post("/hold", data=typed(samal))
    assert desk_client.delete("/hold").status_code == 204
    assert "бронирует" not in board(desk_client, samal)


def test_a_booking_lets_go(desk_client: PageClient, samal: Desk) -> None:
    desk_client.post("/hold", data=typed(samal))
    desk_client.post("/appointments", data=typed(samal, patient=samal.bolat.id))
    assert "бронирует" not in board(desk_client, samal)


def test_a_time_that_was_taken_is_no_longer_drawn_as_held(desk_client: PageClient, samal: Desk) -> None:
    desk_client.post("/hold", data=typed(samal))
    visit = samal.book(samal.at(10, 15), patient=patient(samal.organization, "Ли"))
    db.session.commit()
    assert "бронирует" not in board(desk_client, samal)
    visit.cancel(CancellationReason.PATIENT, visit.version, samal.aigerim, utc_now())
    db.session.commit()
    assert "бронирует" in board(desk_client, samal)


def test_two_who_hold_one_time_are_drawn_side_by_side(app: Flask, desk_client: PageClient, samal: Desk) -> None:
    dana = browser_of(app, person("Dana", Role.RECEPTIONIST, samal.organization))
    for desk in (desk_client, dana):
        desk.post("/hold", data=typed(samal))
    looks = re.findall(r'class="visit hold ([^"]*) at-', board(dana, samal))
    assert [look.split() for look in looks] == [["left-half"], ["right-half"]]


def test_who_may_not_book_holds_nothing(client: PageClient, samal: Desk) -> None:
    sign_in(client, person("Marat", Role.PRACTITIONER, samal.organization))
    assert client.post("/hold", data=typed(samal)).status_code == 403
    assert client.delete("/hold").status_code == 403
    assert client.get("/hold").status_code == 405


def test_another_clinics_practitioner_cannot_be_held(desk_client: PageClient, samal: Desk) -> None:
    stranger = practitioner(clinic("Чужая клиника"), "Чужой")
    desk_client.post("/hold", data=typed(samal, practitioner=stranger.id))
    assert db.session.query(Hold).count() == 0
