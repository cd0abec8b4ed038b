"""The owner decides who may see a club."""

import pytest
from flask import Flask

from extensions import db
from models.accounts import Role
from models.club import Club
from tests.support.page import PageClient
from tests.support.people import club_house, person, sign_in
from tests.support.players import club


@pytest.fixture
def ours(app: Flask) -> Club:
    ours = club(club_house())
    db.session.commit()
    return ours


@pytest.mark.parametrize("role", [Role.OWNER, Role.ADMINISTRATOR])
def test_marat_closes_his_club_and_opens_it(app: Flask, client: PageClient, ours: Club, role: Role) -> None:
    sign_in(client, person("Marat", role, ours.organization))
    stranger = app.test_client()
    settings = f"/clubs/{ours.id}/settings"
    assert f'href="{settings}"' in client.get(f"/clubs/{ours.id}").text
    for audience, seen in (("own", 303), ("all", 200)):
        answer = client.post(settings, data={"audience": audience})
        assert (answer.status_code, answer.location) == (303, f"/clubs/{ours.id}")
        assert stranger.get(f"/clubs/{ours.id}").status_code == seen
        assert f'checked id="audience-{int(audience == "own")}"' in client.get(settings).text


@pytest.mark.parametrize("audience", ["", "some"])
def test_neither_is_refused(client: PageClient, ours: Club, audience: str) -> None:
    sign_in(client, person("Marat", Role.OWNER, ours.organization))
    answer = client.post(f"/clubs/{ours.id}/settings", data={"audience": audience})
    assert answer.status_code == 422
    assert "is-wrong" in answer.text


@pytest.mark.parametrize("role", [Role.SCORER, Role.MEMBER, None])
def test_others_do_not_decide(client: PageClient, ours: Club, role: Role | None) -> None:
    sign_in(client, person("Timur", role, ours.organization if role else None))
    assert client.get(f"/clubs/{ours.id}/settings").status_code == 403
    assert client.post(f"/clubs/{ours.id}/settings", data={"audience": "own"}).status_code == 403
    assert "/settings" not in client.get(f"/clubs/{ours.id}").text


def test_a_stranger_to_a_private_club_finds_no_settings(client: PageClient, ours: Club) -> None:
    ours.is_public = False
    sign_in(client, person("Stranger", Role.OWNER, club_house("Чужой клуб")))
    assert client.get(f"/clubs/{ours.id}/settings").status_code == 404


def test_one_outside_is_asked_to_sign_in(client: PageClient, ours: Club) -> None:
    assert client.get(f"/clubs/{ours.id}/settings").location == f"/sign-in?next=/clubs/{ours.id}/settings"
    assert client.post(f"/clubs/{ours.id}/settings").status_code == 401
