"""Aigerim has the list of patients open while Dana registers somebody at the other desk."""

from flask import Flask
from playwright.sync_api import expect

from extensions import db
from models.accounts import Organization
from tests.browser.clinic import AIGERIM, Clinic
from tests.support.browser import Windows
from tests.support.people import PASSWORD, patient


def register(application: Flask, number: int, family_name: str) -> None:
    with application.app_context():
        patient(db.session.get_one(Organization, number), family_name)
        db.session.commit()


def test_a_new_card_comes_into_an_open_list_and_takes_nothing_away(samal: Clinic, windows: Windows) -> None:
    window = windows.open()
    window.sign_in(AIGERIM, PASSWORD)
    page = window.go("/patients")
    search = page.get_by_role("searchbox", name="Найти пациента")
    search.press_sequentially("ахм")
    expect(page.get_by_text("Найдено: 1.")).to_be_visible()
    search.press("ArrowDown")
    expect(page.get_by_role("link", name="Ахметов Болат")).to_be_focused()
    register(samal.application, samal.number, "Ахмадиева")
    register(samal.application, samal.number, "Омарова")
    expect(page.get_by_text("Найдено: 2.")).to_be_visible()
    expect(page.get_by_role("link", name="Ахмадиева Болат")).to_be_visible()
    expect(page.get_by_role("link", name="Ахметов Болат")).to_be_focused()
    expect(search).to_have_value("ахм")
    search.fill("")
    expect(page.get_by_role("link", name="Омарова Болат")).to_be_visible()
