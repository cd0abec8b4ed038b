"""Importing a match from a file: the same match again, or a message with the error."""

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from extensions import db
from models.accounts import Role, User
from models.club import Club, Match, Player
from tests.support.page import PageClient
from tests.support.people import club_house, person, sign_in
from tests.support.players import NOW, club, match, play, to_score

KEPT = ("points", "games", "winner", "server", "log_length", "started_at", "ended_at", "ruleset", "sides", "table")


@pytest.fixture
def other(app: Flask) -> Club:
    """Another club, owned by Timur."""
    return club(club_house("Клуб «Сетка»"), names=("Иван Иванов",))


@pytest.fixture
def owner(client: PageClient, other: Club) -> PageClient:
    sign_in(client, person("Timur", Role.OWNER, other.organization))
    return client


def told(client: PageClient, of: Match) -> dict[str, Any]:
    content: dict[str, Any] = client.get(f"/api/matches/{of.id}").get_json()
    return content


def bring(client: PageClient, to: Club, content: object) -> TestResponse:
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    return client.post(f"/clubs/{to.id}/imports", data={"file": (io.BytesIO(text), "match.json")})


def newest() -> Match:
    return db.session.scalars(select(Match).order_by(Match.id.desc())).first()  # type: ignore[return-value]


def test_a_match_that_was_told_is_the_same_in_another_club(
    owner: PageClient, other: Club, ours: Club, madina: User
) -> None:
    played = match(ours, madina, best_of=3)
    play(played, to_score(10, 10) + "AuABBBu", madina, NOW + timedelta(minutes=3))
    play(played, "B" + "A" * 11 + "B" * 11, madina, NOW + timedelta(minutes=9))
    db.session.commit()
    content = told(owner, played)
    answer = bring(owner, other, content)
    assert answer.status_code == 303, answer.text
    again = told(owner, newest())
    assert {key: again["match"][key] for key in KEPT} == {key: content["match"][key] for key in KEPT}
    assert again["log"] == content["log"]
    names = {player.name for player in db.session.scalars(Player.of(other.id))}
    assert names == {"Иван Иванов", "Петр Петров"}


def test_what_was_not_finished_is_not_shown_as_live(owner: PageClient, other: Club, ours: Club, madina: User) -> None:
    played = match(ours, madina)
    play(played, "AB", madina)
    db.session.commit()
    assert bring(owner, other, told(owner, played)).status_code == 303
    assert newest().abandoned_at == NOW
    assert list(db.session.scalars(Match.live_in(other))) == []


def test_the_same_file_twice_is_one_match(owner: PageClient, other: Club, ours: Club, madina: User) -> None:
    played = match(ours, madina)
    play(played, "A" * 11, madina)
    db.session.commit()
    content = told(owner, played)
    assert bring(owner, other, content).status_code == 303
    twice = bring(owner, other, content)
    assert (twice.status_code, "Эта партия уже есть в клубе." in twice.text) == (422, True)


def test_what_is_wrong_is_said_under_the_file_and_nobody_is_written_down(
    owner: PageClient, other: Club, ours: Club, madina: User
) -> None:
    played = match(ours, madina)
    db.session.commit()
    content = told(owner, played)
    future = (NOW + timedelta(days=3650)).isoformat()
    for changes, says in (
        ({"ruleset": "chess"}, "Таких правил игры"),
        ({"winner": "A"}, "Счёт в файле не тот"),
        ({"started_at": future}, "не в будущем"),
        ({"started_at": "0001-01-02T00:00:00+00:00"}, "не раньше 1990 года"),
        ({"ruleset": "padel-3"}, "В эту игру столько человек не играют."),
    ):
        answer = bring(owner, other, {**content, "match": {**content["match"], **changes}})
        assert (answer.status_code, says in answer.text) == (422, True), says
    assert "Это не файл партии." in bring(owner, other, b"PK\x03\x04").text
    assert "Это не файл партии." in owner.post(f"/clubs/{other.id}/imports").text
    assert Player.count(other.id) == 1


def test_only_who_manages_the_club_may_bring_matches(client: PageClient, ours: Club, madina: User, other: Club) -> None:
    sign_in(client, madina)
    assert client.get(f"/clubs/{ours.id}/imports").status_code == 403
    assert bring(client, ours, {}).status_code == 403
    other.is_public = False
    db.session.commit()
    assert bring(client, other, {}).status_code == 404
