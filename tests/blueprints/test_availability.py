"""Practitioners' hours over HTTP: rights, absences over booked visits, and the effect on the board."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from extensions import db
from models.accounts import Role
from models.clinic import Appointment, AvailabilityException, CancellationReason
from rules.booking import Status
from tests.support.page import PageClient
from tests.support.people import clinic, person, practitioner, sign_in
from tests.support.visits import Desk


def absence(samal: Desk, **changes: object) -> dict[str, object]:
    """Seitqali is away tomorrow."""
    typed = {
        "kind": "closed",
        "practitioner": samal.seitqali.id,
        "first": samal.at(10).date().isoformat(),
        "reason": "Болезнь",
        **changes,
    }
    return {name: value for name, value in typed.items() if value is not None}


def marked() -> AvailabilityException:
    return db.session.scalars(select(AvailabilityException)).one()


def board(client: PageClient, samal: Desk) -> str:
    answer: TestResponse = client.get(f"/schedule/{samal.at(10).date()}")
    return answer.text


def test_who_is_ill_disappears_from_the_board_and_comes_back(desk_client: PageClient, samal: Desk) -> None:
    answer = desk_client.post("/absences", data=absence(samal))
    assert (answer.status_code, answer.location) == (303, "/availability")
    slot = f"/appointments/new?practitioner={samal.seitqali.id}&amp;"
    assert "<span>Болезнь</span>" in board(desk_client, samal)
    assert slot not in board(desk_client, samal)
    text = desk_client.get("/availability").text
    assert "Болезнь" in text
    assert "Сейтқали Г." in text
    assert desk_client.post(f"/absences/{marked().id}/removal").status_code == 303
    assert slot in board(desk_client, samal)
    assert "Болезнь" not in board(desk_client, samal)


def test_extra_hours_can_be_booked_from_the_board(desk_client: PageClient, samal: Desk) -> None:
    given = absence(samal, kind="extra", starts="19", ends="20:30", reason="Дежурство")
    assert desk_client.post("/absences", data={**given, "starts": "1900"}).status_code == 303
    assert f"start={samal.at(10).date()}T19:00" in board(desk_client, samal)


def test_a_block_over_visits_asks_first_and_does_nothing_meanwhile(desk_client: PageClient, samal: Desk) -> None:
    samal.book(samal.at(10))
    db.session.commit()
    answer = desk_client.post("/absences", data=absence(samal))
    assert answer.status_code == 422
    assert "Ахметов Б." in answer.text
    assert "Выберите, что сделать с теми, кто записан." in answer.text
    assert 'value="Болезнь"' in answer.text
    assert db.session.scalars(select(AvailabilityException)).all() == []


def test_kept_visits_are_settled_one_by_one(desk_client: PageClient, samal: Desk) -> None:
    visit = samal.book(samal.at(10))
    db.session.commit()
    answer = desk_client.post("/absences", data=absence(samal, visits="keep"))
    page = desk_client.get(answer.location).text
    assert "Записаны на это время" in page
    offer = re.search(r'name="start" value="([^"]+)"', page)
    assert offer
    assert offer[1] == f"{samal.at(10).date() + timedelta(days=1)}T08:00"
    given = {"visit": visit.id, "version": visit.version, "start": offer[1]}
    answer = desk_client.post(f"{answer.location}/moves", data=given)
    page = desk_client.get(answer.location).text
    assert "Перенесено: " in page
    assert "На это время никто не записан." in page
    assert visit.starts_at == samal.at(8) + timedelta(days=1)


def test_a_visit_that_somebody_changed_is_not_moved(desk_client: PageClient, samal: Desk) -> None:
    visit = samal.book(samal.at(10))
    desk_client.post("/absences", data=absence(samal, visits="keep"))
    given = {"visit": visit.id, "version": visit.version + 1, "start": f"{samal.at(8).date()}T16:00"}
    answer = desk_client.post(f"/absences/{marked().id}/moves", data=given)
    assert "запись уже изменил кто-то другой" in desk_client.get(answer.location).text
    given = {"visit": visit.id, "version": visit.version, "start": "завтра"}
    assert desk_client.post(f"/absences/{marked().id}/moves", data=given).status_code == 303
    assert visit.starts_at == samal.at(10)


@pytest.mark.parametrize("choice", ["move", "cancel"])
def test_all_visits_are_moved_or_cancelled_at_once(desk_client: PageClient, samal: Desk, choice: str) -> None:
    visit = samal.book(samal.at(10))
    assert desk_client.post("/absences", data=absence(samal, visits=choice)).status_code == 303
    kept = db.session.get_one(Appointment, visit.id)
    if choice == "cancel":
        assert (kept.status, kept.cancellation_reason) == (Status.CANCELLED, CancellationReason.PRACTITIONER)
    else:
        assert kept.starts_at == samal.at(8) + timedelta(days=1)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"first": "завтра"}, "Нужна дата вида ГГГГ-ММ-ДД"),
        ({"first": ""}, "Укажите дату."),
        ({"last": "2020-01-01"}, "Последний день раньше первого."),
        ({"last": "2099-01-01"}, "Дольше года не отметить."),
        ({"starts": "15:00", "ends": "14:00"}, "Конец должен быть позже начала."),
        ({"starts": "25:00"}, "Нужно время вида ЧЧ:ММ"),
        ({"starts": "10:03"}, "Время записи кратно пяти минутам."),
        ({"kind": "extra"}, "Укажите, с какого часа будет приём."),
        ({"kind": "extra", "starts": "10:00"}, "Укажите, до какого часа будет приём."),
        ({"kind": "extra", "practitioner": "", "starts": "10:00", "ends": "11:00"}, "Выберите врача: сверх графика"),
        ({"kind": "нет"}, "Выберите один из этих ответов."),
        ({"practitioner": "999"}, "Выберите врача из списка."),
        ({"practitioner": "х"}, "Выберите врача из списка."),
        ({"reason": "я" * 61}, "Слишком длинно"),
        ({"reason": "\x00"}, "невидимые знаки"),
    ],
)
def test_bad_input_is_told_under_its_field(
    desk_client: PageClient, samal: Desk, changes: dict[str, object], said: str
) -> None:
    answer = desk_client.post("/absences", data=absence(samal, **changes))
    assert answer.status_code == 422
    assert said in answer.text
    assert db.session.scalars(select(AvailabilityException)).all() == []


def test_the_form_begins_with_what_the_address_says(desk_client: PageClient, samal: Desk) -> None:
    text = desk_client.get(f"/absences/new?kind=extra&practitioner={samal.kim.id}&date=2026-12-16").text
    assert 'value="2026-12-16"' in text
    assert f'<option selected value="{samal.kim.id}">' in text
    assert desk_client.get("/absences/new?kind=x&practitioner=y&date=z").status_code == 200


def test_the_week_is_written_in_lines(client: PageClient, samal: Desk) -> None:
    sign_in(client, person("Marat", Role.OWNER, samal.organization))
    address = f"/practitioners/{samal.kim.id}/hours"
    assert 'value="08:00–13:00, 14:00–18:00"' in client.get(address).text
    answer = client.post(address, data={"monday": "9-12", "copy": "monday"})
    assert answer.text.count('value="9-12"') == 5
    assert client.post(address, data={"monday": "9-12, 13-17", "friday": "10-14"}).status_code == 303
    text = client.get("/availability").text
    assert "13:00–17:00" in text
    answer = client.post(address, data={"monday": "с девяти", "tuesday": "9-13"})
    assert answer.status_code == 422
    assert "Напишите часы так: 8–13, 14–17:30." in answer.text
    assert 'value="с девяти"' in answer.text


@pytest.mark.parametrize(
    ("role", "marks", "edits"),
    [
        (Role.OWNER, 200, 200),
        (Role.ADMINISTRATOR, 200, 200),
        (Role.RECEPTIONIST, 200, 403),
        (Role.PRACTITIONER, 403, 403),
        (Role.SCORER, 403, 403),
    ],
)
def test_who_may_change_hours(client: PageClient, samal: Desk, role: Role, marks: int, edits: int) -> None:
    sign_in(client, person("Marat", role, samal.organization))
    assert client.get("/absences/new").status_code == marks
    assert client.get(f"/practitioners/{samal.kim.id}/hours").status_code == edits
    assert client.post(f"/practitioners/{samal.kim.id}/hours", data={}).status_code == (303 if edits == 200 else 403)
    answer = client.post("/absences", data=absence(samal))
    assert answer.status_code == (303 if marks == 200 else 403)


def test_practitioners_keep_their_own_hours_and_nobody_elses(client: PageClient, samal: Desk) -> None:
    doctor = person("Gulnar", Role.PRACTITIONER, samal.organization)
    samal.seitqali.user_id = doctor.id
    sign_in(client, doctor)
    assert client.get(f"/practitioners/{samal.seitqali.id}/hours").status_code == 200
    assert client.get(f"/practitioners/{samal.kim.id}/hours").status_code == 403
    assert "Вся клиника" not in client.get("/absences/new").text
    assert client.post("/absences", data=absence(samal)).status_code == 303
    assert client.post("/absences", data=absence(samal, practitioner=samal.kim.id)).status_code == 422
    assert client.post("/absences", data=absence(samal, practitioner="")).status_code == 422
    own = marked()
    assert client.post(f"/absences/{own.id}/removal").status_code == 303


def test_who_may_only_look_cannot_take_a_mark_back(client: PageClient, samal: Desk, app: Flask) -> None:
    sign_in(client, samal.aigerim)
    client.post("/absences", data=absence(samal))
    doctor = app.test_client()
    sign_in(doctor, person("Gulnar", Role.PRACTITIONER, samal.organization))
    address = f"/absences/{marked().id}"
    assert "Снять отметку" not in doctor.get(address).text
    assert doctor.post(f"{address}/removal").status_code == 403
    assert doctor.post(f"{address}/moves").status_code == 403


def test_strangers_find_nothing(client: PageClient, samal: Desk, app: Flask) -> None:
    sign_in(client, samal.aigerim)
    client.post("/absences", data=absence(samal))
    address = f"/absences/{marked().id}"
    other = clinic("Чужая клиника")
    practitioner(other, "Чужой")
    stranger = app.test_client()
    sign_in(stranger, person("Ruslan", Role.OWNER, other))
    assert stranger.get(address).status_code == 404
    assert stranger.post(f"{address}/removal").status_code == 404
    assert stranger.post(f"{address}/moves").status_code == 404
    assert stranger.get(f"/practitioners/{samal.kim.id}/hours").status_code == 404
    assert stranger.post("/absences", data=absence(samal)).status_code == 422
    assert "Болезнь" not in stranger.get("/availability").text


@pytest.mark.parametrize("address", ["/availability", "/absences/new", "/absences/1", "/practitioners/1/hours"])
def test_who_is_signed_out_is_asked_in(client: PageClient, samal: Desk, address: str) -> None:
    assert client.get(address).location.startswith("/sign-in")


def test_wrong_methods_are_told(desk_client: PageClient) -> None:
    assert desk_client.post("/availability").status_code == 405
    assert desk_client.get("/absences/1/removal").status_code == 405


def test_a_clinic_without_practitioners_says_so(client: PageClient) -> None:
    sign_in(client, person("Marat", Role.OWNER, clinic()))
    assert "Пока ни одного врача" in client.get("/availability").text


def booking(samal: Desk, clock: str, **changes: object) -> dict[str, object]:
    day = samal.at(10).date().isoformat()
    return {"patient": samal.bolat.id, "practitioner": samal.seitqali.id, "date": day, "time": clock, **changes}


@pytest.mark.parametrize("clock", ["07:30", "12:45", "13:30", "17:45", "23:50"])
def test_outside_the_hours_one_is_warned_and_may_mean_it(desk_client: PageClient, samal: Desk, clock: str) -> None:
    answer = desk_client.post("/appointments", data=booking(samal, clock, comment="Просила сама"))
    assert answer.status_code == 422
    assert "В это время врач не принимает. Часы приёма в этот день: 08:00–13:00, 14:00–18:00." in answer.text
    assert "Так и нужно" in answer.text
    assert "Просила сама" in answer.text
    assert 'name="offer"' in answer.text
    assert desk_client.post("/appointments", data=booking(samal, clock, outside="y")).status_code == 303
    assert "Записан, вне часов приёма" in board(desk_client, samal)


def test_on_a_day_off_the_warning_says_so(desk_client: PageClient, samal: Desk) -> None:
    desk_client.post("/absences", data=absence(samal))
    answer = desk_client.post("/appointments", data=booking(samal, "10:00"))
    assert "В этот день врач не принимает." in answer.text
    assert "Записать вне" not in desk_client.get("/appointments/new").text


def test_a_visit_outside_the_hours_may_be_changed_where_it_stands(desk_client: PageClient, samal: Desk) -> None:
    visit = samal.book(samal.at(20))
    given = booking(samal, "20:00", minutes=30, comment="С улицы", revision=visit.version)
    assert desk_client.post(f"/appointments/{visit.id}/edit", data=given).status_code == 303
    given = booking(samal, "20:30", minutes=30, revision=visit.version)
    assert desk_client.post(f"/appointments/{visit.id}/edit", data=given).status_code == 422


def test_nobody_is_dragged_outside_the_hours(desk_client: PageClient, samal: Desk) -> None:
    visit = samal.book(samal.at(10))
    day = samal.at(10).date()
    given = {"practitioner": samal.kim.id, "start": f"{day}T13:15", "version": visit.version}
    answer = desk_client.post(f"/appointments/{visit.id}/time", data=given)
    assert answer.status_code == 409
    assert "Не перенесено: приёма нет" in answer.text
    assert visit.starts_at == samal.at(10)


def test_the_card_says_that_nobody_is_there(desk_client: PageClient, samal: Desk) -> None:
    visit = samal.book(samal.at(20))
    assert "вне часов приёма" in desk_client.get(f"/appointments/{visit.id}").text
    inside = samal.book(samal.at(10))
    assert "вне часов приёма" not in desk_client.get(f"/appointments/{inside.id}").text
