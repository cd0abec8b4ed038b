"""Saule takes the history of her club out, and Timur brings it into his."""

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect

from extensions import db
from models.accounts import Role
from models.club import Club
from tests.browser.club import started
from tests.support.browser import Windows
from tests.support.people import PASSWORD, club_house, person
from tests.support.players import club


@pytest.fixture
def other(application: Flask) -> int:
    """Timur's club, in which Иван plays too; its number."""
    with application.app_context():
        house = club_house("Клуб «Сетка»")
        person("Timur", Role.OWNER, house)
        number = club(house, names=("Иван Иванов",)).id
        db.session.commit()
        return number


@pytest.fixture
def exported(windows: Windows, application: Flask, ours: int, tmp_path: Path) -> Path:
    """The history of Saule's club, one match, as she downloads it."""
    started(application, ours, "A" * 11)
    with application.app_context():
        person("Saule", Role.OWNER, db.session.get_one(Club, ours).organization)
        db.session.commit()
    window = windows.open()
    window.sign_in("saule@tablo.example", PASSWORD)
    page = window.go(f"/clubs/{ours}/history")
    with page.expect_download() as download:
        page.get_by_role("link", name="JSON").click()
    download.value.save_as(tmp_path / "matches.json")
    return tmp_path / "matches.json"


@pytest.mark.parametrize("scripts", [True, False])
def test_the_history_of_one_club_is_brought_into_another_after_a_look(
    windows: Windows, other: int, exported: Path, scripts: bool
) -> None:
    window = windows.open(scripts=scripts)
    window.sign_in("timur@tablo.example", PASSWORD)
    page = window.go(f"/clubs/{other}/settings")
    page.get_by_role("link", name="Загрузить партии из файла").click()
    page.get_by_label("Файл партий, JSON").set_input_files(exported)
    page.get_by_role("button", name="Только проверить").click()
    expect(page.get_by_role("status").filter(has_text="Пока ничего не записано")).to_contain_text("Новых партий: 1")
    assert not scripts or window.accessibility_faults() == []
    if not scripts:
        page.get_by_label("Файл партий, JSON").set_input_files(exported)
    page.get_by_role("button", name="Загрузить").click()
    expect(page.get_by_role("status").filter(has_text="Файл загружен")).to_contain_text("Новых игроков: 1")
    page.get_by_role("main").get_by_role("link", name="Сыграно").click()
    expect(page.get_by_role("main")).to_contain_text("Петр Петров")
