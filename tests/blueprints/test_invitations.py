"""Marat adds colleagues, who choose their passwords through one-time links."""

import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask

from extensions import db
from models.accounts import Membership, Organization, PasswordLink, Role, User
from models.base import utc_now
from tests.support.page import PageClient
from tests.support.people import PASSWORD, browser_of, clinic, club_house, person, sign_in

DANA = {"name": "Дана Ким", "email": "Dana@Tablo.example", "role": "receptionist"}
CHOSEN = {"password": "жёлтый автобус", "again": "жёлтый автобус"}


@pytest.fixture
def samal(app: Flask) -> Organization:
    return clinic()


@pytest.fixture
def marat(samal: Organization, client: PageClient) -> User:
    """The owner, signed in."""
    marat = person("Marat", Role.OWNER, samal)
    sign_in(client, marat)
    return marat


def link_on(page: str) -> str:
    """The path of the link that the page shows."""
    found = re.search(r'id="password-link" value="([^"]+)"', page)
    assert found, "no link is shown"
    return unescape(found[1]).removeprefix("http://localhost")


def invited(client: PageClient, **changes: str) -> str:
    """The path of the link of whoever Marat has just invited."""
    answer = client.post("/people", data=DANA | changes)
    assert (answer.status_code, answer.location) == (303, "/people")
    return link_on(client.get("/people").text)


def test_dana_is_invited_chooses_a_password_and_works(app: Flask, client: PageClient, marat: User) -> None:
    path = invited(client)
    assert "пароль ещё не выбран" in client.get("/people").text
    dana = app.test_client()
    assert "Дана Ким, dana@tablo.example" in dana.get(path).text
    assert dana.post(path, data=CHOSEN).location == "/"
    assert dana.get("/patients").status_code == 200
    again = app.test_client()
    assert again.post("/sign-in", data={"email": DANA["email"], "password": CHOSEN["password"]}).status_code == 303
    assert "пароль ещё не выбран" not in client.get("/people").text


def test_a_link_is_shown_once_and_used_once(app: Flask, client: PageClient, marat: User) -> None:
    path = invited(client)
    assert "password-link" not in client.get("/people").text.replace("/password-link", "")
    dana = app.test_client()
    assert dana.post(path, data=CHOSEN).status_code == 303
    assert [dana.get(path).status_code, dana.post(path, data=CHOSEN).status_code] == [410, 410]
    assert "Попросите новую" in dana.get(path).text


def test_nobody_signs_in_before_a_password_is_chosen(app: Flask, client: PageClient, marat: User) -> None:
    invited(client)
    for password in ("", "x"):
        answer = app.test_client().post("/sign-in", data={"email": DANA["email"], "password": password})
        assert answer.status_code == 422


@pytest.mark.parametrize("age", [timedelta(days=8), None])
def test_a_link_too_old_or_of_a_disabled_account_opens_nothing(
    app: Flask, client: PageClient, marat: User, age: timedelta | None
) -> None:
    path = invited(client)
    link = db.session.query(PasswordLink).one()
    if age:
        link.expires_at -= age
    else:
        link.user.disabled_at = utc_now()
    assert app.test_client().get(path).status_code == 410


def test_a_forgotten_password_is_chosen_anew_and_ends_other_sign_ins(
    app: Flask, client: PageClient, samal: Organization, marat: User
) -> None:
    dana = person("Dana Kim", Role.RECEPTIONIST, samal)
    desk = browser_of(app, dana)
    first = client.post(f"/people/{dana.memberships[0].id}/password-link").location
    former = link_on(client.get(first).text)
    client.post(f"/people/{dana.memberships[0].id}/password-link")
    newer = link_on(client.get("/people").text)
    phone = app.test_client()
    assert [phone.get(former).status_code, phone.get(newer).status_code] == [410, 200]
    assert phone.post(newer, data=CHOSEN).status_code == 303
    assert desk.get("/patients").status_code == 303
    answer = app.test_client().post("/sign-in", data={"email": dana.email, "password": PASSWORD})
    assert answer.status_code == 422


def test_a_link_that_others_may_know_opens_neither_an_owners_account_nor_one_with_a_new_password(
    app: Flask, client: PageClient, samal: Organization, marat: User
) -> None:
    dana = person("Dana Kim", Role.RECEPTIONIST, samal)
    desk, place = browser_of(app, dana), f"/people/{dana.memberships[0].id}"
    client.post(f"{place}/password-link")
    former = link_on(client.get("/people").text)
    assert desk.post("/password", data=CHOSEN | {"current": PASSWORD}).status_code == 303
    assert desk.get(former).status_code == 410
    client.post(f"{place}/password-link")
    newer = link_on(client.get("/people").text)
    assert client.post(f"{place}/role", data={"role": "owner"}).status_code == 303
    assert desk.get(newer).status_code == 410


@pytest.mark.parametrize("has_chosen", [True, False])
def test_who_works_elsewhere_cannot_be_added_or_given_a_link(
    app: Flask, client: PageClient, samal: Organization, marat: User, has_chosen: bool
) -> None:
    """Or whoever invited them there, and may know their password, would enter this clinic with it."""
    ruslan = person("Ruslan", Role.SCORER, club_house())
    ruslan.password_hash = ruslan.password_hash if has_chosen else ""
    answer = client.post("/people", data=DANA | {"email": ruslan.email})
    assert (answer.status_code, "другую организацию" in answer.text) == (422, True)
    joined = Membership(user=ruslan, organization=samal, role=Role.MEMBER)
    db.session.add(joined)
    db.session.commit()
    answer = client.post(f"/people/{joined.id}/password-link")
    assert (answer.status_code, "работает и в другой организации" in answer.text) == (422, True)


def test_an_account_left_from_elsewhere_loses_the_password_that_is_known_there(
    app: Flask, client: PageClient, marat: User
) -> None:
    ruslan = person("Ruslan")
    phone = browser_of(app, ruslan)
    path = invited(client, email=ruslan.email)
    assert User.who_signs_in(ruslan.email, PASSWORD) is None
    assert phone.get("/patients").status_code == 303
    assert phone.post(path, data=CHOSEN).status_code == 303


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": " "}, "Введите имя и фамилию."),
        ({"name": "Д" * 101}, "Слишком длинно"),
        ({"email": "dana"}, "Введите почту"),
        ({"email": ""}, "Введите почту"),
        ({"email": "da\x00na@tablo.example"}, "невидимые знаки"),
        ({"email": "MARAT@tablo.example"}, "Этот человек уже есть в списке."),
        ({"role": "king"}, "is-wrong"),
    ],
)
def test_a_wrong_invitation_is_explained_and_kept(
    client: PageClient, marat: User, typed: dict[str, str], said: str
) -> None:
    answer = client.post("/people", data=DANA | typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert '<details class="invitation" open>' in answer.text
    assert db.session.query(User).count() == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"password": "короткий", "again": "короткий"}, "не меньше 10"),
        ({"password": "жёлтый автобус", "again": "жёлтый трамвай"}, "не совпадают"),
        ({"password": "x" * 1001, "again": "x" * 1001}, "Слишком длинно"),
        ({}, "не меньше 10"),
    ],
)
def test_a_wrong_password_is_explained(
    app: Flask, client: PageClient, marat: User, typed: dict[str, str], said: str
) -> None:
    dana, path = app.test_client(), invited(client)
    answer = dana.post(path, data=typed)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert dana.get(path).status_code == 200


def test_an_administrator_makes_no_owner_and_opens_no_owners_account(
    app: Flask, samal: Organization, marat: User
) -> None:
    saule = browser_of(app, person("Saule", Role.ADMINISTRATOR, samal))
    assert saule.post("/people", data=DANA | {"role": "owner"}).status_code == 422
    assert saule.post(f"/people/{marat.memberships[0].id}/password-link").status_code == 403
    assert saule.post("/people", data=DANA).status_code == 303


def test_a_receptionist_and_a_stranger_invite_nobody(app: Flask, samal: Organization, marat: User) -> None:
    aigerim = browser_of(app, person("Aigerim", Role.RECEPTIONIST, samal))
    stranger = browser_of(app, person("Stranger", Role.OWNER, clinic("Клиника «Тау»")))
    address = f"/people/{marat.memberships[0].id}/password-link"
    assert [aigerim.post("/people", data=DANA).status_code, aigerim.post(address).status_code] == [403, 403]
    assert stranger.post(address).status_code == 404
    assert app.test_client().get("/password/guessed").status_code == 410
