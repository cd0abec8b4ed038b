"""Phones and pages of the club in real browsers."""

from datetime import datetime

from flask import Flask
from playwright.sync_api import Locator, Page, expect

from extensions import db
from models.accounts import Role
from models.club import Club, Match
from tests.support.browser import PHONE, Windows
from tests.support.people import PASSWORD, person
from tests.support.players import NOW, match, play
from tests.support.waiting import wait_until

IVAN, PETR = "Иван Иванов", "Петр Петров"


def started(application: Flask, club_id: int, rallies: str, best_of: int = 1, now: datetime = NOW) -> int:
    with application.app_context():
        of = db.session.get_one(Club, club_id)
        scorer = person("Somebody", Role.SCORER, of.organization)
        begun = match(of, scorer, best_of=best_of, now=now)
        play(begun, rallies, scorer, now)
        db.session.commit()
        return begun.id


def name_table(application: Flask, number: int, name: str) -> None:
    """The match is at the first table, which is called so."""
    with application.app_context():
        found = db.session.get_one(Match, number)
        found.table_number, found.held_table, found.table_name = 1, 1, name
        db.session.commit()


def points_of(application: Flask, number: int) -> tuple[int, int]:
    with application.app_context():
        found = db.session.get_one(Match, number)
        return found.points_a, found.points_b


def scorer(windows: Windows, path: str, name: str = "madina", *, scripts: bool = True) -> Page:
    """A scorer's phone."""
    window = windows.open(PHONE, scripts=scripts)
    window.enter(f"{name}@tablo.example", PASSWORD)
    return window.go(path)


def plus(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=f"+1 {name}", exact=True)


def minus(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=f"-1 {name}", exact=True)


def counts(application: Flask, number: int, a: int, b: int) -> None:
    """The server's score is a : b, or becomes it: a phone shows its taps before they have arrived."""
    wait_until(lambda: points_of(application, number) == (a, b))


def shows(page: Page, a: int, b: int) -> None:
    """Waits until the score on this page is a:b; works on every page with a score."""
    expect(page.locator(".a .points")).to_have_text(str(a))
    expect(page.locator(".b .points")).to_have_text(str(b))
