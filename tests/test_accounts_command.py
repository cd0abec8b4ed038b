"""`flask accounts`: the first organization of a new Tablo, and a password for whoever forgot theirs."""

import pytest
from flask import Flask
from sqlalchemy import select

from extensions import db
from models.accounts import Language, Organization, User
from models.club import Club
from tests.support.page import PageClient
from tests.support.people import PASSWORD, person

SAMAL = ("organization", "Клиника «Самал»", "Айгүл Серікқызы", "Aigul@tablo.example")
CHOSEN = {"password": "жёлтый автобус", "again": "жёлтый автобус"}


def said(app: Flask, *arguments: str) -> str:
    """The output of the command, which must succeed."""
    result = app.test_cli_runner().invoke(args=["accounts", *arguments])
    assert result.exit_code == 0, result.output
    return result.output


def test_the_first_owner_chooses_a_password_and_is_at_the_desk(app: Flask, client: PageClient) -> None:
    link = said(app, *SAMAL, "--clinic", "--language", "kk").split()[-1]
    assert client.post(link, data=CHOSEN).status_code == 303
    assert client.get("/people").status_code == 200
    samal = db.session.scalars(select(Organization)).one()
    assert (samal.has_clinic, samal.has_club, samal.language) == (True, False, Language.KAZAKH)


def test_a_club_has_its_page_at_once(app: Flask, client: PageClient) -> None:
    said(app, "organization", "Клуб «Ракетка»", "Марат", "marat@tablo.example", "--club")
    assert client.get(f"/clubs/{db.session.scalars(select(Club)).one().id}").status_code == 200


def test_an_owner_with_an_account_keeps_its_password(app: Flask) -> None:
    person("Aigul")
    db.session.commit()
    assert "the password of the account that is there" in said(app, *SAMAL, "--clinic")


def test_a_forgotten_password_is_chosen_anew(app: Flask, client: PageClient) -> None:
    person("Aigul")
    db.session.commit()
    link = said(app, "password", "aigul@tablo.example").split()[-1]
    assert client.post(link, data=CHOSEN).status_code == 303
    assert User.who_signs_in("aigul@tablo.example", PASSWORD) is None


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (SAMAL, "--clinic, --club"),
        ((*SAMAL[:3], "aigul", "--clinic"), "not an e-mail address"),
        ((*SAMAL, "--clinic", "--time-zone", "Mars"), "Mars"),
        (("password", "nobody@tablo.example"), "nobody has the address"),
    ],
)
def test_a_wrong_command_says_why(app: Flask, arguments: tuple[str, ...], why: str) -> None:
    result = app.test_cli_runner().invoke(args=["accounts", *arguments])
    assert (result.exit_code != 0, why in result.output) == (True, True)
    assert db.session.scalar(select(Organization)) is None
