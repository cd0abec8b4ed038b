"""The scorer's thumb in a real browser: touch, vibration, the screen's light, undo of any depth, the next match."""

from flask import Flask
from playwright.sync_api import Page, expect

from extensions import db
from models.club import Match
from tests.browser.club import IVAN, PETR, counts, plus, shows, started
from tests.support.browser import DESK, PHONE, Windows
from tests.support.people import PASSWORD

NOTES_FEELS = """
window.felt = [];
Navigator.prototype.vibrate = (pattern) => felt.push(String(pattern));
"""
NOTES_LIGHT = """
window.lit = [];
const sentinel = { released: false, release: () => lit.push("off") };
WakeLock.prototype.request = async () => { lit.push("on"); return sentinel; };
"""
REFUSES_LIGHT = "WakeLock.prototype.request = () => Promise.reject(new Error('the battery is low'));"


def thumb(windows: Windows, number: int, script: str = "") -> Page:
    """Madina's phone with a touch screen, on which this script runs first."""
    window = windows.open(PHONE, touch=True)
    window.page.add_init_script(script)
    window.sign_in("madina@tablo.example", PASSWORD)
    return window.go(f"/matches/{number}/score")


def test_a_thumb_counts_on_a_half_not_between_them_and_not_twice_at_once(
    windows: Windows, application: Flask, playing: int
) -> None:
    phone = thumb(windows, playing, NOTES_FEELS)
    phone.clock.install()
    phone.clock.pause_at(phone.evaluate("Date.now() / 1000 + 1"))
    plus(phone, IVAN).tap()
    plus(phone, IVAN).tap(force=True)
    shows(phone, 1, 0)
    expect(phone.locator(".half-cell.a.is-shaken")).to_be_attached()
    between = phone.locator(".dead").bounding_box()
    assert between is not None
    phone.touchscreen.tap(between["x"] + between["width"] / 2, between["y"] + between["height"] / 2)
    phone.clock.run_for(700)
    plus(phone, IVAN).tap()
    shows(phone, 2, 0)
    assert phone.evaluate("felt") == ["20", "15,50,15", "20"]
    expect(phone.locator(".scorer-board")).to_have_attribute("data-version", "2")
    counts(application, playing, 2, 0)


def test_the_screen_stays_lit_from_the_first_tap_to_the_last_point_which_is_felt(
    windows: Windows, application: Flask, ours: int
) -> None:
    phone = thumb(windows, started(application, ours, "A" * 9), NOTES_LIGHT + NOTES_FEELS)
    expect(phone.get_by_role("button", name=f"Отменить очко: {IVAN}")).to_be_visible()
    assert phone.evaluate("lit") == []
    plus(phone, IVAN).tap()
    shows(phone, 10, 0)
    phone.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(plus(phone, IVAN)).not_to_have_attribute("aria-disabled", "true")
    plus(phone, IVAN).tap()
    expect(phone.get_by_role("heading", name=f"Победа: {IVAN}")).to_be_visible()
    assert phone.evaluate("lit")[:2] == ["on", "off"]
    assert phone.evaluate("felt") == ["20", "20", "250"]
    expect(phone.get_by_label("Экран может погаснуть")).to_be_hidden()


def test_a_phone_that_may_go_dark_says_so(windows: Windows, playing: int) -> None:
    phone = thumb(windows, playing, REFUSES_LIGHT)
    plus(phone, IVAN).tap()
    expect(phone.get_by_label("Экран может погаснуть")).to_be_visible()


def test_undo_goes_back_across_games_and_over_the_end(windows: Windows, application: Flask, ours: int) -> None:
    number = started(application, ours, "A" * 11 + "B" + "A" * 10, best_of=3)
    phone = thumb(windows, number)
    watcher = windows.open(DESK).go(f"/matches/{number}")
    plus(phone, IVAN).tap()
    for page in (phone, watcher):
        expect(page.get_by_text("победа", exact=True)).to_be_visible()
    for left in range(10, -1, -1):
        phone.get_by_role("button", name=f"Отменить очко: {IVAN}").tap()
        shows(phone, left, 1)
    phone.get_by_role("button", name=f"Отменить очко: {PETR}").tap()
    shows(phone, 0, 0)
    phone.get_by_role("button", name=f"Отменить очко: {IVAN}").tap()
    for page in (phone, watcher):
        shows(page, 10, 0)
    plus(phone, IVAN).tap()
    expect(phone.locator(".totals")).to_contain_text("1:0")
    expect(phone.get_by_text("Смена сторон")).to_be_visible()
    with application.app_context():
        assert db.session.get_one(Match, number).state.games == ((11, 0),)


def test_a_rematch_is_two_taps_away_with_sides_changed(windows: Windows, application: Flask, ours: int) -> None:
    phone = thumb(windows, started(application, ours, "A" * 11))
    phone.get_by_role("link", name="Ещё партию, стороны наоборот").tap()
    phone.get_by_role("button", name="Начать игру").tap()
    expect(phone.locator(".figures .a .side-name")).to_contain_text(PETR)
    expect(phone.locator(".figures .b .side-name")).to_contain_text(IVAN)
    plus(phone, PETR).tap()
    shows(phone, 1, 0)


def test_the_media_keys_of_headphones_score_and_the_score_is_spoken_in_kazakh(
    windows: Windows, application: Flask, playing: int
) -> None:
    window = windows.open(PHONE)
    window.go("/sign-in").get_by_role("button", name="Қазақша").click()
    window.sign_in("madina@tablo.example", PASSWORD)
    phone = window.go(f"/matches/{playing}/score")
    tell = "({ text, lang }) => { document.body.dataset.told = `${lang}: ${text}`; }"
    phone.evaluate(f"() => {{ speechSynthesis.speak = {tell}; }}")
    phone.locator("#voice").click()
    for key, score in (("MediaTrackPrevious", (1, 0)), ("MediaTrackNext", (1, 1)), ("MediaPlayPause", (1, 0))):
        phone.keyboard.press(key)
        shows(phone, *score)
    expect(phone.locator("body")).to_have_attribute("data-told", "kk: 1, 0")
    expect(phone.locator(".scorer-board")).to_have_attribute("data-version", "3")
    counts(application, playing, 1, 0)


def test_an_old_rally_is_put_right_after_a_look_at_what_changes(
    windows: Windows, application: Flask, ours: int
) -> None:
    number = started(application, ours, "AB" * 9 + "AA")
    phone = thumb(windows, number)
    watcher = windows.open(DESK).go(f"/clubs/{ours}")
    expect(watcher.locator(".result")).to_contain_text(IVAN)
    phone.get_by_role("link", name="Ход партии").tap()
    phone.get_by_role("link", name="Исправить розыгрыш").tap()
    phone.get_by_role("link", name=f"Розыгрыш 3, {IVAN}: 2:1").tap()
    way = phone.locator(".way").filter(has_text=f"Очко выиграл {PETR}")
    expect(way).to_contain_text("станет 10:10")
    expect(way).to_contain_text("Партия продолжится.")
    way.tap()
    phone.get_by_label("Почему исправляем").fill("ошиблись стороной")
    phone.get_by_role("button", name="Исправить").tap()
    expect(phone.locator(".figures .b .points")).to_have_text("10")
    expect(watcher.locator(".result")).to_have_count(0)
    for page in (phone, watcher):
        shows(page, 10, 10)
    expect(phone.get_by_role("button", name="Отменить исправление")).to_be_visible()
