"""A scorer corrects an old rally: chosen from the course, previewed, stored with the reason."""

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


def correct(phone: PageClient, on: Match, seq: int, way: str, reason: str = "ошиблись стороной", base: int = -1) -> int:
    data = {"way": way, "reason": reason, "side": "", "tap_id": f"{way}-{seq}"}
    data["base_seq"] = str(on.log_length if base < 0 else base)
    return phone.post(f"/matches/{on.id}/corrections/{seq}", data=data).status_code


def found(of: Match) -> Match:
    return db.session.get_one(Match, of.id, populate_existing=True)


def test_madina_chooses_a_rally_sees_what_would_change_and_keeps_it(
    phone: PageClient, ours: Club, madina: User
) -> None:
    playing = match(ours, madina)
    play(playing, "AAB", madina)
    course = phone.get(f"/matches/{playing.id}/corrections").text
    assert f'href="/matches/{playing.id}/corrections/2"' in course
    preview = phone.get(f"/matches/{playing.id}/corrections/2").text
    for score in ("2:1", "1:2", "1:1", "3:1", "2:2"):
        assert f'<b class="num now">{score}</b>' in preview
    assert found(playing).log_length == 3
    assert correct(phone, playing, 2, "amend") == 303
    assert (found(playing).points_a, playing.points_b) == (1, 2)
    assert "Madina: ошиблись стороной" in phone.get(f"/matches/{playing.id}/corrections").text


@pytest.mark.parametrize(
    ("way", "score"), [("undo", (1, 1)), ("insert-A", (3, 1)), ("insert-B", (2, 2)), ("amend", (1, 2))]
)
def test_each_way_changes_the_score_and_is_taken_back_by_one_undo(
    phone: PageClient, ours: Club, madina: User, way: str, score: tuple[int, int]
) -> None:
    playing = match(ours, madina)
    play(playing, "AAB", madina)
    assert correct(phone, playing, 1, way) == 303
    assert (found(playing).points_a, playing.points_b) == score
    data = {"side": "", "tap_id": "back", "base_seq": playing.log_length}
    phone.post(f"/matches/{playing.id}/voids", data=data)
    assert (found(playing).points_a, playing.points_b) == (2, 1)


def test_an_end_that_comes_earlier_says_what_falls_away_and_keeps_it_in_the_log(
    phone: PageClient, ours: Club, madina: User
) -> None:
    playing = match(ours, madina)
    play(playing, to_score(10, 10) + "AB" + "BB", madina)
    preview = phone.get(f"/matches/{playing.id}/corrections/20").text
    assert "Победит Иван Иванов." in preview
    assert "4 розыгрыша после конца отпадут." in preview
    assert correct(phone, playing, 20, "amend") == 303
    assert (found(playing).games, playing.winner, playing.is_finished) == ([[11, 9]], "A", True)
    assert [line.kind.value for line in playing.log[24:]] == ["amend", *["undo"] * 4]


@pytest.mark.parametrize("way", ["amend", "insert-A"])
def test_one_undo_brings_back_what_the_correction_left_behind_the_end(
    phone: PageClient, ours: Club, madina: User, way: str
) -> None:
    playing = match(ours, madina)
    play(playing, to_score(10, 10) + "AB" + "BB", madina)
    assert correct(phone, playing, 20, way) == 303
    assert found(playing).games == [[11, 9]]
    ended: tuple[object, ...] = ([[11, 13]], "B", True)
    for undone in (ended, ([], None, False)):
        data = {"side": "", "tap_id": f"back-{playing.log_length}", "base_seq": playing.log_length}
        assert phone.post(f"/matches/{playing.id}/voids", data=data).status_code == 303
        assert (found(playing).games, playing.winner, playing.is_finished) == undone
    assert (playing.points_a, playing.points_b) == (11, 12)


def test_undo_of_any_depth_names_corrections_too_and_takes_back_one_after_the_other(
    phone: PageClient, ours: Club, madina: User
) -> None:
    playing, stood = match(ours, madina), []
    for deed in ("A", "A", "B", ("undo", 1), "B", "a", ("amend", 3), ("insert-A", 3), ("undo", 5)):
        stood.append((playing.points_a, playing.points_b))
        if isinstance(deed, str):
            play(playing, deed, madina)
        else:
            assert correct(phone, playing, deed[1], deed[0]) == 303
    assert stood == [(0, 0), (1, 0), (2, 0), (2, 1), (1, 1), (1, 2), (0, 2), (1, 1), (2, 1)]
    assert "Вернуть очко: Петр Петров" in phone.get(f"/matches/{playing.id}/score").text
    for before in reversed(stood):
        play(playing, "u", madina)
        assert (found(playing).points_a, playing.points_b) == before


def test_after_the_end_a_correction_may_open_the_match_again(phone: PageClient, ours: Club, madina: User) -> None:
    playing = match(ours, madina)
    play(playing, "A" * 11, madina)
    assert "Партия продолжится." in phone.get(f"/matches/{playing.id}/corrections/4").text
    assert correct(phone, playing, 4, "undo") == 303
    assert (found(playing).is_finished, playing.points_a) == (False, 10)


def test_an_old_rally_of_tennis_is_called_as_it_was(phone: PageClient, ours: Club, madina: User) -> None:
    playing = match(ours, madina, best_of=3, law="tennis")
    play(playing, "AAAA" + "B", madina)
    course = phone.get(f"/matches/{playing.id}/corrections").text
    assert "</span>40:0</a>" in course
    assert "</span>✓</a>" in course
    preview = phone.get(f"/matches/{playing.id}/corrections/4").text
    assert '<b class="num">0:0</b> <b class="num now">40:15</b>' in preview


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"way": "amend", "reason": ""}, "Напишите, почему"),
        ({"way": "", "reason": "так"}, "Выберите, что было"),
        ({"way": "rewrite", "reason": "так"}, "is-wrong"),
        ({"way": "amend", "reason": "я" * 201}, "Короче"),
        ({"way": "amend", "reason": "так\x00"}, "невидимые знаки"),
    ],
)
def test_without_a_reason_or_a_way_nothing_is_changed(
    phone: PageClient, ours: Club, madina: User, sent: dict[str, str], says: str
) -> None:
    playing = match(ours, madina)
    play(playing, "AB", madina)
    data = {"side": "", "tap_id": "x", "base_seq": "2", **sent}
    answer = phone.post(f"/matches/{playing.id}/corrections/1", data=data)
    assert (answer.status_code, found(playing).log_length) == (422, 2)
    assert says in answer.text


def test_what_was_tapped_meanwhile_is_shown_before_anything_is_kept(
    phone: PageClient, ours: Club, madina: User
) -> None:
    playing = match(ours, madina)
    play(playing, "AAB", madina)
    data = {"way": "amend", "reason": "ошиблись", "side": "", "tap_id": "x", "base_seq": "2"}
    answer = phone.post(f"/matches/{playing.id}/corrections/1", data=data)
    assert (answer.status_code, found(playing).log_length) == (409, 3)
    assert "Пока вы смотрели, счёт изменился" in answer.text
    assert 'value="ошиблись"' in answer.text
    assert 'name="base_seq" value="3"' in answer.text


def test_the_same_correction_sent_twice_is_made_once(phone: PageClient, ours: Club, madina: User) -> None:
    playing = match(ours, madina)
    play(playing, "AAB", madina)
    assert [correct(phone, playing, 1, "insert-B", base=3) for _ in range(2)] == [303, 303]
    assert found(playing).log_length == 4


def test_what_is_no_rally_that_counts_is_not_found(phone: PageClient, ours: Club, madina: User) -> None:
    playing = match(ours, madina)
    play(playing, "AAu", madina)
    for seq in (2, 3, 99):
        assert phone.get(f"/matches/{playing.id}/corrections/{seq}").status_code == 404
        assert correct(phone, playing, seq, "amend") == 404


def test_only_who_may_score_puts_right(client: PageClient, ours: Club, madina: User) -> None:
    playing = match(ours, madina)
    play(playing, "AB", madina)
    assert correct(client, playing, 1, "amend") == 401
    sign_in(client, person("Timur", Role.MEMBER, ours.organization))
    assert correct(client, playing, 1, "amend") == 403
    for page in ("corrections", "corrections/1"):
        assert client.get(f"/matches/{playing.id}/{page}").status_code == 403
    assert client.post(f"/matches/{playing.id}/corrections").status_code == 405
