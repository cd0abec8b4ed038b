"""The scorer's phone in a real browser: nothing is counted twice or lost, and the scorer is known."""

from flask import Flask
from playwright.sync_api import Locator, Page, expect

from extensions import db
from models.club import Match, Remark
from rules.scoring.log import EntryKind, Side
from tests.browser.club import IVAN, PETR, counts, minus, name_table, plus, scorer, shows, started
from tests.support.browser import PHONE, Windows
from tests.support.players import NOW


def test_two_phones_on_one_match_stay_right(windows: Windows, application: Flask, playing: int) -> None:
    one = scorer(windows, f"/matches/{playing}/score")
    other = scorer(windows, f"/matches/{playing}/score", "ruslan")
    plus(one, IVAN).click()
    shows(other, 1, 0)
    plus(other, PETR).click()
    shows(one, 1, 1)
    counts(application, playing, 1, 1)


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
    counts(application, playing, 1, 1)


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
    counts(application, playing, 2, 0)


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
        expect(phone.locator(".undo-bar")).to_have_attribute("inert", "")
    counts(application, playing, 1, 1)


def test_beside_a_long_name_of_the_table_the_sign_of_freshness_is_not_cut(
    windows: Windows, application: Flask, playing: int
) -> None:
    name_table(application, playing, "Корт у окна")
    phone = scorer(windows, f"/matches/{playing}/score")
    sign = phone.locator(".fresh")
    expect(sign).to_have_text("обновлено только что")
    assert sign.evaluate("sign => sign.scrollWidth <= sign.clientWidth")


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
    counts(application, playing, 2, 1)


def test_after_the_point_that_wins_a_game_nobody_is_asked_about_it(
    windows: Windows, application: Flask, ours: int
) -> None:
    number = started(application, ours, "A" * 10, best_of=3)
    phone = scorer(windows, f"/matches/{number}/score")
    phone.evaluate("Object.defineProperty(Event.prototype, 'timeStamp', { get: () => 1 })")  # both at one moment
    plus(phone, IVAN).click()
    shows(phone, 0, 0)
    plus(phone, PETR).click()
    shows(phone, 0, 1)
    questions = phone.locator("[data-twice]")
    expect(questions).to_have_count(2)
    assert questions.filter(visible=True).count() == 0  # without waiting: a question goes by itself


def test_whose_serve_it_is_reaches_everybody_without_a_rally(
    windows: Windows, application: Flask, playing: int
) -> None:
    phone = scorer(windows, f"/matches/{playing}/score")
    watcher = windows.open().go(f"/matches/{playing}")
    for page in (phone, watcher):
        expect(page.locator(".a .serve")).to_contain_text("подача")
    with application.app_context():
        match = db.session.get_one(Match, playing)
        match.remark(Remark(EntryKind.ORDER, Side.B), "order", 0, match.started_by, NOW)
        db.session.commit()
    for page in (phone, watcher):
        expect(page.locator(".b .serve")).to_contain_text("подача")
        expect(page.locator(".a .serve")).to_have_text("")
        shows(page, 0, 0)


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
    expect(phone.locator(".scorer-board")).to_have_attribute("data-version", "3")
    phone.wait_for_function("told.at(-1) === 'ru: 1, 0'")
    assert "screen" in phone.evaluate("told")
    counts(application, playing, 1, 0)


def test_on_the_other_side_of_the_table_the_halves_and_the_keys_change_places_and_follow_the_players_if_asked(
    windows: Windows, application: Flask, ours: int
) -> None:
    ending = started(application, ours, "A" * 10 + "B", best_of=3)
    phone = scorer(windows, f"/matches/{ending}/score")
    phone.get_by_role("button", name="Поменять половины").click()
    phone.reload()
    expect(phone.get_by_role("button", name="Поменять половины")).to_have_attribute("aria-pressed", "true")
    assert stands_left_of(plus(phone, PETR), plus(phone, IVAN))
    assert stands_left_of(phone.locator(".b .points"), phone.locator(".a .points"))
    phone.keyboard.press("ArrowRight")
    shows(phone, 0, 0)
    assert stands_left_of(plus(phone, PETR), plus(phone, IVAN))
    phone.get_by_role("button", name="Менять и половины").click()
    assert stands_left_of(plus(phone, IVAN), plus(phone, PETR))
    phone.keyboard.press("ArrowDown")
    shows(phone, 10, 1)
    assert stands_left_of(plus(phone, PETR), plus(phone, IVAN))
    tapped_by_key(phone, "ArrowRight")
    expect(phone.get_by_text("Половины поменялись вместе с игроками.")).to_be_visible()
    assert stands_left_of(plus(phone, IVAN), plus(phone, PETR))
    plus(phone, IVAN).evaluate("b => { document.dispatchEvent(new CustomEvent('halves:turned')); b.click(); }")
    phone.get_by_role("button", name="Не менять").click()
    phone.reload()
    shows(phone, 0, 0)
    assert stands_left_of(plus(phone, PETR), plus(phone, IVAN))
    tapped_by_key(phone, "ArrowLeft")
    shows(phone, 0, 1)
    expect(phone.locator(".scorer-board")).to_have_attribute("data-version", "15")
    counts(application, ending, 0, 1)


def tapped_by_key(phone: Page, key: str) -> None:
    """Taps by keyboard once no half is blocked, so that the tap counts."""
    expect(phone.locator(".tap[aria-disabled=true]")).to_have_count(0)
    phone.keyboard.press(key)


def stands_left_of(one: Locator, other: Locator) -> bool:
    left, right = one.bounding_box(), other.bounding_box()
    return left is not None and right is not None and left["x"] < right["x"]


def test_the_halves_are_big_and_nothing_scrolls_on_a_phone(windows: Windows, playing: int) -> None:
    phone = scorer(windows, f"/matches/{playing}/score")
    for name in (IVAN, PETR):
        box = plus(phone, name).bounding_box()
        assert box is not None
        assert box["width"] > 170
        assert box["height"] > 500
    assert phone.evaluate("document.documentElement.scrollHeight <= innerHeight")
