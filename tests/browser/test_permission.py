"""What a person sees after losing a right, and the pages that change rights. The test controls the page's clock."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from extensions import db
from models.accounts import Membership, Role
from models.base import utc_now
from models.club import Club
from tests.support.browser import DESK, PHONE, Window, Windows
from tests.support.people import PASSWORD, clinic, person

AIGERIM, MARAT = "aigerim@tablo.example", "marat@tablo.example"


@pytest.fixture(autouse=True)
def _house(application: Flask) -> None:
    """Marat's organization, which is a clinic and a club; Aigerim works there."""
    with application.app_context():
        samal = clinic()
        samal.has_club = True
        person("Marat", Role.OWNER, samal)
        person("Aigerim", Role.RECEPTIONIST, samal)
        db.session.add(Club(organization_id=samal.id, name="Ракетка"))
        db.session.commit()


def change(application: Flask, verb: Callable[[Membership, Membership], None]) -> None:
    """A change that Marat (the first) makes to Aigerim (the second)."""
    with application.app_context():
        verb(db.session.get_one(Membership, 1), db.session.get_one(Membership, 2))
        db.session.commit()


def watch(window: Window, path: str) -> Page:
    """A page with an open stream and a stopped clock."""
    window.leave()  # the page after signing in has a stream too, whose response would be taken for this one's
    page = window.page
    page.clock.install()
    with page.expect_response(lambda answer: "/live/" in answer.url):
        window.go(path)
    page.clock.pause_at(page.evaluate("Date.now() / 1000 + 1"))
    return page


def is_told(page: Page, words: str) -> None:
    """The stream ends, the page reconnects once, is refused, and says so."""
    expect(page.locator("[data-fresh]")).to_have_text("восстанавливаем связь…")
    page.clock.fast_forward(10_000)
    expect(page.get_by_role("alert").filter(has_text=words)).to_be_visible()


def test_one_who_was_removed_is_told_that_access_is_closed(windows: Windows, application: Flask) -> None:
    window = windows.open()
    window.sign_in(AIGERIM, PASSWORD)
    page = watch(window, "/schedule")
    change(application, lambda marat, aigerim: aigerim.remove(marat))
    is_told(page, "Доступ закрыт.")


def test_one_whose_account_was_closed_is_told_that_the_session_is_over(windows: Windows, application: Flask) -> None:
    window = windows.open()
    window.sign_in(AIGERIM, PASSWORD)
    page = watch(window, "/schedule")
    change(application, lambda marat, aigerim: aigerim.disable_account(marat, utc_now()))
    is_told(page, "Сеанс завершён.")


def test_a_spectator_is_told_that_the_club_is_for_its_own_now(windows: Windows, application: Flask) -> None:
    page = watch(windows.open(), "/clubs/1")
    change(application, lambda marat, aigerim: db.session.get_one(Club, 1).show_to_all(False, marat.user))
    is_told(page, "Страница теперь только для своих.")


@pytest.mark.parametrize("scripts", [True, False])
def test_marat_takes_aigerims_place_away_and_closes_the_club(
    windows: Windows, application: Flask, scripts: bool
) -> None:
    page = windows.open(PHONE, scripts=scripts).sign_in(MARAT, PASSWORD)
    page.locator("summary.who").click()
    page.get_by_role("link", name="Люди").click()
    page.locator("#member-2 summary").click()
    page.locator("#member-2").get_by_role("button", name="Убрать из организации").click()
    expect(page.locator("#member-2")).to_have_count(0)
    page.goto(page.url.replace("/people", "/clubs/1"))
    page.get_by_role("link", name="Настройки").click()
    page.get_by_text("Только свои").click()
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ракетка")
    with application.app_context():
        assert not db.session.get_one(Club, 1).is_public


def test_axe_finds_nothing_where_rights_are_changed(windows: Windows) -> None:
    faults = []
    for viewport in (PHONE, DESK):
        window = windows.open(viewport)
        window.sign_in(MARAT, PASSWORD)
        for path in ("/people", "/clubs/1/settings"):
            page = window.go(path)
            for closed in page.locator("main details").all():
                page.keyboard.press("Escape")
                closed.locator("summary").click()
            faults += [f"{path}: {fault}" for fault in window.accessibility_faults()]
    assert faults == []
