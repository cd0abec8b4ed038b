"""Guest passes: what the link and the code of one match permit, and what not."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from extensions import db, limiter
from models.accounts import GuestPass, Language, Role, User
from models.base import utc_now
from models.club import Club, Match
from models.live_topic import LivePart
from tests.support.page import PageClient
from tests.support.people import club_house, person, sign_in
from tests.support.players import club, match, play, to_score


@pytest.fixture
def playing(ours: Club, madina: User) -> Match:
    return match(ours, madina)


@pytest.fixture
def given(playing: Match, madina: User) -> GuestPass:
    own = playing.give_pass(madina, utc_now())
    db.session.commit()
    return own


@pytest.fixture
def guest(app: Flask, given: GuestPass) -> PageClient:
    """A phone that opened the link."""
    phone = app.test_client()
    assert isinstance(phone, PageClient)
    phone.get(f"/score/{given.token}")
    return phone


def tap(phone: FlaskClient, on: Match, noun: str = "rallies", side: str = "A") -> int:
    base = db.session.get_one(Match, on.id, populate_existing=True).log_length
    data = {"side": side, "tap_id": f"{noun}-{base}", "base_seq": base}
    return phone.post(f"/matches/{on.id}/{noun}", data=data).status_code


def score(of: Match) -> tuple[int, int]:
    found = db.session.get_one(Match, of.id, populate_existing=True)
    return found.points_a, found.points_b


def test_madina_hands_the_match_over_and_the_link_lets_one_tap(
    app: Flask, client: PageClient, madina: User, playing: Match
) -> None:
    sign_in(client, madina)
    assert client.post(f"/matches/{playing.id}/pass").location == f"/matches/{playing.id}/pass"
    given = GuestPass.to(playing.topic, utc_now())
    assert given is not None
    page = client.get(f"/matches/{playing.id}/pass").text
    assert f"/score/{given.token}" in page
    assert f"{given.code[:4]} {given.code[4:]}" in page
    assert "<svg viewBox" in page
    phone = app.test_client()
    assert phone.get(f"/score/{given.token}").location == f"/matches/{playing.id}/score"
    board = phone.get(f"/matches/{playing.id}/score").text
    assert 'aria-label="+1 Иван Иванов"' in board
    assert "Исправить, тайм-аут, подача" not in board
    assert (tap(phone, playing), score(playing)) == (303, (1, 0))
    assert (tap(phone, playing, "voids"), score(playing)) == (303, (0, 0))


def test_the_code_opens_the_same_also_in_a_private_club_in_its_language(
    client: PageClient, ours: Club, madina: User, given: GuestPass, playing: Match
) -> None:
    ours.is_public, ours.organization.language = False, Language.KAZAKH
    db.session.commit()
    answer = client.post("/score", data={"code": f" {given.code[:4]} {given.code[4:]} "})
    assert answer.location == f"/matches/{playing.id}/score"
    assert '<html lang="kk"' in client.get(answer.location).text
    assert tap(client, playing) == 303
    assert client.get(f"/live/match/{playing.id}?view=scorer", buffered=False).status_code == 200
    assert client.get(f"/clubs/{ours.id}").status_code == 303


def test_the_database_knows_neither_link_nor_code(given: GuestPass) -> None:
    row = db.session.execute(select(GuestPass.__table__)).one()
    assert given.token not in str(row)
    assert given.code not in str(row)


@pytest.mark.parametrize("noun", ["amendments", "remarks", "pass", "pass/removal"])
def test_a_guest_does_nothing_but_tap(guest: PageClient, playing: Match, noun: str) -> None:
    data = {"kind": "time_out", "side": "A", "tap_id": "x", "base_seq": "0"}
    assert guest.post(f"/matches/{playing.id}/{noun}", data=data).status_code == 401
    for page in ("umpire", "pass"):
        assert guest.get(f"/matches/{playing.id}/{page}").location.startswith("/sign-in")
    assert db.session.get_one(Match, playing.id, populate_existing=True).log_length == 0


def test_a_guest_taps_no_other_match(guest: PageClient, ours: Club, madina: User) -> None:
    other = match(ours, madina)
    house = club_house("Закрытый")
    hidden = match(club(house, is_public=False), person("Aigerim", Role.OWNER, house))
    db.session.commit()
    assert (tap(guest, other), score(other)) == (403, (0, 0))
    assert guest.get(f"/matches/{other.id}/score").status_code == 403
    assert tap(guest, hidden) == 401
    assert guest.get(f"/live/match/{other.id}?view=scorer").status_code == 401


def test_a_link_that_was_taken_back_or_replaced_counts_nothing(
    app: Flask, client: PageClient, guest: PageClient, given: GuestPass, playing: Match, madina: User
) -> None:
    token, code = given.token, given.code
    sign_in(client, madina)
    client.post(f"/matches/{playing.id}/pass")
    assert (tap(guest, playing), score(playing)) == (403, (0, 0))
    assert "Ссылка больше не действует" in guest.get(f"/matches/{playing.id}/score").text
    stranger = app.test_client()
    assert stranger.get(f"/score/{token}").status_code == 403
    assert stranger.post("/score", data={"code": code}).status_code == 422
    client.post(f"/matches/{playing.id}/pass/removal")
    assert GuestPass.to(playing.topic, utc_now()) is None


def test_the_link_outlives_the_match_by_a_minute_for_the_last_point_to_be_taken_back(
    playing: Match, madina: User, given: GuestPass
) -> None:
    now = utc_now()
    play(playing, to_score(10, 4), madina, now)
    playing.record_rally(playing.first_server, "last", 14, given, now)
    db.session.commit()
    soon, late = now + timedelta(seconds=59), now + timedelta(seconds=61)
    assert GuestPass.with_token(given.token, soon) is not None
    assert GuestPass.with_token(given.token, late) is None
    due = db.session.scalar(select(LivePart.due_at).filter_by(part=f"guests/{playing.topic}"))
    assert due == now + timedelta(minutes=1)
    playing.void_latest(None, "undo", 15, given, soon)
    db.session.commit()
    assert GuestPass.with_token(given.token, late) is not None


def test_who_counted_by_the_link_is_told_to_the_other_phone(
    client: PageClient, guest: PageClient, playing: Match, madina: User
) -> None:
    tap(guest, playing)
    sign_in(client, madina)
    answer = client.post(f"/matches/{playing.id}/rallies", data={"side": "A", "tap_id": "late", "base_seq": "0"})
    assert (answer.status_code, score(playing)) == (409, (1, 0))
    assert "Уже засчитано: телефон по ссылке" in answer.text


@pytest.mark.parametrize("code", ["", "1234", "не код", "00000000"])
def test_a_code_that_is_none_is_said_under_its_field(client: PageClient, given: GuestPass, code: str) -> None:
    answer = client.post("/score", data={"code": code})
    assert answer.status_code == 422
    assert "Такого кода нет" in answer.text


def test_codes_cannot_be_guessed_at_leisure(client: PageClient, given: GuestPass) -> None:
    limiter.reset()
    answers = [client.post("/score", data={"code": f"{guess:08d}"}).status_code for guess in range(11)]
    assert answers == [422] * 10 + [429]
    assert client.post("/score", data={"code": given.code}).status_code == 429
    limiter.reset()


@pytest.mark.parametrize(("role", "status"), [(Role.SCORER, 200), (Role.MEMBER, 403)])
def test_only_who_may_score_gives_the_link(
    client: PageClient, ours: Club, playing: Match, role: Role, status: int
) -> None:
    sign_in(client, person("Timur", role, ours.organization))
    assert client.get(f"/matches/{playing.id}/pass").status_code == status
    if status == 403:
        assert client.post(f"/matches/{playing.id}/pass").status_code == 403
        assert client.post(f"/matches/{playing.id}/pass/removal").status_code == 403
        assert GuestPass.to(playing.topic, utc_now()) is None


def test_a_match_that_is_over_is_handed_to_nobody(client: PageClient, playing: Match, madina: User) -> None:
    play(playing, "A" * 11, madina)
    sign_in(client, madina)
    assert "ссылка ей больше не нужна" in client.get(f"/matches/{playing.id}/pass").text
    assert client.post(f"/matches/{playing.id}/pass").status_code == 303
    assert GuestPass.to(playing.topic, utc_now()) is None


def test_nor_is_one_that_was_abandoned(client: PageClient, playing: Match, madina: User) -> None:
    playing.abandon(madina, utc_now())
    sign_in(client, madina)
    assert "ссылка ей больше не нужна" in client.get(f"/matches/{playing.id}/pass").text
    assert client.post(f"/matches/{playing.id}/pass").status_code == 303
    assert GuestPass.to(playing.topic, utc_now()) is None


def test_the_link_ends_a_minute_after_the_match_is_abandoned_unless_it_is_taken_up(
    playing: Match, madina: User, given: GuestPass
) -> None:
    now = utc_now()
    playing.abandon(madina, now)
    soon, late = now + timedelta(seconds=59), now + timedelta(seconds=61)
    assert GuestPass.with_token(given.token, soon) is not None
    assert GuestPass.with_token(given.token, late) is None
    playing.record_rally(playing.first_server, "again", 0, given, soon)
    assert GuestPass.with_token(given.token, late) is not None


def test_a_member_who_came_in_by_the_link_too_looks_as_a_member(
    client: PageClient, ours: Club, playing: Match, given: GuestPass
) -> None:
    ours.is_public = False
    sign_in(client, person("Timur", Role.MEMBER, ours.organization))
    client.get(f"/score/{given.token}")
    for view in ("page", "scorer"):
        assert client.get(f"/live/once/match/{playing.id}?view={view}").status_code == 200
