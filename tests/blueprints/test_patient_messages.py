"""A patient's mail address and language of messages."""

import pytest
from flask import Flask

from models.accounts import Organization, Role
from models.clinic import Patient
from tests.support.page import PageClient
from tests.support.people import clinic, patient, person, sign_in

NAME = {"family_name": "Ким", "given_name": "Дана"}


@pytest.fixture
def samal(app: Flask) -> Organization:
    return clinic()


@pytest.fixture
def dana(samal: Organization) -> Patient:
    return patient(samal, "Ким", given_name="Дана")


@pytest.fixture
def desk_client(samal: Organization, client: PageClient) -> PageClient:
    """Aigerim's browser."""
    sign_in(client, person("Aigerim", Role.RECEPTIONIST, samal))
    return client


def test_a_mail_address_and_a_language_stand_on_the_card(desk_client: PageClient, dana: Patient) -> None:
    typed = NAME | {"email": " dana@tablo.example ", "messages": "kk", "version": "1"}
    address = f"/patients/{dana.id}"
    assert desk_client.post(f"{address}/edit", data=typed).status_code == 303
    card = desk_client.get(address).text
    assert 'href="mailto:dana@tablo.example"' in card
    assert "по-казахски" in card
    assert '<option selected value="kk">' in desk_client.get(f"{address}/edit").text


def test_what_is_no_mail_address_is_said_under_it(desk_client: PageClient) -> None:
    typed = NAME | {"email": "dana@mail", "messages": "martian"}
    answer = desk_client.post("/patients/new", data=typed, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "Нужен адрес вида имя@почта.kz." in answer.text
    assert "Выберите один из этих ответов." in answer.text
    assert 'value="dana@mail"' in answer.text
