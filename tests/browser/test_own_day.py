"""A doctor's own list on a phone: who has come is called in, seen, and taken back; the desk and the hall follow."""

from playwright.sync_api import expect

from extensions import db
from models.accounts import Organization, Role
from models.base import utc_now
from models.clinic import Screen
from tests.browser.clinic import AIGERIM, MARAT, Clinic, toast, visit
from tests.support.browser import PHONE, TELEVISION, Windows
from tests.support.people import PASSWORD, person


def screen_of(samal: Clinic) -> str:
    with samal.application.app_context():
        own = db.session.get_one(Organization, samal.number)
        code = Screen.open(own, person("Saule", Role.OWNER, own), utc_now()).code
        db.session.commit()
        return f"/waiting-room/{code}"


def test_a_doctor_calls_sees_and_takes_back_from_a_phone(samal: Clinic, windows: Windows) -> None:
    samal.give_doctor_account()
    samal.book_now("Оспанова", waiting=3)
    doctor, reception = windows.open(PHONE, touch=True), windows.open()
    reception.sign_in(AIGERIM, PASSWORD)
    board = reception.go("/schedule")
    hall = windows.open(TELEVISION).go(screen_of(samal))
    page = doctor.sign_in(MARAT, PASSWORD)
    row = page.get_by_role("listitem").filter(has_text="Оспанова Гүлмира")
    row.get_by_role("link", name="Вызвать: Оспанова").tap()
    expect(visit(board, "Оспанова", "На приёме")).to_be_visible()
    expect(hall.get_by_role("status", name="Проходите")).to_contain_text("Г. О.")
    row.get_by_role("link", name="Завершить приём: Оспанова").tap()
    expect(visit(board, "Оспанова", "Завершён")).to_be_visible()
    toast(page, "done").get_by_role("button", name="Вернуть на приём").tap()
    expect(visit(board, "Оспанова", "На приёме")).to_be_visible()
    expect(row).to_contain_text("На приёме")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert doctor.accessibility_faults() == []


def test_all_doctors_leave_an_open_list_with_the_owners_switch_and_come_back(samal: Clinic, windows: Windows) -> None:
    samal.give_doctor_account()
    page = windows.open().sign_in(MARAT, PASSWORD)
    everybody = page.get_by_role("link", name="Все врачи")
    expect(everybody).to_be_visible()
    samal.limit_sight(True)
    expect(everybody).to_be_hidden()
    samal.limit_sight(False)
    expect(everybody).to_be_visible()


def test_a_doctor_who_sees_only_their_own_finds_nothing_of_a_colleagues(samal: Clinic, windows: Windows) -> None:
    samal.give_doctor_account()
    samal.book("Оспанова", 10)
    samal.book("Ли", 10, to="Ким")
    samal.employ("Saule", Role.OWNER)
    owner, doctor = windows.open(), windows.open()
    page = doctor.sign_in(MARAT, PASSWORD)
    expect(page.get_by_role("link", name="Все врачи")).to_be_visible()
    owner.sign_in("saule@tablo.example", PASSWORD)
    staff = owner.go("/staff")
    staff.get_by_label("Врачи видят только своё расписание и своих пациентов").check()
    staff.get_by_role("button", name="Сохранить").press("Enter")
    expect(staff.get_by_label("Врачи видят только")).to_be_checked()
    page = doctor.go("/patients")
    expect(page.get_by_role("link", name="Оспанова Гүлмира")).to_be_visible()
    expect(page.get_by_role("link", name="Ли Виктор")).to_have_count(0)
    doctor.go("/schedule/own")
    expect(page.get_by_role("link", name="Все врачи")).to_have_count(0)
