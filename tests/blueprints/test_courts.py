"""The club's list of tables, maintained by its manager, and moving a match to another table."""

import json

import pytest
from flask import Flask

from extensions import db
from models.accounts import Role, User
from models.club import Club, Court, Match, MatchPlan
from tests.blueprints.test_matches import plan
from tests.support.page import PageClient
from tests.support.people import club_house, person, sign_in
from tests.support.players import NOW, play

WINDOW = "Корт у окна"


@pytest.fixture
def marat(ours: Club) -> User:
    """The club's manager; the club has two tables."""
    marat = person("Marat", Role.OWNER, ours.organization)
    for name in ("Стол 1", WINDOW):
        Court.add(ours, name, marat)
    db.session.commit()
    return marat


def playing(of: Club, scorer: User, table: int | None) -> Match:
    begun = Match.start(of, MatchPlan((of.players[0],), (of.players[1],), table=table), scorer, NOW)
    db.session.commit()
    return begun


def names(of: Club) -> list[str]:
    db.session.expire_all()
    return [f"{court.number} {court.name}{'' if court.is_open else ' убран'}" for court in of.courts]


def test_marat_keeps_the_list(client: PageClient, ours: Club, marat: User) -> None:
    sign_in(client, marat)
    address = f"/clubs/{ours.id}/courts"
    assert f'href="{address}"' in client.get(f"/clubs/{ours.id}/settings").text
    for path, data in (("", {"name": " Стол  3 "}), ("/3/place", {}), ("/2", {"name": "Окно"}), ("/1/retirement", {})):
        assert client.post(address + path, data=data).location == address
    assert names(ours) == ["1 Стол 1 убран", "3 Стол 3", "2 Окно"]
    client.post(f"{address}/1/retirement", data={"back": "1"})
    assert names(ours)[0] == "1 Стол 1"
    assert "Стол 3" in client.get(address).text


@pytest.mark.parametrize(
    ("name", "says"), [("", "Введите название."), ("Стол 1", "Такой стол уже есть"), ("о" * 41, "")]
)
@pytest.mark.parametrize("path", ["", "/2"])
def test_a_name_that_cannot_be(client: PageClient, ours: Club, marat: User, path: str, name: str, says: str) -> None:
    sign_in(client, marat)
    answer = client.post(f"/clubs/{ours.id}/courts{path}", data={"name": name})
    assert (answer.status_code, says in answer.text, "is-wrong" in answer.text) == (422, True, True)
    assert names(ours) == ["1 Стол 1", f"2 {WINDOW}"]


@pytest.mark.parametrize("path", ["", "/1", "/1/place", "/1/retirement"])
def test_the_list_is_for_who_manages_the_club(
    app: Flask, client: PageClient, ours: Club, marat: User, path: str
) -> None:
    address = f"/clubs/{ours.id}/courts{path}"
    assert client.post(address).status_code == 401
    ours.is_public = False
    for who, house, status in (("Madina", ours.organization, 403), ("Timur", club_house("Чужой клуб"), 404)):
        browser = app.test_client()
        sign_in(browser, person(f"{who}2", Role.SCORER if status == 403 else Role.OWNER, house))
        assert browser.post(address, data={"name": "Моё"}).status_code == status
    sign_in(client, marat)
    assert client.post(f"/clubs/{ours.id}/courts/9/place").status_code == 404
    assert client.put(address).status_code == 405


def test_the_free_ones_come_first_and_a_busy_one_says_who_plays(
    client: PageClient, ours: Club, marat: User, madina: User
) -> None:
    first = playing(ours, madina, 1)
    sign_in(client, madina)
    page = client.get(f"/clubs/{ours.id}/matches/new").text
    assert page.index(f'value="2">{WINDOW}') < page.index('value="1">Стол 1 – играют')
    answer = client.post(f"/clubs/{ours.id}/matches", data=plan(ours, table=1))
    assert (answer.status_code, "Здесь сейчас играют другие." in answer.text) == (422, True)
    play(first, "A" * 11, madina)
    db.session.commit()
    assert client.post(f"/clubs/{ours.id}/matches", data=plan(ours, table=1)).status_code == 303


def test_a_match_moves_and_every_screen_says_where(client: PageClient, ours: Club, marat: User, madina: User) -> None:
    moved, other = playing(ours, madina, 1), playing(ours, madina, None)
    sign_in(client, madina)
    assert f'href="/matches/{moved.id}/table"' in client.get(f"/matches/{moved.id}").text
    refused = client.post(f"/matches/{other.id}/table", data={"table": 1})
    assert (refused.status_code, refused.text.count(" – ".join(each.name for each in ours.players[:2]))) == (422, 2)
    assert client.post(f"/matches/{moved.id}/table", data={"table": 2}).location == f"/matches/{moved.id}"
    for page in ("clubs/{club}", "clubs/{club}/tv", "matches/{match}", "matches/{match}/score", "clubs/{club}/overlay"):
        assert WINDOW in client.get("/" + page.format(club=ours.id, match=moved.id)).text, page
    told = json.loads(client.get(f"/api/matches/{moved.id}").text)["match"]
    assert (told["table"], told["table_name"]) == (2, WINDOW)


def test_a_match_is_moved_by_those_who_score_it(
    app: Flask, client: PageClient, ours: Club, marat: User, madina: User
) -> None:
    moved = playing(ours, madina, 1)
    assert client.post(f"/matches/{moved.id}/table", data={"table": 2}).status_code == 401
    sign_in(client, person("Timur", Role.MEMBER, ours.organization))
    assert client.get(f"/matches/{moved.id}/table").status_code == 403
    assert client.post(f"/matches/{moved.id}/table", data={"table": 2}).status_code == 403
    play(moved, "A" * 11, madina)
    browser = app.test_client()
    sign_in(browser, madina)
    assert browser.post(f"/matches/{moved.id}/table", data={"table": 2}).status_code == 409


def test_the_hall_hangs_in_the_clubs_order(client: PageClient, ours: Club, marat: User, madina: User) -> None:
    playing(ours, madina, 1)
    playing(ours, madina, 2)
    ours.courts[1].move_up(marat)
    db.session.commit()
    page = client.get(f"/clubs/{ours.id}/tv").text
    assert 0 < page.index(WINDOW) < page.index("Стол 1")


def test_what_was_played_is_found_by_its_table(client: PageClient, ours: Club, marat: User, madina: User) -> None:
    play(playing(ours, madina, 2), "A" * 11, madina)
    ours.courts[1].retire(marat, NOW)
    sign_in(client, madina)
    page = client.get(f"/clubs/{ours.id}/history?table=2").text
    assert f'<option value="2" selected>{WINDOW}, убран</option>' in page
    assert f";{WINDOW};" in client.get(f"/clubs/{ours.id}/history.csv?table=2").text
    told = json.loads(client.get(f"/clubs/{ours.id}/history.json").text)
    assert told["matches"][0]["table_name"] == WINDOW
