"""The club's page and its streams: access, and page, response and push are byte-identical."""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from extensions import db
from models.accounts import Role, User
from models.base import utc_now
from models.club import Club, Match
from models.live_topic import LivePart
from tests.support.page import PageClient
from tests.support.people import club_house, person, sign_in
from tests.support.players import NOW, club, match, play, to_score
from tests.support.queries import recorded_queries
from tests.support.stream import Stream

SECTION = "🔴 Идет товарищеская партия"
Message = dict[str, Any]
SEED_UPDATE: Message = {
    "type": "game_update",
    "game_data": {
        "game_type": "single",
        "score1": 5,
        "score2": 3,
        "player1": "Иван Иванов",
        "player2": "Петр Петров",
        "is_finished": False,
        "server": 1,
    },
}
SEED_END: Message = {
    "type": "game_end",
    "game_data": {
        "game_type": "single",
        "score1": 11,
        "score2": 7,
        "player1": "Иван Иванов",
        "player2": "Петр Петров",
        "winner": "Иван Иванов",
    },
}


@pytest.fixture
def private(madina: User) -> Club:
    return club(madina.memberships[0].organization, is_public=False)


@pytest.fixture
def program(client: PageClient, ours: Club) -> Iterator[Stream]:
    """A client of the old socket's messages, listening to the club."""
    with closing(Stream(client, f"/api/clubs/{ours.id}/events")) as stream:
        stream.next_events()
        yield stream


def seeds_keys(message: Message, seed: Message) -> Message:
    """The message without the keys added later."""
    return {**message, "game_data": {key: message["game_data"][key] for key in seed["game_data"]}}


def test_anybody_sees_who_plays_and_who_played(client: PageClient, ours: Club, madina: User) -> None:
    play(match(ours, madina), "A" * 11, madina)
    goes_on = match(ours, madina, pairs=True)
    play(goes_on, to_score(5, 3), madina)
    page = client.get(f"/clubs/{ours.id}")
    assert page.status_code == 200
    assert SECTION in page.text
    assert "Сыграно" in page.text
    assert "Әлия Қожахметова" in page.text


def test_a_late_visitor_never_sees_a_finished_match_as_live(client: PageClient, ours: Club, madina: User) -> None:
    play(match(ours, madina), "A" * 11, madina)
    page = client.get(f"/clubs/{ours.id}").text
    assert SECTION not in page
    assert "победа:" in page


@pytest.mark.parametrize(
    ("role", "offered"), [(Role.SCORER, True), (Role.OWNER, True), (Role.MEMBER, False), (None, False)]
)
def test_who_is_offered_to_start_a_match(client: PageClient, ours: Club, role: Role | None, offered: bool) -> None:
    sign_in(client, person("Timur", role, ours.organization if role else None))
    assert ("⚔️ Товарищеская партия" in client.get(f"/clubs/{ours.id}").text) is offered


@pytest.mark.parametrize("path", ["/clubs/{club}", "/matches/{match}", "/clubs/{club}/matches/new"])
def test_a_private_club_asks_strangers_to_sign_in_and_then_is_not_there(
    app: Flask, client: PageClient, private: Club, madina: User, path: str
) -> None:
    address = path.format(club=private.id, match=match(private, madina).id)
    assert client.get(address).location.startswith("/sign-in")
    sign_in(client, person("Stranger", Role.OWNER, club_house("Чужой клуб")))
    assert client.get(address).status_code == 404
    member = app.test_client()
    sign_in(member, person("Member", Role.SCORER, private.organization))
    assert member.get(address).status_code == 200


@pytest.mark.parametrize("path", ["/live/club/{club}", "/live/match/{match}", "/api/clubs/{club}/events"])
def test_a_private_club_is_not_heard_by_strangers(
    app: Flask, client: PageClient, private: Club, madina: User, path: str
) -> None:
    address = path.format(club=private.id, match=match(private, madina).id)
    assert [client.get(address).status_code, client.head(address).status_code] == [401, 401]
    sign_in(client, person("Stranger", Role.OWNER, club_house("Чужой клуб")))
    assert client.get(address).status_code == 404
    member = app.test_client()
    sign_in(member, person("Member", Role.MEMBER, private.organization))
    Stream(member, address).close()


@pytest.mark.parametrize(
    "path", ["/clubs/99", "/matches/99", "/api/clubs/99x/events", "/live/club/1?view=desk", "/live/club/01"]
)
def test_what_is_not_there_is_not_found(client: PageClient, ours: Club, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_page_is_no_place_to_send_anything(client: PageClient, ours: Club) -> None:
    assert client.post(f"/clubs/{ours.id}").status_code == 405
    assert client.post(f"/api/clubs/{ours.id}/events").status_code == 405


def test_the_page_asks_as_often_however_much_was_played(client: PageClient, ours: Club, madina: User) -> None:
    def queries() -> int:
        play(match(ours, madina), "A" * 11, madina)
        match(ours, madina)
        db.session.commit()
        with recorded_queries(db.engine) as statements:
            client.get(f"/clubs/{ours.id}")
        return len(statements)

    assert queries() == queries() == queries()


def test_who_opens_the_page_in_the_midst_of_a_storm_waits_for_few_statements(
    client: PageClient, ours: Club, madina: User
) -> None:
    play(match(ours, madina), "A" * 11, madina)
    match(ours, madina)
    db.session.commit()
    client.get(f"/clubs/{ours.id}")
    with recorded_queries(db.engine) as statements:
        client.get(f"/clubs/{ours.id}")
    assert len([each for each in statements if each.startswith("SELECT")]) <= 14


def test_a_program_hears_every_live_match_when_it_comes(client: PageClient, ours: Club, madina: User) -> None:
    play(match(ours, madina), to_score(5, 3), madina)
    match(ours, madina, pairs=True)
    db.session.commit()
    with closing(Stream(client, f"/api/clubs/{ours.id}/events")) as stream:
        first, second = stream.next_events()
    assert (first.name, second.name) == ("game_update", "game_update")
    assert second.json["game_data"]["player1"] == "Иван Иванов / Әлия Қожахметова"
    assert second.json["game_data"]["game_type"] == "double"


def test_a_game_update_is_the_seeds_to_the_letter(program: Stream, ours: Club, madina: User) -> None:
    playing = match(ours, madina)
    play(playing, to_score(5, 2), madina)
    db.session.commit()
    program.next_named_events()
    play(playing, "B", madina)
    db.session.commit()
    (event,) = program.next_named_events()
    assert event.name == "game_update"
    assert json.dumps(seeds_keys(event.json, SEED_UPDATE)) == json.dumps(SEED_UPDATE)


def test_an_end_is_told_once_and_is_the_seeds_to_the_letter(program: Stream, ours: Club, madina: User) -> None:
    playing = match(ours, madina)
    play(playing, to_score(10, 7), madina)
    db.session.commit()
    program.next_named_events()
    play(playing, "A", madina)
    db.session.commit()
    update, end = program.next_named_events()
    assert (update.name, update.json["game_data"]["is_finished"]) == ("game_update", True)
    assert end.name == "game_end"
    assert json.dumps(seeds_keys(end.json, SEED_END)) == json.dumps(SEED_END)
    play(playing, "u", madina, NOW + timedelta(seconds=1))
    db.session.commit()
    (reopened,) = program.next_named_events()
    assert (reopened.name, reopened.json["game_data"]["is_finished"]) == ("game_update", False)


def test_a_program_is_told_that_a_match_was_abandoned(program: Stream, ours: Club, madina: User) -> None:
    playing = match(ours, madina)
    play(playing, "A", madina)
    db.session.commit()
    program.next_named_events()
    playing.abandon(madina, NOW)
    db.session.commit()
    (told,) = program.next_named_events()
    assert (told.json["game_data"]["match_id"], told.json["game_data"]["status"]) == (playing.id, "abandoned")


def test_a_score_corrected_after_the_end_is_no_second_end(program: Stream, ours: Club, madina: User) -> None:
    playing = match(ours, madina)
    play(playing, "B" + "A" * 11, madina)
    db.session.commit()
    assert [event.name for event in program.next_named_events()] == ["game_update", "game_end"]
    play(playing, "b", madina)
    db.session.commit()
    (corrected,) = program.next_named_events()
    assert (corrected.name, corrected.json["game_data"]["score2"]) == ("game_update", 0)


def test_a_match_that_ended_stays_for_three_seconds_while_another_begins(
    client: PageClient, ours: Club, madina: User
) -> None:
    with closing(Stream(client, f"/live/club/{ours.id}")) as spectator:
        spectator.next_events()
        ended = match(ours, madina)
        play(ended, "A" * 11, madina, utc_now())
        match(ours, madina, now=utc_now())
        db.session.commit()
        told = spectator.next_events()[0].data  # first: on SQLite the test's own session would hold the lock
        assert f'id="match-{ended.id}-live" data-leaving' in told
    assert f"match-{ended.id}-live" not in client.get(f"/clubs/{ours.id}").text


def test_matches_leave_one_after_the_other(app: Flask, ours: Club, madina: User) -> None:
    topic = app.extensions["registry"].topic(ours.topic)
    for seconds in (0, 2):
        play(match(ours, madina), "A" * 11, madina, NOW + timedelta(seconds=seconds))
    db.session.commit()
    moments = [topic.next_change("section", NOW + timedelta(seconds=after)) for after in (0, 3, 5)]
    assert moments == [NOW + timedelta(seconds=3), NOW + timedelta(seconds=5), None]


@pytest.mark.parametrize(("days_ago", "says"), [(0, "сегодня"), (1, "вчера"), (2, r"\d+ [а-я]+")])
def test_the_history_speaks_as_people_do(
    client: PageClient, ours: Club, madina: User, days_ago: int, says: str
) -> None:
    play(match(ours, madina), "A" * 11, madina, utc_now() - timedelta(days=days_ago))
    assert re.search(rf"<b>{says}, \d\d:\d\d</b>", client.get(f"/clubs/{ours.id}").text)


def test_at_midnight_today_becomes_yesterday(app: Flask, ours: Club, madina: User) -> None:
    play(match(ours, madina), "A" * 11, madina)
    db.session.commit()
    due = db.session.scalar(select(LivePart.due_at).filter_by(topic=ours.topic, part="history"))
    midnight = datetime(2026, 11, 22, tzinfo=ours.organization.zone)
    topic = app.extensions["registry"].topic(ours.topic)
    assert due == midnight
    assert topic.next_change("history", midnight) == midnight + timedelta(days=1)
    assert topic.next_change("history", midnight + timedelta(days=2)) is None


def test_a_program_that_returns_is_not_told_the_end_again(client: PageClient, ours: Club, madina: User) -> None:
    play(match(ours, madina), "A" * 11, madina)
    db.session.commit()
    path = f"/api/clubs/{ours.id}/events"
    with closing(Stream(client, path, **{"Last-Event-ID": "0"})) as stream:
        events = stream.next_events()
    assert [event.name for event in events if event.name] == ["game_update", "game_end"]
    play(match(ours, madina), "A", madina)
    db.session.commit()
    with closing(Stream(client, path, **{"Last-Event-ID": events[-1].id})) as stream:
        assert [event.name for event in stream.next_events() if event.name] == ["game_update"]


def fragment(page: str, root: str) -> str:
    """The element with this id, byte by byte."""
    begins = page.rindex("<", 0, page.index(f'id="{root}"'))
    tag = page[begins + 1 :].split(" ")[0]
    depth, at = 0, begins
    while True:
        opens, closes = page.find(f"<{tag}", at), page.find(f"</{tag}>", at)
        depth, at = (depth + 1, opens + 1) if -1 < opens < closes else (depth - 1, closes + 1)
        if depth == 0:
            return page[begins : closes + len(f"</{tag}>")]


@pytest.mark.parametrize("kind", ["live", "history"])
def test_the_page_and_the_push_are_the_same_to_the_byte(
    client: PageClient, ours: Club, madina: User, kind: str
) -> None:
    playing = match(ours, madina, best_of=3)
    play(match(ours, madina), "A" * 11, madina)
    play(playing, to_score(10, 10) + "A", madina)
    page = client.get(f"/clubs/{ours.id}").text
    with closing(Stream(client, f"/live/club/{ours.id}")) as stream:
        pushed = stream.next_events()[0].data
    root = f"club-{ours.id}-{kind}"
    assert fragment(page, root) == fragment(pushed, root)


def test_the_score_is_one_partial_on_the_club_page_the_match_page_and_in_both_pushes(
    client: PageClient, ours: Club, madina: User
) -> None:
    playing: Match = match(ours, madina)
    play(playing, to_score(3, 2), madina)
    pages = [client.get(path).text for path in (f"/clubs/{ours.id}", f"/matches/{playing.id}")]
    with (
        closing(Stream(client, f"/live/club/{ours.id}")) as of_club,
        closing(Stream(client, f"/live/match/{playing.id}")) as of_match,
    ):
        pushes = [of_club.next_events()[0].data, of_match.next_events()[0].data]
    assert len({fragment(text, f"match-{playing.id}-score") for text in pages + pushes}) == 1


def test_who_keeps_scores_goes_from_the_clubs_page_to_any_match(client: PageClient, ours: Club, madina: User) -> None:
    score = f'for-run" href="/matches/{match(ours, madina).id}/score"'
    page = client.get(f"/clubs/{ours.id}").text
    assert ("data-may-run" in page, score in page) == (False, True)  # a stylesheet hides it: all get the same bytes
    sign_in(client, madina)
    assert "data-may-run" in client.get(f"/clubs/{ours.id}").text
