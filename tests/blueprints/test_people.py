"""The people's page: access, changes, refusals."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from extensions import db
from models.accounts import Membership, Organization, Role, User
from tests.support.page import PageClient
from tests.support.people import clinic, club_house, person, sign_in


@pytest.fixture
def samal(app: Flask) -> Organization:
    return clinic()


@pytest.fixture
def aigerim(samal: Organization) -> Membership:
    return person("Aigerim", Role.RECEPTIONIST, samal).memberships[0]


@pytest.fixture
def marat(samal: Organization, client: PageClient) -> User:
    """The owner, signed in."""
    marat = person("Marat", Role.OWNER, samal)
    sign_in(client, marat)
    return marat


def test_marat_sees_everybody_and_the_way_there(client: PageClient, aigerim: Membership, marat: User) -> None:
    page = client.get("/people").text
    assert "aigerim@tablo.example" in page
    assert 'href="/people"' in page
    assert "Убрать из организации" in page


def test_marat_gives_a_role(client: PageClient, aigerim: Membership, marat: User) -> None:
    answer = client.post(f"/people/{aigerim.id}/role", data={"role": "administrator"})
    assert (answer.status_code, answer.location) == (303, "/people")
    assert db.session.get_one(Membership, aigerim.id).role is Role.ADMINISTRATOR


@pytest.mark.parametrize(
    ("house", "offered"),
    [
        (clinic, ["владелец", "администратор", "регистратор", "врач"]),
        (club_house, ["владелец", "администратор", "судья на счёте", "член клуба"]),
    ],
)
def test_a_clinic_offers_no_scorers_and_a_club_no_doctors(
    app: Flask, client: PageClient, house: Callable[[], Organization], offered: list[str]
) -> None:
    sign_in(client, person("Marat", Role.OWNER, house()))
    invitation = client.get("/people").text.split('<form method="post" action="/people"')[1].split("</select>")[0]
    assert re.findall(r"<option[^>]*>([^<]*)<", invitation) == offered
    sent = {"name": "Тимур", "email": "timur@tablo.example", "role": "member" if house is clinic else "practitioner"}
    assert client.post("/people", data=sent).status_code == 422


@pytest.mark.parametrize("role", ["", "king", "Owner"])
def test_a_role_that_is_none_is_refused(client: PageClient, aigerim: Membership, marat: User, role: str) -> None:
    answer = client.post(f"/people/{aigerim.id}/role", data={"role": role})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert db.session.get_one(Membership, aigerim.id).role is Role.RECEPTIONIST


def test_marat_removes_aigerim(client: PageClient, aigerim: Membership, marat: User) -> None:
    number = aigerim.id
    assert client.post(f"/people/{number}/removal").status_code == 303
    assert db.session.get(Membership, number) is None
    assert "aigerim" not in client.get("/people").text


def test_marat_closes_and_opens_a_way_in(client: PageClient, aigerim: Membership, marat: User) -> None:
    assert client.post(f"/people/{aigerim.id}/entry", data={"entry": "closed"}).status_code == 303
    assert "вход закрыт" in client.get("/people").text
    assert client.post(f"/people/{aigerim.id}/entry", data={"entry": "open"}).status_code == 303
    assert "вход закрыт" not in client.get("/people").text
    assert client.post(f"/people/{aigerim.id}/entry", data={"entry": "ajar"}).status_code == 422


def test_the_last_owner_is_told_why_not(client: PageClient, marat: User) -> None:
    answer = client.post(f"/people/{marat.memberships[0].id}/removal")
    assert answer.status_code == 422
    assert "Это единственный владелец." in answer.text


def test_an_administrator_sees_no_way_to_change_an_owner(
    app: Flask, client: PageClient, samal: Organization, marat: User
) -> None:
    aliyas = app.test_client()
    sign_in(aliyas, person("Aliya", Role.ADMINISTRATOR, samal))
    number = marat.memberships[0].id
    assert f"/people/{number}/removal" not in aliyas.get("/people").text
    assert aliyas.post(f"/people/{number}/removal").status_code == 403


@pytest.mark.parametrize("role", [Role.RECEPTIONIST, Role.PRACTITIONER, Role.SCORER, Role.MEMBER])
def test_those_at_work_do_not_come_in(client: PageClient, samal: Organization, role: Role, aigerim: Membership) -> None:
    sign_in(client, person("Timur", role, samal))
    assert client.get("/people").status_code == 403
    assert client.post(f"/people/{aigerim.id}/removal").status_code == 403
    assert 'href="/people"' not in client.get("/nowhere").text


def test_another_organizations_people_are_not_there(client: PageClient, marat: User) -> None:
    stranger = person("Stranger", Role.RECEPTIONIST, clinic("Чужая клиника")).memberships[0]
    db.session.commit()
    for path in ("role", "removal", "entry"):
        assert client.post(f"/people/{stranger.id}/{path}", data={"role": "member"}).status_code == 404


def test_one_outside_is_asked_to_sign_in(client: PageClient, aigerim: Membership) -> None:
    db.session.commit()
    assert client.get("/people").location == "/sign-in?next=/people"
    assert client.post(f"/people/{aigerim.id}/removal").status_code == 401


def test_changing_is_no_link(client: PageClient, aigerim: Membership, marat: User) -> None:
    paths = [f"/people/{aigerim.id}/{path}" for path in ("role", "removal", "entry")]
    assert {client.get(path).status_code for path in paths} == {405}
