"""A time is freed, and of two desks one calls the patient whom it suits."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from extensions import db
from models.accounts import Organization, Role, User
from models.base import utc_now
from models.clinic import Appointment, CancellationReason, WaitlistEntry
from models.clinic.waitlist import Wanted
from tests.browser.clinic import AIGERIM, DANA, Clinic, visit
from tests.support.browser import Window, Windows
from tests.support.people import PASSWORD, patient, person
from tests.support.visits import desk


@pytest.fixture
def samal(application: Flask) -> Clinic:
    """Bolat is booked for tomorrow at ten, Gulmira waits for an earlier time."""
    with application.app_context():
        made = desk()
        person("Dana Kim", Role.RECEPTIONIST, made.organization)
        gulmira = patient(made.organization, "Оспанова", given_name="Гүлмира", phone="+7 701 555 52 68")
        WaitlistEntry.add(made.organization, Wanted(gulmira), made.aigerim, utc_now())
        made.book(made.at(10))
        db.session.commit()
        return Clinic(application, made.organization.id, made.at(10).date())


def board(windows: Windows, samal: Clinic, who: str) -> tuple[Window, Page]:
    window = windows.open()
    window.sign_in(who, PASSWORD)
    page = window.go(samal.path)
    expect(page.get_by_text("обновлено только что")).to_be_visible()
    return window, page


def cancel(samal: Clinic) -> None:
    with samal.application.app_context():
        own = db.session.get_one(Organization, samal.number)
        aigerim = db.session.scalars(select(User).filter_by(email=AIGERIM)).one()
        [booked] = db.session.scalars(Appointment.of(own.id))
        booked.cancel(CancellationReason.PATIENT, booked.version, aigerim, utc_now())
        db.session.commit()


def test_a_freed_time_is_offered_on_every_desk_and_one_of_them_calls(windows: Windows, samal: Clinic) -> None:
    (window, aigerim), (_other, dana) = board(windows, samal, AIGERIM), board(windows, samal, DANA)
    cancel(samal)
    freed = aigerim.get_by_role("complementary", name="Освободилось")
    expect(freed).to_contain_text("10:00, Сейтқали Г.: подходит 1 из листа ожидания")
    dana.get_by_role("link", name="Звоню: Оспанова").click()
    expect(freed).to_contain_text("звонит Dana Kim")
    assert window.accessibility_faults() == []
    dana.get_by_role("link", name="Записать: Оспанова").click()
    dana.get_by_role("dialog").get_by_role("button", name="Записать", exact=True).click()
    expect(visit(aigerim, "Оспанова", "10:00")).to_be_visible()
    expect(freed).to_be_hidden()


def test_a_wish_is_entered_by_keys_from_the_form_where_no_time_suits(windows: Windows, samal: Clinic) -> None:
    _window, page = board(windows, samal, AIGERIM)
    page.get_by_role("link", name="Записать", exact=True).press("Enter")
    page.get_by_label("Пациент", exact=True).press_sequentially("ахм")
    expect(page.get_by_role("radio")).to_have_count(1)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="В лист ожидания").press("Enter")
    form = page.get_by_role("dialog", name="В лист ожидания")
    expect(form.get_by_role("radio", name="Ахметов Болат")).to_be_checked()
    for choice in ("Ким Г.", "Пн", "Утром", "Срочно"):
        form.get_by_label(choice, exact=True).press("Space")
    form.get_by_label("Заметка").fill("может прийти за час")
    form.get_by_label("Заметка").press("Enter")
    expect(form).to_be_hidden()
    page.goto(page.url.partition("/schedule")[0] + "/waitlist")
    row = page.get_by_role("row", name="Ахметов")
    for said in ("срочно", "Ким Г.", "Пн, утром", "может прийти за час"):
        expect(row).to_contain_text(said)
    row.get_by_role("link", name="Звоню: Ахметов").press("Enter")
    expect(row).to_contain_text("звонит Aigerim Satpaeva")
