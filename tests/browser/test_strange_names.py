"""Names with markup, quotes, emoji, many letters or right-to-left text, on every screen of a real browser."""

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from extensions import db
from models.accounts import Role
from models.base import utc_now
from models.club import Match, MatchPlan
from tests.support.browser import DESK, PHONE, TELEVISION, Windows
from tests.support.people import PASSWORD, club_house, person
from tests.support.players import club, play

MARKUP = """<b onclick="x()">О'Нил</b> "Зверь" & сыновья"""
NAMES = [(MARKUP, "Чемпион 🏓👨‍👩‍👧"), ("Ы" * 200, "محمد الأمين"), ("Нұрғиса " * 25, "W" * 100)]
SCREENS = [
    ("/clubs/{club}", DESK),
    ("/clubs/{club}", PHONE),
    ("/clubs/{club}/tv", TELEVISION),
    ("/clubs/{club}/overlay", TELEVISION),
    ("/clubs/{club}/widget", PHONE),
    ("/matches/{match}", PHONE),
    ("/matches/{match}/score", PHONE),
    ("/matches/{match}/table", PHONE),
    ("/clubs/{club}/history", PHONE),
    ("/clubs/{club}/ladder", PHONE),
]


@pytest.fixture(params=NAMES, ids=["markup", "letters", "words"])
def playing(request: pytest.FixtureRequest, application: Flask) -> tuple[int, int, tuple[str, str]]:
    """A club and its match in progress, after one that has ended; and how the two are called."""
    names = tuple(" ".join(name.split()) for name in request.param)
    with application.app_context():
        house = club_house()
        madina = person("Madina", Role.SCORER, house)
        of = club(house, names=names)
        one, other = (next(each for each in of.players if each.name == name) for name in names)
        for rallies in ("A" * 11, "A"):
            begun = Match.start(of, MatchPlan((one,), (other,), table=1), madina, utc_now())
            play(begun, rallies, madina, utc_now())
        db.session.commit()
        return of.id, begun.id, (names[0], names[1])


def leaves(page: Page, found: Locator) -> list[str]:
    """The texts that stick out of the window."""
    out = "all => all.filter((each) => each.getBoundingClientRect().right > innerWidth + 1).map(String)"
    texts: list[str] = found.evaluate_all(out)
    return texts


def test_a_strange_name_is_only_a_name_and_stays_on_every_screen(
    windows: Windows, playing: tuple[int, int, tuple[str, str]]
) -> None:
    club_id, match_id, names = playing
    for path, viewport in SCREENS:
        window = windows.open(viewport)
        window.sign_in("madina@tablo.example", PASSWORD)
        page = window.go(path.format(club=club_id, match=match_id))
        for name in names:
            expect(page.get_by_text(name).first).to_be_attached()
        expect(page.locator("main b[onclick]")).to_have_count(0)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert leaves(page, page.locator(".points, .pts, .tap")) == [], path
    told = windows.opened[0].page.request.get(f"{windows.address}/api/matches/{match_id}").json()
    assert told["match"]["sides"] == {"A": [names[0]], "B": [names[1]]}
