"""Ratings, statistics, history and its files: access, and a constant number of statements."""

import json
from contextlib import closing
from datetime import datetime, timedelta

import pytest
from flask import Flask

from blueprints.club.ladder_states import ladder_state
from blueprints.club.spark import spark
from extensions import db
from models.accounts import Role, User
from models.base import utc_now
from models.club import Club, Discipline, Match, MatchPlan, settle
from tests.blueprints.test_clubs import fragment
from tests.support.page import PageClient
from tests.support.people import club_house, person, sign_in
from tests.support.players import NAMES, NOW, club, match, play, player
from tests.support.queries import recorded_queries
from tests.support.stream import Stream

SECOND = timedelta(seconds=1)
IVAN, PETR, ALIYA, BOLAT = NAMES


def won(
    of: Club, scorer: User, winner: str, loser: str, *, days_ago: int = 0, table: int | None = None, now: datetime = NOW
) -> Match:
    now -= timedelta(days=days_ago)
    plan = MatchPlan((player(of, winner),), (player(of, loser),), table=table)
    played = Match.start(of, plan, scorer, now)
    play(played, "A" * 11, scorer, now)
    db.session.commit()
    return played


def names(page: str) -> list[str]:
    """The names on a ladder, in order."""
    return [row.split("</a>")[0].split(">")[-1] for row in page.split('class="rank')[2:]]


def test_the_ladder_counts_what_has_ended_and_says_what_is_not_sure(
    client: PageClient, ours: Club, madina: User
) -> None:
    assert "Рейтинга пока нет" in client.get(f"/clubs/{ours.id}/ladder").text
    won(ours, madina, IVAN, PETR, now=utc_now())
    page = client.get(f"/clubs/{ours.id}/ladder").text
    assert names(page) == [IVAN, PETR]
    assert page.count("1 партия, предварительный") == 2
    assert '<b class="fig">1662</b><span class="sub num">±290</span>' in page


def test_singles_and_pairs_have_ladders_of_their_own(client: PageClient, ours: Club, madina: User) -> None:
    won(ours, madina, IVAN, PETR)
    play(match(ours, madina, pairs=True), "B" * 11, madina)
    address = f"/clubs/{ours.id}/ladder"
    assert len(names(client.get(address).text)) == 4
    assert names(client.get(f"{address}?of=table-tennis/singles").text) == [IVAN, PETR]
    assert [client.get(f"{address}?of={code}").status_code for code in ("chess/pairs", "tennis", "tennis/all")] == [
        404
    ] * 3


def test_the_club_page_shows_the_first_and_leads_to_all(client: PageClient, ours: Club, madina: User) -> None:
    won(ours, madina, PETR, IVAN)
    page = client.get(f"/clubs/{ours.id}").text
    assert names(page)[0] == PETR
    assert f'href="/clubs/{ours.id}/ladder"' in page
    assert f'href="/clubs/{ours.id}/history"' in page


@pytest.mark.parametrize(("part", "view"), [("ranks", "page"), ("ladder-table-tennis-singles", "ladder")])
def test_a_ladder_follows_by_itself_when_a_match_has_left(
    client: PageClient, ours: Club, madina: User, part: str, view: str
) -> None:
    won(ours, madina, IVAN, PETR)
    address = f"/clubs/{ours.id}" if view == "page" else f"/clubs/{ours.id}/ladder"
    page = client.get(address).text
    since, root = page.split('data-since="')[1].split('"')[0], f"club-{ours.id}-{part}"
    with closing(Stream(client, f"/live/{ours.topic}?view={view}&since={since}")) as stream:
        won(ours, madina, ALIYA, PETR)
        pushed = ""  # the test's own session is not used meanwhile: on SQLite it would hold the lock
        while root not in pushed or ALIYA not in fragment(pushed, root):
            pushed = "".join(event.data for event in stream.next_events())
    assert fragment(pushed, root) == fragment(client.get(address).text, root)


def test_on_monday_the_ladder_is_less_sure_of_who_did_not_play(app: Flask, ours: Club, madina: User) -> None:
    played = won(ours, madina, IVAN, PETR)
    settle(ours)
    topic, monday = app.extensions["registry"].topic(ours.topic), datetime(2026, 11, 23, tzinfo=ours.organization.zone)
    discipline = Discipline(played.sport, played.is_doubles)
    rows = [ladder_state(ours, discipline, monday + after)["rows"] for after in (-SECOND, SECOND)]
    assert rows[0][0]["deviation"] < rows[1][0]["deviation"]
    for part in ("ranks", f"ladder/{discipline.code}"):
        assert topic.next_change(part, NOW) == monday


def test_a_players_page_tells_how_they_play_and_against_whom(client: PageClient, ours: Club, madina: User) -> None:
    won(ours, madina, IVAN, PETR)
    won(ours, madina, ALIYA, IVAN)
    ivan, petr = player(ours, IVAN), player(ours, PETR)
    page = client.get(f"/players/{ivan.id}").text
    assert "Настольный теннис, один на один" in page
    assert "<dt>На чужой подаче</dt>" in page
    assert f'<a href="/players/{ivan.id}/against/{petr.id}">Петр Петров<span class="fig">1:0</span></a>' in page
    both = client.get(f"/players/{ivan.id}/against/{petr.id}").text
    assert '<b class="fig">1:0</b>' in both
    assert both.count('class="result"') == 1
    assert "Друг с другом они ещё не играли" in client.get(f"/players/{petr.id}/against/{player(ours, BOLAT).id}").text


def test_players_of_two_clubs_never_met(client: PageClient, ours: Club) -> None:
    ivan, stranger = player(ours, IVAN).id, player(club(club_house("Чужой клуб")), IVAN).id
    db.session.commit()
    assert [client.get(f"/players/{ivan}/against/{other}").status_code for other in (stranger, ivan, 999)] == [404] * 3


def found(page: str) -> int:
    return page.count('class="result"')


def test_a_small_gain_is_a_small_slope() -> None:
    assert spark([1500, 1530]) == [(0, 19), (68, 9)]
    assert spark([1500, 1800, 1600]) == [(0, 24), (34, 4), (68, 17.3)]


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ("", 3),
        ("sport=table-tennis&table=2", 1),
        ("sport=tennis", 0),
        ("since=2026-11-20&until=2026-11-20", 1),
        ("until=2026-11-19", 1),
        ("since=вчера&table=х&sport=chess&player=0&before=-", 3),
        ("since=0001-01-01&until=9999-12-31", 3),
        ("until=0001-01-01", 3),
        ("since=1900-01-01&until=2200-12-31", 3),
        ("player={ivan}", 2),
        ("player={ivan}&since=2026-11-21", 1),
    ],
)
def test_the_history_is_narrowed(client: PageClient, ours: Club, madina: User, asked: str, count: int) -> None:
    won(ours, madina, IVAN, PETR, table=2)
    won(ours, madina, PETR, ALIYA, days_ago=1)
    won(ours, madina, IVAN, PETR, days_ago=2)
    address = f"/clubs/{ours.id}/history?{asked.format(ivan=player(ours, IVAN).id)}"
    page = client.get(address)
    assert (page.status_code, found(page.text)) == (200, count)
    part = client.get(address, headers={"HX-Request": "true"}).text
    assert ("<html" in part, found(part)) == (False, count)


def test_the_history_is_leafed_through_without_gap_or_repeat(client: PageClient, ours: Club, madina: User) -> None:
    numbers = [won(ours, madina, IVAN, PETR, days_ago=number % 4).id for number in range(53)]
    seen, address = list[int](), f"/clubs/{ours.id}/history"
    while address:
        page = client.get(address).text
        seen += [int(row.split('-result"')[0]) for row in page.split('id="match-')[1:]]
        address = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&") if 'rel="next"' in page else ""
    assert (len(seen), sorted(seen)) == (53, sorted(numbers))


def test_the_files_say_what_the_page_does_and_are_no_formulas(
    client: PageClient, ours: Club, madina: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("blueprints.club.history.AT_ONCE", 1)
    sign_in(client, madina)
    player(ours, PETR).name = "=1+1"
    won(ours, madina, IVAN, "=1+1", table=2)
    won(ours, madina, ALIYA, BOLAT)
    file = client.get(f"/clubs/{ours.id}/history.csv?table=2")
    assert file.headers["Content-Disposition"].startswith('attachment; filename="matches-')
    assert file.text.splitlines()[1:] == ["2026-11-21;17:00;Настольный теннис;2;Иван Иванов;'=1+1;11:0;Иван Иванов"]
    told = json.loads(client.get(f"/clubs/{ours.id}/history.json").text)["matches"]
    assert [(each["winner"], each["sides"]["B"]) for each in told] == [("A", [BOLAT]), ("A", ["=1+1"])]
    assert client.get(f"/clubs/{ours.id}/history.xls").status_code == 404


@pytest.mark.parametrize(("role", "may"), [(Role.OWNER, True), (Role.SCORER, True), (Role.MEMBER, False)])
def test_the_files_are_for_who_scores_or_manages(
    client: PageClient, ours: Club, madina: User, role: Role, may: bool
) -> None:
    won(ours, madina, IVAN, PETR)
    page, file = f"/clubs/{ours.id}/history", f"/clubs/{ours.id}/history.json"
    assert client.get(file).location.startswith("/sign-in")
    assert file not in client.get(page).text
    sign_in(client, person("Somebody", role, ours.organization))
    assert (client.get(file).status_code, file in client.get(page).text) == (200 if may else 403, may)


@pytest.mark.parametrize("path", ["/clubs/{club}/ladder", "/clubs/{club}/history", "/clubs/{club}/history.csv"])
def test_of_a_private_club_nothing_is_told(client: PageClient, madina: User, path: str) -> None:
    private = club(madina.memberships[0].organization, is_public=False)
    address = path.format(club=private.id)
    db.session.commit()
    assert client.get(address).location.startswith("/sign-in")
    sign_in(client, person("Stranger", Role.OWNER, club_house("Чужой клуб")))
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("path", ["/clubs/{club}", "/clubs/{club}/ladder", "/clubs/{club}/history", "/players/{ivan}"])
def test_pages_ask_as_often_however_much_was_played(client: PageClient, ours: Club, madina: User, path: str) -> None:
    address = path.format(club=ours.id, ivan=player(ours, IVAN).id)

    def questions() -> int:
        client.get(address)
        db.session.commit()
        with recorded_queries(db.engine) as statements:
            client.get(address)
        return len(statements)

    won(ours, madina, IVAN, PETR)
    won(ours, madina, BOLAT, ALIYA)
    client.get(f"/clubs/{ours.id}/ladder")
    first = questions()
    for days_ago in range(0, 60, 6):
        won(ours, madina, IVAN, BOLAT, days_ago=days_ago)
    client.get(f"/clubs/{ours.id}/ladder")
    assert questions() == first
