"""A doctor's week in real browsers: visits are moved to other days by mouse and keyboard, and held times are shown."""

import re
from datetime import date, timedelta

from flask import Flask
from playwright.sync_api import Locator, Page, expect

from extensions import db
from models.accounts import Role
from models.clinic.day_topic import monday_of
from tests.browser.clinic import AIGERIM, DANA, drag, finger, toast
from tests.support.browser import PHONE, Window, Windows
from tests.support.people import PASSWORD, person
from tests.support.visits import desk

MONDAY, TUESDAY, WEDNESDAY = re.compile("^Понедельник"), re.compile("^Вторник"), re.compile("^Среда")


def on_day(page: Page, day: re.Pattern[str], name: str) -> Locator:
    return page.get_by_role("region", name=day).get_by_role("link", name=re.compile(name))


def booked(application: Flask) -> tuple[str, date]:
    """Akhmetov is booked for ten on the Monday of the next week: that week's address, and the Monday."""
    with application.app_context():
        samal = desk()
        person("Dana Kim", Role.RECEPTIONIST, samal.organization)
        monday = monday_of(samal.at(10).date()) + timedelta(weeks=1)
        samal.book(samal.at(10) + (monday - samal.at(10).date()))
        db.session.commit()
        return f"/practitioners/{samal.seitqali.id}/weeks/{monday}", monday


def opened(windows: Windows, who: str, path: str) -> Window:
    window = windows.open()
    window.sign_in(who, PASSWORD)
    window.go(path)
    expect(window.page.get_by_text("обновлено только что")).to_be_visible()
    return window


def test_a_visit_goes_to_another_day_and_what_is_in_hand_is_seen(application: Flask, windows: Windows) -> None:
    path, _monday = booked(application)
    aigerim, dana = opened(windows, AIGERIM, path), opened(windows, DANA, path)
    page, seen = aigerim.page, dana.page
    assert page.locator(".col-head h2").first.evaluate("day => day.scrollHeight <= day.clientHeight")
    drag(page, on_day(page, MONDAY, "Ахметов"), on_day(page, WEDNESDAY, "Записать на 11:00"))
    page.mouse.up()
    expect(on_day(seen, WEDNESDAY, "Ахметов Болат, 11:00–11:30")).to_be_visible()
    toast(page, "done").get_by_role("button", name="Вернуть как было").click()
    on_day(page, MONDAY, "Ахметов Болат, 10:00–10:30").focus()
    for key in ("m", "ArrowDown", "ArrowRight", "PageDown"):
        page.keyboard.press(key)
    expect(page.locator("#day-says")).to_have_text(re.compile("^Среда"))
    page.keyboard.press("Enter")
    expect(on_day(seen, WEDNESDAY, "Ахметов Болат, 10:15–10:45")).to_be_visible()
    on_day(page, MONDAY, "Записать на 12:00").click()
    expect(seen.get_by_role("region", name=MONDAY)).to_contain_text("бронирует Aigerim")
    assert dana.accessibility_faults() == []
    page.keyboard.press("Escape")
    expect(seen.get_by_text("бронирует Aigerim")).to_have_count(0)


def leaf_back_and_on(strip: Locator, monday: date) -> None:
    """During a move: the board's own week, which begins on this Monday, is not in the strip."""
    for arrow, day in (("Неделя назад", monday - timedelta(days=1)), ("Неделя вперёд", monday + timedelta(days=10))):
        strip.get_by_role("link", name=arrow).hover()
        expect(strip.locator(f'[data-date="{day}"]')).to_be_visible()


def test_a_visit_goes_to_the_next_week_by_mouse_and_by_keys(application: Flask, windows: Windows) -> None:
    path, monday = booked(application)
    page = opened(windows, AIGERIM, path).page
    strip = page.get_by_role("navigation", name="Дни")
    expect(strip).to_be_hidden()
    box = on_day(page, MONDAY, "Ахметов").bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + 40, box["y"] + 5, steps=2)
    leaf_back_and_on(strip, monday)
    strip.get_by_role("link", name=re.compile("^четверг")).hover()
    expect(page.locator(f'.is-target[data-date="{monday + timedelta(days=10)}"]')).to_be_visible()
    page.mouse.up()
    expect(toast(page, "done")).to_contain_text("10:00–10:30")
    expect(on_day(page, MONDAY, "Ахметов")).to_have_count(0)
    toast(page, "done").get_by_role("button", name="Вернуть как было").click()
    on_day(page, MONDAY, "Ахметов Болат, 10:00–10:30").focus()
    for key in ("m", *["PageDown"] * 7):
        page.keyboard.press(key)
    expect(page.locator(f'.is-target[data-date="{monday + timedelta(days=7)}"]')).to_be_visible()
    expect(page.locator("#day-says")).to_have_text(re.compile("^понедельник"))
    page.keyboard.press("Enter")
    expect(on_day(page, MONDAY, "Ахметов")).to_have_count(0)
    expect(strip).to_be_hidden()


def test_a_finger_carries_a_visit_to_the_next_day(application: Flask, windows: Windows) -> None:
    path, _monday = booked(application)
    window = windows.open(PHONE, touch=True)
    window.sign_in(AIGERIM, PASSWORD)
    page = window.go(path)
    carried = on_day(page, MONDAY, "Ахметов")
    carried.scroll_into_view_if_needed()
    box = carried.bounding_box()
    assert box
    touch = finger(page)
    touch("touchStart", box["x"] + 20, box["y"] + 8)
    expect(page.locator(".ghost")).to_be_visible()
    touch("touchMove", box["x"] + 20 + box["width"], box["y"] + 8)
    expect(page.locator(".landing")).to_have_text("10:00")
    touch("touchEnd")
    expect(on_day(page, TUESDAY, "Ахметов Болат, 10:00–10:30")).to_be_visible()
