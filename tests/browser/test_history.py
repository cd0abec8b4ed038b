"""The history in the owner's browser."""

import re

import pytest
from flask import Flask
from playwright.sync_api import expect

from extensions import db
from models.accounts import Role
from tests.support.browser import PHONE, Windows
from tests.support.people import PASSWORD, clinic, patient, person


@pytest.fixture
def samal(application: Flask) -> None:
    """A clinic with its owner, a receptionist and one patient."""
    with application.app_context():
        organization = clinic()
        person("Marat Ospanov", Role.OWNER, organization)
        person("Aigerim Satpaeva", Role.RECEPTIONIST, organization)
        patient(organization, "Ахметов", given_name="Болат", phone="+7 777 123 45 67")
        db.session.commit()


def test_the_owner_finds_who_changed_a_phone(samal: None, windows: Windows) -> None:
    aigerim, marat = windows.open(), windows.open(viewport=PHONE)
    aigerim.sign_in("aigerim@tablo.example", PASSWORD)
    page = aigerim.go("/patients")
    page.get_by_role("link", name="Ахметов Болат").click()
    page.get_by_role("link", name="Изменить").click()
    page.get_by_label("Телефон").fill("8 701 555 04 18")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_text("Карта записана.")).to_be_visible()
    marat.sign_in("marat@tablo.example", PASSWORD)
    page = marat.go("/history")
    page.get_by_label("Что сделано").select_option("Изменена карта")
    expect(page.locator("tbody tr")).to_have_count(1)
    row = page.locator("tbody tr")
    expect(row).to_contain_text("Aigerim Satpaeva")
    expect(row.locator("s")).to_have_text("+7 777 123 45 67")
    expect(row.locator("b")).to_have_text("+7 701 555 04 18")
    assert marat.accessibility_faults() == []


def test_the_owner_sees_who_read_a_card(samal: None, windows: Windows) -> None:
    aigerim, marat = windows.open(), windows.open()
    aigerim.sign_in("aigerim@tablo.example", PASSWORD)
    aigerim.go("/patients").get_by_role("link", name="Ахметов Болат").press("Enter")
    expect(aigerim.page.get_by_role("heading", name="Ахметов Болат")).to_be_visible()
    expect(aigerim.page.get_by_role("heading", name="История")).to_have_count(0)
    marat.sign_in("marat@tablo.example", PASSWORD)
    page = marat.go("/patients/1")
    expect(page.get_by_role("region", name="История")).to_contain_text("Открыта карта, Aigerim Satpaeva")
    page = marat.go("/history")
    page.get_by_label("Кто").select_option("Aigerim Satpaeva")
    expect(page.locator("tbody tr").first).to_contain_text("Открыта карта")


def test_on_a_phone_the_owner_s_many_sections_move_and_the_page_does_not(samal: None, windows: Windows) -> None:
    page = windows.open(viewport=PHONE).sign_in("marat@tablo.example", PASSWORD)
    for link in page.get_by_role("navigation", name="Разделы").get_by_role("link").all():
        link.focus()
        expect(link).to_be_in_viewport(ratio=0.5)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_owner_reads_the_clinics_whole_name_and_finds_the_rest_in_the_menu(samal: None, windows: Windows) -> None:
    """In Kazakh, where the sections are longest."""
    page = windows.open().sign_in("marat@tablo.example", PASSWORD)
    page.locator("summary.who").click()
    page.locator("button[value=kk]").click()
    expect(page.locator("html")).to_have_attribute("lang", "kk")
    name = page.locator(".bar-home .clip")
    assert name.evaluate("name => name.scrollWidth <= name.clientWidth")
    page.locator("summary.who").click()
    page.locator(".menu nav").get_by_role("link", name="Тарихы").click()
    expect(page).to_have_url(re.compile("/history$"))
    page.locator("summary.who").click()
    expect(page.locator(".menu [aria-current=page]")).to_have_count(1)
