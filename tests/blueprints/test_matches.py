"""Starting, scoring and viewing a match: the rights and refusals of every route."""

from contextlib import closing

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from extensions import db
from models.accounts import Role, User
from models.club import Club, Match
from rules.scoring.ruleset import Players
from rules.scoring.sports import FORMATS, SPORTS
from tests.blueprints.test_clubs import fragment
from tests.support.page import PageClient
from tests.support.people import club_house, person, sign_in
from tests.support.players import NAMES, club, match, play, player, to_score
from tests.support.queries import recorded_queries
from tests.support.stream import Stream

HTMX = {"HX-Request": "true"}


@pytest.fixture
def scorer(client: PageClient, madina: User, ours: Club) -> PageClient:
    """Madina's phone."""
    sign_in(client, madina)
    return client


def plan(of: Club, **changes: object) -> dict[str, object]:
    ivan, petr = (player(of, name).id for name in NAMES[:2])
    return {"kind": "singles", "a1": ivan, "b1": petr, "best_of": 1, "first_server": "A", **changes}


def tap(client: FlaskClient, on: Match, side: str, base_seq: int, tap_id: str = "", **headers: str) -> TestResponse:
    data = {"side": side, "base_seq": base_seq, "tap_id": tap_id or f"tap-{base_seq}-{side}"}
    return client.post(f"/matches/{on.id}/rallies", data=data, headers=headers)


def points(of: Match) -> tuple[int, int]:
    found = db.session.get_one(Match, of.id, populate_existing=True)
    return found.points_a, found.points_b


def test_madina_starts_a_match_and_is_led_to_the_scorers_page(scorer: PageClient, ours: Club) -> None:
    answer = scorer.post(f"/clubs/{ours.id}/matches", data=plan(ours, best_of=3, table=4, first_server="B"))
    started = db.session.scalars(Match.live_in(ours)).one()
    assert (answer.status_code, answer.location) == (303, f"/matches/{started.id}/score")
    assert (started.ruleset.best_of, started.table_number, started.server) == (3, 4, "B")


def test_a_pair_needs_both_partners(scorer: PageClient, ours: Club) -> None:
    answer = scorer.post(f"/clubs/{ours.id}/matches", data=plan(ours, kind="doubles", a2=player(ours, NAMES[2]).id))
    assert answer.status_code == 422
    assert answer.text.count("Выберите игрока.") == 1
    answer = scorer.post(
        f"/clubs/{ours.id}/matches",
        data=plan(ours, kind="doubles", a2=player(ours, NAMES[2]).id, b2=player(ours, NAMES[3]).id),
    )
    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"b1": 0}, "Выберите игрока."),
        ({"b1": 1}, "Этот игрок уже выбран"),
        ({"best_of": 2}, "field-best_of"),
        ({"table": 0}, "Номер стола"),
        ({"table": "у окна"}, "Номер стола"),
        ({"a1": 999}, "Выберите игрока."),
        ({"first_server": "C"}, "field-first_server"),
        ({"kind": "triples"}, "field-kind"),
        ({"format": "chess"}, "Выберите, во что играете."),
        ({"format": "badminton-21", "best_of": 5}, "По этим правилам так не играют"),
        ({"handicap_a": 10}, "С такой форой игра начаться не может."),
        ({"handicap_b": "много"}, "Фора: от 0 до 20 очков."),
        ({"format": "tennis", "handicap_a": 1}, "С такой форой игра начаться не может."),
    ],
)
def test_what_cannot_be_played_is_said_under_its_field(
    scorer: PageClient, ours: Club, changes: dict[str, object], says: str
) -> None:
    answer = scorer.post(f"/clubs/{ours.id}/matches", data=plan(ours, **changes))
    assert answer.status_code == 422
    assert says in answer.text
    assert "says" in answer.text
    assert db.session.scalars(Match.live_in(ours)).all() == []


def test_a_player_of_another_club_cannot_be_chosen(scorer: PageClient, ours: Club) -> None:
    stranger = club(club_house("Чужой клуб"), names=("Чужой",)).players[0]
    assert scorer.post(f"/clubs/{ours.id}/matches", data=plan(ours, b1=stranger.id)).status_code == 422


def test_once_more_the_other_way_round(scorer: PageClient, ours: Club, madina: User) -> None:
    played = match(ours, madina)
    play(played, "A" * 11, madina)
    page = scorer.get(f"/clubs/{ours.id}/matches/new?rematch={played.id}").text
    petr = player(ours, NAMES[1]).id
    assert f'name="a1" value="{petr}" checked' in page


def test_what_is_offered_first_is_what_the_club_played_last(scorer: PageClient, ours: Club) -> None:
    address = f"/clubs/{ours.id}/matches/new"
    assert 'selected value="table-tennis"' in scorer.get(address).text
    assert scorer.post(f"/clubs/{ours.id}/matches", data=plan(ours, format="tennis", best_of=3)).status_code == 303
    assert 'selected value="tennis"' in scorer.get(address).text


def test_padel_is_for_pairs_and_squash_for_two_whatever_was_left_chosen(scorer: PageClient, ours: Club) -> None:
    partners = {"a2": player(ours, NAMES[2]).id, "b2": player(ours, NAMES[3]).id}
    for law, sides in (("padel-star", 4), ("squash", 2)):
        kind = "singles" if sides == 4 else "doubles"
        data = plan(ours, format=law, kind=kind, best_of=3, **partners)
        number = int(scorer.post(f"/clubs/{ours.id}/matches", data=data).location.split("/")[2])
        assert len(db.session.get_one(Match, number).players) == sides


def test_tennis_is_called_and_the_phone_knows_what_the_next_rally_makes_of_it(
    scorer: PageClient, ours: Club, madina: User
) -> None:
    playing = match(ours, madina, best_of=3, law="tennis")
    play(playing, "AAAA" + "AAABBB" + "A", madina)
    page = scorer.get(f"/matches/{playing.id}/score").text
    assert 'data-points="A" data-if-a="0" data-if-b="40">Б</p>' in page
    assert 'data-points="B" data-if-a="0" data-if-b="40">40</p>' in page
    assert 'станет <span class="a-to-b"><span>40</span>:<span>40</span></span>' in page
    assert ">больше<" in page
    public = scorer.get(f"/matches/{playing.id}").text
    assert "геймы" in public
    assert '<td class="a">✓</td>' in public
    assert "Теннис, с преимуществом, из 3 сетов" in public


def test_a_handicap_is_where_the_course_and_its_sheet_begin(scorer: PageClient, ours: Club, madina: User) -> None:
    playing = match(ours, madina, handicap=(4, 0))
    play(playing, "AB", madina)
    page = scorer.get(f"/matches/{playing.id}").text
    assert '<td class="a">5</td>' in page
    assert '<td class="b">1</td>' in page


def test_in_pairs_everybody_sees_who_serves_and_who_receives(scorer: PageClient, ours: Club, madina: User) -> None:
    playing = match(ours, madina, pairs=True, law="badminton-21")
    play(playing, "A", madina)
    page = scorer.get(f"/matches/{playing.id}").text
    assert '<span class="player serves">Иван Иванов<' in page
    assert '<span class="player receives">Болат Ахметов<' in page
    assert "подаёт слева" in page


def test_the_partner_of_pickleball_who_serves_second_is_called_so(scorer: PageClient, ours: Club, madina: User) -> None:
    playing = match(ours, madina, pairs=True, law="pickleball")
    assert "2-я подача, справа" in scorer.get(f"/matches/{playing.id}/score").text


def test_every_game_is_drawn_on_the_page_of_its_club(scorer: PageClient, ours: Club, madina: User) -> None:
    for law, offered in FORMATS.items():
        pairs = SPORTS[offered.law.sport].players is Players.PAIRS
        play(match(ours, madina, best_of=offered.lengths[0], pairs=pairs, law=law), "AAB", madina)
    page = scorer.get(f"/clubs/{ours.id}").text
    assert page.count("data-version") == len(FORMATS)
    assert all(word in page for word in "Бадминтон Теннис Падел Пиклбол Сквош Волейбол".split())


@pytest.mark.parametrize("number", ["х", "1e3", "-1", "9" * 30])
def test_a_rematch_of_no_match_is_a_new_one(scorer: PageClient, ours: Club, number: str) -> None:
    assert scorer.get(f"/clubs/{ours.id}/matches/new?rematch={number}").status_code == 200


def test_a_match_of_another_club_is_no_rematch_here(scorer: PageClient, ours: Club, madina: User) -> None:
    elsewhere = match(club(ours.organization), madina)
    assert scorer.get(f"/clubs/{ours.id}/matches/new?rematch={elsewhere.id}").status_code == 404


@pytest.mark.parametrize(("role", "status"), [(Role.OWNER, 200), (Role.ADMINISTRATOR, 200), (Role.MEMBER, 403)])
@pytest.mark.parametrize("path", ["/clubs/{club}/matches/new", "/matches/{match}/score"])
def test_who_may_start_and_score(
    client: PageClient, ours: Club, madina: User, role: Role, status: int, path: str
) -> None:
    address = path.format(club=ours.id, match=match(ours, madina).id)
    sign_in(client, person("Timur", role, ours.organization))
    answer = client.get(address)
    assert answer.status_code == status
    assert ("Начинать партии и вести счёт могут её игроки" in answer.text) is (status == 403)


@pytest.mark.parametrize("noun", ["rallies", "voids"])
def test_a_stranger_counts_nothing_and_is_told_why(client: PageClient, ours: Club, madina: User, noun: str) -> None:
    playing = match(ours, madina)
    play(playing, "AB", madina)
    sign_in(client, person("Stranger", Role.OWNER, club_house("Чужой клуб")))
    answer = client.post(f"/matches/{playing.id}/{noun}", data={"side": "A", "tap_id": "x", "base_seq": 2})
    assert (answer.status_code, points(playing)) == (403, (1, 1))
    assert "судьи и администраторы клуба" in answer.text


@pytest.mark.parametrize("noun", ["rallies", "voids"])
def test_one_who_is_signed_out_counts_nothing(client: PageClient, ours: Club, madina: User, noun: str) -> None:
    playing = match(ours, madina)
    answer = client.post(f"/matches/{playing.id}/{noun}", data={"side": "A", "tap_id": "x", "base_seq": 0})
    assert (answer.status_code, points(playing)) == (401, (0, 0))


def test_one_who_is_signed_out_is_led_to_the_door_and_back(client: PageClient, ours: Club, madina: User) -> None:
    number = match(ours, madina).id
    assert client.get(f"/matches/{number}/score").location == f"/sign-in?next=/matches/{number}/score"


def test_ivan_scores_his_own_match(client: PageClient, ours: Club, madina: User) -> None:
    ivan = person("Ivan", Role.MEMBER, ours.organization)
    player(ours, "Иван Иванов").user_id = ivan.id
    playing = match(ours, madina)
    sign_in(client, ivan)
    assert client.get(f"/matches/{playing.id}/score").status_code == 200
    tap(client, playing, "B", 0)
    assert points(playing) == (0, 1)


def test_ivan_sees_and_scores_his_match_in_a_club_that_is_closed_to_strangers(client: PageClient, madina: User) -> None:
    private = club(madina.memberships[0].organization, is_public=False)
    ivan = person("Ivan", Role.MEMBER, private.organization)
    player(private, "Иван Иванов").user_id = ivan.id
    playing = match(private, madina)
    sign_in(client, ivan)
    assert client.get(f"/clubs/{private.id}").status_code == 200
    assert tap(client, playing, "A", 0).status_code == 303
    assert points(playing) == (1, 0)


def test_the_buttons_are_called_by_the_players(scorer: PageClient, ours: Club, madina: User) -> None:
    page = scorer.get(f"/matches/{match(ours, madina, pairs=True).id}/score").text
    for name in ("Иван Иванов / Әлия Қожахметова", "Петр Петров / Болат Ахметов"):
        assert f'aria-label="+1 {name}"' in page
        assert f'aria-label="-1 {name}"' in page


def test_a_browser_without_scripts_taps_and_comes_back(scorer: PageClient, ours: Club, madina: User) -> None:
    playing = match(ours, madina)
    answer = tap(scorer, playing, "A", 0)
    assert (answer.status_code, answer.location) == (303, f"/matches/{playing.id}/score")
    undone = scorer.post(f"/matches/{playing.id}/voids", data={"side": "", "tap_id": "undo", "base_seq": 1})
    assert (undone.status_code, points(playing)) == (303, (0, 0))


@pytest.mark.parametrize(
    "data",
    [
        {"side": "C", "tap_id": "x", "base_seq": "0"},
        {"side": "", "tap_id": "x", "base_seq": "0"},
        {"side": "A", "tap_id": "", "base_seq": "0"},
        {"side": "A", "tap_id": "x" * 65, "base_seq": "0"},
        {"side": "A", "tap_id": "a\0b", "base_seq": "0"},
        {"side": "A", "tap_id": "x", "base_seq": "-1"},
        {"side": "A", "tap_id": "x", "base_seq": "много"},
        {},
    ],
)
def test_a_tap_that_says_nothing_is_refused(scorer: PageClient, ours: Club, madina: User, data: dict[str, str]) -> None:
    playing = match(ours, madina)
    assert scorer.post(f"/matches/{playing.id}/rallies", data=data).status_code == 422
    assert points(playing) == (0, 0)


@pytest.mark.parametrize("path", ["/matches/{match}/rallies", "/matches/{match}/voids", "/clubs/{club}/matches"])
def test_counting_and_starting_are_no_links(scorer: PageClient, ours: Club, madina: User, path: str) -> None:
    address = path.format(club=ours.id, match=match(ours, madina).id)
    assert scorer.get(address).status_code == 405


def test_the_same_tap_again_is_one_point_and_the_same_answer(scorer: PageClient, ours: Club, madina: User) -> None:
    playing = match(ours, madina)
    first, again = (tap(scorer, playing, "A", 0, "the-same", **HTMX) for _ in range(2))
    assert points(playing) == (1, 0)
    assert first.text == again.text


@pytest.mark.both_databases
def test_a_tap_asks_the_database_eight_times_at_most(scorer: PageClient, ours: Club, madina: User) -> None:
    path = f"/matches/{match(ours, madina, pairs=True).id}/rallies"
    scorer.post(path, data={"side": "A", "tap_id": "first", "base_seq": 0}, headers=HTMX)
    with recorded_queries(db.engine) as statements:
        answer = scorer.post(path, data={"side": "B", "tap_id": "second", "base_seq": 1}, headers=HTMX)
    assert (answer.status_code, len(statements) <= 8) == (200, True), statements


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_two_phones_on_one_rally(
    app: Flask, scorer: PageClient, ours: Club, madina: User, headers: dict[str, str]
) -> None:
    playing = match(ours, madina)
    other_phone = app.test_client()
    sign_in(other_phone, person("Ruslan", Role.SCORER, ours.organization))
    tap(scorer, playing, "A", 0, "of-madina")
    answer = tap(other_phone, playing, "A", 0, "of-ruslan", **headers)
    assert (answer.status_code, points(playing)) == (409, (1, 0))
    text = answer.text
    assert "Уже засчитано: Madina" in text
    assert "Это другое" in text
    assert 'value="of-ruslan"' in text
    tap(other_phone, playing, "A", 1, "of-ruslan")
    assert points(playing) == (2, 0)


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_the_second_scorer_is_told_who_keeps_the_score_and_takes_over(
    app: Flask, scorer: PageClient, ours: Club, madina: User, headers: dict[str, str]
) -> None:
    playing = match(ours, madina)
    ruslans = app.test_client()
    sign_in(ruslans, person("Ruslan", Role.SCORER, ours.organization))
    tap(scorer, playing, "A", 0)
    page = f"/matches/{playing.id}/score"
    assert "Счёт ведёт Madina" in ruslans.get(page).text
    answer = ruslans.post(f"/matches/{playing.id}/holder", headers=headers)
    assert (answer.status_code, points(playing)) == (200 if headers else 303, (1, 0))
    assert 'id="holder" data-own="person-2" hidden' in ruslans.get(page).text
    assert "Счёт ведёт Ruslan" in scorer.get(page).text
    stranger = app.test_client()
    sign_in(stranger, person("Stranger", Role.MEMBER, ours.organization))
    assert stranger.post(f"/matches/{playing.id}/holder").status_code == 403
    assert app.test_client().post(f"/matches/{playing.id}/holder").status_code == 401


@pytest.mark.parametrize(
    ("rallies", "noun", "side", "says"),
    [
        (to_score(11, 4), "rallies", "A", "Партия уже закончена"),
        ("A", "voids", "B", "Отменять нечего"),
        ("", "voids", "", "Отменять нечего"),
        (to_score(10, 10) + "AA", "voids", "B", "Такого счёта не бывает"),
        ("Au", "rallies", "A", "Уже отменено: Madina"),
    ],
)
def test_a_tap_that_cannot_be_is_refused_with_the_reason(
    scorer: PageClient, ours: Club, madina: User, rallies: str, noun: str, side: str, says: str
) -> None:
    playing = match(ours, madina)
    play(playing, rallies, madina)
    before, seq = points(playing), playing.log_length - ("u" in rallies)
    data = {"side": side, "tap_id": "x", "base_seq": seq}
    answer = scorer.post(f"/matches/{playing.id}/{noun}", data=data, headers=HTMX)
    assert (answer.status_code, points(playing)) == (409, before)
    assert says in answer.text


def test_the_board_is_the_same_in_the_page_the_answer_and_the_push(
    scorer: PageClient, ours: Club, madina: User
) -> None:
    playing = match(ours, madina, best_of=3)
    answer = tap(scorer, playing, "A", 0, **HTMX)
    page = scorer.get(f"/matches/{playing.id}/score").text
    with closing(Stream(scorer, f"/live/match/{playing.id}?view=scorer")) as stream:
        pushed = stream.next_events()[0].data
    texts = (page, answer.text, pushed)
    assert len({fragment(text, f"match-{playing.id}-score") for text in texts}) == 1


@pytest.mark.parametrize("kind", ["head", "games", "course"])
def test_the_match_page_and_its_push_are_the_same(client: PageClient, ours: Club, madina: User, kind: str) -> None:
    playing = match(ours, madina, best_of=3)
    play(playing, "A" * 11 + "BBBA", madina)
    page = client.get(f"/matches/{playing.id}").text
    with closing(Stream(client, f"/live/match/{playing.id}")) as stream:
        pushed = stream.next_events()[0].data
    assert fragment(page, f"match-{playing.id}-{kind}") == fragment(pushed, f"match-{playing.id}-{kind}")


def test_the_match_page_shows_every_rally(client: PageClient, ours: Club, madina: User) -> None:
    playing = match(ours, madina)
    play(playing, to_score(10, 10) + "AA", madina)
    page = client.get(f"/matches/{playing.id}").text
    assert page.count('<td class="a">') == 12
    assert page.count('<td class="b">') == 10
    assert "победа" in page
    assert "Вести счёт" not in page
