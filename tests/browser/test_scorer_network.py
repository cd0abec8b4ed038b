"""The scorer's phone on a bad network in a real browser: slow, lost, cut for long; no tap is lost or counted twice."""

from flask import Flask
from playwright.sync_api import Locator, Page, Route, expect

from extensions import db
from models.club import Match
from tests.browser.club import IVAN, PETR, counts, minus, name_table, plus, points_of, scorer, shows, started
from tests.support.browser import PHONE, Windows
from tests.support.people import PASSWORD
from tests.support.players import play
from tests.support.server import Server


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
    expect(phone.get_by_text("подача 2 из 2")).to_be_hidden()  # now it is Petr's, which the server alone knows
    assert windows.opened[0].console == []
    counts(application, playing, 1, 0)
    phone.context.set_offline(False)
    expect(phone.get_by_text("не отправлено")).to_be_hidden()
    expect(phone.locator(".scorer-board")).to_have_attribute("data-version", "3")
    shows(phone, 2, 1)
    expect(phone.locator(".shown.b .serve")).to_have_text("подача 2 из 2")
    expect(phone.get_by_text("подача 2 из 2")).to_be_visible()
    counts(application, playing, 2, 1)


def test_beside_unsent_taps_no_button_of_the_bar_leaves_the_phone(
    windows: Windows, application: Flask, playing: int
) -> None:
    name_table(application, playing, "Корт у окна")
    phone = tapped_without_network(windows, playing)
    assert phone.locator("#voice").evaluate("button => button.getBoundingClientRect().right <= innerWidth")


def test_the_tenth_point_fits_its_half_without_network_too(windows: Windows, application: Flask, ours: int) -> None:
    phone = scorer(windows, f"/matches/{started(application, ours, 'A' * 9)}/score")
    phone.context.set_offline(True)
    plus(phone, IVAN).click()
    shows(phone, 10, 0)
    figure = phone.locator(".figures .a .points").evaluate("""figure => {
        const text = document.createRange();
        text.selectNodeContents(figure);
        return [text.getBoundingClientRect().right, figure.closest(".shown").getBoundingClientRect().right];
    }""")
    assert figure[0] <= figure[1]


def undo_of(phone: Page, name: str, makes: str) -> Locator:
    """The undo button, which says whose point it takes back and what the score becomes."""
    expect(phone.locator(".undo-words small")).to_have_text(makes)
    return phone.get_by_role("button", name=f"Отменить очко: {name}")


def test_without_network_undo_takes_back_the_tap_that_it_names(
    windows: Windows, application: Flask, playing: int
) -> None:
    phone = scorer(windows, f"/matches/{playing}/score")
    plus(phone, IVAN).click()
    expect(phone.locator(".scorer-board")).to_have_attribute("data-version", "1")
    phone.context.set_offline(True)
    phone.wait_for_function("!navigator.onLine")
    plus(phone, PETR).click()
    undo_of(phone, PETR, "станет 1:0").click()
    shows(phone, 1, 0)
    undo_of(phone, IVAN, "станет 0:0").click()
    expect(phone.get_by_role("button", name="Отменить последнее")).to_be_visible()
    phone.context.set_offline(False)
    expect(phone.get_by_role("button", name="Отменять пока нечего")).to_be_visible()
    shows(phone, 0, 0)
    assert points_of(application, playing) == (0, 0)


def test_without_network_a_point_taken_off_comes_back_by_undo(
    windows: Windows, application: Flask, playing: int
) -> None:
    phone = tapped_without_network(windows, playing)
    minus(phone, PETR).click()
    shows(phone, 2, 0)
    phone.get_by_role("button", name=f"Вернуть очко: {PETR}").click()
    shows(phone, 2, 1)
    undo_of(phone, IVAN, "станет 1:1").click()
    shows(phone, 1, 1)
    phone.context.set_offline(False)
    expect(phone.get_by_text("не отправлено")).to_be_hidden()
    expect(phone.locator(".scorer-board")).to_have_attribute("data-version", "6")
    shows(phone, 1, 1)
    counts(application, playing, 1, 1)


def tapped_without_network(windows: Windows, playing: int) -> Page:
    """A scorer's phone with three unsent points: Ivan's, Petr's and Ivan's again."""
    phone = scorer(windows, f"/matches/{playing}/score")
    phone.context.set_offline(True)
    phone.wait_for_function("!navigator.onLine")
    for name in (IVAN, PETR, IVAN):
        plus(phone, name).click()
    expect(phone.get_by_text("не отправлено: 3")).to_be_visible()
    return phone


def test_taps_without_network_outlive_the_page_they_were_made_on(
    windows: Windows, application: Flask, playing: int
) -> None:
    phone = tapped_without_network(windows, playing)
    phone.goto("about:blank")
    phone.context.set_offline(False)
    assert points_of(application, playing) == (0, 0)
    windows.opened[0].go(f"/matches/{playing}/score")
    expect(phone.locator(".scorer-board")).to_have_attribute("data-version", "3")
    shows(phone, 2, 1)
    counts(application, playing, 2, 1)
    windows.opened[0].go(f"/matches/{playing}/score")
    shows(phone, 2, 1)


def test_what_was_tapped_without_network_while_another_phone_scored_is_named_and_not_counted(
    windows: Windows, application: Flask, playing: int
) -> None:
    phone = tapped_without_network(windows, playing)
    with application.app_context():
        meanwhile = db.session.get_one(Match, playing)
        play(meanwhile, "B", meanwhile.started_by)
        db.session.commit()
    phone.context.set_offline(False)
    expect(phone.get_by_text("Уже засчитано: Somebody")).to_be_visible()
    expect(phone.get_by_text(f"Не засчитаны и следующие: +1 {PETR}, +1 {IVAN}.")).to_be_visible()
    expect(phone.get_by_text("не отправлено")).to_be_hidden()
    shows(phone, 0, 1)
    counts(application, playing, 0, 1)


def test_a_tap_for_a_match_that_ended_meanwhile_is_refused_with_the_reason(
    windows: Windows, application: Flask, ours: int
) -> None:
    ending = started(application, ours, "A" * 10)
    phone = scorer(windows, f"/matches/{ending}/score")
    phone.context.set_offline(True)
    phone.wait_for_function("!navigator.onLine")
    plus(phone, PETR).click()
    expect(phone.get_by_text("не отправлено: 1")).to_be_visible()
    with application.app_context():
        meanwhile = db.session.get_one(Match, ending)
        play(meanwhile, "A", meanwhile.started_by)
        db.session.commit()
    phone.context.set_offline(False)
    expect(phone.get_by_role("alert").filter(has_text="Уже засчитано: Somebody")).to_be_visible()
    expect(phone.get_by_role("button", name="Это другое")).to_have_count(0)
    expect(phone.get_by_text("не отправлено")).to_be_hidden()
    shows(phone, 11, 0)
    counts(application, ending, 11, 0)


def waits(phone: Page, until: str) -> None:
    """Waits for an asynchronous condition."""
    assert phone.evaluate(f"""async () => {{
        for (let look = 0; look < 300; look++) {{
            if (await (async () => {until})()) return true;
            await new Promise((go) => setTimeout(go, 100));
        }}
    }}""")


def kept(phone: Page) -> Page:
    """The phone, once it can open its page offline."""
    waits(phone, "await caches.has(location.pathname) && (await (await caches.open(location.pathname)).keys()).length")
    waits(phone, "(await navigator.serviceWorker.ready).active !== null")
    return phone


def forgets(phone: Page) -> None:
    """Waits until nothing of any scorer's page is stored on this phone."""
    waits(phone, "(await navigator.serviceWorker.getRegistrations()).length === 0")
    waits(phone, "(await caches.keys()).length === 0")
    waits(phone, "Object.keys(localStorage).every((key) => key === 'signed out')")


def test_the_page_comes_back_without_network_with_the_score_and_scores_on(
    windows: Windows, application: Flask, playing: int
) -> None:
    phone = kept(scorer(windows, f"/matches/{playing}/score"))
    for name, version in ((IVAN, "1"), (PETR, "2")):
        plus(phone, name).click()
        expect(phone.locator(".scorer-board")).to_have_attribute("data-version", version)
    phone.context.set_offline(True)
    phone.wait_for_function("!navigator.onLine")
    plus(phone, IVAN).click()
    expect(phone.get_by_text("не отправлено: 1")).to_be_visible()
    phone.reload()
    shows(phone, 2, 1)
    plus(phone, PETR).click()
    phone.goto("about:blank")
    windows.opened[0].go(f"/matches/{playing}/score")
    shows(phone, 2, 2)
    plus(phone, IVAN).click()
    expect(phone.get_by_text("не отправлено: 3")).to_be_visible()
    counts(application, playing, 1, 1)
    phone.context.set_offline(False)
    expect(phone.locator(".scorer-board")).to_have_attribute("data-version", "5")
    shows(phone, 3, 2)
    counts(application, playing, 3, 2)
    phone.context.clear_cookies()
    windows.opened[0].go(f"/matches/{playing}/score")
    expect(phone.get_by_role("heading", name="Вход")).to_be_visible()
    forgets(phone)


def test_the_last_point_outlives_a_killed_server_and_with_the_match_the_page_is_forgotten(
    windows: Windows, application: Flask, server: Server, ours: int
) -> None:
    ending = started(application, ours, "A" * 10)
    phone = kept(scorer(windows, f"/matches/{ending}/score"))
    server.kill()
    phone.reload()
    plus(phone, IVAN).click()
    expect(phone.get_by_text("не отправлено: 1")).to_be_visible()
    phone.reload()
    shows(phone, 11, 0)
    server.start()
    expect(phone.get_by_role("heading", name=f"Победа: {IVAN}")).to_be_visible()
    forgets(phone)
    counts(application, ending, 11, 0)


def test_a_server_that_restarts_between_two_taps_forgets_neither_the_score_nor_the_way_back(
    windows: Windows, application: Flask, server: Server, playing: int
) -> None:
    phone = scorer(windows, f"/matches/{playing}/score")
    plus(phone, IVAN).click()
    plus(phone, PETR).click()
    expect(phone.locator(".scorer-board")).to_have_attribute("data-version", "2")
    server.kill()
    server.start()
    plus(phone, IVAN).click()
    shows(phone, 2, 1)
    undo_of(phone, IVAN, "станет 1:1").click()
    undo_of(phone, PETR, "станет 1:0").click()
    shows(phone, 1, 0)
    expect(phone.locator(".scorer-board")).to_have_attribute("data-version", "5")
    counts(application, playing, 1, 0)


def test_on_a_slow_network_nobody_is_asked_about_a_point_that_may_have_won_the_game(
    windows: Windows, application: Flask, ours: int
) -> None:
    number = started(application, ours, "A" * 9, best_of=3)
    phone = scorer(windows, f"/matches/{number}/score")
    phone.route("**/rallies", lambda route: None)
    phone.evaluate("Object.defineProperty(Event.prototype, 'timeStamp', { get: () => 1 })")  # all at one moment
    questions = phone.locator("[data-twice]")
    expect(questions).to_have_count(2)
    for name in (IVAN, IVAN, PETR):
        tapped(phone, name)
    shows(phone, 11, 1)
    assert questions.filter(visible=True).count() == 0  # without waiting: a question goes by itself
    phone.unroute("**/rallies")  # and what waited goes on
    shows(phone, 0, 1)
    assert questions.filter(visible=True).count() == 0  # without waiting: a question goes by itself


def test_a_game_point_that_waits_for_its_answer_is_not_asked_about(
    windows: Windows, application: Flask, ours: int
) -> None:
    number = started(application, ours, "A" * 10, best_of=3)
    phone = scorer(windows, f"/matches/{number}/score")
    phone.route("**/rallies", lambda route: None)
    phone.evaluate("Object.defineProperty(Event.prototype, 'timeStamp', { get: () => 1 })")
    questions = phone.locator("[data-twice]")
    tapped(phone, IVAN)
    tapped(phone, PETR)
    shows(phone, 11, 1)
    expect(questions).to_have_count(2)
    assert questions.filter(visible=True).count() == 0  # without waiting: a question goes by itself
    phone.unroute("**/rallies")  # and what waited goes on
    shows(phone, 0, 1)


def test_on_a_slow_network_a_slip_to_the_other_side_is_still_asked_about(windows: Windows, playing: int) -> None:
    phone = scorer(windows, f"/matches/{playing}/score")
    phone.route("**/rallies", lambda route: None)
    phone.evaluate("Object.defineProperty(Event.prototype, 'timeStamp', { get: () => 1 })")
    tapped(phone, IVAN)
    tapped(phone, PETR)
    expect(phone.get_by_role("button", name=f"Да, только {PETR}")).to_be_visible()
    phone.unroute_all(behavior="ignoreErrors")


def tapped(phone: Page, name: str) -> None:
    """Taps once this half is no longer blocked by the tap before."""
    expect(plus(phone, name)).not_to_have_attribute("aria-disabled", "true")
    plus(phone, name).click()


def test_two_tabs_of_one_scorer_are_one_scorer(windows: Windows, application: Flask, playing: int) -> None:
    one = scorer(windows, f"/matches/{playing}/score")
    other = one.context.new_page()
    other.goto(one.url)
    plus(one, IVAN).click()
    shows(other, 1, 0)
    plus(other, PETR).click()
    shows(one, 1, 1)
    one.context.set_offline(True)
    one.wait_for_function("!navigator.onLine")
    plus(one, IVAN).click()
    expect(one.get_by_text("не отправлено: 1")).to_be_visible()
    one.context.set_offline(False)
    for tab in (one, other):
        expect(tab.locator(".scorer-board")).to_have_attribute("data-version", "3")
        shows(tab, 2, 1)
        expect(tab.get_by_text("Счёт ведёт")).to_be_hidden()
    counts(application, playing, 2, 1)


def test_a_phone_whose_clock_is_years_slow_scores_in_the_order_of_the_taps(
    windows: Windows, application: Flask, playing: int
) -> None:
    late, right = (scorer(windows, f"/matches/{playing}/score", name) for name in ("madina", "ruslan"))
    late.clock.set_fixed_time(0)
    for phone, name, version in ((right, IVAN, 1), (late, PETR, 2), (right, IVAN, 3), (late, PETR, 4)):
        plus(phone, name).click()
        for each in (late, right):
            expect(each.locator(".scorer-board")).to_have_attribute("data-version", str(version))
    with application.app_context():
        match = db.session.get_one(Match, playing)
        assert [line.side for line in match.log] == ["A", "B", "A", "B"]
        assert sorted(line.at for line in match.log) == [line.at for line in match.log]


def test_taps_of_an_hour_without_network_arrive_in_order(windows: Windows, application: Flask, playing: int) -> None:
    window = windows.open(PHONE)
    window.page.clock.install()
    window.sign_in("madina@tablo.example", PASSWORD)
    phone = window.go(f"/matches/{playing}/score")
    expect(phone.locator("[data-fresh]")).to_have_text("обновлено только что")
    phone.context.set_offline(True)
    phone.wait_for_function("!navigator.onLine")
    for name in (IVAN, IVAN, PETR, IVAN):
        tapped(phone, name)
        phone.clock.fast_forward("15:00")
    expect(phone.get_by_text("не отправлено: 4")).to_be_visible()
    shows(phone, 3, 1)
    phone.context.set_offline(False)
    phone.clock.fast_forward("00:30")
    expect(phone.locator(".scorer-board")).to_have_attribute("data-version", "4")
    shows(phone, 3, 1)
    expect(phone.get_by_text("не отправлено")).to_be_hidden()
    counts(application, playing, 3, 1)


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


def test_a_tab_overwrites_no_unsent_tap_of_another(windows: Windows, application: Flask, playing: int) -> None:
    one = kept(scorer(windows, f"/matches/{playing}/score"))
    other = one.context.new_page()
    other.goto(one.url)
    one.context.set_offline(True)
    for tab, name in ((one, IVAN), (other, PETR)):
        tab.wait_for_function("!navigator.onLine")
        plus(tab, name).click()
        expect(tab.get_by_text("не отправлено: 1")).to_be_visible()
    other.close()
    one.reload()
    expect(one.get_by_text("не отправлено: 2")).to_be_visible()
    one.context.set_offline(False)
    expect(one.get_by_text("Уже засчитано")).to_be_visible()
    counts(application, playing, 1, 0)
    one.get_by_role("button", name="Это другое").click()
    shows(one, 1, 1)
    counts(application, playing, 1, 1)
