"""What the owner opens now and then: the day as it was, reports, reminders and calendars."""

import pytest
from playwright.sync_api import expect

from extensions import db
from models.accounts import Organization, Role
from tests.browser.clinic import Clinic, column, visit
from tests.support.browser import PHONE, Windows
from tests.support.people import PASSWORD, person

SAULE = "saule@tablo.example"


@pytest.fixture
def owned(samal: Clinic) -> Clinic:
    """Owned by Saule; Akhmetov is booked for ten and Li for twelve."""
    with samal.application.app_context():
        person("Saule", Role.OWNER, db.session.get_one(Organization, samal.number))
        db.session.commit()
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
    for width in (1280, 1440, 1700):
        page.set_viewport_size({"width": width, "height": 800})
        expect(page.locator(".dayhead .btn.main")).to_be_in_viewport(ratio=1)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width


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
    window = windows.open(PHONE, theme="dark")
    window.sign_in(SAULE, PASSWORD)
    for path in ("/reports", "/reminders", "/reminders/settings", "/calendars"):
        page = window.go(path)
        assert window.accessibility_faults() == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
