"""Boards without controls: the hall's screen, the overlay, the widget in other sites."""

import re
from contextlib import closing
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from extensions import db
from models.accounts import Language, Role, User
from models.base import utc_now
from models.club import Club, Match, MatchPlan, Player
from models.live_topic import LivePart, topic_version
from tests.blueprints.test_clubs import fragment
from tests.support.page import PageClient
from tests.support.people import club_house, person, sign_in
from tests.support.players import club, match, play, to_score
from tests.support.queries import recorded_queries
from tests.support.stream import Stream

HTMX = {"HX-Request": "true"}
BOARDS = ["/clubs/{club}/tv", "/clubs/{club}/overlay", "/clubs/{club}/widget", "/clubs/{club}/screens"]
OF_A_MATCH = ["/matches/{match}/overlay", "/matches/{match}/widget", "/matches/{match}/replay"]
LONG = "Айгерім-" * 25
NAMES = ('Анна «Молния» O\'Нил <b>"x"</b>', "محمد الفاتح بن عبد الله", "Кот 🐈‍⬛🏓 & Мурзик", LONG)


def at_table(of: Club, scorer: User, table: int | None, rallies: str = "", minutes_ago: int = 5) -> Match:
    """A match at this table; always of the same two players."""
    began = utc_now() - timedelta(minutes=minutes_ago)
    plan = MatchPlan((of.players[0],), (of.players[1],), table=table)
    started = Match.start(of, plan, scorer, began)
    play(started, rallies, scorer, began)
    db.session.commit()
    return started


def courts(page: str) -> list[str]:
    """The tables of a hall in order, with the free ones in brackets."""
    played, _, free = page.partition("free-tables")
    found = re.findall(r'<article class="court".*?<b>(?:Стол|Корт) (\d+)</b>', played, re.DOTALL)
    return found + [f"({number})" for number in re.findall(r"<b>Стол (\d+)</b>", free)]


def overlays(page: str) -> list[str]:
    return re.findall(r'<section class="lower" id="(.*?)"', page)


@pytest.mark.parametrize("path", BOARDS + OF_A_MATCH)
def test_a_board_of_a_public_club_is_for_everybody(client: PageClient, ours: Club, madina: User, path: str) -> None:
    playing = match(ours, madina)
    answer = client.get(path.format(club=ours.id, match=playing.id))
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers or "/tv" in path or "screens" in path or "replay" in path
    assert client.post(path.format(club=ours.id, match=playing.id)).status_code == 405


def test_without_scripts_what_is_watched_loads_itself_anew(client: PageClient, ours: Club, madina: User) -> None:
    playing = match(ours, madina)
    paths = ("/clubs/{club}", "/clubs/{club}/tv", "/matches/{match}", "/matches/{match}/widget")
    for path in (path.format(club=ours.id, match=playing.id) for path in paths):
        assert '<noscript><meta http-equiv="refresh" content="20"></noscript>' in client.get(path).text, path


@pytest.mark.parametrize("path", BOARDS + OF_A_MATCH)
def test_a_board_of_a_private_club_is_for_its_people_and_in_nobodys_frame(
    app: Flask, client: PageClient, madina: User, path: str
) -> None:
    private = club(madina.memberships[0].organization, is_public=False)
    address = path.format(club=private.id, match=match(private, madina).id)
    assert client.get(address).location.startswith("/sign-in")
    sign_in(client, person("Stranger", Role.OWNER, club_house("Чужой клуб")))
    assert client.get(address).status_code == 404
    member = app.test_client()
    sign_in(member, person("Member", Role.MEMBER, private.organization))
    answer = member.get(address)
    assert (answer.status_code, "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]) == (200, True)
    if "screens" in path:
        assert "widget" not in answer.text


@pytest.mark.parametrize("view", ["tv", "overlay", "widget"])
def test_a_private_clubs_boards_are_not_heard_by_strangers(client: PageClient, madina: User, view: str) -> None:
    private = club(madina.memberships[0].organization, is_public=False)
    playing = match(private, madina)
    topic = playing.topic if view == "widget" else private.topic
    assert client.get(f"/live/{topic}?view={view}").status_code == 401
    sign_in(client, person("Stranger", Role.OWNER, club_house("Чужой клуб")))
    assert client.get(f"/live/{topic}?view={view}").status_code == 404


def test_only_the_widgets_of_a_public_club_stand_in_other_peoples_pages(
    client: PageClient, ours: Club, madina: User
) -> None:
    number = match(ours, madina).id
    anywhere = [f"/clubs/{ours.id}/widget", f"/matches/{number}/widget", "/healthz", "/healthz/live"]
    nowhere = [
        f"/clubs/{ours.id}",
        f"/matches/{number}",
        f"/clubs/{ours.id}/tv",
        f"/clubs/{ours.id}/overlay",
        "/sign-in",
    ]
    policies = {path: client.get(path).headers["Content-Security-Policy"] for path in anywhere + nowhere}
    assert [path for path, policy in policies.items() if policy.endswith("frame-ancestors *")] == anywhere
    assert all("default-src 'self'; base-uri 'none'; form-action 'self'" in policy for policy in policies.values())


def test_a_widget_has_nothing_to_press_and_its_links_open_beside_it(
    client: PageClient, ours: Club, madina: User
) -> None:
    for path in (f"/clubs/{ours.id}/widget", f"/matches/{match(ours, madina).id}/widget?theme=dark&language=en"):
        page = client.get(path).text
        assert "<form" not in page
        assert "csrf" not in page
        assert '<base target="_blank">' in page
    assert 'lang="en" data-theme="dark"' in page
    assert "Friendly match in progress" in page


def test_each_table_hangs_in_its_place(client: PageClient, ours: Club, madina: User) -> None:
    at_table(ours, madina, 3, "A" * 11, minutes_ago=60)
    at_table(ours, madina, 4, "A" * 11, minutes_ago=8)
    at_table(ours, madina, 2)
    at_table(ours, madina, 1, "A" * 11)
    at_table(ours, madina, 1, "AB")
    assert courts(client.get(f"/clubs/{ours.id}/tv").text) == ["1", "2", "4", "(3)"]


def test_a_result_stays_for_ten_minutes_and_then_the_hall_is_told(app: Flask, ours: Club, madina: User) -> None:
    ended = at_table(ours, madina, 1, "A" * 11)
    leaves_at = ended.ended_at + timedelta(minutes=10) if ended.ended_at else None
    due = db.session.scalar(select(LivePart.due_at).filter_by(topic=ours.topic, part="hall"))
    topic = app.extensions["registry"].topic(ours.topic)
    assert (due, topic.next_change("hall", utc_now())) == (leaves_at, leaves_at)
    assert topic.next_change("hall", utc_now() + timedelta(minutes=10)) is None


def test_a_hall_where_nobody_plays_shows_what_was_played(client: PageClient, ours: Club, madina: User) -> None:
    at_table(ours, madina, 1, "A" * 11, minutes_ago=30)
    page = client.get(f"/clubs/{ours.id}/tv").text
    assert courts(page) == []
    assert page.index("Сейчас никто не играет") < page.index("победа:")


def test_nine_matches_are_eight_and_a_word_of_the_ninth(client: PageClient, ours: Club, madina: User) -> None:
    for table in range(9, 0, -1):
        at_table(ours, madina, table)
    page = client.get(f"/clubs/{ours.id}/tv").text
    assert courts(page) == [str(table) for table in range(2, 10)]
    assert "и ещё играют: 1" in page


def test_a_hall_costs_as_many_questions_however_much_is_played(client: PageClient, ours: Club, madina: User) -> None:
    def questions() -> int:
        at_table(ours, madina, None)
        with recorded_queries(db.engine) as statements:
            client.get(f"/clubs/{ours.id}/tv")
        return len(statements)

    assert questions() == questions() == questions()


@pytest.mark.parametrize(("view", "root"), [("tv", "hall"), ("tv", "history"), ("overlay", "hall")])
def test_a_board_and_its_push_are_the_same(client: PageClient, ours: Club, madina: User, view: str, root: str) -> None:
    at_table(ours, madina, 2, to_score(10, 10) + "A")
    page = client.get(f"/clubs/{ours.id}/{view}").text
    with closing(Stream(client, f"/live/club/{ours.id}?view={view}")) as stream:
        pushed = stream.next_events()[0].data
    assert fragment(page, f"club-{ours.id}-{root}") == fragment(pushed, f"club-{ours.id}-{root}")


@pytest.mark.parametrize("view", ["tv", "overlay"])
def test_a_rally_sends_a_board_that_table_alone(client: PageClient, ours: Club, madina: User, view: str) -> None:
    quiet, playing = at_table(ours, madina, 1), at_table(ours, madina, 2)
    with closing(Stream(client, f"/live/club/{ours.id}?view={view}&since={topic_version(ours.topic)}")) as stream:
        play(playing, "A", madina)
        db.session.commit()
        pushed = stream.next_events()[0].data
    assert fragment(pushed, f"match-{playing.id}-score") in client.get(f"/clubs/{ours.id}/{view}").text
    assert f"match-{quiet.id}-score" not in pushed


def test_the_clubs_language_is_spoken_whoever_is_signed_in_unless_the_address_asks(
    client: PageClient, ours: Club, madina: User
) -> None:
    ours.organization.language = Language.KAZAKH
    madina.language = Language.RUSSIAN
    sign_in(client, madina)
    assert 'lang="kk"' in client.get(f"/clubs/{ours.id}/tv").text
    assert 'lang="en"' in client.get(f"/clubs/{ours.id}/tv?language=en").text
    assert 'lang="kk"' in client.get(f"/clubs/{ours.id}/overlay?language=xx").text


@pytest.mark.parametrize(
    ("asked", "spoken"), [("", "kk"), ("de-DE, de", "kk"), ("en-GB, en;q=0.9, ru;q=0.8", "en"), ("ru", "ru")]
)
def test_a_passer_by_reads_the_browsers_language_else_the_clubs(
    client: PageClient, ours: Club, asked: str, spoken: str
) -> None:
    ours.organization.language = Language.KAZAKH
    db.session.commit()
    assert f'<html lang="{spoken}"' in client.get(f"/clubs/{ours.id}", headers={"Accept-Language": asked}).text


@pytest.mark.parametrize("pairs", [False, True])
def test_strange_names_are_text_everywhere(client: PageClient, madina: User, pairs: bool) -> None:
    strange = club(madina.memberships[0].organization, names=NAMES)
    sides = (
        [tuple(strange.players[:2]), tuple(strange.players[2:])] if pairs else [(each,) for each in strange.players[:2]]
    )
    shown = [player for side in sides for player in side]
    playing = Match.start(strange, MatchPlan(sides[0], sides[1], 3, table=1), madina, utc_now())
    play(playing, "A" * 11 + "AB", madina, utc_now())
    db.session.commit()
    paths = [path.format(club=strange.id, match=playing.id) for path in ["/matches/{match}", *BOARDS[:3], *OF_A_MATCH]]
    for path in paths:
        page = client.get(path).text
        assert '<b>"x"' not in page
        assert [each.name for each in shown if escaped(each) not in page] == [], path
    told = client.get(f"/api/matches/{playing.id}").get_json()["match"]["sides"]
    assert told == {side: [each.name for each in chosen] for side, chosen in zip("AB", sides, strict=True)}


def escaped(player: Player) -> str:
    signs = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;"}
    return "".join(signs.get(sign, sign) for sign in player.name)


def test_an_overlay_shows_its_table_in_its_colours(client: PageClient, ours: Club, madina: User) -> None:
    at_table(ours, madina, 2)
    page = client.get(f"/clubs/{ours.id}/overlay?table=2&place=top-right&size=large&a=ffd400&b=%23000").text
    assert 'class="over at-top-right in-large"' in page
    address = re.search(r'href="(/overlay\.css.*?)"', page)
    assert address
    styles = client.get(address[1].replace("&amp;", "&"))
    assert styles.mimetype == "text/css"
    assert "--side-a: #ffd400; --ink-on-a: #241f1a; --side-b: #000000; --ink-on-b: #fdfbf6;" in styles.text
    assert ':not([data-table="2"])' in styles.text


@pytest.mark.parametrize(
    "wishes",
    [
        "table=x",
        "table=0",
        "table=999",
        "place=middle",
        "size=huge",
        "a=red",
        "b=%7D*%7Bdisplay:none",
        "delay=-1",
        "delay=1e9",
    ],
)
def test_what_cannot_be_wished_is_said_where_one_wishes_and_left_out_of_the_picture(
    client: PageClient, ours: Club, madina: User, wishes: str
) -> None:
    at_table(ours, madina, 1)
    plain = client.get(f"/clubs/{ours.id}/overlay")
    answer = client.get(f"/clubs/{ours.id}/overlay?{wishes}")
    assert (answer.status_code, answer.text) == (200, plain.text)
    assert client.get(f"/overlay.css?{wishes}").text == client.get("/overlay.css").text
    asked = client.get(f"/clubs/{ours.id}/screens?{wishes}")
    assert (asked.status_code, asked.text.count("is-wrong")) == (422, 1)


def test_a_wish_becomes_part_of_the_address_to_copy(client: PageClient, ours: Club) -> None:
    page = client.get(
        f"/clubs/{ours.id}/screens?table=2&place=bottom-left&size=medium&a=%23005566&b=%23123456&delay=0"
    ).text
    assert f'value="http://localhost/clubs/{ours.id}/overlay?table=2&amp;b=123456"' in page
    assert f"&lt;iframe src=&#34;http://localhost/clubs/{ours.id}/widget&#34;" in page


def test_a_delayed_overlay_shows_what_was_true_then(client: PageClient, ours: Club, madina: User) -> None:
    now = utc_now()
    playing = Match.start(
        ours, MatchPlan((ours.players[0],), (ours.players[1],), table=1), madina, now - timedelta(minutes=9)
    )
    for seconds, rallies in ((60, "AAA"), (40, "a"), (20, "BB"), (2, "A")):
        play(playing, rallies, madina, now - timedelta(seconds=seconds))
    db.session.commit()

    def points(delay: int, of: str = f"/clubs/{ours.id}/overlay") -> list[str]:
        return re.findall(r'class="pts"><b class="fig">(\d+)', client.get(f"{of}?delay={delay}", headers=HTMX).text)

    told = [points(delay) for delay in (0, 10, 30, 50, 100)]
    assert told == [["3", "2"], ["2", "2"], ["2", "0"], ["3", "0"], ["0", "0"]]
    assert points(10, f"/matches/{playing.id}/overlay") == ["2", "2"]


def test_a_delayed_overlay_knows_nothing_of_what_has_just_begun_or_ended(
    client: PageClient, ours: Club, madina: User
) -> None:
    ended = at_table(ours, madina, 1, "A" * 10)
    play(ended, "A", madina, utc_now())
    begun = Match.start(ours, MatchPlan((ours.players[0],), (ours.players[1],), table=1), madina, utc_now())
    db.session.commit()
    assert overlays(client.get(f"/clubs/{ours.id}/overlay").text) == [f"match-{begun.id}-score"]
    delayed = client.get(f"/clubs/{ours.id}/overlay?delay=30")
    assert overlays(delayed.text) == [f"match-{ended.id}-score"]
    assert "победа" not in delayed.text
    assert "data-stream" not in delayed.text
    assert f'data-delayed="/clubs/{ours.id}/overlay?delay=30"' in delayed.text


def test_a_delayed_overlay_is_sent_what_changed_and_nothing_else(client: PageClient, ours: Club, madina: User) -> None:
    at_table(ours, madina, 1)
    path = f"/clubs/{ours.id}/overlay?delay=5"
    first = client.get(path, headers=HTMX)
    again = client.get(path, headers={**HTMX, "If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, first.headers["Vary"]) == (200, 304, first.headers["Vary"])
    assert "HX-Request" in first.headers["Vary"]
