"""A club's exported history becomes the same history in another club, once."""

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from extensions import db
from models.accounts import Role, User
from models.club import Club, Match, Player, Standing, settle
from tests.support.page import PageClient
from tests.support.people import club_house, person, sign_in
from tests.support.players import NOW, club, match, play, to_score
from tests.support.queries import recorded_queries

FACTS = ("sides", "games", "points", "winner", "ruleset", "started_at", "ended_at", "first_server", "table", "log")


@pytest.fixture
def other(app: Flask) -> Club:
    """The club that Timur owns: of its players only Иван has played at the other one."""
    return club(club_house("Клуб «Сетка»"), names=("Иван Иванов",))


@pytest.fixture
def timur(client: PageClient, other: Club, ours: Club) -> PageClient:
    """Timur owns the organization of both clubs."""
    own = person("Timur", Role.OWNER, other.organization)
    other.organization_id = ours.organization_id
    own.memberships[0].organization_id = ours.organization_id
    db.session.commit()
    sign_in(client, own)
    return client


@pytest.fixture
def season(ours: Club, madina: User) -> list[Match]:
    """Three finished matches and one that goes on."""
    played = [
        match(ours, madina, now=NOW - timedelta(days=20)),
        match(ours, madina, best_of=3, pairs=True, law="badminton-21", now=NOW - timedelta(days=9)),
        match(ours, madina, law="tennis", now=NOW - timedelta(days=2)),
    ]
    for each, rallies in zip(played, (to_score(10, 10) + "AuABBuBB", "A" * 42, "AAAA" * 6), strict=True):
        play(each, rallies, madina, each.started_at + timedelta(minutes=5))
    play(match(ours, madina), "AB", madina)
    db.session.commit()
    return played


def exported(client: PageClient, of: Club) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(client.get(f"/clubs/{of.id}/history.json").text)
    return content


def bring(client: PageClient, to: Club, content: object, do: str = "load") -> TestResponse:
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    file = (io.BytesIO(text), "matches.json")
    return client.post(f"/clubs/{to.id}/imports", data={"file": file, "do": do})


def count(of: Club) -> tuple[int, int]:
    """Matches and players."""
    matches = db.session.scalar(select(func.count(Match.id)).filter_by(club_id=of.id))
    return matches or 0, Player.count(of.id)


def facts(content: dict[str, Any]) -> list[dict[str, Any]]:
    return [{name: each[name] for name in FACTS} for each in content["matches"]]


def ratings(of: Club) -> list[tuple[Any, ...]]:
    """Everybody's rating in every discipline and week, by name."""
    found = db.session.scalars(select(Standing).filter_by(club_id=of.id))
    names = {each.id: each.name for each in db.session.scalars(Player.of(of.id))}
    return sorted((names[each.player_id], each.sport, each.week, each.reckoned.rating) for each in found)


@pytest.mark.both_databases
def test_the_export_of_one_club_is_the_same_history_in_another(
    timur: PageClient, ours: Club, other: Club, season: list[Match]
) -> None:
    whole = exported(timur, ours)
    answer = bring(timur, other, whole)
    assert (answer.status_code, "Новых партий: 3" in answer.text, "Новых игроков: 3" in answer.text) == (200, 1, 1)
    assert facts(exported(timur, other)) == facts(whole)
    assert len(whole["matches"]) == 3
    assert count(other) == (3, 4)


def test_each_match_of_the_export_is_as_the_api_tells_it(timur: PageClient, ours: Club, season: list[Match]) -> None:
    for each in exported(timur, ours)["matches"]:
        told = timur.get(f"/api/matches/{each['id']}").get_json()
        assert each == {**told["match"], "log": told["log"]}


def test_a_look_says_what_would_come_of_it_and_writes_nothing(
    timur: PageClient, ours: Club, other: Club, season: list[Match], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("blueprints.club.imports.AT_ONCE", 1)
    looked = bring(timur, other, exported(timur, ours), do="look")
    assert "Пока ничего не записано" in looked.text
    assert ("Новых партий: 3" in looked.text, "Новых игроков: 3" in looked.text) == (True, True)
    assert count(other) == (0, 1)
    part = timur.post(
        f"/clubs/{other.id}/imports",
        data={"file": (io.BytesIO(json.dumps(exported(timur, ours)).encode()), "m.json"), "do": "look"},
        headers={"HX-Request": "true"},
    )
    assert ("<html" in part.text, "Новых партий: 3" in part.text) == (False, True)


@pytest.mark.both_databases
def test_the_same_history_twice_adds_nothing(timur: PageClient, ours: Club, other: Club, season: list[Match]) -> None:
    whole = exported(timur, ours)
    for club_to, new, known in ((other, 3, 0), (other, 0, 3), (ours, 0, 3)):
        answer = bring(timur, club_to, whole).text
        assert (f"Новых партий: {new}" in answer, f"Уже есть в клубе: {known}" in answer) == (True, True)
    doubled = {**whole, "matches": whole["matches"] * 2}
    assert "Уже есть в клубе: 6" in bring(timur, other, doubled).text
    assert count(other) == (3, 4)


def test_a_name_typed_with_other_letters_is_the_same_player_and_still_the_same_match(
    timur: PageClient, ours: Club, other: Club, season: list[Match]
) -> None:
    other.players.append(Player(name="Алия Кожахметова"))
    db.session.commit()
    whole = exported(timur, ours)
    assert "Новых игроков: 2" in bring(timur, other, whole).text
    assert "Уже есть в клубе: 3" in bring(timur, other, whole).text
    assert facts(exported(timur, other)) == facts(whole)


@pytest.mark.both_databases
def test_the_ratings_are_those_of_the_first_club(
    timur: PageClient, ours: Club, other: Club, season: list[Match]
) -> None:
    bring(timur, other, exported(timur, ours))
    for each in (ours, other):
        while settle(each):
            db.session.commit()
    assert len(ratings(ours)) > 4
    assert ratings(other) == ratings(ours)


def test_what_cannot_be_read_is_named_by_its_place_and_the_rest_is_brought(
    timur: PageClient, ours: Club, other: Club, season: list[Match]
) -> None:
    whole = exported(timur, ours)
    whole["matches"][0]["winner"] = "B"
    whole["matches"][1] |= {"sides": {"A": ["Иван"], "B": ["Иван"]}}
    answer = bring(timur, other, whole)
    assert answer.status_code == 200
    assert "Партия 1 в файле: Счёт в файле не тот" in " ".join(answer.text.split())
    assert "Партия 2 в файле: С каждой стороны" in " ".join(answer.text.split())
    assert count(other)[0] == 1


def test_a_file_that_breaks_off_brings_what_came_before(
    timur: PageClient, ours: Club, other: Club, season: list[Match]
) -> None:
    text = json.dumps(exported(timur, ours)).encode()
    answer = bring(timur, other, text[:-20])
    assert (answer.status_code, "Партия 3 в файле: Это не файл партии." in " ".join(answer.text.split())) == (200, True)
    assert count(other)[0] == 2
    assert "Новых партий: 1" in bring(timur, other, text).text


def test_a_history_in_another_version_is_refused(timur: PageClient, other: Club) -> None:
    answer = bring(timur, other, {"version": 2, "matches": []})
    assert (answer.status_code, "Файл записан в другой версии." in answer.text) == (422, True)


def test_a_longer_history_asks_only_for_its_matches_and_players_not_for_every_line(
    timur: PageClient, ours: Club, other: Club, season: list[Match], madina: User
) -> None:
    def questions(content: dict[str, Any]) -> int:
        with recorded_queries(db.engine) as statements:
            bring(timur, other, content, do="look")
        return len(statements)

    few = exported(timur, ours)
    for number in range(9):
        play(match(ours, madina, now=NOW - timedelta(hours=number + 1)), "A" * 11, madina)
    db.session.commit()
    assert questions(exported(timur, ours)) == questions(few) + 9 * len(("match", "Иван", "Петр"))


def test_a_large_file_of_who_does_not_manage_the_club_is_not_read(app: Flask, client: PageClient, ours: Club) -> None:
    sign_in(client, person("Petr", Role.SCORER, club_house("Клуб «Сетка»")))
    app.config["WTF_CSRF_ENABLED"] = True  # its check reads the body before any view
    sent = {"data": b" " * (app.config["MAX_CONTENT_LENGTH"] + 1), "content_type": "multipart/form-data; boundary=x"}
    assert client.post(f"/clubs/{ours.id}/imports", **sent).status_code == 413
