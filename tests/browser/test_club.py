"""The club in real browsers: one taps, the others watch, and everybody sees the same."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, Route, expect

from extensions import db
from models.accounts import Role
from models.base import utc_now
from models.club import Club, Match
from tests.support.browser import DESK, PHONE, Window, Windows
from tests.support.people import PASSWORD, club_house, person
from tests.support.players import club, match, play, to_score

IVAN, PETR = "Иван Иванов", "Петр Петров"
SECTION = "🔴 Идет товарищеская партия"


@pytest.fixture
def ours(application: Flask) -> int:
    """A public club whose scorer is Madina; its number."""
    with application.app_context():
        house = club_house()
        person("Madina", Role.SCORER, house)
        person("Ruslan", Role.SCORER, house)
        number = club(house).id
        db.session.commit()
        return number


@pytest.fixture
def playing(application: Flask, ours: int) -> int:
    """Иван against Петр at nothing; the number of the match."""
    return started(application, ours, "")


def started(application: Flask, club_id: int, rallies: str, best_of: int = 1) -> int:
    with application.app_context():
        of = db.session.get_one(Club, club_id)
        scorer = person("Somebody", Role.SCORER, of.organization)
        begun = match(of, scorer, best_of=best_of)
        play(begun, rallies, scorer)
        db.session.commit()
        return begun.id


def points_of(application: Flask, number: int) -> tuple[int, int]:
    with application.app_context():
        found = db.session.get_one(Match, number)
        return found.points_a, found.points_b


def scorer(windows: Windows, path: str, name: str = "madina", *, scripts: bool = True) -> Page:
    """A scorer's phone."""
    window = windows.open(PHONE, scripts=scripts)
    window.sign_in(f"{name}@tablo.example", PASSWORD)
    return window.go(path)


def plus(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=f"+1 {name}", exact=True)


def minus(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=f"-1 {name}", exact=True)


def shows(page: Page, a: int, b: int) -> None:
    """Waits until the score on this page is a:b, whichever page it is."""
    expect(page.locator(".a .points")).to_have_text(str(a))
    expect(page.locator(".b .points")).to_have_text(str(b))


def choose(page: Page, first: str, second: str) -> None:
    """By what is at hand for the one, and by name for the other."""
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
    assert windows.opened[-1].accessibility_faults() == []
    phone.get_by_role("button", name=f"Его выиграл {IVAN}").click()
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


def test_two_phones_on_one_match_stay_right(windows: Windows, application: Flask, playing: int) -> None:
    one = scorer(windows, f"/matches/{playing}/score")
    other = scorer(windows, f"/matches/{playing}/score", "ruslan")
    plus(one, IVAN).click()
    shows(other, 1, 0)
    plus(other, PETR).click()
    shows(one, 1, 1)
    assert points_of(application, playing) == (1, 1)


def test_a_second_phone_sees_who_keeps_the_score_and_takes_over(
    windows: Windows, application: Flask, playing: int
) -> None:
    one = scorer(windows, f"/matches/{playing}/score")
    other = scorer(windows, f"/matches/{playing}/score", "ruslan")
    plus(one, IVAN).click()
    expect(other.get_by_text("Счёт ведёт Madina")).to_be_visible()
    expect(one.get_by_text("Счёт ведёт")).to_be_hidden()
    plus(other, PETR).click()
    shows(one, 1, 1)
    other.get_by_role("button", name="Вести мне").click()
    expect(one.get_by_text("Счёт ведёт Ruslan")).to_be_visible()
    expect(other.get_by_text("Счёт ведёт")).to_be_hidden()
    assert points_of(application, playing) == (1, 1)


def test_a_rally_tapped_on_two_phones_is_asked_about(windows: Windows, application: Flask, playing: int) -> None:
    one = scorer(windows, f"/matches/{playing}/score", scripts=False)
    other = scorer(windows, f"/matches/{playing}/score", "ruslan", scripts=False)
    plus(one, IVAN).click()
    shows(one, 1, 0)
    plus(other, IVAN).click()
    expect(other.get_by_text("Уже засчитано: Madina")).to_be_visible()
    shows(other, 1, 0)
    other.get_by_role("button", name="Это другое").click()
    shows(other, 2, 0)
    assert points_of(application, playing) == (2, 0)


def test_a_phone_without_an_account_scores_by_link_until_it_is_taken_back(
    windows: Windows, application: Flask, playing: int
) -> None:
    madina = scorer(windows, f"/matches/{playing}/score")
    madina.get_by_role("link", name="Исправить, тайм-аут, подача").click()
    madina.get_by_role("link", name="Счёт с другого телефона").click()
    madina.get_by_role("button", name="Создать ссылку").click()
    link = madina.get_by_role("link", name="Ссылка на эту партию").get_attribute("href")
    code = madina.locator(".pass-code").inner_text()
    assert link is not None
    assert windows.opened[0].accessibility_faults() == []
    by_link, by_code = (windows.open(PHONE) for _ in range(2))
    one, two = by_link.page, by_code.go("/score")
    one.goto(link)
    two.get_by_label("Код с экрана судьи").fill(code)
    two.get_by_role("button", name="Открыть партию").click()
    plus(one, IVAN).click()
    shows(two, 1, 0)
    plus(two, PETR).click()
    shows(one, 1, 1)
    madina.get_by_role("button", name="Закрыть ссылку").click()
    for phone in (one, two):
        expect(phone.get_by_text("Ссылка больше не действует.")).to_be_visible()
    assert points_of(application, playing) == (1, 1)


def test_a_tap_without_network_shows_waits_and_counts_once(windows: Windows, application: Flask, playing: int) -> None:
    phone = scorer(windows, f"/matches/{playing}/score")
    plus(phone, IVAN).click()
    expect(phone.locator(".scorer-board")).to_have_attribute("data-version", "1")
    phone.context.set_offline(True)
    phone.wait_for_function("!navigator.onLine")
    plus(phone, IVAN).click()
    plus(phone, PETR).click()
    shows(phone, 2, 1)
    expect(phone.get_by_text("не отправлено: 2")).to_be_visible()
    assert windows.opened[0].console == []
    assert points_of(application, playing) == (1, 0)
    phone.context.set_offline(False)
    expect(phone.get_by_text("не отправлено")).to_be_hidden()
    expect(phone.locator(".scorer-board")).to_have_attribute("data-version", "3")
    shows(phone, 2, 1)
    assert points_of(application, playing) == (2, 1)


def test_taps_without_network_outlive_the_page_they_were_made_on(
    windows: Windows, application: Flask, playing: int
) -> None:
    phone = scorer(windows, f"/matches/{playing}/score")
    phone.context.set_offline(True)
    phone.wait_for_function("!navigator.onLine")
    for name in (IVAN, PETR, IVAN):
        plus(phone, name).click()
    expect(phone.get_by_text("не отправлено: 3")).to_be_visible()
    phone.goto("about:blank")
    phone.context.set_offline(False)
    assert points_of(application, playing) == (0, 0)
    windows.opened[0].go(f"/matches/{playing}/score")
    expect(phone.locator(".scorer-board")).to_have_attribute("data-version", "3")
    shows(phone, 2, 1)
    assert points_of(application, playing) == (2, 1)
    windows.opened[0].go(f"/matches/{playing}/score")
    shows(phone, 2, 1)


def test_a_finger_that_taps_twice_counts_once_and_a_slip_to_the_other_side_is_asked_about(
    windows: Windows, application: Flask, playing: int
) -> None:
    phone = scorer(windows, f"/matches/{playing}/score")
    plus(phone, IVAN).evaluate("button => { button.click(); button.click(); }")
    shows(phone, 1, 0)
    plus(phone, IVAN).click()
    shows(phone, 2, 0)
    expect(plus(phone, IVAN)).not_to_have_attribute("aria-disabled", "true")
    plus(phone, PETR).evaluate("(b, a) => { a.click(); b.click(); }", plus(phone, IVAN).element_handle())
    shows(phone, 3, 1)
    phone.get_by_role("button", name=f"Да, только {PETR}").click()
    shows(phone, 2, 1)
    for question in phone.get_by_text("Это был один розыгрыш?").all():
        expect(question).to_be_hidden()
    expect(phone.locator(".scorer-board")).to_have_attribute("data-version", "5")
    assert points_of(application, playing) == (2, 1)


def test_an_answer_that_was_lost_is_asked_for_again_and_counts_once(
    windows: Windows, application: Flask, playing: int
) -> None:
    phone = scorer(windows, f"/matches/{playing}/score")
    lost: list[int] = []

    def lose_the_first_answer(route: Route) -> None:
        answer = route.fetch()
        lost.append(answer.status)
        route.abort() if len(lost) == 1 else route.fulfill(response=answer)

    phone.route("**/rallies", lose_the_first_answer)
    plus(phone, IVAN).click()
    expect(phone.get_by_text("не отправлено: 1")).to_be_visible()
    expect(phone.get_by_text("не отправлено")).to_be_hidden()
    shows(phone, 1, 0)
    assert (lost, points_of(application, playing)) == ([200, 200], (1, 0))


def test_without_scripts_the_score_is_kept_all_the_same(windows: Windows, ours: int) -> None:
    phone = scorer(windows, f"/clubs/{ours}", scripts=False)
    choose_and_start(phone)
    for name in (IVAN, IVAN, PETR):
        plus(phone, name).click()
    minus(phone, IVAN).click()
    shows(phone, 1, 1)
    phone.get_by_role("button", name="Отменить очко").click()
    shows(phone, 1, 0)


def test_a_game_is_scored_by_keyboard_alone(windows: Windows, application: Flask, playing: int) -> None:
    phone = scorer(windows, f"/matches/{playing}/score")
    plus(phone, IVAN).focus()
    phone.keyboard.press("Enter")
    shows(phone, 1, 0)
    phone.keyboard.press("Tab")
    expect(minus(phone, IVAN)).to_be_focused()
    phone.keyboard.press("Tab")
    phone.keyboard.press("Space")
    shows(phone, 1, 1)
    expect(plus(phone, PETR)).to_be_focused()


def test_a_button_taped_to_the_table_scores_aloud_and_keeps_the_screen_lit(
    windows: Windows, application: Flask, playing: int
) -> None:
    phone = scorer(windows, f"/matches/{playing}/score")
    phone.evaluate("""() => {
        window.told = [];
        speechSynthesis.speak = ({ text, lang }) => told.push(`${lang}: ${text}`);
        navigator.wakeLock.request = async (what) => { told.push(what); return { release() {} }; };
    }""")
    phone.get_by_role("button", name="Говорить счёт вслух").click()
    phone.keyboard.press("ArrowLeft")
    shows(phone, 1, 0)
    phone.keyboard.press("PageDown")
    shows(phone, 1, 1)
    phone.keyboard.press("Backspace")
    shows(phone, 1, 0)
    phone.wait_for_function("told.at(-1) === 'ru: 1, 0'")
    assert "screen" in phone.evaluate("told")
    assert points_of(application, playing) == (1, 0)


def test_the_halves_are_big_and_nothing_scrolls_on_a_phone(windows: Windows, playing: int) -> None:
    phone = scorer(windows, f"/matches/{playing}/score")
    for name in (IVAN, PETR):
        box = plus(phone, name).bounding_box()
        assert box is not None
        assert box["width"] > 170
        assert box["height"] > 500
    assert phone.evaluate("document.documentElement.scrollHeight <= innerHeight")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(windows: Windows, application: Flask, ours: int, theme: str) -> None:
    ended = started(application, ours, "A" * 11)
    with application.app_context():
        known = db.session.get_one(Match, ended).started_by
        goes_on = match(db.session.get_one(Club, ours), known, best_of=3, pairs=True)
        play(goes_on, "A" * 11 + "AB", known)
        db.session.commit()
        number = goes_on.id
    paths = [f"/clubs/{ours}", f"/clubs/{ours}/matches/new"]
    paths += [f"/matches/{each}{page}" for each in (ended, number) for page in ("", "/score")]
    window: Window = windows.open(PHONE, theme="dark" if theme == "dark" else "light")
    window.sign_in("madina@tablo.example", PASSWORD)
    faults = []
    for path in paths:
        window.go(path)
        faults += [f"{path}: {fault}" for fault in window.accessibility_faults()]
    assert faults == []
