"""The page of a match: small pushes, game and match points, the age of the score, the servers."""

import re
from contextlib import closing

import pytest

from extensions import db
from models.accounts import User
from models.base import utc_now
from models.club import Club, Match, Remark
from models.live_topic import topic_version
from rules.scoring.log import EntryKind, Side
from tests.blueprints.test_clubs import fragment
from tests.support.page import PageClient
from tests.support.players import NOW, match, play
from tests.support.stream import Stream


def test_a_rally_sends_the_game_it_belongs_to_and_not_the_others(client: PageClient, ours: Club, madina: User) -> None:
    playing = match(ours, madina, best_of=3, now=utc_now())
    play(playing, "A" * 11 + "B", madina, utc_now())
    db.session.commit()
    with closing(Stream(client, f"/live/match/{playing.id}?since={topic_version(playing.topic)}")) as stream:
        play(playing, "A", madina, utc_now())
        db.session.commit()
        pushed = stream.next_events()[0].data
    page = client.get(f"/matches/{playing.id}").text
    second = f"match-{playing.id}-game-2"
    assert fragment(page, second) == fragment(pushed, second)
    assert f'match-{playing.id}-game-1"' not in pushed.replace(f'href="#match-{playing.id}-game-1"', "")
    assert f"match-{playing.id}-course" not in pushed


@pytest.mark.parametrize("rallies", ["A", "u"])
def test_a_game_that_ends_or_is_taken_up_again_sends_all_of_them(
    client: PageClient, ours: Club, madina: User, rallies: str
) -> None:
    playing = match(ours, madina, best_of=3, now=utc_now())
    play(playing, "A" * (10 if rallies == "A" else 11), madina, utc_now())
    db.session.commit()
    with closing(Stream(client, f"/live/match/{playing.id}?since={topic_version(playing.topic)}")) as stream:
        play(playing, rallies, madina, utc_now())
        db.session.commit()
        pushed = stream.next_events()[0].data
    assert fragment(pushed, f"match-{playing.id}-course") in client.get(f"/matches/{playing.id}").text


def test_whose_match_point_it_is_is_said_beside_the_score(client: PageClient, ours: Club, madina: User) -> None:
    playing = match(ours, madina, best_of=3)
    play(playing, "B" * 10, madina)
    assert '<em class="of-b">геймбол<span class="sr">: Петр Петров</span></em>' in page_of(client, playing)
    play(playing, "B" * 11, madina)
    assert '<em class="of-b">матчбол<span class="sr">: Петр Петров</span></em>' in page_of(client, playing)


def test_the_page_says_how_old_its_score_is_until_the_match_is_over(
    client: PageClient, ours: Club, madina: User
) -> None:
    playing = match(ours, madina)
    assert "последнее очко" not in page_of(client, playing)
    play(playing, "AB", madina)
    page = page_of(client, playing)
    assert '<time datetime="2026-11-21T17:00:00+05:00" data-age ' in page
    assert 'data-minutes="{n} мин назад"' in page
    assert ">17:00</time>" in page
    play(playing, "A" * 10, madina)
    assert "последнее очко" not in page_of(client, playing)


def test_the_sheet_shows_who_served_and_a_set_where_its_games_ended(
    client: PageClient, ours: Club, madina: User
) -> None:
    playing = match(ours, madina, best_of=3, law="tennis")
    play(playing, "AAAA" + "BBBB" + "A", madina)
    page = page_of(client, playing)
    served_by_a = page[page.index('<tr class="served"') : page.index('<th scope="row">')]
    assert re.findall(r'<td>(<i class="ball">)?', served_by_a)[1:] == ['<i class="ball">'] * 4 + [""] * 4 + [
        '<i class="ball">'
    ]
    assert [games in page for games in (">1:0</text>", ">1:1</text>")] == [True, True]


def test_a_game_that_somebody_retired_from_is_drawn_as_far_as_it_went(
    client: PageClient, ours: Club, madina: User
) -> None:
    playing = match(ours, madina)
    play(playing, "AAB", madina)
    playing.remark(Remark(EntryKind.END, Side.B), "end", playing.log_length, madina, NOW)
    page = page_of(client, playing)
    assert page.count('<td class="a">') == 2
    assert ">2:1</b>" in page


def test_the_label_of_the_longest_run_covers_neither_the_numbers_beside_it_nor_the_end(
    client: PageClient, ours: Club, madina: User
) -> None:
    playing = match(ours, madina)
    play(playing, "AAA", madina)
    labels = re.findall(r'<text class="run-t" x="([\d.]+)"', page_of(client, playing))
    assert sorted(map(float, labels)) == [68.0, 117.85]


def page_of(client: PageClient, shown: Match) -> str:
    return client.get(f"/matches/{shown.id}").text
