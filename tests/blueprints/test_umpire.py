"""The umpire's entries besides rallies: each counts once, is shown, and is undone by its name."""

import pytest

from extensions import db
from models.accounts import Role, User
from models.club import Club, Match
from tests.support.page import PageClient
from tests.support.people import person, sign_in
from tests.support.players import match, play, to_score


@pytest.fixture
def phone(client: PageClient, madina: User, ours: Club) -> PageClient:
    sign_in(client, madina)
    return client


def say(phone: PageClient, on: Match, kind: str, side: str = "", **details: object) -> int:
    """Sends the entry and returns the status; it always redirects to the score."""
    data = {"kind": kind, "side": side, "tap_id": f"{kind}-{on.log_length}", "base_seq": on.log_length, **details}
    return phone.post(f"/matches/{on.id}/remarks", data=data).status_code


def board(phone: PageClient, of: Match) -> str:
    return phone.get(f"/matches/{of.id}/score").text


def undone(phone: PageClient, on: Match) -> Match:
    db.session.refresh(on)
    data = {"side": "", "tap_id": f"undo-{on.log_length}", "base_seq": on.log_length}
    phone.post(f"/matches/{on.id}/voids", data=data)
    return db.session.get_one(Match, on.id, populate_existing=True)


def test_the_latest_point_goes_to_the_other_side_and_back(phone: PageClient, ours: Club, madina: User) -> None:
    playing = match(ours, madina)
    play(playing, "AAB", madina)
    assert "Его выиграл Иван Иванов" in phone.get(f"/matches/{playing.id}/umpire").text
    answer = phone.post(f"/matches/{playing.id}/amendments", data={"side": "", "tap_id": "x", "base_seq": 3})
    assert answer.location == f"/matches/{playing.id}/score"
    corrected = db.session.get_one(Match, playing.id, populate_existing=True)
    assert (corrected.points_a, corrected.points_b) == (3, 0)
    assert "Отменить исправление" in board(phone, playing)
    assert undone(phone, playing).points_b == 1


def test_a_time_out_is_seen_and_the_second_is_refused(phone: PageClient, ours: Club, madina: User) -> None:
    playing = match(ours, madina)
    assert say(phone, playing, "time_out", "B") == 303
    assert "тайм-аут" in phone.get(f"/matches/{playing.id}").text
    assert "Отменить тайм-аут: Петр Петров" in board(phone, playing)
    assert "осталось 0" in phone.get(f"/matches/{playing.id}/umpire").text
    db.session.refresh(playing)
    assert say(phone, playing, "time_out", "B") == 409
    assert undone(phone, playing).state.time_outs_left == (1, 1)


def test_a_pair_says_before_the_game_who_serves_and_who_receives(phone: PageClient, ours: Club, madina: User) -> None:
    playing = match(ours, madina, best_of=3, pairs=True)
    assert "Кто подаёт и кто принимает?" in board(phone, playing)
    assert say(phone, playing, "order", first="B", a=1, b=2) == 303
    page = board(phone, playing)
    assert '<span class="player serves">Болат Ахметов<' in page
    assert '<span class="player receives">Иван Иванов<' in page
    assert "Отменить порядок подачи" in page


def test_in_a_later_game_only_the_serving_pair_chooses(phone: PageClient, ours: Club, madina: User) -> None:
    playing = match(ours, madina, best_of=3, pairs=True)
    play(playing, "A" * 11, madina)
    page = phone.get(f"/matches/{playing.id}/umpire").text
    assert "Первым в паре Петр Петров / Болат Ахметов" in page
    assert "Первым в паре Иван" not in page
    assert say(phone, playing, "order", first="B", a=1, b=2) == 303
    assert '<span class="player receives">Әлия Қожахметова<' in board(phone, playing)


def test_a_penalty_gives_a_point_and_a_let_none(phone: PageClient, ours: Club, madina: User) -> None:
    playing = match(ours, madina)
    assert say(phone, playing, "award", "B") == 303
    assert "Отменить очко: Петр Петров" in board(phone, playing)
    db.session.refresh(playing)
    assert (playing.points_a, playing.points_b) == (0, 1)
    assert say(phone, playing, "let") == 303
    assert "Отменить переигровку" in board(phone, playing)
    assert undone(phone, playing).points_b == 1


def test_expedite_stays_shown_and_is_not_offered_after_eighteen_points(
    phone: PageClient, ours: Club, madina: User
) -> None:
    playing = match(ours, madina)
    assert say(phone, playing, "expedite", in_play="on") == 303
    assert "активизация" in phone.get(f"/matches/{playing.id}").text
    late = match(ours, madina)
    play(late, to_score(9, 9), madina)
    assert "Активизация игры" not in phone.get(f"/matches/{late.id}/umpire").text
    assert say(phone, late, "expedite") == 409


def test_who_retires_loses_and_may_think_again(phone: PageClient, ours: Club, madina: User) -> None:
    playing = match(ours, madina)
    play(playing, "AAB", madina)
    assert say(phone, playing, "end", "A") == 303
    page = board(phone, playing)
    assert "Победа: Петр Петров" in page
    assert "Отменить отказ: Иван Иванов" in page
    assert ", отказ" in phone.get(f"/clubs/{ours.id}").text
    db.session.refresh(playing)
    assert say(phone, playing, "time_out", "B") == 409
    assert undone(phone, playing).is_finished is False


@pytest.mark.parametrize(
    "sent",
    [
        {"kind": "rally", "side": "A"},
        {"kind": "time_out", "side": ""},
        {"kind": "order", "side": ""},
        {"kind": "order", "side": "", "first": "A", "a": "3"},
        {"kind": "time_out", "side": "A", "tap_id": ""},
        {},
    ],
)
def test_a_remark_that_says_nothing_is_refused(
    phone: PageClient, ours: Club, madina: User, sent: dict[str, str]
) -> None:
    playing = match(ours, madina)
    data = {"tap_id": "x", "base_seq": 0, **sent}
    assert phone.post(f"/matches/{playing.id}/remarks", data=data).status_code == 422
    assert db.session.get_one(Match, playing.id, populate_existing=True).log_length == 0


@pytest.mark.parametrize("noun", ["amendments", "remarks"])
def test_only_who_may_score_may_umpire(client: PageClient, ours: Club, madina: User, noun: str) -> None:
    playing = match(ours, madina)
    play(playing, "A", madina)
    data = {"kind": "time_out", "side": "A", "tap_id": "x", "base_seq": 1}
    assert client.post(f"/matches/{playing.id}/{noun}", data=data).status_code == 401
    sign_in(client, person("Timur", Role.MEMBER, ours.organization))
    assert client.post(f"/matches/{playing.id}/{noun}", data=data).status_code == 403
    assert client.get(f"/matches/{playing.id}/umpire").status_code == 403
    assert client.get(f"/matches/{playing.id}/{noun}").status_code == 405


def test_nothing_can_be_amended_before_the_first_rally(phone: PageClient, ours: Club, madina: User) -> None:
    playing = match(ours, madina)
    answer = phone.post(f"/matches/{playing.id}/amendments", data={"side": "", "tap_id": "x", "base_seq": 0})
    assert (answer.status_code, playing.log_length) == (409, 0)


def test_a_penalty_cannot_be_won_by_the_other_side(phone: PageClient, ours: Club, madina: User) -> None:
    playing = match(ours, madina)
    play(playing, "A", madina)
    assert say(phone, playing, "award", "B") == 303
    page = phone.get(f"/matches/{playing.id}/umpire").text
    assert "Его выиграл" not in page
    assert "Исправить более раннее" in page
    answer = phone.post(f"/matches/{playing.id}/amendments", data={"side": "", "tap_id": "x", "base_seq": 2})
    assert answer.status_code == 409
    assert db.session.get_one(Match, playing.id, populate_existing=True).log_length == 2


def test_only_what_the_strip_can_send_again_is_offered_again(phone: PageClient, ours: Club, madina: User) -> None:
    playing = match(ours, madina)
    play(playing, "AB", madina)
    db.session.commit()
    late = {"side": "A", "tap_id": "late", "base_seq": 1, "kind": "time_out"}
    offers = {
        noun: "Это другое" in phone.post(f"/matches/{playing.id}/{noun}", data=late).text
        for noun in ("rallies", "voids", "amendments", "remarks")
    }
    assert offers == {"rallies": True, "voids": True, "amendments": True, "remarks": False}
