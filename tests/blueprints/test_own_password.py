"""Aigerim changes her own password."""

import pytest
from flask import Flask

from models.accounts import Role, User
from tests.support.page import PageClient
from tests.support.people import PASSWORD, browser_of, clinic, person, sign_in

CHOSEN = {"current": PASSWORD, "password": "жёлтый автобус", "again": "жёлтый автобус"}


@pytest.fixture
def aigerim(client: PageClient) -> User:
    """Signed in."""
    aigerim = person("Aigerim", Role.RECEPTIONIST, clinic())
    sign_in(client, aigerim)
    return aigerim


def test_aigerim_changes_her_password_and_stays_while_other_browsers_are_signed_out(
    app: Flask, client: PageClient, aigerim: User
) -> None:
    phone = browser_of(app, aigerim)
    assert client.post("/password", data=CHOSEN).location == "/password"
    assert "Пароль изменён" in client.get("/password").text
    assert [client.get("/patients").status_code, phone.get("/patients").status_code] == [200, 303]
    assert User.who_signs_in(aigerim.email, CHOSEN["password"]) == aigerim
    assert User.who_signs_in(aigerim.email, PASSWORD) is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"current": "guessed"}, "Пароль не подходит."),
        ({"current": ""}, "Введите пароль."),
        ({"password": "short", "again": "short"}, "не меньше 10"),
        ({"again": "другой"}, "не совпадают"),
    ],
)
def test_a_wrong_change_is_explained_and_changes_nothing(
    client: PageClient, aigerim: User, typed: dict[str, str], said: str
) -> None:
    answer = client.post("/password", data=CHOSEN | typed)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert User.who_signs_in(aigerim.email, PASSWORD) == aigerim


def test_nobody_else_changes_a_password(app: Flask) -> None:
    stranger = app.test_client()
    assert stranger.get("/password").location.startswith("/sign-in")
    assert stranger.post("/password", data=CHOSEN).status_code == 401
