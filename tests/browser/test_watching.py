"""A club's screens: the hall, the overlay, a widget in another site, a replay."""

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from extensions import db
from models.accounts import Role
from models.base import utc_now
from models.club import Club, Court, Match, MatchPlan
from tests.support.browser import DESK, PHONE, TELEVISION, Windows
from tests.support.people import PASSWORD, club_house, person
from tests.support.players import club, play, to_score
from tests.support.server import Server


@pytest.fixture
def ours(application: Flask) -> int:
    """A public club whose scorer is Madina; its number."""
    with application.app_context():
        house = club_house()
        person("Madina", Role.SCORER, house)
        number = club(house).id
        db.session.commit()
        return number


def begin(application: Flask, club_id: int, table: int, rallies: str = "") -> int:
    """Иван against Петр at this table; the number of the match."""
    with application.app_context():
        of = db.session.get_one(Club, club_id)
        ivan, petr = (next(each for each in of.players if each.name.startswith(name)) for name in ("Иван", "Петр"))
        scorer = person(f"Scorer{table}", Role.SCORER, of.organization)
        begun = Match.start(of, MatchPlan((ivan,), (petr,), table=table), scorer, utc_now())
        play(begun, rallies, scorer, utc_now())
        db.session.commit()
        return begun.id


def rally(application: Flask, number: int, rallies: str) -> None:
    with application.app_context():
        playing = db.session.get_one(Match, number)
        play(playing, rallies, playing.started_by, utc_now())
        db.session.commit()


def court(page: Page, table: int) -> list[str]:
    found = page.locator(".court", has=page.get_by_text(f"Стол {table}", exact=True))
    return found.locator(".points").all_text_contents()


def test_the_hall_and_the_overlay_follow_every_table_and_come_back_after_a_night(
    windows: Windows, application: Flask, server: Server, ours: int
) -> None:
    second = begin(application, ours, 2, to_score(10, 4))
    hall = windows.open(TELEVISION).go(f"/clubs/{ours}/tv")
    overlay = windows.open(TELEVISION).go(f"/clubs/{ours}/overlay?table=1&a=ffd400")
    expect(hall.locator(".court")).to_have_count(1)
    expect(overlay.locator(".lower:visible")).to_have_count(0)
    first = begin(application, ours, 1)
    expect(overlay.locator(".lower:visible")).to_have_count(1)
    rally(application, second, "A")
    expect(hall.get_by_text("победа", exact=True)).to_be_visible()
    server.kill()
    expect(hall.locator(".fresh")).to_have_text("восстанавливаем связь…")
    rally(application, first, "ABA")
    server.start()
    expect(overlay.locator(".lower:visible .pts")).to_have_text(["2", "1"])
    expect(hall.locator(".fresh")).to_have_text("обновлено только что")
    assert [court(hall, table) for table in (1, 2)] == [["2", "1"], ["11", "4"]]
    assert (
        overlay.locator(".lower:visible .row.a .side-name").evaluate("name => getComputedStyle(name).color")
        == "rgb(36, 31, 26)"
    )
    assert overlay.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgba(0, 0, 0, 0)"
    faults = [fault for window in windows.opened for fault in window.accessibility_faults()]
    assert faults + [line for window in windows.opened for line in window.console] == []


def test_a_delayed_overlay_is_as_late_as_it_says(windows: Windows, application: Flask, ours: int) -> None:
    playing = begin(application, ours, 1)
    overlay = windows.open(TELEVISION).go(f"/matches/{playing}/overlay?delay=1")
    live = windows.open(TELEVISION).go(f"/matches/{playing}/overlay")
    rally(application, playing, "A")
    expect(live.locator(".pts")).to_have_text(["1", "0"])
    expect(overlay.locator(".pts")).to_have_text(["1", "0"])
    shown = utc_now()
    with application.app_context():
        tapped = db.session.get_one(Match, playing).log[0].at
    assert (shown - tapped).total_seconds() >= 1


def test_a_delayed_overlay_tells_the_time_of_the_hall_wherever_it_is_streamed(
    windows: Windows, server: Server, application: Flask, ours: int
) -> None:
    playing = begin(application, ours, 1, "A")
    page = windows.open(TELEVISION, timezone="America/New_York").page
    page.clock.install()
    page.goto(f"{windows.address}/matches/{playing}/overlay?delay=1")
    expect(page.locator(".pts")).to_have_text(["1", "0"])
    server.kill()
    begun = utc_now()
    age = page.locator(".old-score")
    page.clock.run_for(20_000)
    expect(age).to_have_text(re.compile("счёт на"))
    with application.app_context():
        zone = db.session.get_one(Match, playing).club.organization.zone
    clocks = [f"{begun.astimezone(zone) + timedelta(minutes=ahead):%H:%M}" for ahead in (-1, 0, 1)]
    assert any(age.inner_text() == f"нет связи, счёт на {clock}" for clock in clocks)


def test_the_age_of_a_score_is_said_in_kazakh(windows: Windows, application: Flask, ours: int) -> None:
    page = windows.open(DESK).go("/sign-in")
    page.get_by_role("button", name="Қазақша").click()
    page.wait_for_url("**/sign-in")
    playing = begin(application, ours, 1, "A")
    page.clock.install()
    with page.expect_response(lambda answer: "/live/" in answer.url):
        page.goto(page.url.replace("/sign-in", f"/matches/{playing}"))
    expect(page.locator("time[data-age]")).to_have_text("жаңа ғана")
    page.clock.pause_at(page.evaluate("Date.now() / 1000 + 1"))
    page.clock.fast_forward(3 * 60_000)
    expect(page.locator("time[data-age]")).to_have_text("3 мин бұрын")


@pytest.fixture
def strangers_page(server: Server, ours: int, tmp_path: Path) -> Iterator[str]:
    """The URL of another site's page that frames our club's widget."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "index.html").write_text(f'<iframe src="{server.url}/clubs/{ours}/widget"></iframe>')
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(folder))) as elsewhere:
        Thread(target=elsewhere.serve_forever, daemon=True).start()
        yield f"http://localhost:{elsewhere.server_port}/"
        elsewhere.shutdown()


def test_a_widget_in_a_strangers_page_stays_live_over_a_restart(
    windows: Windows, application: Flask, server: Server, ours: int, strangers_page: str
) -> None:
    playing = begin(application, ours, 1)
    page = windows.open(DESK).page
    page.goto(strangers_page)
    inside = page.frame_locator("iframe")
    expect(inside.get_by_text("обновлено только что")).to_be_visible()
    server.kill()
    expect(inside.get_by_text("восстанавливаем связь…")).to_be_visible()
    rally(application, playing, "AAB")
    server.start()
    expect(inside.locator(".half .points")).to_have_text(["2", "1"])


def test_a_match_is_played_once_more_by_keyboard_and_by_its_steps(
    windows: Windows, application: Flask, ours: int
) -> None:
    number = begin(application, ours, 1, to_score(11, 9))
    page = windows.open(DESK).go(f"/matches/{number}")
    page.get_by_role("link", name="Повтор").click()
    page.wait_for_url("**/replay")
    points = page.locator(".half .points")
    page.get_by_label("Скорость").select_option("32")
    page.get_by_role("button", name="Смотреть").click()
    expect(points).to_have_text(["11", "9"])
    expect(page.get_by_role("button", name="Смотреть")).to_be_visible()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    expect(points).to_have_text(["1", "0"])
    page.reload()
    expect(points).to_have_text(["1", "0"])
    page.get_by_role("link", name="10:9", exact=True).click()
    expect(points).to_have_text(["10", "9"])
    assert windows.opened[0].accessibility_faults() == []


def test_the_sound_of_points_is_off_until_wanted_and_remembered(
    windows: Windows, application: Flask, ours: int
) -> None:
    number = begin(application, ours, 1)
    page = windows.open(DESK).page
    page.add_init_script(
        "const { start } = OscillatorNode.prototype; OscillatorNode.prototype.start = function (...when) {"
        "  const { dataset } = document.documentElement; dataset.struck = Number(dataset.struck ?? 0) + 1;"
        "  return start.apply(this, when); };"
    )
    windows.opened[0].go(f"/matches/{number}")
    sound = page.get_by_role("button", name="Звук")
    expect(sound).to_have_attribute("aria-pressed", "false")
    rally(application, number, "A")
    expect(page.locator(".half.a .points")).to_have_text("1")
    expect(page.locator("[data-struck]")).to_have_count(0)
    sound.click()
    expect(sound).to_have_attribute("aria-pressed", "true")
    rally(application, number, "A")
    expect(page.locator("html")).to_have_attribute("data-struck", "2")
    assert page.evaluate("localStorage.getItem('sound of points')") == "on"
    sound.click()
    expect(sound).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("localStorage.getItem('sound of points')") == "off"


def test_a_match_that_moves_is_followed_by_the_hall_and_by_the_overlay_of_its_new_table(
    windows: Windows, application: Flask, ours: int
) -> None:
    with application.app_context():
        of = db.session.get_one(Club, ours)
        marat = person("Marat", Role.OWNER, of.organization)
        for name in ("Стол 1", "Корт у окна"):
            Court.add(of, name, marat)
        db.session.commit()
    playing = begin(application, ours, 1, "AAB")
    hall = windows.open(TELEVISION).go(f"/clubs/{ours}/tv")
    overlay = windows.open(TELEVISION).go(f"/clubs/{ours}/overlay?table=2")
    expect(overlay.locator(".lower:visible")).to_have_count(0)
    scorer = windows.open(PHONE)
    scorer.sign_in("madina@tablo.example", PASSWORD)
    scorer.go(f"/matches/{playing}/table").get_by_role("button", name="Корт у окна").click()
    expect(overlay.locator(".lower:visible .pts")).to_have_text(["2", "1"])
    expect(hall.locator(".court b").first).to_have_text("Корт у окна")
    expect(hall.locator(".free-tables b")).to_have_text("Стол 1")
