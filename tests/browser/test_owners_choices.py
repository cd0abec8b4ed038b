"""What the owner sets up and reads: reminders, a doctor's calendar, the reports, the export of the cards."""

from collections.abc import Callable
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page, expect

from extensions import db
from models.accounts import Organization, Role
from tests.browser.clinic import AIGERIM, SEITQALI, Clinic, visit
from tests.support.people import patient

Open = Callable[..., Page]
SAULE = "saule@tablo.example"


@pytest.fixture
def saule(samal: Clinic) -> Clinic:
    """Saule owns the clinic."""
    samal.employ("Saule", Role.OWNER)
    return samal


def test_the_owner_says_when_patients_are_reminded(saule: Clinic, at_desk: Open) -> None:
    page = at_desk(SAULE, path="/reminders")
    expect(page.get_by_text("Напоминания выключены")).to_be_visible()
    page.get_by_role("link", name="Настроить").press("Enter")
    page.get_by_label("Накануне", exact=True).check()
    page.get_by_label("Накануне в").fill("23:00")
    page.get_by_label("Куда звонить, если не смогут прийти").fill("8 727 555 04 06")
    page.get_by_label("Куда звонить, если не смогут прийти").press("Enter")
    expect(page.get_by_text("Выберите время с 8:00 до 20:00.")).to_be_visible()
    page.get_by_label("Накануне в").fill("17:30")
    page.get_by_role("button", name="Сохранить").press("Enter")
    expect(page.get_by_text("Напоминания настроены.")).to_be_visible()
    expect(page.get_by_text("Отправлять нечем.")).to_be_visible()
    page.get_by_role("link", name="Настроить").press("Enter")
    expect(page.get_by_label("Накануне в")).to_have_value("17:30")


def test_a_doctors_calendar_is_subscribed_to_replaced_and_closed(saule: Clinic, at_desk: Open) -> None:
    saule.book("Ахметов", 10)
    page = at_desk(SAULE, path="/calendars")
    row = page.get_by_role("listitem").filter(has_text=SEITQALI)
    row.get_by_role("button", name="Создать ссылку").press("Enter")
    link = row.get_by_role("link", name="/calendar/")
    first = link.inner_text()
    assert {"BEGIN:VTIMEZONE", "SUMMARY:Б. А.", "SEQUENCE:1"} <= set(read(first).splitlines())
    row.get_by_role("button", name="Заменить ссылку").press("Enter")
    expect(link).not_to_have_text(first)
    second = link.inner_text()
    assert (status_of(page, first), status_of(page, second)) == (404, 200)
    row.get_by_role("button", name="Отключить").press("Enter")
    expect(link).to_have_count(0)
    assert status_of(page, second) == 404


def read(address: str) -> str:
    with urlopen(address) as answer:
        return str(answer.read().decode())


def status_of(page: Page, address: str) -> int:
    return page.request.get(address).status


def test_the_owner_reads_the_load_as_charts_and_numbers(saule: Clinic, at_desk: Open) -> None:
    saule.book_now("Ахметов")
    board = at_desk(path="/schedule")
    visit(board, "Ахметов").press("Enter")
    board.get_by_role("button", name="Не пришёл", exact=True).press("Enter")
    expect(visit(board, "Ахметов", "Не пришёл")).to_be_visible()
    page = at_desk(SAULE)
    page.locator("summary.who").press("Enter")
    page.get_by_role("link", name="Отчёты").press("Enter")
    missed = page.get_by_role("region", name="Не пришли")
    expect(missed).to_contain_text("100")
    expect(missed.locator("svg.bars:visible .bar")).to_have_count(12)
    page.get_by_role("link", name="4 недели").press("Enter")
    expect(missed.locator("svg.bars:visible .bar")).to_have_count(4)
    expect(page.get_by_role("table", name="По неделям").get_by_role("row").nth(1)).to_contain_text("100")
    doctors = page.get_by_role("table", name="По врачам")
    expect(doctors.get_by_role("row", name="Сейтқали")).to_contain_text("100")
    with page.expect_download() as download:
        page.get_by_role("link", name="Все записи в CSV").press("Enter")
    _head, row = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert "Ахметов Болат" in row
    assert "Не пришёл" in row
    page.get_by_role("navigation", name="Чей отчёт").get_by_role("link", name="Ким Г.").press("Enter")
    expect(page.get_by_text("За это время записей нет")).to_be_visible()


def test_the_cards_leave_as_a_table_that_runs_nothing(saule: Clinic, at_desk: Open) -> None:
    with saule.application.app_context():
        patient(db.session.get_one(Organization, saule.number), "Омарова", note='=HYPERLINK("evil")')
        db.session.commit()
    page = at_desk(SAULE, path="/patients")
    page.get_by_role("searchbox", name="Найти пациента").press_sequentially("омар")
    expect(page.get_by_text("Найдено: 1.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Выгрузить в CSV").press("Enter")
    head, row = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert head.startswith("Фамилия;Имя;Отчество")
    assert row.startswith("Омарова;Болат;")
    assert "'=HYPERLINK" in row
    expect(at_desk(AIGERIM, path="/patients").get_by_role("link", name="Выгрузить в CSV")).to_have_count(0)
