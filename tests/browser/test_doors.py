"""Pages outside any organization, in three languages: sign-in, not found, no membership."""

import re

import pytest
from flask import Flask
from playwright.sync_api import expect

from extensions import db
from models.accounts import Membership, Role
from models.club import Club
from tests.support.browser import DESK, PHONE, Windows
from tests.support.people import PASSWORD, clinic, club_house, person

DOOR = re.compile("/sign-in")


@pytest.fixture(autouse=True)
def _people(application: Flask) -> None:
    """Timur has no membership, Marat one in a clinic and one in a club."""
    with application.app_context():
        person("Timur")
        marat = person("Marat", Role.OWNER, clinic())
        house = club_house()
        db.session.add(Membership(user=marat, organization=house, role=Role.OWNER))
        db.session.add(Club(organization_id=house.id, name="Ракетка"))
        db.session.commit()


def test_axe_finds_nothing_at_the_doors(windows: Windows) -> None:
    faults = []
    for viewport in (PHONE, DESK):
        window = windows.open(viewport)
        for path in ("/sign-in", "/no/such/page"):
            window.go(path)
            faults += [f"{path}: {fault}" for fault in window.accessibility_faults()]
        window.sign_in("timur@tablo.example", PASSWORD)
        faults += [f"nowhere: {fault}" for fault in window.accessibility_faults()]
    assert faults == []


def test_timur_is_told_that_he_belongs_nowhere(windows: Windows) -> None:
    page = windows.open().sign_in("timur@tablo.example", PASSWORD)
    expect(page.get_by_role("heading", level=1)).to_have_text("Вы пока не состоите ни в одной организации")


def test_marat_changes_from_his_clinic_to_his_club_with_keys(windows: Windows) -> None:
    page = windows.open().sign_in("marat@tablo.example", PASSWORD)
    page.locator("summary.who").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Клуб «Ракетка»").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".bar-home")).to_contain_text("Клуб «Ракетка»")


@pytest.mark.parametrize("scripts", [True, False])
def test_the_door_speaks_kazakh_and_english(windows: Windows, scripts: bool) -> None:
    page = windows.open(scripts=scripts).go("/sign-in")
    for language, heading in (("Қазақша", "Кіру"), ("English", "Sign in"), ("Русский", "Вход")):
        page.get_by_role("button", name=language).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def test_after_signing_out_back_shows_no_page_that_the_browser_kept(windows: Windows) -> None:
    """Chromium keeps none while it is driven; the event is the one with which it would bring the page back."""
    page = windows.open().sign_in("marat@tablo.example", PASSWORD)
    brought_back = "dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))"
    page.evaluate(f"document.title = 'kept'; {brought_back}")
    expect(page).to_have_title("kept")
    other = page.context.new_page()
    other.goto(page.url)
    other.locator("summary.who").click()
    other.get_by_role("button", name="Выйти").click()
    expect(other).to_have_url(DOOR)
    other.wait_for_load_state()  # its scripts have run and left their mark
    page.evaluate(brought_back)
    expect(page).to_have_url(DOOR)
