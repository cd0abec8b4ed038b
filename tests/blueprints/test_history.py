"""The pages of the history, and who may read them."""

import pytest
from flask import Flask

from blueprints.clinic.history_words import deed_words
from extensions import db
from models.accounts import Organization, Role
from models.clinic import AuditEvent, Deed, Patient
from models.clinic.audit import Question
from tests.support.page import PageClient
from tests.support.people import browser_of, clinic, club_house, patient, person

HTMX = {"HX-Request": "true"}


@pytest.fixture
def samal(app: Flask) -> Organization:
    return clinic()


@pytest.fixture
def bolat(samal: Organization) -> Patient:
    return patient(samal, phone="+7 777 123 45 67")


@pytest.fixture
def owner(app: Flask, samal: Organization) -> PageClient:
    return browser_of(app, person("Marat Ospanov", Role.OWNER, samal))


@pytest.fixture
def desk(app: Flask, samal: Organization) -> PageClient:
    return browser_of(app, person("Aigerim Satpaeva", Role.RECEPTIONIST, samal))


def test_the_owner_reads_who_changed_what(owner: PageClient, desk: PageClient, bolat: Patient) -> None:
    typed = {"family_name": "Ахметов", "given_name": "Болат", "phone": "8 701 555 04 18", "version": str(bolat.version)}
    assert desk.post(f"/patients/{bolat.id}/edit", data=typed).status_code == 303
    text = owner.get("/history").text
    for words in ("Aigerim Satpaeva", "Изменена карта", "<s>+7 777 123 45 67</s>", "<b>+7 701 555 04 18</b>"):
        assert words in text


def test_reading_a_card_is_written_down(desk: PageClient, samal: Organization, bolat: Patient) -> None:
    assert desk.get(f"/patients/{bolat.id}").status_code == 200
    db.session.rollback()
    [event] = AuditEvent.page(Question(samal.id, deed=Deed.CARD_READ), None, 5)
    assert event.actor is not None
    assert (event.actor.name, event.patient_id) == ("Aigerim Satpaeva", bolat.id)


def test_the_filter_lets_through_only_what_is_asked(owner: PageClient, desk: PageClient, bolat: Patient) -> None:
    desk.get(f"/patients/{bolat.id}")
    rows = owner.get("/history?what=card-registered", headers=HTMX).text
    assert rows.count("<tr>") == 2
    assert "Aigerim" not in rows
    assert "Ничего такого не было." in owner.get("/history?day=2020-01-01").text


@pytest.mark.parametrize("nonsense", ["who=x", "what=x", "day=2026-13-01", "before=x", "before=999999", "patient=x"])
def test_nonsense_in_the_address_asks_for_nothing(owner: PageClient, bolat: Patient, nonsense: str) -> None:
    assert owner.get(f"/history?{nonsense}").status_code == 200


def test_one_cards_history_tells_of_it_alone(owner: PageClient, samal: Organization, bolat: Patient) -> None:
    patient(samal, "Сатпаева")
    text = owner.get(f"/history?patient={bolat.id}").text
    assert "Ахметов Болат" in text
    assert "Сатпаева" not in text


def test_a_long_history_is_leafed_through(owner: PageClient, desk: PageClient, bolat: Patient) -> None:
    for _time in range(55):
        desk.get(f"/patients/{bolat.id}")
    first = owner.get("/history?what=card-read").text
    older = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert first.count("<tr>") == 51
    assert owner.get(older).text.count("<tr>") == 6


def test_the_owner_sees_the_last_deeds_on_the_card(owner: PageClient, bolat: Patient) -> None:
    text = owner.get(f"/patients/{bolat.id}").text
    assert "Вся история" in text
    assert "Заведена карта" in text


@pytest.mark.parametrize("role", [Role.RECEPTIONIST, Role.PRACTITIONER, Role.SCORER, Role.MEMBER])
def test_nobody_else_reads_the_history(app: Flask, samal: Organization, bolat: Patient, role: Role) -> None:
    somebody = browser_of(app, person("Somebody", role, samal))
    assert somebody.get("/history").status_code == 403
    assert "Вся история" not in somebody.get(f"/patients/{bolat.id}").text


def test_another_clinics_card_has_no_history_here(app: Flask, bolat: Patient) -> None:
    stranger = browser_of(app, person("Dina", Role.OWNER, clinic("Клиника «Арман»")))
    assert stranger.get(f"/history?patient={bolat.id}").status_code == 404
    assert "Ахметов" not in stranger.get("/history").text


def test_a_club_has_no_such_history(app: Flask) -> None:
    assert browser_of(app, person("Marat", Role.OWNER, club_house())).get("/history").status_code == 404


def test_whoever_is_signed_out_is_asked_to_sign_in(client: PageClient) -> None:
    assert client.get("/history").location == "/sign-in?next=/history"


def test_another_method_is_refused(owner: PageClient) -> None:
    assert owner.post("/history").status_code == 405


def test_every_deed_has_its_words(app: Flask) -> None:
    with app.test_request_context():
        assert set(deed_words()) == set(Deed)
