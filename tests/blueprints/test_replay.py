"""The replay of a match after all corrections, step by step, also without scripts."""

import re

import pytest

from extensions import db
from models.accounts import User
from models.base import utc_now
from models.club import Club, Correction, Match, Remark
from rules.scoring.log import EntryKind, Side
from tests.blueprints.test_clubs import fragment
from tests.support.page import PageClient
from tests.support.players import match, play, to_score

HTMX = {"HX-Request": "true"}


@pytest.fixture
def played(ours: Club, madina: User) -> Match:
    """11:7 in one game, with one undone rally and one given to the other side."""
    won = match(ours, madina)
    play(won, "Bb" + "B", madina)
    won.amend_latest("amended", won.log_length, madina, utc_now())
    play(won, to_score(10, 7), madina)
    db.session.commit()
    return won


def points(client: PageClient, of: Match, step: object) -> list[str]:
    page = client.get(f"/matches/{of.id}/replay?step={step}", headers=HTMX).text
    return re.findall(r'<p class="points fig">(\w+)', page)


def test_it_goes_from_nothing_to_the_end_without_the_slips(client: PageClient, played: Match) -> None:
    told = [points(client, played, step) for step in (0, 1, 2, 3, 18)]
    assert told == [["0", "0"], ["1", "0"], ["2", "0"], ["2", "1"], ["11", "7"]]
    page = client.get(f"/matches/{played.id}/replay").text
    assert len(re.findall("data-step=", page)) == 18
    assert 'value="0"' in page


@pytest.mark.parametrize(
    ("step", "shown"), [("99", ["11", "7"]), ("x", ["0", "0"]), ("-1", ["0", "0"]), ("9" * 30, ["0", "0"])]
)
def test_a_step_that_is_none_is_the_nearest(client: PageClient, played: Match, step: str, shown: list[str]) -> None:
    assert points(client, played, step) == shown


def test_the_last_step_is_the_page_of_the_match(client: PageClient, played: Match) -> None:
    replay, page = (client.get(f"/matches/{played.id}{path}").text for path in ("/replay?step=18", ""))
    for part in ("score", "games", "game-1"):
        assert fragment(replay, f"match-{played.id}-{part}") == fragment(page, f"match-{played.id}-{part}")


def test_every_step_says_who_served_who_won_and_when(client: PageClient, ours: Club, madina: User) -> None:
    playing = match(ours, madina, pairs=True, best_of=3)
    play(playing, "AB", madina)
    playing.remark(Remark(EntryKind.TIME_OUT, Side.B), "time-out", playing.log_length, madina, utc_now())
    play(playing, "A", madina)
    playing.remark(Remark(EntryKind.END, Side.B), "end", playing.log_length, madina, utc_now())
    page = client.get(f"/matches/{playing.id}/replay").text
    rows = [
        re.sub(r"\s*<[^>]+>\s*", " ", row).split("  ") for row in re.findall(r"<tr>\s*<td>.*?</tr>", page, re.DOTALL)
    ]
    told = [" ".join(" ".join(row).split()) for row in rows]
    assert [row.rsplit(" ", 1)[0] for row in told] == [
        "1:0 Иван Иванов / Әлия Қожахметова Иван Иванов",
        "1:1 Петр Петров / Болат Ахметов Иван Иванов",
        "тайм-аут Петр Петров / Болат Ахметов",
        "2:1 Иван Иванов / Әлия Қожахметова Петр Петров",
        "отказ Петр Петров / Болат Ахметов",
    ]


def test_tennis_is_called_as_it_was(client: PageClient, ours: Club, madina: User) -> None:
    playing = match(ours, madina, best_of=3, law="tennis")
    play(playing, "AAAB" + "A" + "B", madina)
    page = client.get(f"/matches/{playing.id}/replay?step=5").text
    assert re.findall(r'data-at="[\d.]+"><b class="fig">(.*?)</b>', page) == [
        "15:0",
        "30:0",
        "40:0",
        "40:15",
        "✓:",
        "0:15",
    ]
    assert points(client, playing, 4) == ["40", "15"]
    assert points(client, playing, 5) == ["0", "0"]


def test_a_rally_that_was_put_in_later_is_played_where_it_belongs(client: PageClient, ours: Club, madina: User) -> None:
    playing = match(ours, madina)
    play(playing, "AAB", madina)
    playing.correct(Correction(EntryKind.INSERT, 1, Side.B, ""), "late", playing.log_length, madina, utc_now())
    told = [points(client, playing, step) for step in range(5)]
    assert told == [["0", "0"], ["0", "1"], ["1", "1"], ["2", "1"], ["2", "2"]]
    page = client.get(f"/matches/{playing.id}/replay").text
    assert re.findall(r'data-at="([\d.]+)"', page) == ["0.0"] * 4
