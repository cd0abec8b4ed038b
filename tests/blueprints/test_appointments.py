"""Booking, changing and moving visits and their steps over HTTP: rights, refusals and messages."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from extensions import db
from models.accounts import Role
from models.base import utc_now
from models.clinic import Appointment, Patient
from rules.booking import Status
from tests.conftest import StartServer
from tests.support.crowd import Visitor
from tests.support.page import PageClient
from tests.support.people import PASSWORD, clinic, patient, person, sign_in
from tests.support.visits import Desk, on_board

BOTH = pytest.mark.both_databases
TAKEN = "Это время уже занято"
HTMX = {"HX-Request": "true"}


def typed(samal: Desk, clock: str = "10:00", /, **changes: object) -> dict[str, object]:
    """The form for Bolat tomorrow; a change to None omits the field."""
    fields = {
        "patient": samal.bolat.id,
        "practitioner": samal.seitqali.id,
        "service": samal.service.id,
        "date": samal.at(10).date().isoformat(),
        "time": clock,
        **changes,
    }
    return {name: value for name, value in fields.items() if value is not None}


def field(answer: TestResponse, name: str) -> str:
    """The part of the form with one field."""
    found = re.search(rf'id="field-{name}".*?</div>', answer.text, re.DOTALL)
    assert found, f"{name} is not drawn"
    return found[0]


def booked(samal: Desk) -> list[Appointment]:
    return list(db.session.scalars(Appointment.of(samal.organization.id).execution_options(populate_existing=True)))


def test_aigerim_books_without_scripts(desk_client: PageClient, samal: Desk) -> None:
    answer = desk_client.post("/appointments", data=typed(samal, comment="с ребёнком"))
    [visit] = booked(samal)
    assert answer.status_code == 303
    assert answer.location == f"/schedule/{samal.at(10).date()}#appointment-{visit.id}"
    assert (visit.patient, visit.starts_at, visit.minutes, visit.note) == (samal.bolat, samal.at(10), 30, "с ребёнком")


def test_on_the_board_the_column_comes_back_and_the_dialog_closes(desk_client: PageClient, samal: Desk) -> None:
    answer = desk_client.post("/appointments", data=typed(samal), headers=on_board(samal))
    assert answer.headers["HX-Trigger"] == "closeDialog"
    assert answer.headers["HX-Reswap"] == "none"
    assert f'hx-target="#column-{samal.seitqali.id}"' in answer.text
    assert f'hx-target="#column-{samal.kim.id}"' not in answer.text
    assert "Записано" in answer.text


def test_away_from_the_board_one_is_led_to_it(desk_client: PageClient, samal: Desk) -> None:
    answer = desk_client.post("/appointments", data=typed(samal), headers=HTMX)
    assert answer.headers["HX-Redirect"].startswith(f"/schedule/{samal.at(10).date()}")


def test_a_free_time_begins_the_form(desk_client: PageClient, samal: Desk) -> None:
    start = f"{samal.at(10).date()}T11:15"
    page = desk_client.get(f"/appointments/new?practitioner={samal.kim.id}&start={start}&patient={samal.bolat.id}").text
    assert f'<option selected value="{samal.kim.id}">' in page
    assert 'value="11:15"' in page
    assert f'value="{samal.bolat.id}" checked' in page


@pytest.mark.parametrize(
    "query", ["start=nonsense", "start=2026-11-21T10:07", "practitioner=x", "patient=-1", "start=9999-12-31"]
)
def test_an_address_that_says_nonsense_begins_an_empty_form(desk_client: PageClient, query: str) -> None:
    assert desk_client.get(f"/appointments/new?{query}").status_code == 200


def test_for_htmx_the_form_is_only_the_dialog(desk_client: PageClient) -> None:
    assert "<html" not in desk_client.get("/appointments/new", headers=HTMX).text


@pytest.mark.parametrize(
    ("changes", "name", "says"),
    [
        ({"practitioner": ""}, "practitioner", "Выберите врача."),
        ({"practitioner": "999"}, "practitioner", "says"),
        ({"practitioner": "x"}, "practitioner", "says"),
        ({"service": "999"}, "service", "says"),
        ({"date": ""}, "date", "Укажите дату."),
        ({"date": "21.11.2026"}, "date", "Нужна дата вида ГГГГ-ММ-ДД"),
        ({"date": "9999-12-31"}, "date", "Проверьте год."),
        ({"time": ""}, "time", "Укажите время."),
        ({"time": "25:00"}, "time", "Нужно время вида ЧЧ:ММ"),
        ({"time": "10:03"}, "time", "кратно пяти минутам"),
        ({"minutes": "0"}, "minutes", "Нужно число минут"),
        ({"minutes": "17"}, "minutes", "Нужно число минут"),
        ({"minutes": "9" * 30}, "minutes", "Нужно число минут"),
        ({"comment": "а" * 2001}, "comment", "Слишком длинно"),
        ({"comment": "\x00"}, "comment", "невидимые знаки"),
    ],
)
def test_what_is_wrong_is_said_under_its_field(
    desk_client: PageClient, samal: Desk, changes: dict[str, object], name: str, says: str
) -> None:
    answer = desk_client.post("/appointments", data=typed(samal, **changes))
    assert answer.status_code == 422
    assert says in field(answer, name)
    assert booked(samal) == []


@pytest.mark.parametrize(
    ("text", "minutes"), [("9:30", 570), ("0930", 570), ("9.30", 570), ("14 05", 845), ("15", 900)]
)
def test_time_may_be_typed_in_a_hurry(desk_client: PageClient, samal: Desk, text: str, minutes: int) -> None:
    assert desk_client.post("/appointments", data=typed(samal, time=text)).status_code == 303
    assert booked(samal)[0].starts_at == samal.at(0) + timedelta(minutes=minutes)


@pytest.mark.parametrize("number", ["", "x", "999999", "9" * 20])
def test_a_visit_needs_a_patient(desk_client: PageClient, samal: Desk, number: str) -> None:
    answer = desk_client.post("/appointments", data=typed(samal, patient=number))
    assert answer.status_code == 422
    assert "Найдите пациента." in answer.text


def test_another_clinics_patient_cannot_be_booked(desk_client: PageClient, samal: Desk) -> None:
    stranger = patient(clinic("Чужая клиника"), "Чужой")
    answer = desk_client.post("/appointments", data=typed(samal, patient=stranger.id, q="Чужой"))
    assert answer.status_code == 422
    assert "Выберите пациента из списка." in answer.text


def test_without_scripts_the_search_answers_with_the_form(desk_client: PageClient, samal: Desk) -> None:
    answer = desk_client.post("/appointments", data=typed(samal, patient=None, q="ахм"))
    assert answer.status_code == 422
    assert f'name="patient" value="{samal.bolat.id}"' in answer.text


@pytest.mark.parametrize("q", ["ахмет", "777 123", "АХМ"])
def test_patients_are_found_while_typing(desk_client: PageClient, samal: Desk, q: str) -> None:
    patient(clinic("Чужая клиника"), "Ахметова")
    found = desk_client.get("/appointments/patients", query_string={"q": q}).text
    assert found.count("Ахметов") == 1
    assert "Никого не нашли" in desk_client.get("/appointments/patients?q=цц").text


def test_the_service_says_how_long(desk_client: PageClient, samal: Desk) -> None:
    assert 'value="30"' in desk_client.get(f"/appointments/minutes?service={samal.service.id}").text
    assert desk_client.get("/appointments/minutes?service=x").status_code == 200


def test_a_newcomer_is_registered_inside_the_form(desk_client: PageClient, samal: Desk) -> None:
    begun = desk_client.get("/appointments/patients/new", query_string={"q": "сатпаева дана"}, headers=HTMX).text
    assert 'value="Сатпаева"' in begun
    fields = {"family_name": "Сатпаева", "given_name": "Дана", "phone": "8 701 555 04 18"}
    answer = desk_client.post("/appointments/patients", data=typed(samal, patient=None, **fields), headers=HTMX)
    dana = db.session.scalars(Patient.matching(samal.organization.id, "сатпаева")).one()
    assert f'name="patient" value="{dana.id}" checked' in answer.text
    assert 'hx-target="#pick"' in answer.text


def test_a_newcomer_with_a_known_phone_is_refused_in_place(desk_client: PageClient, samal: Desk) -> None:
    fields = {"family_name": "Сатпаева", "given_name": "Дана", "phone": "8 777 123 45 67"}
    answer = desk_client.post("/appointments/patients", data=typed(samal, patient=None, **fields), headers=HTMX)
    assert answer.status_code == 422
    assert "Пациент с таким телефоном уже существует" in field(answer, "phone")


@BOTH
def test_a_taken_time_is_refused_with_the_three_nearest(
    desk_client: PageClient, samal: Desk, visit: Appointment
) -> None:
    somebody = patient(samal.organization, "Ли")
    answer = desk_client.post("/appointments", data=typed(samal, patient=somebody.id))
    assert answer.status_code == 422
    assert TAKEN in field(answer, "time")
    assert re.findall(r'name="offer" value="\S+T(\S+)"', answer.text) == ["10:30", "09:30", "10:45"]
    assert len(booked(samal)) == 1


def test_an_offered_time_is_put_into_the_form(desk_client: PageClient, samal: Desk) -> None:
    offer = f"{samal.at(10).date() + timedelta(days=1)}T10:30"
    answer = desk_client.post("/appointments", data=typed(samal, offer=offer, comment="с ребёнком"))
    assert answer.status_code == 200
    assert 'value="10:30"' in field(answer, "time")
    assert "с ребёнком" in answer.text
    assert booked(samal) == []


@BOTH
def test_each_clash_has_its_own_sentence(desk_client: PageClient, samal: Desk, visit: Appointment) -> None:
    answer = desk_client.post("/appointments", data=typed(samal, practitioner=samal.kim.id))
    assert "Пациент в это время уже записан к другому врачу" in answer.text
    samal.kim.room = samal.seitqali.room
    somebody = patient(samal.organization, "Ли")
    answer = desk_client.post("/appointments", data=typed(samal, practitioner=samal.kim.id, patient=somebody.id))
    assert "Кабинет в это время уже занят" in field(answer, "room")


def test_a_receptionist_cannot_book_over(desk_client: PageClient, samal: Desk, visit: Appointment) -> None:
    somebody = patient(samal.organization, "Ли")
    answer = desk_client.post("/appointments", data=typed(samal, patient=somebody.id, overbook="y"))
    assert answer.status_code == 422
    assert "сверх расписания" not in answer.text


def test_the_owner_may_book_over_and_it_is_marked(client: PageClient, samal: Desk, visit: Appointment) -> None:
    sign_in(client, person("Marat", Role.OWNER, samal.organization))
    somebody = patient(samal.organization, "Ли")
    assert "Записать сверх расписания" in client.post("/appointments", data=typed(samal, patient=somebody.id)).text
    answer = client.post("/appointments", data=typed(samal, patient=somebody.id, overbook="y"))
    assert answer.status_code == 303
    assert [each.overbooked for each in booked(samal)] == [False, True]
    assert "сверх расписания" in client.get(f"/appointments/{booked(samal)[1].id}").text
    assert "Сверх расписания" in client.get("/history").text


def test_a_visit_is_changed(desk_client: PageClient, samal: Desk, visit: Appointment) -> None:
    assert 'value="10:00"' in desk_client.get(f"/appointments/{visit.id}/edit").text
    fields = typed(samal, "11:30", practitioner=samal.kim.id, revision=visit.version, minutes=45)
    assert desk_client.post(f"/appointments/{visit.id}/edit", data=fields).status_code == 303
    [changed] = booked(samal)
    assert (changed.practitioner, changed.starts_at, changed.minutes) == (samal.kim, samal.at(11, 30), 45)


def test_a_change_keeps_what_is_typed_when_somebody_was_faster(
    desk_client: PageClient, samal: Desk, visit: Appointment
) -> None:
    seen = visit.version
    dana = person("Dana", Role.RECEPTIONIST, samal.organization)
    visit.move(samal.kim, samal.at(12), seen, dana, utc_now())
    fields = typed(samal, "11:30", revision=seen, comment="перезвонить")
    answer = desk_client.post(f"/appointments/{visit.id}/edit", data=fields, headers=HTMX)
    assert answer.status_code == 409
    assert "Последнее изменение: Dana" in answer.text
    assert "12:00–12:30, Ким Г.<" in answer.text
    assert "перезвонить" in answer.text
    assert f'name="revision" type="hidden" value="{visit.version}"' in answer.text


def test_only_an_overbooked_visit_that_stays_is_kept_over(
    desk_client: PageClient, samal: Desk, visit: Appointment
) -> None:
    over = samal.overbook(samal.at(10), patient=patient(samal.organization, "Ли"))
    fields = typed(samal, patient=over.patient_id, revision=over.version, comment="острая боль")
    assert desk_client.post(f"/appointments/{over.id}/edit", data=fields).status_code == 303
    fields = typed(samal, "10:15", patient=over.patient_id, revision=over.version)
    assert desk_client.post(f"/appointments/{over.id}/edit", data=fields).status_code == 422


def aim(samal: Desk, visit: Appointment, clock: str, /, **changes: object) -> dict[str, object]:
    start = f"{samal.at(10):%Y-%m-%d}T{clock}"
    return {"practitioner": samal.kim.id, "start": start, "version": visit.version, **changes}


@BOTH
def test_a_visit_is_moved(desk_client: PageClient, samal: Desk, visit: Appointment) -> None:
    answer = desk_client.post(
        f"/appointments/{visit.id}/time", data=aim(samal, visit, "12:15"), headers=on_board(samal)
    )
    assert answer.status_code == 200
    assert f'hx-target="#column-{samal.kim.id}"' in answer.text
    assert f'hx-target="#column-{samal.seitqali.id}"' in answer.text
    [moved] = booked(samal)
    assert (moved.practitioner, moved.starts_at) == (samal.kim, samal.at(12, 15))


@BOTH
def test_a_visit_dropped_on_another_stays_where_it_was(
    desk_client: PageClient, samal: Desk, visit: Appointment
) -> None:
    samal.book(samal.at(12), practitioner=samal.kim, patient=patient(samal.organization, "Ли"))
    answer = desk_client.post(
        f"/appointments/{visit.id}/time", data=aim(samal, visit, "12:15"), headers=on_board(samal)
    )
    assert answer.status_code == 409
    assert TAKEN in answer.text
    assert answer.headers["HX-Reswap"] == "none"
    assert booked(samal)[0].starts_at == samal.at(10)


def test_a_visit_that_somebody_moved_meanwhile_says_who(
    desk_client: PageClient, samal: Desk, visit: Appointment
) -> None:
    data = aim(samal, visit, "12:00")
    dana = person("Dana", Role.RECEPTIONIST, samal.organization)
    visit.move(samal.kim, samal.at(9), visit.version, dana, utc_now())
    answer = desk_client.post(f"/appointments/{visit.id}/time", data=data, headers=on_board(samal))
    assert answer.status_code == 409
    assert "Последнее изменение: Dana" in answer.text


@pytest.mark.parametrize(
    "changes", [{"start": "nonsense"}, {"start": ""}, {"practitioner": "x"}, {"practitioner": 999}, {"version": "x"}]
)
def test_nonsense_moves_nothing(
    desk_client: PageClient, samal: Desk, visit: Appointment, changes: dict[str, object]
) -> None:
    answer = desk_client.post(f"/appointments/{visit.id}/time", data=aim(samal, visit, "12:00", **changes))
    assert answer.status_code == 409
    assert booked(samal)[0].starts_at == samal.at(10)


def test_what_has_ended_is_not_moved(desk_client: PageClient, samal: Desk, visit: Appointment) -> None:
    visit.become(Status.NOSHOW, visit.version, samal.aigerim, utc_now())
    answer = desk_client.post(f"/appointments/{visit.id}/time", data=aim(samal, visit, "12:00"), headers=HTMX)
    assert answer.status_code == 409
    assert "Так уже нельзя" in answer.text


def test_the_card_tells_the_visit_and_its_history(desk_client: PageClient, visit: Appointment) -> None:
    card = desk_client.get(f"/appointments/{visit.id}").text
    for shown in ("Ахметов Болат", "10:00–10:30", "Консультация", "+7 777 123 45 67", "записан, Aigerim Satpaeva"):
        assert shown in card
    assert card.index("Пришёл") < card.index("Сразу на приём")


GET = ("/appointments/new", "/appointments/{0}/edit", "/appointments/{0}/cancellation", "/appointments/patients?q=а")
POST = (
    "/appointments",
    "/appointments/{0}/edit",
    "/appointments/{0}/time",
    "/appointments/{0}/arrival",
    "/appointments/{0}/cancellation",
    "/appointments/{0}/absence/undo",
    "/appointments/patients",
)


@pytest.mark.parametrize("path", GET + POST)
def test_who_may_only_look_changes_nothing(client: PageClient, samal: Desk, visit: Appointment, path: str) -> None:
    sign_in(client, person("Marat", Role.PRACTITIONER, samal.organization))
    answer = client.get(path.format(visit.id)) if path in GET else client.post(path.format(visit.id), data={})
    assert answer.status_code == 403
    card = client.get(f"/appointments/{visit.id}")
    assert card.status_code == 200
    assert "arrival" not in card.text


@pytest.mark.parametrize("path", ["", *(path for path in GET + POST if "{0}" in path)])
def test_another_clinics_visit_is_not_there(client: PageClient, visit: Appointment, path: str) -> None:
    sign_in(client, person("Ruslan", Role.OWNER, clinic("Чужая клиника")))
    path = (path or "/appointments/{0}").format(visit.id)
    assert client.get(path).status_code in (404, 405)
    assert client.post(path, data={"version": visit.version}).status_code in (404, 405)


@pytest.mark.parametrize("path", POST)
def test_who_is_signed_out_changes_nothing(client: PageClient, visit: Appointment, path: str) -> None:
    assert client.post(path.format(visit.id), data={}).status_code == 401


@pytest.mark.parametrize(
    "path", ["/appointments/{0}/time", "/appointments/{0}/arrival", "/appointments/{0}/arrival/undo"]
)
def test_what_changes_is_not_for_looking(desk_client: PageClient, visit: Appointment, path: str) -> None:
    assert desk_client.get(path.format(visit.id)).status_code == 405


@pytest.mark.parametrize("number", ["0", "999999", "99999999999999999999", "x"])
def test_a_visit_that_never_was_is_a_404(desk_client: PageClient, number: str) -> None:
    assert desk_client.get(f"/appointments/{number}").status_code == 404


@BOTH
def test_thirty_at_once_want_one_time_and_one_gets_it(app: Flask, samal: Desk, start_server: StartServer) -> None:
    forms = [
        {
            name: str(value)
            for name, value in typed(samal, patient=patient(samal.organization, f"Ли{number}").id).items()
        }
        for number in range(30)
    ]
    db.session.commit()
    visitor = Visitor(start_server().url, "aigerim@tablo.example", PASSWORD)
    answers = visitor.post_at_once("/appointments", forms)
    assert sorted(answer.status for answer in answers) == [303] + [422] * 29
    refused = [answer.text for answer in answers if answer.status == 422]
    assert all(re.search(rf'id="field-time".*?{TAKEN}', text, re.DOTALL) for text in refused)
    assert len(booked(samal)) == 1


@BOTH
def test_thirty_at_once_want_one_patient_and_one_gets_them(app: Flask, samal: Desk, start_server: StartServer) -> None:
    form = {name: str(value) for name, value in typed(samal).items()}
    db.session.commit()
    visitor = Visitor(start_server().url, "aigerim@tablo.example", PASSWORD)
    answers = visitor.post_at_once("/appointments", [form] * 30)
    assert sorted(answer.status for answer in answers) == [303] + [422] * 29
    assert all(TAKEN in answer.text for answer in answers if answer.status == 422)
