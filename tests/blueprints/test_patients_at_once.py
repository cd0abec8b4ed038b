"""Thirty receptionists save at the same moment: one card is created, the others get the reason."""

from collections import Counter

import pytest
from flask import Flask

from extensions import db
from models.accounts import Role
from models.clinic import Patient
from tests.conftest import StartServer
from tests.support.crowd import Visitor
from tests.support.databases import Database
from tests.support.people import PASSWORD, clinic, person

CROWD = 30


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("phone", "+7 777 123 45 67", "Пациент с таким телефоном уже существует"),
        ("iin", "000000000000", "Пациент с таким ИИН уже существует"),
    ],
)
def test_of_thirty_who_save_one_number_one_wins(
    application: Flask, database: Database, start_server: StartServer, field: str, typed: str, says: str
) -> None:
    with application.app_context():
        email = person("Aigerim", Role.RECEPTIONIST, clinic()).email
        db.session.commit()
    server = start_server()
    aigerim = Visitor(server.url, email, PASSWORD)
    forms = [{"family_name": f"Ким{number}", "given_name": "Дана", field: typed} for number in range(CROWD)]
    answers = aigerim.post_at_once("/patients/new", forms)
    assert Counter(answer.status for answer in answers) == {303: 1, 422: CROWD - 1}
    assert all(says in answer.text for answer in answers if answer.status == 422)
    with application.app_context():
        assert len(db.session.scalars(db.select(Patient)).all()) == 1
