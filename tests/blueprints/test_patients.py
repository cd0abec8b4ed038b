"""The patients' pages: success, bad input and access."""

import re

import pytest
from flask import Flask

from extensions import db
from models.accounts import Organization, Role
from models.clinic import Patient
from tests.support.page import PageClient
from tests.support.people import browser_of, clinic, club_house, patient, person, sign_in

HTMX = {"HX-Request": "true"}
NAME = {"family_name": "Ким", "given_name": "Дана"}
NEW, CARD, EDIT = "/patients/new", "/patients/{}", "/patients/{}/edit"
CHECK_NEW, CHECK = "/patients/check", "/patients/{}/check"
GETS = ("/patients", NEW, CARD, EDIT)
POSTS = (NEW, EDIT, CHECK_NEW, CHECK)
BOTH = pytest.mark.both_databases


@pytest.fixture
def samal(app: Flask) -> Organization:
    return clinic()


@pytest.fixture
def bolat(samal: Organization) -> Patient:
    return patient(samal, phone="+7 777 123 45 67", iin="900101300007")


@pytest.fixture
def desk(samal: Organization, client: PageClient) -> PageClient:
    """Aigerim's browser at the front desk."""
    sign_in(client, person("Aigerim", Role.RECEPTIONIST, samal))
    return client


def said_under(text: str, field: str) -> str:
    """The message under one field, without markup; empty if none."""
    found = re.search(rf'id="{field}-says">.*?<span>(.*?)</span></p>', text, re.DOTALL)
    return re.sub(r"<.*?>", "", found[1]) if found else ""


def value_of(text: str, field: str) -> str | None:
    tag = re.search(rf'<input[^>]*name="{field}"[^>]*>', text)
    value = re.search(r'value="([^"]*)"', tag[0]) if tag else None
    return value[1] if value else None


# Access


@pytest.mark.parametrize("path", GETS)
def test_a_receptionist_opens_every_page(desk: PageClient, bolat: Patient, path: str) -> None:
    assert desk.get(path.format(bolat.id)).status_code == 200


@pytest.mark.parametrize("path", GETS)
def test_the_owner_opens_every_page(app: Flask, samal: Organization, bolat: Patient, path: str) -> None:
    owner = browser_of(app, person("Marat", Role.OWNER, samal))
    assert owner.get(path.format(bolat.id)).status_code == 200


@pytest.mark.parametrize("path", GETS)
def test_a_stranger_is_asked_to_sign_in(client: PageClient, bolat: Patient, path: str) -> None:
    path = path.format(bolat.id)
    answer = client.get(path)
    assert (answer.status_code, answer.location) == (303, f"/sign-in?next={path}")


@pytest.mark.parametrize("path", POSTS)
def test_a_form_sent_after_the_session_ended_is_told_so(client: PageClient, bolat: Patient, path: str) -> None:
    answer = client.post(path.format(bolat.id), data=NAME, headers=HTMX)
    assert answer.status_code == 401
    assert answer.headers["HX-Reswap"] == "none"
    assert "Сеанс закончился" in answer.text


def test_without_scripts_one_signs_in_beside_what_was_typed(client: PageClient) -> None:
    answer = client.post("/patients/new", data=NAME)
    assert (answer.status_code, 'href="/sign-in" target="_blank"' in answer.text) == (401, True)


@pytest.mark.parametrize("path", [CARD, EDIT])
def test_another_clinics_patient_is_not_there(app: Flask, bolat: Patient, path: str) -> None:
    stranger = browser_of(app, person("Dina", Role.OWNER, clinic("Клиника «Арман»")))
    assert stranger.get(path.format(bolat.id)).status_code == 404
    assert "Ахметов" not in stranger.get("/patients?q=ахметов").text.replace('value="ахметов"', "")


@pytest.mark.parametrize("path", [EDIT, CHECK])
def test_another_clinics_patient_cannot_be_changed(app: Flask, bolat: Patient, path: str) -> None:
    stranger = browser_of(app, person("Dina", Role.OWNER, clinic("Клиника «Арман»")))
    answer = stranger.post(path.format(bolat.id), data=NAME | {"version": "1"})
    assert answer.status_code == 404
    assert bolat.family_name == "Ахметов"


def test_another_clinics_phone_is_nobodys_business(app: Flask, bolat: Patient) -> None:
    stranger = browser_of(app, person("Dina", Role.OWNER, clinic("Клиника «Арман»")))
    answer = stranger.post(f"{CHECK_NEW}?field=phone", data=NAME | {"phone": "+7 777 123 45 67"})
    assert "существует" not in answer.text


@pytest.mark.parametrize("path", ["/patients", CARD])
def test_a_practitioner_reads_and_is_offered_no_changes(
    app: Flask, samal: Organization, bolat: Patient, path: str
) -> None:
    doctor = browser_of(app, person("Gulnar", Role.PRACTITIONER, samal))
    answer = doctor.get(path.format(bolat.id))
    assert answer.status_code == 200
    assert "Ахметов" in answer.text
    assert "Изменить" not in answer.text
    assert "Новый пациент" not in answer.text


@pytest.mark.parametrize("path", [NEW, EDIT])
def test_a_practitioner_is_refused_the_forms(app: Flask, samal: Organization, bolat: Patient, path: str) -> None:
    doctor = browser_of(app, person("Gulnar", Role.PRACTITIONER, samal))
    assert doctor.get(path.format(bolat.id)).status_code == 403


@pytest.mark.parametrize("path", POSTS)
def test_a_practitioner_is_refused_every_change(app: Flask, samal: Organization, bolat: Patient, path: str) -> None:
    doctor = browser_of(app, person("Gulnar", Role.PRACTITIONER, samal))
    answer = doctor.post(path.format(bolat.id), data=NAME | {"version": "1"}, headers=HTMX)
    assert answer.status_code == 403
    assert "Это действие вам недоступно" in answer.text


@pytest.mark.parametrize("path", [*GETS, *POSTS])
def test_a_scorer_of_the_clubs_half_sees_no_patients(
    app: Flask, samal: Organization, bolat: Patient, path: str
) -> None:
    scorer = browser_of(app, person("Madina", Role.SCORER, samal))
    method = "GET" if path in GETS else "POST"
    assert scorer.open(path.format(bolat.id), method=method).status_code == 403


@pytest.mark.parametrize("path", ["/patients", NEW])
def test_a_club_has_no_patients(app: Flask, path: str) -> None:
    owner = browser_of(app, person("Marat", Role.OWNER, club_house()))
    assert owner.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/patients", NEW])
def test_a_person_without_an_organization_is_told_so(app: Flask, caplog: pytest.LogCaptureFixture, path: str) -> None:
    timur = browser_of(app, person("Timur"))
    answer = timur.get(path)
    assert answer.status_code == 403
    assert "Вы пока не состоите ни в одной организации" in answer.text
    assert "This field may not be null" in caplog.text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/patients"),
        ("PUT", NEW),
        ("POST", CARD),
        ("DELETE", CARD),
        ("DELETE", EDIT),
        ("GET", CHECK),
    ],
)
def test_another_method_is_refused(desk: PageClient, bolat: Patient, method: str, path: str) -> None:
    assert desk.open(path.format(bolat.id), method=method).status_code == 405


@pytest.mark.parametrize("number", ["0", "2147483647", "99999999999999999999", "x"])
def test_a_number_that_no_card_has_is_not_found(desk: PageClient, number: str) -> None:
    assert desk.get(f"/patients/{number}").status_code == 404


# Input


@BOTH
@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("family_name", " ", "Введите фамилию."),
        ("given_name", "", "Введите имя."),
        ("given_name", "-", "Введите имя."),
        ("family_name", "я" * 101, "Слишком длинно: помещается не больше 100 знаков."),
        ("middle_name", "я" * 101, "Слишком длинно: помещается не больше 100 знаков."),
        ("phone", "1" * 41, "Слишком длинно: помещается не больше 40 знаков."),
        ("note", "я" * 2001, "Слишком длинно: помещается не больше 2000 знаков."),
        ("family_name", "Ким\x00", "Здесь есть невидимые знаки, которые нельзя записать. Введите текст заново."),
        ("phone", "123\x00", "Здесь есть невидимые знаки, которые нельзя записать. Введите текст заново."),
        ("iin", "\x007", "Здесь есть невидимые знаки, которые нельзя записать. Введите текст заново."),
        ("note", "а\x00", "Здесь есть невидимые знаки, которые нельзя записать. Введите текст заново."),
        ("birth_date", "01.13.1990", "Нужна дата вида ГГГГ-ММ-ДД, например 1990-01-13."),
        ("birth_date", "19900113", "Нужна дата вида ГГГГ-ММ-ДД, например 1990-01-13."),
        ("birth_date", "2001-02-29", "Нужна дата вида ГГГГ-ММ-ДД, например 1990-01-13."),
        ("birth_date", "2999-01-01", "Дата рождения ещё не наступила."),
        ("birth_date", "0199-01-01", "Проверьте год рождения."),
        ("sex", "robot", "Выберите один из этих ответов."),
    ],
)
def test_bad_input_is_explained_under_its_field(desk: PageClient, field: str, typed: str, says: str) -> None:
    answer = desk.post(NEW, data=NAME | {field: typed})
    assert answer.status_code == 422
    assert said_under(answer.text, field) == says
    assert db.session.scalars(db.select(Patient)).all() == []


def test_a_bad_form_keeps_everything_that_was_typed(desk: PageClient) -> None:
    typed = {"family_name": "Ким", "phone": "8 777 1", "birth_date": "13.01.1990", "iin": "12", "note": "Заметка"}
    answer = desk.post(NEW, data=typed | {"sex": "female"})
    fields = ("family_name", "phone", "birth_date", "iin")
    assert [value_of(answer.text, field) for field in fields] == [typed[field] for field in fields]
    assert "Заметка</textarea>" in answer.text
    assert re.search(r'<input[^>]*checked[^>]*value="female"', answer.text)


def test_a_date_that_is_none_comes_back_in_a_field_that_can_show_it(desk: PageClient) -> None:
    bad, good = (desk.post(NEW, data={"birth_date": typed}).text for typed in ("13.01.1990", "1990-01-13"))
    assert re.search(r'<input[^>]*name="birth_date"[^>]*type="text"', bad)
    assert re.search(r'<input[^>]*name="birth_date"[^>]*type="date"', good)


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("phone", "8 777 123-45-67", "Пациент с таким телефоном уже существует: Ахметов Болат"),
        ("iin", "900101 300007", "Пациент с таким ИИН уже существует: Ахметов Болат"),
    ],
)
@BOTH
def test_a_phone_and_an_iin_that_another_has_lead_to_their_card(
    desk: PageClient, bolat: Patient, field: str, typed: str, says: str
) -> None:
    answer = desk.post(NEW, data=NAME | {field: typed}, headers=HTMX)
    assert answer.status_code == 422
    assert said_under(answer.text, field) == says
    assert f'href="/patients/{bolat.id}"' in answer.text
    assert 'data-kind="conflict"' in answer.text


def test_both_collisions_are_told_at_once(desk: PageClient, bolat: Patient) -> None:
    answer = desk.post(NEW, data=NAME | {"phone": "8 777 123-45-67", "iin": "900101300007"})
    assert said_under(answer.text, "phone")
    assert said_under(answer.text, "iin")


def test_names_are_written_with_single_spaces(desk: PageClient, samal: Organization) -> None:
    desk.post(NEW, data={"family_name": " Ли \t Цой ", "given_name": " Дана", "note": "а\r\nб"})
    dana = db.session.scalars(Patient.of(samal.id)).one()
    assert (dana.family_name, dana.given_name, dana.note) == ("Ли Цой", "Дана", "а\nб")


def test_nothing_typed_can_become_markup(desk: PageClient, samal: Organization) -> None:
    hostile = {"family_name": "<b>Ким</b>", "given_name": "<i>Д</i>", "phone": "+7 777 123 45 67", "note": "<u>x</u>"}
    card = desk.post(NEW, data=hostile).location
    pages = [desk.get(card), desk.get("/patients?q=b"), desk.post(NEW, data=NAME | {"phone": "+7 777 123 45 67"})]
    assert not any(tag in page.text for page in pages for tag in ("<b>Ким", "<i>Д", "<u>x", "<b><mark>"))


# htmx


def test_a_form_with_errors_comes_back_alone_with_a_toast(desk: PageClient) -> None:
    answer = desk.post(NEW, data={"family_name": "Ким"}, headers=HTMX)
    assert answer.status_code == 422
    assert answer.text.startswith('<form id="patient-form"')
    assert said_under(answer.text, "given_name") == "Введите имя."
    assert 'data-kind="input"' in answer.text


def test_a_saved_card_is_shown(desk: PageClient) -> None:
    answer = desk.post(NEW, data=NAME, headers=HTMX)
    assert answer.status_code == 200
    card = answer.headers["HX-Redirect"]
    assert "Карта записана." in desk.get(card).text
    assert "Карта записана." not in desk.get(card).text


@pytest.mark.parametrize("path", [NEW, EDIT])
def test_the_forms_come_into_the_dialog(desk: PageClient, bolat: Patient, path: str) -> None:
    answer = desk.get(path.format(bolat.id), headers=HTMX)
    assert 'id="dialog-title"' in answer.text
    assert "<html" not in answer.text


# Validation on leaving a field


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("phone", "8 777 123-45-67", "Пациент с таким телефоном уже существует: Ахметов Болат"),
        ("phone", "8 777 123-45-68", ""),
        ("birth_date", "2999-01-01", "Дата рождения ещё не наступила."),
        ("family_name", "", "Введите фамилию."),
        ("iin", "900101300008", "Последняя цифра ИИН не сходится с остальными. Сохранить можно, проверьте позже."),
        ("iin", "12", "В ИИН двенадцать цифр. Сохранить можно, проверьте позже."),
        ("iin", "900101700002", "Седьмая цифра ИИН бывает от 1 до 6. Сохранить можно, проверьте позже."),
    ],
)
def test_a_field_that_is_left_is_looked_at(desk: PageClient, bolat: Patient, field: str, typed: str, says: str) -> None:
    answer = desk.post(f"{CHECK_NEW}?field={field}", data={field: typed}, headers=HTMX)
    assert answer.status_code == 200
    assert answer.text.startswith("<div")
    assert f'id="field-{field}"' in answer.text
    assert said_under(answer.text, field) == says
    assert "Введите имя." not in answer.text


def test_a_card_is_not_in_its_own_way(desk: PageClient, bolat: Patient) -> None:
    typed = NAME | {"phone": "8 777 123-45-67"}
    assert said_under(desk.post(f"{CHECK.format(bolat.id)}?field=phone", data=typed).text, "phone") == ""


@pytest.mark.parametrize("query", ["", "?field=", "?field=version", "?field=csrf", "?field=phone2"])
def test_only_fields_of_the_form_are_looked_at(desk: PageClient, query: str) -> None:
    assert desk.post(CHECK_NEW + query, data=NAME).status_code == 404


def test_an_iin_that_contradicts_the_card_is_doubted(desk: PageClient) -> None:
    typed = {"iin": "900101300007", "birth_date": "1990-01-02", "sex": "male"}
    answer = desk.post(f"{CHECK_NEW}?field=birth_date", data=typed)
    assert said_under(answer.text, "iin").startswith("По ИИН дата рождения другая: 01.01.1990.")
    answer = desk.post(f"{CHECK_NEW}?field=sex", data={"iin": "900101300007", "sex": "female"})
    assert said_under(answer.text, "iin").startswith("По ИИН это мужчина.")


def test_a_valid_iin_offers_birth_date_and_sex(desk: PageClient) -> None:
    answer = desk.post(f"{CHECK_NEW}?field=iin", data={"iin": "950517400004"})
    assert "По ИИН: 17.05.1995, женщина" in answer.text
    filled = desk.post(f"{CHECK_NEW}?field=iin&take", data={"iin": "950517400004"})
    assert value_of(filled.text, "birth_date") == "1995-05-17"
    assert re.search(r'<input[^>]*checked[^>]*value="female"', filled.text)
    assert "По ИИН:" not in filled.text


@pytest.mark.parametrize("typed", ["1996-06-18", "18.06.1996"])
def test_an_offer_that_is_taken_overwrites_nothing(desk: PageClient, typed: str) -> None:
    answer = desk.post(f"{CHECK_NEW}?field=iin&take", data={"iin": "950517400004", "birth_date": typed})
    assert value_of(answer.text, "birth_date") == typed
    assert re.search(r'<input[^>]*checked[^>]*value="female"', answer.text)


@pytest.mark.parametrize(
    "given", [{"iin": "950517400005"}, {"iin": "950517400004", "birth_date": "1995-05-17", "sex": "female"}]
)
def test_there_is_nothing_to_offer(desk: PageClient, given: dict[str, str]) -> None:
    assert "По ИИН:" not in desk.post(f"{CHECK_NEW}?field=iin", data=given).text


# Two people editing one card


def test_a_stale_save_shows_both_and_loses_nothing(desk: PageClient, bolat: Patient) -> None:
    seen = str(bolat.version)
    theirs = {"family_name": "Ахметов", "given_name": "Болат", "phone": "123", "version": seen}
    assert desk.post(EDIT.format(bolat.id), data=theirs).status_code == 303
    mine = {"family_name": "Ахметов", "given_name": "Бахыт", "phone": "456", "version": seen}
    answer = desk.post(EDIT.format(bolat.id), data=mine, headers=HTMX)
    assert answer.status_code == 409
    assert "карту изменил кто-то другой" in answer.text
    assert (value_of(answer.text, "phone"), value_of(answer.text, "given_name")) == ("456", "Бахыт")
    assert said_under(answer.text, "phone") == "Сейчас в карте: 123"
    assert said_under(answer.text, "given_name") == "Сейчас в карте: Болат"
    assert said_under(answer.text, "family_name") == ""
    again = mine | {"version": value_of(answer.text, "version") or ""}
    assert desk.post(EDIT.format(bolat.id), data=again).status_code == 303


@pytest.mark.parametrize("version", ["", "x", "99999999999999999999", "-1", "²"])
def test_a_version_that_no_card_has_is_stale(desk: PageClient, bolat: Patient, version: str) -> None:
    answer = desk.post(EDIT.format(bolat.id), data=NAME | {"version": version})
    assert answer.status_code == 409
    assert "карту изменил кто-то другой" in answer.text


# The list
