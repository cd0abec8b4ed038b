"""The JSON API of the club's matches: content, ETags and access."""

from datetime import timedelta
from typing import Any

import pytest

from extensions import db
from models.accounts import Role, User
from models.club import Club, Match
from rules.scoring.engine import fold
from rules.scoring.log import Entry, EntryKind, Side
from tests.support.page import PageClient
from tests.support.people import club_house, person, sign_in
from tests.support.players import NOW, club, match, play, to_score
from tests.support.queries import recorded_queries

ANY_PAGE = "https://example.org"


@pytest.fixture
def played(ours: Club, madina: User) -> Match:
    """11:7 with one undone point."""
    won = match(ours, madina)
    play(won, "Bb" + to_score(11, 7), madina)
    db.session.commit()
    return won


def test_a_match_is_told_with_its_log(client: PageClient, played: Match) -> None:
    told = client.get(f"/api/matches/{played.id}").get_json()
    assert told["version"] == 1
    assert told["match"] == {
        "id": played.id,
        "club": played.club_id,
        "page": f"/matches/{played.id}",
        "kind": "friendly",
        "sport": "table-tennis",
        "ruleset": played.ruleset_code,
        "handicap": [0, 0],
        "best_of": 1,
        "table": None,
        "table_name": "",
        "started_at": "2026-11-21T12:00:00+00:00",
        "ended_at": "2026-11-21T12:00:00+00:00",
        "abandoned_at": None,
        "sides": {"A": ["Иван Иванов"], "B": ["Петр Петров"]},
        "first_server": "A",
        "server": played.server,
        "points": [11, 7],
        "games": [[11, 7]],
        "winner": "A",
        "log_length": 20,
    }
    assert told["log"][:2] == [
        {"seq": 1, "kind": "rally", "side": "B", "target": None, "at": "2026-11-21T12:00:00+00:00"},
        {"seq": 2, "kind": "undo", "side": None, "target": 1, "at": "2026-11-21T12:00:00+00:00"},
    ]


def entry(line: dict[str, Any]) -> Entry:
    side = Side(line["side"]) if line["side"] else None
    details = {name: value for name, value in line.items() if name not in ("seq", "kind", "side", "target", "at")}
    return Entry(line["seq"], EntryKind(line["kind"]), side, line["target"], **details)


def test_the_told_log_gives_the_same_score_again(client: PageClient, played: Match) -> None:
    told = client.get(f"/api/matches/{played.id}").get_json()
    log = [entry(line) for line in told["log"]]
    assert fold(played.ruleset, log, Side(told["match"]["first_server"])) == played.state


def test_nobody_learns_who_tapped(client: PageClient, played: Match) -> None:
    assert "Madina" not in client.get(f"/api/matches/{played.id}").text


@pytest.mark.parametrize("path", ["/api/matches/{match}", "/api/clubs/{club}/matches"])
def test_what_is_known_is_not_sent_again_until_it_changes(
    client: PageClient, ours: Club, madina: User, path: str
) -> None:
    goes_on = match(ours, madina)
    db.session.commit()
    address = path.format(match=goes_on.id, club=ours.id)
    known = {"If-None-Match": client.get(address).headers["ETag"]}
    assert client.get(address, headers=known).status_code == 304
    play(goes_on, "A", madina)
    db.session.commit()
    assert client.get(address, headers=known).status_code == 200


@pytest.mark.parametrize("path", ["/api/matches/{match}", "/api/clubs/{club}/matches"])
def test_any_page_may_show_a_public_club_and_none_a_private_one(client: PageClient, madina: User, path: str) -> None:
    for is_public, allowed in ((True, "*"), (False, None)):
        house = club(madina.memberships[0].organization, is_public=is_public)
        address = path.format(match=match(house, madina).id, club=house.id)
        db.session.commit()
        sign_in(client, madina)
        answer = client.get(address, headers={"Origin": ANY_PAGE})
        assert (answer.status_code, answer.headers.get("Access-Control-Allow-Origin")) == (200, allowed)


@pytest.mark.parametrize("path", ["/api/matches/{match}", "/api/clubs/{club}/matches"])
def test_a_private_club_cannot_be_told_from_none(client: PageClient, madina: User, path: str) -> None:
    private = club(madina.memberships[0].organization, is_public=False)
    there = path.format(match=match(private, madina).id, club=private.id)
    db.session.commit()
    nowhere = client.get(path.format(match=999_999, club=999_999))
    unknown = client.get(there)
    sign_in(client, person("Stranger", Role.OWNER, club_house("Чужой клуб")))
    stranger = client.get(there)
    assert [(each.status_code, each.data) for each in (unknown, stranger)] == [(404, nowhere.data)] * 2


def test_the_newest_matches_come_first_and_older_ones_page_by_page(
    client: PageClient, ours: Club, madina: User
) -> None:
    begun = [match(ours, madina, now=NOW + timedelta(minutes=number)).id for number in range(52)]
    db.session.commit()
    first = client.get(f"/api/clubs/{ours.id}/matches").get_json()
    assert [each["id"] for each in first["matches"]] == begun[:1:-1]
    second = client.get(first["older"]).get_json()
    assert ([each["id"] for each in second["matches"]], second["older"]) == (begun[1::-1], None)


def test_a_page_that_nobody_gave_is_the_first(client: PageClient, ours: Club, played: Match) -> None:
    for before in ("x", "-1", "9" * 30, "١"):
        answer = client.get(f"/api/clubs/{ours.id}/matches", query_string={"before": before})
        assert [each["id"] for each in answer.get_json()["matches"]] == [played.id]


def test_fifty_matches_cost_as_many_questions_as_one(client: PageClient, ours: Club, madina: User) -> None:
    def questions() -> int:
        db.session.commit()
        with recorded_queries(db.engine) as statements:
            client.get(f"/api/clubs/{ours.id}/matches")
        return len(statements)

    match(ours, madina)
    alone = questions()
    for _ in range(20):
        match(ours, madina)
    assert questions() == alone


def test_a_match_that_was_abandoned_is_told_anew(client: PageClient, ours: Club, madina: User) -> None:
    playing = match(ours, madina)
    db.session.commit()
    address = f"/api/matches/{playing.id}"
    known = {"If-None-Match": client.get(address).headers["ETag"]}
    assert client.get(address, headers=known).status_code == 304
    playing.abandon(madina, NOW)
    db.session.commit()
    assert client.get(address, headers=known).get_json()["match"]["abandoned_at"] == NOW.isoformat()
