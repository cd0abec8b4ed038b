"""Saule, who owns the clinic, imports the patients of her old program."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from models.accounts import Role
from tests.browser.clinic import Clinic
from tests.support.browser import Windows
from tests.support.people import PASSWORD
from tests.support.tables import workbook

SAULE = "saule@tablo.example"
ROWS = (
    ("ФИО", "Дата рождения", "Моб. телефон", "Откуда"),
    ("Қожахметова Әлия", "17.05.1995", "8 777 640 18 25", "Инстаграм"),
    ("Ахметов Болат", "", "", ""),
    ("Ким Олег", "весной", "", ""),
)


def take_back(page: Page, file: str, cards: str) -> None:
    """Removes the cards that an import brought."""
    page.get_by_role("link", name="Загрузить из таблицы").press("Enter")
    page.get_by_role("link", name=file).press("Enter")
    page.get_by_role("link", name="Отменить загрузку").press("Enter")
    page.get_by_role("button", name=f"Убрать: {cards}").press("Enter")
    expect(page.get_by_role("heading", name="Загрузка отменена")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_table_becomes_cards_after_a_look(samal: Clinic, windows: Windows, tmp_path: Path, scripts: bool) -> None:
    samal.employ("Saule", Role.OWNER)
    file = tmp_path / "Пациенты.xlsx"
    file.write_bytes(workbook(*ROWS))
    window = windows.open(scripts=scripts)
    window.sign_in(SAULE, PASSWORD)
    page = window.go("/patients")
    page.get_by_role("link", name="Загрузить из таблицы").click()
    page.get_by_role("button", name="Проверить файл").click()
    expect(page.get_by_text("Выберите файл с таблицей.")).to_be_visible()
    page.get_by_label("Файл с таблицей").set_input_files(file)
    page.get_by_role("button", name="Проверить файл").click()
    expect(page.get_by_text("Столбцы: распознано 3 из 4")).to_be_visible()
    expect(page.get_by_role("row", name="Ким Олег")).to_contain_text("Дату рождения не прочесть.")
    assert not scripts or window.accessibility_faults() == []
    page.get_by_role("button", name="Загрузить: 1 карта").click()
    expect(page.get_by_role("heading", name="Загружено: 1 карта")).to_be_visible()
    page.get_by_role("link", name="К пациентам").click()
    expect(page.get_by_role("link", name="Қожахметова Әлия")).to_be_visible()
    take_back(page, "Пациенты.xlsx", "1 карта")


def test_a_table_of_an_old_spreadsheet_in_windows_letters_is_read_too(
    samal: Clinic, windows: Windows, tmp_path: Path
) -> None:
    samal.employ("Saule", Role.OWNER)
    file = tmp_path / "Пациенты.csv"
    lines = ["Фамилия;Имя;Телефон", "Омарова;Дана;8 777 640 18 25", "Серіков;;8 701", '"Ли; старший";Виктор;']
    file.write_bytes("\r\n".join(lines).encode("cp1251", errors="replace"))
    window = windows.open()
    window.sign_in(SAULE, PASSWORD)
    page = window.go("/patients/imports/new")
    page.get_by_label("Файл с таблицей").set_input_files(file)
    page.get_by_role("button", name="Проверить файл").press("Enter")
    expect(page.get_by_text("Столбцы: распознано 3 из 3")).to_be_visible()
    expect(page.get_by_role("row", name="Серіков")).to_contain_text("Нет имени.")
    page.get_by_role("button", name="Загрузить: 2 карты").press("Enter")
    expect(page.get_by_role("heading", name="Загружено: 2 карты")).to_be_visible()
    page.get_by_role("link", name="К пациентам").press("Enter")
    expect(page.get_by_role("link", name="Омарова Дана")).to_be_visible()
    expect(page.get_by_role("link", name="Ли; старший Виктор")).to_be_visible()
    take_back(page, "Пациенты.csv", "2 карты")
    page.goto(f"{window.address}/patients")
    expect(page.get_by_role("link", name="Ахметов Болат")).to_be_visible()
    expect(page.get_by_role("link", name="Омарова Дана")).to_have_count(0)
