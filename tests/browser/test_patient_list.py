"""Aigerim has the list of patients, or one card, open while Dana works at the other desk."""

from datetime import timedelta

from flask import Flask
from playwright.sync_api import expect

from extensions import db
from models.accounts import Organization
from tests.browser.clinic import AIGERIM, DANA, Clinic, visit
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


def test_an_open_list_says_when_the_next_visit_is(samal: Clinic, windows: Windows) -> None:
    window = windows.open()
    window.sign_in(AIGERIM, PASSWORD)
    row = window.go("/patients").get_by_role("row").filter(has_text="Ахметов")
    expect(row).to_contain_text("нет")
    samal.book("Ахметов", 10)
    expect(row).to_contain_text("завтра, 10:00")


def test_the_arrival_is_marked_on_the_card_that_stays_open(samal: Clinic, windows: Windows) -> None:
    samal.book_now("Ахметов", minutes=30)
    window = windows.open()
    window.sign_in(AIGERIM, PASSWORD)
    window.go("/patients").get_by_role("link", name="Ахметов Болат").click()
    window.page.get_by_role("button", name="Пришёл").press("Enter")
    following = window.page.get_by_role("region", name="Ближайшее посещение")
    expect(following).to_contain_text("Пришёл, ждёт")
    window.page.get_by_role("button", name="Ещё не приходил").click()
    expect(following).to_contain_text("Записан")
    window.page.get_by_role("link", name="В расписании").click()
    expect(visit(window.page, "Ахметов")).to_be_visible()


def test_a_card_tells_of_every_visit_the_newest_first(samal: Clinic, windows: Windows) -> None:
    for ahead in (-40, -9, 0):
        samal.book("Ахметов", 10, ahead=ahead)
    samal.book("Ли", 12)
    window = windows.open()
    window.sign_in(AIGERIM, PASSWORD)
    page = window.go("/patients")
    page.get_by_role("link", name="Ахметов Болат").press("Enter")
    visits = page.get_by_role("region", name="Посещения 3").get_by_role("row")
    expect(visits.nth(1)).to_contain_text("завтра, 10:00")
    dates = [samal.day + timedelta(days=ahead) for ahead in (-9, -40)]
    for place, date in enumerate(dates, 2):
        expect(visits.nth(place)).to_contain_text(f"{date.day} ")
        expect(visits.nth(place)).to_contain_text("Сейтқали Г.")
    visits.nth(2).get_by_role("link").press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("История записи")


def test_an_open_card_shows_the_visit_that_dana_books_and_then_cancels(samal: Clinic, windows: Windows) -> None:
    aigerim, dana = windows.open(), windows.open()
    aigerim.sign_in(AIGERIM, PASSWORD)
    aigerim.go("/patients").get_by_role("link", name="Ахметов Болат").click()
    card, following = aigerim.page, aigerim.page.get_by_role("region", name="Ближайшее посещение")
    expect(card.get_by_text("Ещё ни одного посещения.")).to_be_visible()
    card.get_by_role("link", name="Записать").focus()
    samal.book("Ахметов", 10)
    expect(following).to_contain_text("10:00")
    expect(card.get_by_role("row").filter(has_text="завтра, 10:00")).to_contain_text("Записан")
    dana.sign_in(DANA, PASSWORD)
    visit(dana.go(samal.path), "Ахметов").click()
    dana.page.get_by_role("link", name="Отменить запись").click()
    dana.page.get_by_label("Отказался пациент").check()
    dana.page.get_by_role("button", name="Отменить запись").click()
    expect(following).to_have_count(0)
    expect(card.get_by_role("row").filter(has_text="завтра, 10:00")).to_contain_text("Отменён")
    expect(card.get_by_role("link", name="Записать")).to_be_focused()
