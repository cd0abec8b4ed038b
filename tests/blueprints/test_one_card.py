"""One person, one card: repeated submissions, similar cards, families with one phone."""

import pytest
from flask import Flask

from models.accounts import Organization, Role
from models.clinic import Patient
from tests.support.page import PageClient
from tests.support.people import clinic, patient, person, sign_in

HTMX = {"HX-Request": "true"}
NAME = {"family_name": "Ким", "given_name": "Дана"}
NEW, CHECK_NEW, CHECK = "/patients/new", "/patients/check", "/patients/{}/check"


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


def test_the_same_form_sent_twice_ends_on_one_card(desk: PageClient, samal: Organization) -> None:
    key = desk.get(NEW).text.split('name="once_key"')[1].split('value="')[1].split('"')[0]
    first, second = (desk.post(NEW, data=NAME | {"once_key": key, "phone": "8 701 222 33 44"}) for _time in "ab")
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert Patient.count(Patient.of(samal.id)) == 1


def test_a_page_gone_back_to_makes_the_next_persons_card(desk: PageClient, samal: Organization) -> None:
    key = {"once_key": "of-one-page"}
    first = desk.post(NEW, data=NAME | key)
    second = desk.post(NEW, data={"family_name": "Ли", "given_name": "Вера"} | key)
    assert second.status_code == 303
    assert first.location != second.location


@pytest.mark.parametrize("key", ["", "x" * 60, "'; --", "\x00"])
def test_a_key_that_is_none_stops_nothing(desk: PageClient, samal: Organization, key: str) -> None:
    assert [desk.post(NEW, data=NAME | {"once_key": key}).status_code for _time in "ab"] == [303, 303]
    assert Patient.count(Patient.of(samal.id)) == 2


@pytest.mark.parametrize("field", ["family_name", "given_name", "birth_date"])
def test_a_card_that_may_be_the_same_persons_is_shown(desk: PageClient, bolat: Patient, field: str) -> None:
    typed = {"family_name": "Ахметов", "given_name": "болат"}
    text = desk.post(f"{CHECK_NEW}?field={field}", data=typed, headers=HTMX).text
    assert "Похоже, карта уже есть:" in text
    assert f'href="/patients/{bolat.id}"' in text


def test_a_card_is_not_a_second_of_itself(desk: PageClient, bolat: Patient) -> None:
    typed = {"family_name": "Ахметов", "given_name": "Болат"}
    answer = desk.post(f"{CHECK.format(bolat.id)}?field=given_name", data=typed, headers=HTMX)
    assert "Похоже" not in answer.text


def test_signs_alone_are_not_told_as_everybody_found(desk: PageClient, bolat: Patient) -> None:
    text = desk.get("/patients?q=---", headers=HTMX).text
    assert "Никого не нашлось" in text
    assert "Найдено: 0." in text


def test_a_card_names_who_answers_for_whom(desk: PageClient, samal: Organization, bolat: Patient) -> None:
    typed = NAME | {"contact_name": "мама", "contact_phone": "8 777 123 45 67"}
    child = desk.post(NEW, data=typed).location
    card, relative = desk.get(child).text, desk.get(f"/patients/{bolat.id}").text
    assert "мама" in card
    assert f'<a href="/patients/{bolat.id}">Ахметов Болат</a>' in card
    assert f'<a href="{child}">Ким Дана</a>' in relative
    assert "<mark>777 123</mark>" in desk.get("/patients?q=777123", headers=HTMX).text
