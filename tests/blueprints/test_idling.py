"""«Ещё играете?» on the scorer's phone and the club's page, and the answers."""

from contextlib import closing
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from extensions import db
from models.accounts import Role, User
from models.base import utc_now
from models.club import Club, Match
from tests.blueprints.test_clubs import fragment
from tests.support.page import PageClient
from tests.support.people import person, sign_in
from tests.support.players import match
from tests.support.stream import Stream

QUESTION = "Ещё играете?"


@pytest.fixture
def quiet(ours: Club, madina: User) -> Match:
    """Nobody has tapped for a quarter of an hour."""
    return match(ours, madina, now=utc_now() - timedelta(minutes=15))


@pytest.fixture
def scorer(client: PageClient, madina: User, quiet: Match) -> PageClient:
    sign_in(client, madina)
    return client


def test_the_scorer_and_the_clubs_people_are_asked(scorer: PageClient, quiet: Match) -> None:
    assert QUESTION in scorer.get(f"/matches/{quiet.id}/score").text
    assert "Ещё играют?" in scorer.get(f"/clubs/{quiet.club_id}").text


def test_who_answers_is_asked_no_more(scorer: PageClient, quiet: Match) -> None:
    assert scorer.post(f"/matches/{quiet.id}/presence").location == f"/matches/{quiet.id}/score"
    assert QUESTION not in scorer.get(f"/matches/{quiet.id}/score").text
    assert "Ещё играют?" not in scorer.get(f"/clubs/{quiet.club_id}").text


def test_a_closed_match_leaves_the_club_and_comes_back_with_a_tap(scorer: PageClient, quiet: Match) -> None:
    answer = scorer.post(f"/matches/{quiet.id}/abandonment", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.data) == (204, b"")
    assert "Партию не доиграли" in scorer.get(f"/matches/{quiet.id}").text
    assert "Партия закрыта недоигранной." in scorer.get(f"/matches/{quiet.id}/score").text
    assert "🔴" not in scorer.get(f"/clubs/{quiet.club_id}").text
    scorer.post(f"/matches/{quiet.id}/rallies", data={"side": "A", "base_seq": 0, "tap_id": "again"})
    assert "🔴" in scorer.get(f"/clubs/{quiet.club_id}").text


def test_an_answer_about_a_match_that_ended_meanwhile_changes_nothing(scorer: PageClient, quiet: Match) -> None:
    db.session.execute(update(Match).values(ended_at=utc_now(), winner="A"))
    db.session.commit()
    for noun in ("presence", "abandonment"):
        assert scorer.post(f"/matches/{quiet.id}/{noun}").location == f"/matches/{quiet.id}/score"
    db.session.expire_all()
    assert (quiet.is_finished, quiet.abandoned_at) == (True, None)


def test_page_and_push_are_equal_to_the_byte(scorer: PageClient, quiet: Match) -> None:
    for page, stream, root in (
        (f"/matches/{quiet.id}/score", f"/live/match/{quiet.id}?view=scorer", f"match-{quiet.id}-idle"),
        (f"/clubs/{quiet.club_id}", f"/live/club/{quiet.club_id}", f"club-{quiet.club_id}-idle"),
    ):
        drawn = scorer.get(page).text
        with closing(Stream(scorer, stream)) as pushed:
            assert fragment(pushed.next_events()[0].data, root) == fragment(drawn, root)


def test_only_those_who_may_score_are_heard(client: PageClient, ours: Club, quiet: Match) -> None:
    sign_in(client, person("Timur", Role.MEMBER, ours.organization))
    for noun in ("presence", "abandonment"):
        assert client.post(f"/matches/{quiet.id}/{noun}").status_code == 403
        assert client.get(f"/matches/{quiet.id}/{noun}").status_code == 405
        assert client.post(f"/matches/99/{noun}").status_code == 404
    assert "data-may-run" not in client.get(f"/clubs/{ours.id}").text


def test_what_everybody_forgot_is_closed_by_the_command(app: Flask, ours: Club, madina: User, quiet: Match) -> None:
    forgotten = match(ours, madina, now=utc_now() - timedelta(hours=2))
    db.session.commit()
    result = app.test_cli_runner().invoke(args=["matches", "once"])
    assert (result.exit_code, result.output) == (0, "1 closed\n")
    db.session.expire_all()
    assert (forgotten.goes_on, quiet.goes_on) == (False, True)
