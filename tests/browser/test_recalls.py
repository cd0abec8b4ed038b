"""Recalls at the desk."""

import pytest
from flask import Flask
from playwright.sync_api import ViewportSize, expect

from extensions import db
from models.accounts import Role
from tests.support.browser import DESK, PHONE, Windows
from tests.support.people import PASSWORD, clinic, patient, person


@pytest.fixture
def samal(application: Flask) -> None:
    """A clinic with a receptionist and one patient."""
    with application.app_context():
        organization = clinic()
        person("Aigerim Satpaeva", Role.RECEPTIONIST, organization)
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
