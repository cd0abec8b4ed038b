"""Patients are reminded while Aigerim watches: who was reached, whom to call, and nobody twice."""

import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from extensions import db
from tests.browser.clinic import AIGERIM
from tests.conftest import StartServer
from tests.support.browser import Windows
from tests.support.parts import ROOT
from tests.support.people import PASSWORD, patient
from tests.support.reminding import booked_long_ago, reminding_desk
from tests.support.server import Server


@pytest.fixture
def outbox(tmp_path: Path) -> Path:
    return tmp_path / "outbox"


@pytest.fixture
def server(start_server: StartServer, outbox: Path) -> Server:
    """Of a clinic that sends mail, here into a folder, and no messages to phones."""
    return start_server(MAIL_URL=f"file:{outbox}", MAIL_FROM="samal@tablo.example")


@pytest.fixture
def page(application: Flask, windows: Windows) -> Page:
    """Aigerim's list of those to call. Tomorrow Dana comes, who has an address, and Bolat, who has none."""
    with application.app_context():
        samal = reminding_desk()
        dana = patient(samal.organization, "Ли", given_name="Дана", email="dana@tablo.example")
        booked_long_ago(samal, hour=10, patient=dana)
        booked_long_ago(samal, hour=11)
        db.session.commit()
    window = windows.open()
    window.enter(AIGERIM, PASSWORD)
    return window.go("/reminders")


def reminders(server: Server, verb: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "flask", "reminders", verb]
    silent, text = subprocess.DEVNULL, subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, env=server.environment, stdout=text, stderr=silent, text=True)


def test_who_was_reminded_is_seen_and_who_was_not_is_to_be_called(page: Page, server: Server, outbox: Path) -> None:
    expect(page.get_by_text("Звонить некому")).to_be_visible()
    with reminders(server, "run") as sending:
        bolat = page.get_by_role("row", name="Ахметов Болат")
        expect(bolat).to_contain_text("некуда: нет мобильного телефона и почты")
        expect(bolat.get_by_role("link", name="+7 777 123 45 67")).to_be_visible()
        page.get_by_role("link", name="Все", exact=True).press("Enter")
        dana = page.get_by_role("row", name="Ли Дана")
        expect(dana).to_contain_text("отправлено")
        sending.kill()
    assert reminders(server, "once").communicate()[0] == "0 sent\n"
    assert [message.name for message in outbox.glob("*.txt")] == ["reminder-1-1.txt"]
    dana.get_by_role("link", name="завтра").press("Enter")
    expect(page.get_by_role("main")).to_contain_text("отправлено")
