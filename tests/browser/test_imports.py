"""Saule, who owns the clinic, imports the patients of her old program."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

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
    page.get_by_role("link", name="Загрузить из таблицы").click()
    page.get_by_role("link", name="Пациенты.xlsx").click()
    page.get_by_role("link", name="Отменить загрузку").click()
    page.get_by_role("button", name="Убрать: 1 карта").click()
    expect(page.get_by_role("heading", name="Загрузка отменена")).to_be_visible()
