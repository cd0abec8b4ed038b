"""The owner's occasional pages: the day as it was, reports, reminders and calendars."""

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import expect

from extensions import db
from models.accounts import Role
from tests.browser.clinic import KIM, SEITQALI, Clinic, column, visit
from tests.support.browser import PHONE, Windows
from tests.support.people import PASSWORD, clinic, person

SAULE = "saule@tablo.example"
CHANGED = "Врачи в расписании изменились."


@pytest.fixture
def owned(samal: Clinic) -> Clinic:
    """Saule's clinic; Akhmetov is booked for ten and Li for twelve."""
    samal.employ("Saule", Role.OWNER)
    samal.book("Ахметов", 10)
    samal.book("Ли", 12)
    return samal


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_the_head_of_the_day_fits_beside_the_way_to_book(owned: Clinic, windows: Windows, language: str) -> None:
    page = windows.open().sign_in(SAULE, PASSWORD)
    page.locator("summary.who").click()
    page.locator(f"button[value={language}]").click()
    expect(page.locator("html")).to_have_attribute("lang", language)
    page.goto(f"{page.url.partition('/schedule')[0]}{owned.path}")
    for width in (1024, 1180, 1280, 1440, 1700):
        page.set_viewport_size({"width": width, "height": 800})
        expect(page.locator(".dayhead .btn.main")).to_be_in_viewport(ratio=1)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width


def test_an_open_board_says_that_the_doctors_stand_otherwise(owned: Clinic, windows: Windows) -> None:
    board = windows.open().sign_in(SAULE, PASSWORD)
    board.goto(f"{board.url.partition('/schedule')[0]}{owned.path}")
    expect(board.get_by_text("обновлено только что")).to_be_visible()
    news = board.get_by_text(CHANGED)
    expect(news).to_be_hidden()
    window = windows.open()
    window.sign_in(SAULE, PASSWORD)
    lower = window.go("/staff").get_by_role("button", name="Ниже: Сейтқали")
    lower.press("Enter")
    expect(news).to_be_visible()
    expect(lower).to_be_focused()
    board.get_by_role("link", name="Обновить").click()
    expect(news).to_be_hidden()
    expect(board.locator(".col").first).to_have_attribute("aria-label", KIM)


def test_a_doctor_changed_on_the_page_of_doctors_is_there_at_once_and_once_more(
    owned: Clinic, windows: Windows
) -> None:
    window = windows.open()
    window.sign_in(SAULE, PASSWORD)
    page = window.go("/staff")
    for speciality in ("хирург", "кардиолог"):
        page.get_by_role("link", name=KIM, exact=True).press("Enter")
        page.get_by_label("Специальность").fill(speciality)
        page.get_by_label("Специальность").press("Enter")
        expect(page.get_by_role("cell", name=speciality)).to_be_visible()
        expect(page.get_by_role("dialog")).to_be_hidden()


def test_an_open_board_says_that_the_last_doctor_left(owned: Clinic, windows: Windows) -> None:
    desk, office = windows.open(), windows.open()
    for each in (desk, office):
        each.sign_in(SAULE, PASSWORD)
    board = desk.go(f"/schedule/{owned.day + timedelta(days=1)}")
    expect(board.get_by_text("обновлено только что")).to_be_visible()
    for left, staying in ((SEITQALI, 1), (KIM, 0)):
        form = office.go("/staff")
        form.get_by_role("link", name=left, exact=True).click()
        form.get_by_label("Принимает пациентов").uncheck()
        form.locator("#practitioner-form [type=submit]").click()
        expect(board.get_by_text(CHANGED)).to_be_visible()
        board.get_by_role("link", name="Обновить").click()
        expect(board.get_by_text(CHANGED)).to_be_hidden()
        expect(board.locator(".col")).to_have_count(staying)
    expect(board.get_by_role("heading", name="Пока ни одного врача")).to_be_visible()


def test_an_open_board_of_an_empty_clinic_says_that_the_first_doctor_came(application: Flask, windows: Windows) -> None:
    with application.app_context():
        person("Saule", Role.OWNER, clinic())
        db.session.commit()
    desk, office = windows.open(), windows.open()
    for each in (desk, office):
        each.sign_in(SAULE, PASSWORD)
    board = desk.go("/schedule")
    expect(board.get_by_text("обновлено только что")).to_be_visible()
    expect(board.get_by_text(CHANGED)).to_be_hidden()
    form = office.go("/practitioners/new")
    for name, typed in (("family_name", "Ким"), ("given_name", "Алия"), ("speciality", "терапевт")):
        form.locator(f"[name={name}]").fill(typed)
    form.get_by_role("button", name="Добавить").click()
    expect(board.get_by_text(CHANGED)).to_be_visible()
    board.get_by_role("link", name="Обновить").click()
    expect(board.locator(".col")).to_have_count(1)


def test_the_slider_goes_back_through_the_day_by_keys(owned: Clinic, windows: Windows) -> None:
    window = windows.open()
    window.sign_in(SAULE, PASSWORD)
    page = window.go(owned.path)
    page.get_by_text("Ещё", exact=True).click()
    page.get_by_role("link", name="Как было").click()
    expect(visit(page, "Ли")).to_be_visible()
    page.get_by_role("slider").press("ArrowLeft")
    expect(visit(page, "Ли")).to_have_count(0)
    expect(visit(page, "Ахметов", "10:00–10:30")).to_be_visible()
    expect(page.locator("#past")).to_contain_text("1 из 2")
    expect(column(page).get_by_role("link", name="Записать на")).to_have_count(0)
    assert window.accessibility_faults() == []


def test_the_owners_pages_have_no_faults_of_access(owned: Clinic, windows: Windows) -> None:
    window = windows.open(PHONE)
    window.sign_in(SAULE, PASSWORD)
    for path in ("/staff", "/reports", "/reminders", "/reminders/settings", "/calendars"):
        page = window.go(path)
        assert window.accessibility_faults() == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
