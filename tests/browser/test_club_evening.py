"""A club's evening in real browsers: who may score, what spectators see, abandoned matches, ratings, files."""

import csv
from datetime import timedelta

from flask import Flask
from playwright.sync_api import expect

from extensions import db
from models.accounts import Role
from models.base import utc_now
from models.club import Club, Court, Match
from models.club.idling import ASK_AFTER
from tests.browser.club import IVAN, PETR, counts, plus, scorer, shows, started
from tests.support.browser import DESK, PHONE, TELEVISION, Windows
from tests.support.people import person
from tests.support.players import match, play, player, to_score


def test_ivan_scores_his_own_match_and_no_other(windows: Windows, application: Flask, ours: int) -> None:
    own = started(application, ours, "")
    with application.app_context():
        of = db.session.get_one(Club, ours)
        player(of, IVAN).user_id = person("Ivan", Role.MEMBER, of.organization).id
        person("Timur", Role.MEMBER, of.organization)
        db.session.commit()
    phone = scorer(windows, f"/matches/{own}", "ivan")
    phone.get_by_role("link", name="Вести счёт").click()
    plus(phone, IVAN).click()
    expect(phone.locator(".scorer-board")).to_have_attribute("data-version", "1")
    spectator = scorer(windows, f"/matches/{own}", "timur")
    shows(spectator, 1, 0)
    expect(spectator.get_by_role("link", name="Вести счёт")).to_have_count(0)
    windows.opened[1].go(f"/matches/{own}/score")
    expect(spectator.locator(".tap")).to_have_count(0)
    counts(application, own, 1, 0)


def test_a_spectator_of_pairs_sees_the_course_who_serves_and_receives_and_the_match_point(
    windows: Windows, application: Flask, ours: int
) -> None:
    with application.app_context():
        of = db.session.get_one(Club, ours)
        madina = person("Somebody", Role.SCORER, of.organization)
        pairs = match(of, madina, pairs=True, now=utc_now())
        play(pairs, to_score(9, 9), madina, utc_now())
        db.session.commit()
        number = pairs.id
    page = windows.open(DESK).go(f"/matches/{number}")
    expect(page.locator("svg.course:visible")).to_have_count(1)
    drawn = page.locator("svg.course:visible .path").get_attribute("d")
    assert drawn is not None
    expect(page.locator(".sheet-strip td.a")).to_have_count(9)
    expect(page.get_by_text("принимает").first).to_be_attached()
    with application.app_context():
        going_on = db.session.get_one(Match, number)
        play(going_on, "A", going_on.started_by, utc_now())
        db.session.commit()
    expect(page.get_by_text("матчбол")).to_be_visible()
    expect(page.locator(".sheet-strip td.a")).to_have_count(10)
    expect(page.locator("svg.course:visible .path")).not_to_have_attribute("d", drawn)
    shows(page, 10, 9)
    expect(page.locator("time[data-age]")).to_have_text("только что")


def test_the_overlay_stands_where_the_address_says_and_as_big(windows: Windows, application: Flask, ours: int) -> None:
    playing = started(application, ours, "A")
    boxes = []
    for wishes in ("place=bottom-left&size=small", "place=top-right&size=large"):
        page = windows.open(TELEVISION).go(f"/matches/{playing}/overlay?{wishes}")
        box = page.locator(".lower").bounding_box()
        assert box is not None
        boxes.append(box)
    small, large = boxes
    assert small["x"] < 200 < 800 < small["y"]
    assert large["x"] > 960
    assert large["y"] < 200
    assert large["height"] > small["height"] * 1.3


def test_a_forgotten_match_is_asked_about_closed_and_goes_on_with_a_tap(
    windows: Windows, application: Flask, ours: int
) -> None:
    quiet_since = utc_now() - ASK_AFTER - timedelta(minutes=1)
    number = started(application, ours, "AB", now=quiet_since)
    phone = scorer(windows, f"/matches/{number}/score")
    organizer = scorer(windows, f"/clubs/{ours}", "ruslan")
    expect(phone.get_by_text("Ещё играете?")).to_be_visible()
    expect(organizer.get_by_text("Ещё играют?")).to_be_visible()
    organizer.get_by_role("link", name="Нет, закрыть").click()
    expect(organizer.locator("article")).to_have_count(0)
    expect(phone.get_by_text("Партия закрыта недоигранной.")).to_be_visible()
    plus(phone, IVAN).click()
    expect(phone.get_by_text("Партия закрыта недоигранной.")).to_be_hidden()
    shows(organizer, 2, 1)


def test_a_correction_after_the_end_changes_rating_history_and_meetings(
    windows: Windows, application: Flask, ours: int
) -> None:
    number = started(application, ours, to_score(10, 9) + "A", now=utc_now())
    ladder = windows.open(DESK).go(f"/clubs/{ours}/ladder")
    names = ladder.locator(".ladder a")
    expect(names.first).to_contain_text(IVAN)
    before = ladder.locator(".ladder .fig").all_inner_texts()
    phone = scorer(windows, f"/matches/{number}/score")
    phone.get_by_role("button", name=f"Отменить очко: {IVAN}").click()
    for name in (PETR, PETR, PETR):
        expect(plus(phone, name)).not_to_have_attribute("aria-disabled", "true")
        plus(phone, name).click()
    expect(phone.get_by_role("heading", name=f"Победа: {PETR}")).to_be_visible()
    expect(names.first).to_contain_text(PETR)
    assert ladder.locator(".ladder .fig").all_inner_texts() == before
    page = windows.opened[0].go(f"/clubs/{ours}/history")
    expect(page.locator(".result .won")).to_contain_text([PETR])
    windows.opened[0].go(f"/clubs/{ours}/players").get_by_role("link", name=IVAN).click()
    expect(page.locator(".rated")).to_contain_text("предварительный")
    page.get_by_role("link", name=f"{PETR} 0:1").click()
    expect(page.get_by_role("heading", name=f"Встречи: {IVAN} и {PETR}")).to_be_attached()
    page.locator(".result").click()
    expect(page.get_by_role("link", name="Повтор")).to_be_visible()


def test_the_history_is_narrowed_and_taken_home_as_a_table(windows: Windows, application: Flask, ours: int) -> None:
    with application.app_context():
        of = db.session.get_one(Club, ours)
        marat = person("Marat", Role.OWNER, of.organization)
        Court.add(of, "Стол у окна", marat)
        db.session.commit()
    started(application, ours, "A" * 11)
    page = scorer(windows, f"/clubs/{ours}/history")
    expect(page.locator(".result")).to_have_count(1)
    page.get_by_label("Стол или корт").select_option(label="Стол у окна")
    expect(page.get_by_text("Таких партий не было.")).to_be_visible()
    page.get_by_label("Стол или корт").select_option(index=0)
    expect(page.locator(".result")).to_have_count(1)
    with page.expect_download() as download:
        page.get_by_role("link", name="таблица (CSV)").click()
    rows = list(csv.reader(download.value.path().read_text("utf-8-sig").splitlines(), delimiter=";"))
    assert len(rows) == 2
    assert {IVAN, PETR} <= set(rows[1])


def test_yesterday_stands_in_one_line_beside_a_result_in_english(
    windows: Windows, application: Flask, ours: int
) -> None:
    started(application, ours, "A" * 11, now=utc_now() - timedelta(days=1))
    window = windows.open(TELEVISION)
    window.go("/sign-in").get_by_role("button", name="English").click()
    for viewport in (TELEVISION, DESK, PHONE):
        window.page.set_viewport_size(viewport)
        said = window.go(f"/clubs/{ours}").locator(".result .when b")
        expect(said).to_contain_text("yesterday")
        assert (
            said.evaluate(
                "b => { const r = document.createRange(); r.selectNodeContents(b);"
                " return new Set([...r.getClientRects()].map((each) => each.top)).size; }"
            )
            == 1
        )
