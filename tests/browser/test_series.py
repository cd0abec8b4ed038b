"""A series is booked at one desk and seen at another."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from extensions import db
from models.accounts import Role
from tests.browser.clinic import AIGERIM, DANA, column, free
from tests.support.browser import Window, Windows
from tests.support.people import PASSWORD, patient, person
from tests.support.visits import desk


@dataclass(frozen=True)
class Two:
    """Dana watches tomorrow's board while Aigerim books there."""

    aigerim: Window
    dana: Page


def address_in_a_week(page: Page) -> str:
    front, _slash, day = page.url.partition("#")[0].rpartition("/")
    return f"{front}/{date.fromisoformat(day) + timedelta(weeks=1)}"


@pytest.fixture
def two(application: Flask, windows: Windows) -> Two:
    with application.app_context():
        samal = desk()
        person("Dana Kim", Role.RECEPTIONIST, samal.organization)
        samal.book(samal.at(10) + timedelta(weeks=1), patient=patient(samal.organization, "Ли"))
        db.session.commit()
        board = f"/schedule/{samal.at(10).date()}"
    opened = []
    for email in (AIGERIM, DANA):
        window = windows.open()
        window.sign_in(email, PASSWORD)
        window.go(board)
        opened.append(window)
    return Two(opened[0], opened[1].page)


def series_form(page: Page, clock: str) -> Locator:
    """The form of a series for Bolat from tomorrow on."""
    free(page, clock).click()
    form = page.get_by_role("dialog")
    form.get_by_label("Пациент", exact=True).press_sequentially("ахмет")
    form.get_by_role("radio", name="Ахметов").check()
    form.get_by_role("button", name="Повторять…").press("Enter")
    return form


def test_a_series_is_booked_past_a_taken_date_and_cancelled_together(two: Two) -> None:
    page, seen = two.aigerim.page, two.dana
    form = series_form(page, "10:00")
    form.get_by_label("Сколько всего раз").fill("3")
    form.get_by_label("Сколько всего раз").press("Tab")
    expect(form.get_by_text("врач занят")).to_be_visible()
    expect(form.get_by_role("button", name="Записать 3 раза")).to_be_visible()
    assert two.aigerim.accessibility_faults() == []
    form.get_by_role("radio", name="09:30").check()
    form.get_by_role("button", name="Записать 3 раза").click()
    expect(page.get_by_text("Записано: 3 приёма")).to_be_visible()
    expect(column(seen).get_by_role("link", name="Ахметов Болат, 10:00–10:30, Записан, серия")).to_be_visible()
    column(page).get_by_role("link", name="Ахметов Болат").click()
    form.get_by_role("link", name="Отменить запись").click()
    form.get_by_label("Отказался пациент").check()
    form.get_by_label("Все, что впереди").check()
    form.get_by_role("button", name="Отменить запись").click()
    expect(page.get_by_text("Отменено записей: 3", exact=True)).to_be_visible()
    expect(column(seen).get_by_role("link", name="Отменён")).to_be_visible()
    seen.get_by_role("link", name="Вернуть всё: Ахметов Б.").click()
    expect(column(page).get_by_role("link", name="Ахметов Болат, 10:00–10:30, Записан, серия")).to_be_visible()
    expect(page.get_by_role("link", name="Вернуть всё: Ахметов Б.")).to_have_count(0)


def test_this_visit_and_the_following_are_moved_and_the_earlier_stays(two: Two) -> None:
    page = two.aigerim.page
    form = series_form(page, "15:00")
    form.get_by_label("Сколько всего раз").fill("3")
    form.get_by_label("Сколько всего раз").press("Tab")
    form.get_by_role("button", name="Записать 3 раза").press("Enter")
    expect(page.get_by_text("Записано: 3 приёма")).to_be_visible()
    page.goto(address_in_a_week(page))
    column(page).get_by_role("link", name="Ахметов Болат").press("Enter")
    form.get_by_role("link", name="Изменить").press("Enter")
    form.get_by_label("Время").fill("16")
    form.get_by_label("Эта и следующие").check()
    form.get_by_role("button", name="Сохранить").last.press("Enter")
    for _week in (2, 3):
        expect(column(page).get_by_role("link", name="Ахметов Болат, 16:00–16:30, Записан, серия")).to_be_visible()
        page.goto(address_in_a_week(page))
    expect(column(two.dana).get_by_role("link", name="Ахметов Болат, 15:00–15:30, Записан, серия")).to_be_visible()


def test_a_series_has_at_most_52_visits_and_that_is_said_at_the_number(two: Two) -> None:
    page = two.aigerim.page
    form = series_form(page, "15:00")
    times = form.get_by_label("Сколько всего раз")
    times.fill("53")
    times.press("Tab")
    expect(form.get_by_text("Нужно число от 2 до 52.")).to_be_visible()
    expect(times).to_have_value("53")
    expect(times).to_have_attribute("aria-invalid", "true")
    times.fill("52")
    times.press("Tab")
    form.get_by_role("button", name="Записать 52 раза").press("Enter")
    expect(page.get_by_text("Записано: 52 приёма")).to_be_visible()
