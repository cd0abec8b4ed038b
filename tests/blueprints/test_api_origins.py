"""The API as pages of other origins and programs meet it: preflights, refusals as JSON, the stream."""

from contextlib import closing

import pytest

from extensions import db
from models.accounts import User
from models.club import Club
from tests.support.page import PageClient
from tests.support.people import sign_in
from tests.support.players import club, match
from tests.support.stream import Stream

ORIGIN = "Access-Control-Allow-Origin"
ADDRESSES = ["/api/matches/{match}", "/api/clubs/{club}/matches", "/api/clubs/{club}/events"]


@pytest.mark.parametrize("path", ADDRESSES)
def test_a_page_of_another_origin_may_ask_with_a_condition(
    client: PageClient, ours: Club, madina: User, path: str
) -> None:
    address = path.format(match=match(ours, madina).id, club=ours.id)
    db.session.commit()
    answer = client.options(address, headers={"Origin": "https://example.org"})
    assert (answer.status_code, answer.headers[ORIGIN]) == (200, "*")
    assert answer.headers["Access-Control-Allow-Methods"] == "GET"
    assert answer.headers["Access-Control-Allow-Headers"] == "If-None-Match, Last-Event-ID"


@pytest.mark.parametrize("path", ADDRESSES)
def test_a_preflight_does_not_tell_whether_there_is_such_a_club(client: PageClient, madina: User, path: str) -> None:
    private = club(madina.memberships[0].organization, is_public=False)
    there = path.format(match=match(private, madina).id, club=private.id)
    db.session.commit()
    asked = [client.options(address) for address in (there, path.format(match=999_999, club=999_999))]
    assert asked[0].headers == asked[1].headers


def test_a_page_of_another_origin_learns_the_tag_to_ask_with_and_that_nothing_changed(
    client: PageClient, ours: Club
) -> None:
    address = f"/api/clubs/{ours.id}/matches"
    first = client.get(address)
    assert first.headers["Access-Control-Expose-Headers"] == "ETag"
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.headers[ORIGIN]) == (304, "*")


@pytest.mark.parametrize(
    ("method", "path", "status", "error"),
    [
        ("GET", "/api/matches/999999", 404, "not found"),
        ("GET", "/api/matches/seven", 404, "not found"),
        ("GET", "/api/nothing", 404, "not found"),
        ("POST", "/api/clubs/1/matches", 405, "method not allowed"),
    ],
)
def test_a_refusal_is_json_that_any_page_may_read(
    client: PageClient, method: str, path: str, status: int, error: str
) -> None:
    answer = client.open(path, method=method)
    assert (answer.status_code, answer.get_json()) == (status, {"version": 1, "error": error})
    assert (answer.headers[ORIGIN], "Set-Cookie" in answer.headers) == ("*", False)


def test_any_page_may_follow_the_stream_of_a_public_club_and_none_that_of_a_private_one(
    client: PageClient, ours: Club, madina: User
) -> None:
    with closing(Stream(client, f"/api/clubs/{ours.id}/events")) as stream:
        assert stream.answer.headers[ORIGIN] == "*"
    private = club(madina.memberships[0].organization, is_public=False)
    db.session.commit()
    sign_in(client, madina)
    with closing(Stream(client, f"/api/clubs/{private.id}/events")) as stream:
        assert ORIGIN not in stream.answer.headers


def test_who_is_refused_the_stream_learns_it_on_any_page(client: PageClient) -> None:
    refused = client.get("/api/clubs/999999/events")
    assert (refused.status_code, refused.headers[ORIGIN]) == (401, "*")
