"""Bookings over another visit, in a taken room and by service, and the file for the patient."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from extensions import db
from models.accounts import Role, User
from models.base import utc_now
from models.clinic import Room
from tests.browser.clinic import AIGERIM, DANA, KIM, SEITQALI, TAKEN, Clinic, free, visit

Open = Callable[..., Page]
RAUSHAN = "raushan@tablo.example"


@pytest.fixture
def led(samal: Clinic) -> Clinic:
    """Raushan administers the clinic; Li is booked with Seitqali at ten, in room 200."""
    samal.employ("Raushan", Role.ADMINISTRATOR)
    samal.book("Ли", 10)
    return samal


def begin(page: Page, letters: str, clock: str, doctor: str) -> Locator:
    page.get_by_role("link", name="Записать", exact=True).press("Enter")
    form = page.get_by_role("dialog", name="Новая запись")
    form.get_by_label("Пациент", exact=True).press_sequentially(letters)
    form.get_by_role("radiogroup").get_by_role("radio").first.check()
    form.get_by_label("Врач", exact=True).select_option(doctor)
    form.get_by_label("Время").fill(clock)
    form.get_by_label("Время").press("Tab")
    return form


def test_only_who_may_books_over_another_and_everybody_sees_it(led: Clinic, at_desk: Open) -> None:
    aigerim, raushan = at_desk(AIGERIM), at_desk(RAUSHAN)
    for page in (aigerim, raushan):
        expect(begin(page, "ахм", "10:15", SEITQALI).locator("#field-time")).to_contain_text(TAKEN)
    over = "Записать сверх расписания"
    expect(aigerim.get_by_label(over)).to_have_count(0)
    raushan.get_by_label(over).press("Space")
    raushan.get_by_role("dialog").get_by_role("button", name="Записать", exact=True).last.press("Enter")
    aigerim.keyboard.press("Escape")
    expect(visit(aigerim, "Ахметов", "10:15–10:45.*сверх расписания")).to_be_visible()
    expect(visit(aigerim, "Ли", "10:00–10:30")).to_be_visible()


def test_in_a_taken_room_the_free_ones_are_offered(led: Clinic, at_desk: Open) -> None:
    with led.application.app_context():
        Room.add(led.number, "Процедурная", db.session.get_one(User, 1), utc_now())
        db.session.commit()
    page = at_desk()
    form = begin(page, "ахм", "10:00", KIM)
    form.get_by_label("Кабинет").select_option("200")
    form.get_by_role("button", name="Записать", exact=True).last.press("Enter")
    expect(form.get_by_text("Кабинет в это время уже занят")).to_be_visible()
    form.get_by_role("button", name="Процедурная", exact=True).press("Enter")
    expect(form.get_by_label("Кабинет").locator("option:checked")).to_have_text("Процедурная")
    form.get_by_role("button", name="Записать", exact=True).last.press("Enter")
    expect(visit(page, "Ахметов", "10:00–10:30.*каб. Процедурная", KIM)).to_be_visible()


def test_the_patient_gets_a_file_for_the_calendar(led: Clinic, at_desk: Open) -> None:
    page = at_desk()
    visit(page, "Ли").press("Enter")
    with page.expect_download() as download:
        page.get_by_role("dialog").get_by_role("link", name="Файл для пациента").press("Enter")
    event = download.value.path().read_text()
    assert "SUMMARY:Клиника «Самал»: Сейтқали Г." in event
    assert "Ли" not in event.replace("Клиника", "")


def test_a_service_brings_its_length_and_its_colour(led: Clinic, at_desk: Open) -> None:
    owner = at_desk(RAUSHAN, path="/staff")
    owner.get_by_role("link", name="Добавить услугу").press("Enter")
    form = owner.get_by_role("dialog", name="Новая услуга")
    form.get_by_label("Название").fill("УЗИ щитовидной железы")
    form.get_by_label("Длительность").fill("45")
    form.get_by_label("зелёный").check()
    form.get_by_role("button", name="Добавить").press("Enter")
    expect(owner.get_by_role("row", name="УЗИ щитовидной железы")).to_contain_text("45 мин")
    page = at_desk()
    free(page, "15:00").press("Enter")
    page.get_by_label("Пациент", exact=True).press_sequentially("ахм")
    page.get_by_role("radio").first.check()
    page.get_by_label("Услуга").select_option("УЗИ щитовидной железы")
    expect(page.get_by_label("Длительность")).to_have_value("45")
    page.get_by_role("dialog").get_by_role("button", name="Записать", exact=True).last.press("Enter")
    booked = visit(page, "Ахметов", "15:00–15:45")
    expect(booked).to_contain_text("УЗИ щитовидной железы")
    expect(booked.locator(".swatch")).to_have_class("swatch colour-2")


def test_two_at_one_visit_see_both_versions(led: Clinic, at_desk: Open) -> None:
    aigerim, dana = at_desk(AIGERIM), at_desk(DANA)
    for page, note in ((aigerim, "придёт с ребёнком"), (dana, "перезвонить")):
        visit(page, "Ли").press("Enter")
        page.get_by_role("link", name="Изменить").press("Enter")
        page.get_by_label("Заметка").fill(note)
    aigerim.get_by_role("button", name="Сохранить").last.press("Enter")
    expect(aigerim.get_by_role("dialog")).to_be_hidden()
    dana.get_by_role("button", name="Сохранить").last.press("Enter")
    expect(dana.get_by_role("alert").filter(has_text="Последнее изменение: Aigerim Satpaeva").first).to_be_visible()
    expect(dana.locator("#field-comment")).to_contain_text("Сейчас в записи: придёт с ребёнком")
    expect(dana.get_by_label("Заметка")).to_have_value("перезвонить")


def test_a_day_that_is_over_says_so_before_it_is_booked(led: Clinic, at_desk: Open) -> None:
    page = at_desk(path=f"/appointments/new?start={led.day - timedelta(days=2)}")
    expect(page.locator("#field-date")).to_contain_text("уже прошло")
    page.get_by_label("Дата").fill(str(led.day))
    page.get_by_label("Дата").press("Tab")
    expect(page.locator("#field-date")).not_to_contain_text("уже прошло")


def test_after_what_a_key_took_away_the_dialog_goes_on_where_one_types(led: Clinic, at_desk: Open) -> None:
    page = at_desk()
    form = begin(page, "ахм", "10:15", SEITQALI)
    form.get_by_role("button", name="10:30", exact=True).press("Enter")
    expect(form.get_by_label("Время")).to_have_value("10:30")
    expect(form.get_by_role("button", name="Записать", exact=True).last).to_be_focused()
    form.get_by_role("button", name="Повторять…").press("Enter")
    expect(page.get_by_role("dialog").get_by_label("Как часто")).to_be_focused()
    page.keyboard.press("Escape")
    visit(page, "Ли", "10:00").press("Enter")
    page.get_by_role("link", name="Отменить запись").press("Enter")
    expect(page.get_by_role("radio", name="Отказался пациент")).to_be_focused()
