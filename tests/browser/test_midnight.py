"""The clinic's midnight on pages that stay open while nobody changes anything.

24 hours lie between the two time zones, so that whoever moves from the first to the second enters the next day.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from extensions import db
from models.accounts import Organization
from models.base import utc_now
from models.clinic.day_topic import CARDS, day_topic, monday_of
from models.live_topic import parts_newer_than, touch, touch_later
from tests.browser.clinic import Clinic
from tests.browser.test_stream import TURN
from tests.support.browser import Windows

Open = Callable[..., Page]
HIDDEN_AT_FIRST = """Object.defineProperty(document, "hidden", {
  get: () => document.documentElement.dataset.hidden !== "no"
})"""
BEAT = """now => document.dispatchEvent(new CustomEvent("stream:alive", {
  detail: { now, clock: "00:00", isDelayed: false }
}))"""
EVE, NEXT_DAY = "Pacific/Pago_Pago", "Pacific/Tongatapu"


@pytest.fixture
def eve(samal: Clinic) -> Clinic:
    """The clinic in a zone where its board of tomorrow will be today's in the other zone."""
    samal.place_in(EVE)
    with samal.application.app_context():
        today = db.session.get_one(Organization, samal.number).today(utc_now())
    return replace(samal, day=today + timedelta(days=1))


def let_midnight_come(eve: Clinic, *days: date) -> None:
    """What was scheduled for midnight is due now, in the zone of the next day."""
    with eve.application.app_context():
        clinic = db.session.get_one(Organization, eve.number)
        midnight = clinic.midnight_after(utc_now())
        for topic in (day_topic(eve.number, day) for day in days):
            at_midnight = [part for part, _, due_at in parts_newer_than(topic, 0) if due_at and due_at <= midnight]
            assert len(at_midnight) == 5
            touch(topic, CARDS)  # so that the server hears of the earlier time
            for part in at_midnight:
                touch_later(topic, part, utc_now())
        clinic.time_zone = NEXT_DAY
        db.session.commit()


def test_the_boards_of_both_days_turn_though_nobody_touched_them(at_desk: Open, eve: Clinic, windows: Windows) -> None:
    tomorrow = at_desk()
    tomorrow.goto(windows.address + eve.path)
    today = tomorrow.context.new_page()
    today.goto(windows.address + f"/schedule/{eve.day - timedelta(days=1)}")
    for page, marks in ((today, 1), (tomorrow, 0)):
        expect(page.get_by_text("обновлено только что")).to_be_visible()
        expect(page.locator(".now-axis")).to_have_count(marks)
    let_midnight_come(eve, eve.day, eve.day - timedelta(days=1))
    for page, marks in ((tomorrow, 1), (today, 0)):
        expect(page.locator(".now-axis")).to_have_count(marks)
        expect(page.get_by_role("link", name="Выдать талон")).to_have_count(marks)


def test_the_strip_of_days_marks_the_new_day(at_desk: Open, eve: Clinic, windows: Windows) -> None:
    page = at_desk()
    page.route("**/live/**", lambda route: route.abort())
    page.goto(windows.address + eve.path)
    link = page.get_by_role("region", name="День", exact=True).get_by_role("link", name="Сегодня", exact=True)
    expect(link).to_be_visible()
    marked = page.locator(".dates .is-today")
    expect(marked).to_have_attribute("data-date", f"{eve.day - timedelta(days=1)}")
    eve.place_in(NEXT_DAY)
    page.unroute("**/live/**")
    expect(marked).to_have_attribute("data-date", f"{eve.day}")
    expect(link).to_be_hidden()


def test_a_board_opened_in_the_background_is_of_the_new_day_when_it_is_first_shown(
    at_desk: Open, eve: Clinic, windows: Windows
) -> None:
    page = at_desk()
    page.add_init_script(HIDDEN_AT_FIRST)
    page.goto(windows.address + eve.path)
    expect(page.locator(".now-axis")).to_have_count(0)
    eve.place_in(NEXT_DAY)
    page.evaluate(TURN, False)
    expect(page.locator(".now-axis")).to_have_count(1)


def test_a_week_that_stays_open_over_sunday_night_says_so(at_desk: Open, samal: Clinic) -> None:
    with samal.application.app_context():
        today = db.session.get_one(Organization, samal.number).today(utc_now())
    page = at_desk()
    page.route("**/live/**", lambda route: route.abort())
    page.goto(f"{page.url.partition('/schedule')[0]}/practitioners/1/weeks/{today}")
    over, sunday = page.get_by_text("Наступил новый день."), monday_of(today) + timedelta(days=6)
    for ahead, is_shown in ((0, False), (1, True)):
        page.evaluate(BEAT, f"{sunday + timedelta(days=ahead)}T00:00:05+05:00")
        expect(over).to_be_visible(visible=is_shown)
    page.get_by_role("link", name="Эта неделя").press("Enter")
    expect(page).to_have_url(re.compile(f"/weeks/{sunday + timedelta(days=1)}$"))
    expect(over).to_have_count(0)
