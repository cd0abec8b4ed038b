"""Recalls at the desk."""

import pytest
from flask import Flask
from playwright.sync_api import ViewportSize, expect

from extensions import db
from models.accounts import Organization, Role, User
from models.base import utc_now
from models.clinic import Patient, Recall
from tests.support.browser import DESK, PHONE, Windows
from tests.support.people import PASSWORD, clinic, patient, person


@pytest.fixture
def samal(application: Flask) -> None:
    """A clinic with a receptionist and one patient."""
    with application.app_context():
        organization = clinic()
        for name in ("Aigerim Satpaeva", "Dana Kim"):
            person(name, Role.RECEPTIONIST, organization)
        patient(organization, "Ахметов", given_name="Болат", phone="+7 777 123 45 67")
        db.session.commit()


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_a_patient_is_invited_in_a_month_called_and_put_back(
    samal: None, windows: Windows, viewport: ViewportSize
) -> None:
    window = windows.open(viewport=viewport)
    window.sign_in("aigerim@tablo.example", PASSWORD)
    page = window.go("/patients/1")
    page.get_by_role("link", name="Пригласить").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Зачем")).to_be_focused()
    page.keyboard.type("контроль ЭКГ")
    page.get_by_label("месяц", exact=True).check()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Пригласим, когда придёт время.")).to_be_visible()
    page = window.go("/recalls")
    expect(page.get_by_text("Звонить некому")).to_be_visible()
    page.get_by_role("link", name="Позже").click()
    expect(page.locator("tbody tr")).to_contain_text("+7 777 123 45 67")
    faults = window.accessibility_faults()
    page.get_by_role("button", name="Не нужно").click()
    expect(page.get_by_role("status").filter(has_text="приглашать не нужно")).to_be_visible()
    expect(page.get_by_text("Звонить некому")).to_be_visible()
    page.get_by_role("button", name="Вернуть").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    assert faults + window.accessibility_faults() == []


def test_a_colleagues_call_is_seen_by_who_was_about_to_make_it_and_the_colleague_keeps_the_way_back(
    samal: None, windows: Windows, application: Flask
) -> None:
    with application.app_context():
        own, aigerim = db.session.get_one(Organization, 1), db.session.get_one(User, 1)
        for card in (db.session.get_one(Patient, 1), patient(own, "Оспанова", given_name="Гүлмира")):
            Recall.plan(card, own.today(utc_now()), "контроль ЭКГ", aigerim, utc_now())
        db.session.commit()
    pages = []
    for who in ("aigerim", "dana"):
        window = windows.open()
        window.sign_in(f"{who}@tablo.example", PASSWORD)
        pages.append(window.go("/recalls"))
        expect(pages[-1].get_by_text("обновлено только что")).to_be_visible()
    here, there = (page.get_by_role("row") for page in pages)
    there.filter(has_text="Ахметов").get_by_role("button", name="Звонили").press("Enter")
    expect(here.filter(has_text="Ахметов")).to_contain_text("звонили: сегодня")
    there.filter(has_text="Ахметов").get_by_role("button", name="Не нужно").press("Enter")
    expect(here.filter(has_text="Ахметов")).to_have_count(0)
    here.filter(has_text="Оспанова").get_by_role("button", name="Звонили").press("Enter")
    expect(there.filter(has_text="Оспанова")).to_contain_text("звонили: сегодня")
    pages[1].get_by_role("button", name="Вернуть").press("Enter")
    expect(here.filter(has_text="Ахметов")).to_have_count(1)
    expect(pages[0].get_by_role("status").filter(has_text="звонили, ещё пригласим")).to_be_visible()


def test_after_an_outcome_the_keys_go_on_with_who_is_next(samal: None, windows: Windows, application: Flask) -> None:
    with application.app_context():
        own, aigerim = db.session.get_one(Organization, 1), db.session.get_one(User, 1)
        for card in (db.session.get_one(Patient, 1), patient(own, "Оспанова", given_name="Гүлмира")):
            Recall.plan(card, own.today(utc_now()), "контроль ЭКГ", aigerim, utc_now())
        db.session.commit()
    window = windows.open()
    window.sign_in("aigerim@tablo.example", PASSWORD)
    page = window.go("/recalls")
    page.get_by_role("row").filter(has_text="Ахметов").get_by_role("button", name="Не нужно").press("Enter")
    expect(page.get_by_role("link", name="Оспанова Гүлмира")).to_be_focused()
    page.get_by_role("button", name="Вернуть").press("Enter")
    expect(page.get_by_role("link", name="Ахметов Болат")).to_be_focused()
