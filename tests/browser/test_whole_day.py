"""A doctor falls ill: the whole day is cancelled at once, with a call list, and undone."""

import re
from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from playwright.sync_api import Page, expect

from extensions import db
from models.base import utc_now
from models.clinic import CancellationReason
from models.clinic.day import Day
from models.clinic.day_change import cancel_day
from tests.browser.clinic import AIGERIM, DANA, KIM, Clinic, column, toast, visit
from tests.support.browser import Windows
from tests.support.people import PASSWORD, patient
from tests.support.visits import desk


def test_two_desks_share_the_list_of_those_to_call(application: Flask, windows: Windows) -> None:
    with application.app_context():
        samal = desk()
        visits = [samal.book(samal.at(9)), samal.book(samal.at(10), patient=patient(samal.organization, "Оспанова"))]
        day = Day(samal.organization, samal.at(9).date())
        change = cancel_day(day, samal.seitqali, visits, CancellationReason.PRACTITIONER, samal.aigerim, utc_now())
        db.session.commit()
        address = f"/day-changes/{change.id}"
    one, other = windows.open(), windows.open()
    for window in (one, other):
        window.sign_in(AIGERIM, PASSWORD)
        window.go(address)
        expect(window.page.get_by_text("обновлено только что")).to_be_visible()
    one.page.get_by_role("button", name=re.compile("Позвонили.*Оспанова")).click()
    expect(other.page.get_by_role("button", name=re.compile("Знает.*Оспанова"))).to_be_visible()
    other.page.get_by_role("button", name=re.compile("Позвонили.*Ахметов")).click()
    expect(one.page.get_by_text("Все знают.")).to_be_visible()


def test_everybody_goes_to_a_colleague_and_comes_back(application: Flask, windows: Windows) -> None:
    with application.app_context():
        samal = desk()
        samal.book(samal.at(9))
        samal.book(samal.at(10), patient=patient(samal.organization, "Оспанова"))
        db.session.commit()
        board = f"/schedule/{samal.at(10).date()}"
    window = windows.open()
    window.sign_in(AIGERIM, PASSWORD)
    page = window.go(board)
    column(page).get_by_role("link", name="Весь день врача").click()
    page.get_by_label("Перенести туда, где свободно").check()
    page.get_by_label("К кому").select_option(label="Ким Г., терапевт")
    page.get_by_role("button", name="Перенести записей: 2").click()
    expect(page.get_by_role("heading", name="Кому позвонить")).to_be_visible()
    page.get_by_role("button", name=re.compile("Позвонили.*Ахметов")).click()
    expect(page.get_by_role("button", name=re.compile("Знает.*Ахметов"))).to_be_visible()
    assert window.accessibility_faults() == []
    page.get_by_role("button", name="Вернуть всё на место").click()
    expect(page.get_by_text("Всё возвращено на место.")).to_be_visible()
    page = window.go(board)
    expect(column(page).locator("a.visit")).to_have_count(2)
    expect(column(page, KIM).locator("a.visit")).to_have_count(0)


def test_a_whole_day_is_cancelled_for_a_reason_by_keys(samal: Clinic, at_desk: Callable[..., Page]) -> None:
    samal.book("Ахметов", 9)
    samal.book("Оспанова", 10)
    page, dana = at_desk(), at_desk(DANA)
    column(page).get_by_role("link", name="Весь день врача").press("Enter")
    page.get_by_label("Отменить", exact=True).check()
    page.get_by_label("Причина").select_option("нет врача")
    page.get_by_role("button", name="Отменить записей: 2").press("Enter")
    expect(page.get_by_role("heading", name="Кому позвонить")).to_be_visible()
    expect(column(dana).get_by_role("link", name=re.compile("Отменён"))).to_have_count(2)
    dana.get_by_role("link", name=re.compile("^Вернуть всё")).press("Enter")
    expect(column(dana).get_by_role("link", name=re.compile("Записан"))).to_have_count(2)


def test_at_closing_the_unmarked_are_marked_by_keys_and_come_back(samal: Clinic, at_desk: Callable[..., Page]) -> None:
    samal.book("Ахметов", 9, ahead=-2)
    samal.book("Оспанова", 10, ahead=-2)
    board = f"/schedule/{samal.day - timedelta(days=2)}"
    page, dana = at_desk(path=board), at_desk(DANA, path=board)
    page.get_by_role("link", name="Не отмечены 2 приёма").press("Enter")
    page.get_by_role("button", name="Принят").press("Enter")
    mark = page.get_by_role("group", name=re.compile("Ахметов"))
    expect(mark.get_by_label("Принят")).to_be_checked()
    mark.get_by_label("Принят").press("ArrowRight")
    expect(mark.get_by_label("Не пришёл")).to_be_checked()
    page.get_by_role("button", name="Отметить", exact=True).press("Enter")
    expect(page.get_by_text("Отмечено приёмов: 2", exact=True)).to_be_visible()
    expect(visit(page, "Ахметов", "Не пришёл")).to_be_visible()
    expect(visit(dana, "Оспанова", "Завершён")).to_be_visible()
    expect(dana.get_by_text("Не отмечен")).to_have_count(0)
    dana.get_by_role("link", name="Вернуть всё: Весь день").press("Enter")
    expect(visit(page, "Ахметов", "Записан")).to_be_visible()
    expect(page.get_by_role("link", name="Не отмечены 2 приёма")).to_be_visible()


def test_who_marks_second_sees_what_the_first_marked(samal: Clinic, at_desk: Callable[..., Page]) -> None:
    samal.book("Ахметов", 9, ahead=-2)
    samal.book("Оспанова", 10, ahead=-2)
    closing = f"/schedule/{samal.day - timedelta(days=2)}/unmarked"
    page, dana = at_desk(path=closing), at_desk(DANA, path=closing)
    for desk_page, word in ((dana, "Не пришёл"), (page, "Принят")):
        desk_page.get_by_role("group", name=re.compile("Ахметов")).get_by_text(word, exact=True).click()
        desk_page.get_by_role("button", name="Отметить", exact=True).click()
        expect(toast(desk_page, "done" if desk_page is dana else "conflict")).to_be_visible()
    expect(page.get_by_text(re.compile("Уже изменили: Ахметов Б., .* 09:00–09:30, Сейтқали Г."))).to_be_visible()
    page.get_by_role("group", name=re.compile("Оспанова")).get_by_text("Принят", exact=True).click()
    page.get_by_role("button", name="Отметить", exact=True).click()
    expect(toast(page, "done")).to_be_visible()
    assert [each[3] for each in samal.visits()] == ["noshow", "fulfilled"]


def test_a_visit_left_unmarked_appears_on_every_board_by_itself(samal: Clinic, at_desk: Callable[..., Page]) -> None:
    page = at_desk(path="/schedule")
    expect(page.get_by_text("Не отмечен")).to_have_count(0)
    samal.book_now("Ахметов", begins=-40)
    expect(page.get_by_role("link", name="Не отмечен 1 приём")).to_be_visible()
