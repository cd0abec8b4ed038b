"""Undoing a change of a booking: from its message, from every desk's rail, from the visit's card."""

from werkzeug.test import TestResponse

from extensions import db
from models.accounts import Role
from models.base import utc_now
from models.clinic import Appointment
from models.clinic.day import Day
from rules.booking import Status
from tests.support.page import PageClient
from tests.support.people import clinic, patient, person, sign_in
from tests.support.visits import Desk, on_board


def back(client: PageClient, visit: Appointment, **changes: object) -> TestResponse:
    return client.post(f"/appointments/{visit.id}/revision/undo", data={"version": visit.version, **changes})


def moved(samal: Desk, visit: Appointment) -> Appointment:
    visit.move(samal.kim, samal.at(12), visit.version, samal.aigerim, utc_now())
    return visit


def board(client: PageClient, samal: Desk) -> str:
    return client.get(f"/schedule/{samal.at(10).date()}").text


def test_a_move_on_the_board_is_answered_with_its_way_back(
    desk_client: PageClient, samal: Desk, visit: Appointment
) -> None:
    data = {"practitioner": samal.kim.id, "start": f"{samal.at(12):%Y-%m-%dT%H:%M}", "version": visit.version}
    answer = desk_client.post(f"/appointments/{visit.id}/time", data=data, headers=on_board(samal))
    assert f'hx-post="/appointments/{visit.id}/revision/undo"' in answer.text
    assert back(desk_client, visit).status_code == 303
    db.session.refresh(visit)
    assert (visit.practitioner, visit.starts_at) == (samal.seitqali, samal.at(10))


def test_what_was_saved_as_it_was_offers_no_way_back(desk_client: PageClient, samal: Desk, visit: Appointment) -> None:
    moved(samal, visit)
    data = {"practitioner": samal.kim.id, "start": f"{samal.at(12):%Y-%m-%dT%H:%M}", "version": visit.version}
    answer = desk_client.post(f"/appointments/{visit.id}/time", data=data, headers=on_board(samal))
    assert answer.status_code == 200
    assert 'class="btn small soft undo"' not in answer.text


def test_every_desk_is_told_of_a_move_and_may_take_it_back(client: PageClient, samal: Desk, visit: Appointment) -> None:
    moved(samal, visit)
    dana = person("Dana Kim", Role.RECEPTIONIST, samal.organization)
    sign_in(client, dana)
    text = board(client, samal)
    assert "Только что перенесли" in text
    assert "<del>10:00, Сейтқали Г.</del> <ins>12:00, Ким Г.</ins>" in text
    assert "Aigerim Satpaeva" in text[text.index("Только что перенесли") :]
    answer = client.post(
        f"/appointments/{visit.id}/revision/undo", data={"version": visit.version}, headers=on_board(samal)
    )
    assert "Возвращено" in answer.text
    assert "Только что перенесли" not in board(client, samal)


def test_on_the_other_day_the_date_is_told(desk_client: PageClient, samal: Desk, visit: Appointment) -> None:
    day_after = samal.at(10).replace(day=samal.at(10).day) + (samal.at(10) - samal.at(9)) * 24
    visit.move(samal.seitqali, day_after, visit.version, samal.aigerim, utc_now())
    assert f"<del>10:00</del> <ins>{day_after:%d.%m}, 10:00</ins>" in board(desk_client, samal)


def test_the_card_keeps_the_way_back(desk_client: PageClient, samal: Desk, visit: Appointment) -> None:
    assert "Вернуть как было" not in desk_client.get(f"/appointments/{visit.id}").text
    moved(samal, visit)
    card = desk_client.get(f"/appointments/{visit.id}").text
    assert "Вернуть как было" in card
    assert "10:00–10:30, Сейтқали Г." in card


def test_a_time_that_was_given_away_is_refused_in_words(
    desk_client: PageClient, samal: Desk, visit: Appointment
) -> None:
    moved(samal, visit)
    samal.book(samal.at(10), patient=patient(samal.organization, "Ли"))
    answer = back(desk_client, visit)
    assert answer.status_code == 409
    assert "Вернуть нельзя" in answer.text
    assert "Это время уже занято" in answer.text


def test_a_visit_that_changed_since_is_refused_in_words(
    desk_client: PageClient, samal: Desk, visit: Appointment
) -> None:
    seen = moved(samal, visit).version
    visit.become(Status.ARRIVED, seen, samal.aigerim, utc_now())
    answer = back(desk_client, visit, version=seen)
    assert answer.status_code == 409
    assert "Последнее изменение: Aigerim Satpaeva" in answer.text
    assert back(desk_client, visit).status_code == 409


def test_a_booking_by_a_slip_leaves_the_board(desk_client: PageClient, samal: Desk, visit: Appointment) -> None:
    answer = desk_client.delete(f"/appointments/{visit.id}/revision?version={visit.version}")
    assert answer.status_code == 303
    assert Day(samal.organization, samal.at(10).date()).visits() == []
    assert "Записан по ошибке" in desk_client.get(f"/appointments/{visit.id}").text


def test_who_may_not_book_takes_nothing_back(client: PageClient, samal: Desk, visit: Appointment) -> None:
    moved(samal, visit)
    sign_in(client, person("Marat", Role.PRACTITIONER, samal.organization))
    assert back(client, visit).status_code == 403
    assert "Вернуть как было" not in client.get(f"/appointments/{visit.id}").text
    assert client.get(f"/appointments/{visit.id}/revision/undo").status_code == 405


def test_another_clinics_visit_is_not_found(client: PageClient, samal: Desk, visit: Appointment) -> None:
    moved(samal, visit)
    sign_in(client, person("Ruslan", Role.OWNER, clinic("Чужая клиника")))
    assert back(client, visit).status_code == 404
