"""The button that follows a club or a player: without an account, only for those who may see them."""

from typing import Any

import pytest
from flask import Flask

from extensions import db
from models.accounts import User
from models.club import Club, Follower, follower
from tests.support.page import PageClient
from tests.support.people import sign_in
from tests.support.players import player
from tests.support.push_service import PUSH_PUBLIC_KEY

ENDPOINT = "https://push.example/send/dana"
DANA = {"endpoint": ENDPOINT, "public_key": "B" + "A" * 86, "secret": "A" * 22}
FOLLOW, FOLLOWING = ">Следить</button>", "Вы следите"


@pytest.fixture(autouse=True)
def pushing(app: Flask) -> None:
    app.config["PUSH_PUBLIC_KEY"] = PUSH_PUBLIC_KEY


def followed() -> list[str]:
    db.session.rollback()
    known = Follower.at(ENDPOINT)
    return sorted(each.topic for each in known.follows) if known else []


def test_dana_follows_a_club_and_a_player_and_stops_again(client: PageClient, ours: Club) -> None:
    ivan = player(ours, "Иван Иванов")
    db.session.commit()
    pages = {f"/clubs/{ours.id}": ours.topic, f"/players/{ivan.id}": ivan.topic}
    assert all(FOLLOW in client.get(page).text for page in pages)
    for page in pages:
        assert FOLLOWING in client.post(f"{page}/followers", data=DANA).text
        assert FOLLOWING in client.post(f"{page}/followers", data=DANA).text
        assert FOLLOWING in client.post(f"{page}/followers/own", data=DANA).text
    assert followed() == sorted(pages.values())
    for page in pages:
        assert FOLLOW in client.post(f"{page}/followers/removal", data=DANA).text
        assert FOLLOW in client.post(f"{page}/followers/own", data=DANA).text
        assert FOLLOW in client.post(f"{page}/followers/removal", data=DANA).text
    assert Follower.at(ENDPOINT) is None


@pytest.mark.parametrize("wrong", [{"endpoint": "http://127.0.0.1/admin"}, {"public_key": ""}, {"secret": "short"}])
def test_what_no_browser_says_is_refused(client: PageClient, ours: Club, wrong: dict[str, Any]) -> None:
    db.session.commit()
    answer = client.post(f"/clubs/{ours.id}/followers", data=DANA | wrong)
    assert (answer.status_code, "Браузер не дал адреса" in answer.text) == (422, True)
    assert followed() == []


def test_too_many_are_told_so(client: PageClient, ours: Club, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follower, "MOST_FOLLOWED", 0)
    db.session.commit()
    assert client.post(f"/clubs/{ours.id}/followers", data=DANA).status_code == 409
    assert Follower.at(ENDPOINT) is None


def test_a_private_club_is_followed_by_its_own_alone(client: PageClient, ours: Club, madina: User) -> None:
    ours.is_public = False
    db.session.commit()
    address = f"/clubs/{ours.id}/followers"
    assert client.post(address, data=DANA).status_code == 401
    sign_in(client, madina)
    assert client.post(address, data=DANA).status_code == 200
    known = Follower.at(ENDPOINT)
    assert known
    assert known.person is madina
    client.post("/sign-out")
    db.session.expire_all()
    assert known.person is None


def test_who_signs_in_again_is_known_by_the_page_alone(client: PageClient, ours: Club, madina: User) -> None:
    db.session.commit()
    client.post(f"/clubs/{ours.id}/followers", data=DANA)
    sign_in(client, madina)
    client.post(f"/clubs/{ours.id}/followers/own", data=DANA)
    known = Follower.at(ENDPOINT)
    assert known
    assert known.person is madina


def test_without_keys_there_is_no_button(app: Flask, client: PageClient, ours: Club) -> None:
    app.config["PUSH_PUBLIC_KEY"] = ""
    db.session.commit()
    assert 'id="follow"' not in client.get(f"/clubs/{ours.id}").text
    assert client.post(f"/clubs/{ours.id}/followers", data=DANA).status_code == 404
