"""The club in real browsers: one taps, the others watch, and all see the same."""

import re

from flask import Flask
from playwright.sync_api import Page, expect

from extensions import db
from models.base import utc_now
from models.club import Club, Match
from tests.browser.club import IVAN, PETR, minus, plus, scorer, shows, started
from tests.support.browser import DESK, PHONE, Windows
from tests.support.people import PASSWORD
from tests.support.players import match, play, to_score

SECTION = "🔴 Идет товарищеская партия"


def choose(page: Page, first: str, second: str) -> None:
    """Chooses one player from the chips, and the other by typing the name."""
    page.locator("#found-a1").get_by_text(first).click()
    page.get_by_role("searchbox", name="Соперник", exact=True).fill(second)


def choose_and_start(page: Page) -> None:
    page.get_by_role("link", name="⚔️ Товарищеская партия").click()
    choose(page, IVAN, PETR)
    page.get_by_role("button", name="Начать игру").click()
    page.wait_for_url(re.compile(r"/matches/\d+/score$"))


def test_madina_taps_and_two_spectators_see_all_of_it(windows: Windows, ours: int) -> None:
    early = windows.open(DESK).go(f"/clubs/{ours}")
    expect(early.get_by_text(SECTION)).to_have_count(0)
    phone = scorer(windows, f"/clubs/{ours}")
    choose_and_start(phone)
    expect(early.get_by_text(SECTION)).to_be_visible()
    late = windows.open(PHONE).go(f"/clubs/{ours}")
    for name in [IVAN, PETR] * 10:
        plus(phone, name).click()
    minus(phone, PETR).click()
    for page in (phone, early, late):
        shows(page, 10, 9)
    plus(phone, PETR).click()
    for page in (early, late):
        expect(page.locator(".half.a .serve")).to_have_text("подаёт")
    plus(phone, PETR).click()
    plus(phone, PETR).click()
    for page in (phone, early, late):
        shows(page, 10, 12)
        expect(page.get_by_text("победа", exact=True)).to_be_visible()
    for page in (early, late):
        expect(page.get_by_text(SECTION)).to_have_count(0)
        expect(page.locator(".result")).to_contain_text(PETR)
    assert [line for window in windows.opened for line in window.console] == []


def test_tennis_is_chosen_called_and_followed(windows: Windows, ours: int) -> None:
    phone = scorer(windows, f"/clubs/{ours}")
    phone.get_by_role("link", name="⚔️ Товарищеская партия").click()
    phone.get_by_label("Во что играем").select_option(label="Теннис, с преимуществом")
    expect(phone.get_by_text("Из семи")).to_be_hidden()
    choose(phone, IVAN, "Пет")
    expect(phone.locator("#found-b1").get_by_label(PETR)).to_be_checked()
    phone.get_by_role("button", name="Начать игру").click()
    plus(phone, IVAN).wait_for()
    spectator = windows.open(DESK).go(f"/clubs/{ours}")
    for called in ("15", "30", "40"):
        plus(phone, IVAN).click()
        for page in (phone, spectator):
            expect(page.locator(".a .points")).to_have_text(called)
    plus(phone, IVAN).click()
    expect(spectator.locator(".net")).to_contain_text("1:0")
    for page in (phone, spectator):
        shows(page, 0, 0)


def test_the_latest_point_is_given_to_the_other_and_back(windows: Windows, application: Flask, ours: int) -> None:
    number = started(application, ours, "AAB")
    spectator = windows.open(DESK).go(f"/clubs/{ours}")
    phone = scorer(windows, f"/matches/{number}/score")
    phone.get_by_role("link", name="Исправить, тайм-аут, подача").click()
    given = phone.get_by_role("button", name=f"Его выиграл {IVAN}")
    expect(given).to_be_visible()
    assert windows.opened[-1].accessibility_faults() == []
    given.click()
    for page in (phone, spectator):
        shows(page, 3, 0)
    phone.get_by_role("button", name="Отменить исправление").click()
    for page in (phone, spectator):
        shows(page, 2, 1)


def test_an_undo_in_time_keeps_the_match_where_it_is(windows: Windows, application: Flask, ours: int) -> None:
    number = started(application, ours, to_score(10, 4))
    spectator = windows.open(DESK).go(f"/clubs/{ours}")
    phone = scorer(windows, f"/matches/{number}/score")
    plus(phone, IVAN).click()
    expect(spectator.get_by_text("победа", exact=True)).to_be_visible()
    phone.get_by_role("button", name="Отменить очко").click()
    shows(spectator, 10, 4)
    expect(spectator.locator(".result")).to_have_count(0)
    expect(spectator.get_by_text(SECTION)).to_be_visible()


def test_an_end_taken_back_and_reached_again_leaves_all_the_same(
    windows: Windows, application: Flask, ours: int
) -> None:
    number = started(application, ours, to_score(10, 4))
    spectator = windows.open(DESK).go(f"/clubs/{ours}")
    phone = scorer(windows, f"/matches/{number}/score")
    for _ in range(2):
        plus(phone, IVAN).click()
        expect(spectator.get_by_text("победа", exact=True)).to_be_visible()
        phone.get_by_role("button", name="Отменить очко").click()
        shows(spectator, 10, 4)
    plus(phone, IVAN).click()
    expect(spectator.locator(".result")).to_contain_text(IVAN)
    expect(spectator.get_by_text(SECTION)).to_have_count(0)


def test_who_comes_after_the_end_never_sees_it_as_live(windows: Windows, application: Flask, ours: int) -> None:
    number = started(application, ours, to_score(10, 4))
    early = windows.open(DESK).go(f"/clubs/{ours}")
    shows(early, 10, 4)
    with application.app_context():
        ending = db.session.get_one(Match, number)
        play(ending, "A", ending.started_by, utc_now())
        db.session.commit()
    late = windows.open(DESK).go(f"/clubs/{ours}")
    expect(late.get_by_text("обновлено только что")).to_be_visible()
    with application.app_context():
        ended = db.session.get_one(Match, number)
        match(ended.club, ended.started_by, now=utc_now())
        db.session.commit()
    expect(late.locator("article")).to_have_count(1)
    expect(late.locator(f"#match-{number}-live")).to_have_count(0)
    shows(late, 0, 0)
    expect(early.locator(f"#match-{number}-live")).to_have_count(0)
    shows(early, 0, 0)


def test_without_scripts_the_score_is_kept_all_the_same(windows: Windows, ours: int) -> None:
    phone = scorer(windows, f"/clubs/{ours}", scripts=False)
    choose_and_start(phone)
    for name in (IVAN, IVAN, PETR):
        plus(phone, name).click()
    minus(phone, IVAN).click()
    shows(phone, 1, 1)
    phone.get_by_role("button", name="Вернуть очко").click()
    shows(phone, 2, 1)


def test_axe_finds_nothing(windows: Windows, application: Flask, ours: int) -> None:
    ended = started(application, ours, "A" * 11)
    with application.app_context():
        known = db.session.get_one(Match, ended).started_by
        goes_on = match(db.session.get_one(Club, ours), known, best_of=3, pairs=True)
        play(goes_on, "A" * 11 + "AB", known)
        db.session.commit()
        number = goes_on.id
    paths = [f"/clubs/{ours}", f"/clubs/{ours}/matches/new"]
    paths += [f"/matches/{each}{page}" for each in (ended, number) for page in ("", "/score")]
    window = windows.open(PHONE)
    window.sign_in("madina@tablo.example", PASSWORD)
    faults = []
    for path in paths:
        window.go(path)
        faults += [f"{path}: {fault}" for fault in window.accessibility_faults()]
    assert faults == []
