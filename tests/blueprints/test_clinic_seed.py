"""The five tests of the seed document, with their original names."""

import logging

import pytest
from flask import Flask

from extensions import db
from models.accounts import Role
from models.clinic import Patient
from tests.support.page import PageClient
from tests.support.people import clinic, person, sign_in

pytestmark = pytest.mark.both_databases

FULL_NAME = {"family_name": "Ахметов", "given_name": "Болат", "middle_name": "Серикович"}


@pytest.fixture
def desk(app: Flask, client: PageClient) -> PageClient:
    """Aigerim's browser at the front desk."""
    sign_in(client, person("Aigerim", Role.RECEPTIONIST, clinic()))
    return client


def all_patients() -> list[Patient]:
    return list(db.session.scalars(db.select(Patient).order_by(Patient.id)))


def test_1_a_new_patient_with_full_data(desk: PageClient) -> None:
    given = {"phone": "+7 701 222 33 44", "birth_date": "1990-01-13", "iin": "123456789012"}
    answer = desk.post("/patients/new", data=FULL_NAME | given)
    (bolat,) = all_patients()
    assert (answer.status_code, answer.location) == (303, f"/patients/{bolat.id}")
    assert (bolat.full_name, bolat.iin) == ("Ахметов Болат Серикович", "123456789012")
    assert "Ахметов Болат Серикович" in desk.get(answer.location).text


def test_2_a_patient_with_a_short_phone(desk: PageClient) -> None:
    answer = desk.post("/patients/new", data=FULL_NAME | {"phone": "123"})
    assert answer.status_code == 303
    assert [patient.phone for patient in all_patients()] == ["123"]


def test_3_a_patient_with_a_phone_that_another_has(desk: PageClient) -> None:
    assert desk.post("/patients/new", data=FULL_NAME | {"phone": "+7 777 123 45 67"}).status_code == 303
    answer = desk.post("/patients/new", data={"family_name": "Ким", "given_name": "Дана", "phone": "+7 777 123 45 67"})
    assert answer.status_code == 422
    assert "Пациент с таким телефоном уже существует" in answer.text
    assert len(all_patients()) == 1


def test_4_a_patient_with_a_wrong_iin(desk: PageClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "tablo.clinic"):
        answer = desk.post("/patients/new", data=FULL_NAME | {"iin": "000000000000"})
    assert answer.status_code == 303
    assert [patient.iin for patient in all_patients()] == ["000000000000"]
    assert any(message.startswith("IIN validation error: ") for message in caplog.messages)
    assert "Проверьте ИИН" in desk.get(answer.location).text


def test_5_editing_a_patient_who_is_there(desk: PageClient) -> None:
    card = desk.post("/patients/new", data=FULL_NAME | {"phone": "+7 777 123 45 67"}).location
    (bolat,) = all_patients()
    changed = FULL_NAME | {"phone": "+7 777 123 45 67", "note": "Телефон сына", "version": str(bolat.version)}
    answer = desk.post(f"{card}/edit", data=changed)
    assert (answer.status_code, answer.location) == (303, card)
    assert "Телефон сына" in desk.get(card).text
