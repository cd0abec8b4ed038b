"""The waiting room's screen, without sign-in: it follows the desk, calls patients, stops with its link."""

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from extensions import db
from models.accounts import Organization, Role, User
from models.base import utc_now
from models.clinic import Appointment, Practitioner, Screen
from models.clinic.booking import Booking
from models.clinic.screen import ROOM
from models.live_topic import touch
from rules.booking import Status
from tests.support.browser import TELEVISION, Windows
from tests.support.people import PASSWORD, patient, person
from tests.support.visits import desk

SPEECH = """
SpeechSynthesis.prototype.speak = (said) => { document.body.dataset.spoken = said.text; };
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...at) {
  document.body.dataset.strokes = Number(document.body.dataset.strokes ?? 0) + 1;
  start.apply(this, at);
};
"""


@dataclass(frozen=True)
class Hall:
    """A clinic whose waiting room has a screen."""

    application: Flask
    number: int
    code: str

    def somebody_comes(self, family_name: str, begun: int = 0, status: Status = Status.ARRIVED) -> None:
        """Marks the arrival of a patient, or that they went in; begun: so many minutes ago the visit was to begin."""
        with self.application.app_context():
            own, now = db.session.get_one(Organization, self.number), utc_now()
            marat = db.session.scalars(select(User).filter_by(email="marat@tablo.example")).one()
            doctor = db.session.scalars(Practitioner.of(own.id)).first()
            assert doctor
            start = now.replace(minute=now.minute // 5 * 5, second=0, microsecond=0) - timedelta(minutes=begun)
            who = patient(own, family_name)
            visit = Appointment.book(own, Booking(who, doctor, None, start, 5, overbooked=True), marat, now)
            visit.become(status, visit.version, marat, now)
            db.session.commit()

    def day_turns(self) -> None:
        """The clinic moves to where it is another day."""
        with self.application.app_context():
            own = db.session.get_one(Organization, self.number)
            own.time_zone = "Pacific/Kiritimati"
            touch(db.session.scalars(select(Screen)).one().topic, ROOM)
            db.session.commit()


@pytest.fixture
def hall(application: Flask) -> Hall:
    with application.app_context():
        made = desk()
        marat = person("Marat", Role.OWNER, made.organization)
        screen = Screen.open(made.organization, marat, utc_now())
        db.session.commit()
        return Hall(application, made.organization.id, screen.code)


def television(windows: Windows, hall: Hall) -> Page:
    window = windows.open(TELEVISION)
    window.context.add_init_script(SPEECH)
    page = window.go(f"/waiting-room/{hall.code}")
    expect(page.get_by_text("обновлено только что")).to_be_visible()
    return page


def test_a_call_at_the_desk_lights_the_television_and_is_spoken(windows: Windows, hall: Hall) -> None:
    screen = television(windows, hall)
    screen.get_by_role("button", name="Включить звук").click()
    expect(screen.locator("body")).to_have_attribute("data-strokes", "2")
    hall.somebody_comes("Оспанова")
    expect(screen.get_by_role("region", name="Ожидают")).to_contain_text("Б. О.")
    reception = windows.open()
    reception.sign_in("aigerim@tablo.example", PASSWORD)
    reception.go("/schedule").get_by_role("link", name="Вызвать: Оспанова").press("Enter")
    expect(screen.get_by_role("status", name="Проходите")).to_contain_text("Б. О.")
    expect(screen.get_by_role("region", name="Ожидают")).not_to_contain_text("Б. О.")
    expect(screen.locator("body")).to_have_attribute("data-strokes", "4")
    expect(screen.locator("body")).to_have_attribute("data-spoken", "Б. О., кабинет 200")
    expect(screen.locator("body")).not_to_contain_text("Оспанова")


def test_a_ticket_is_taken_in_two_presses_and_called_by_its_number(windows: Windows, hall: Hall) -> None:
    screen = television(windows, hall)
    screen.get_by_role("button", name="Включить звук").click()
    reception = windows.open()
    reception.sign_in("aigerim@tablo.example", PASSWORD)
    page = reception.go("/schedule")
    page.get_by_role("link", name="Выдать талон").click()
    page.get_by_role("button", name="Ким Г.").click()
    expect(screen.get_by_role("region", name="Ожидают")).to_contain_text("А01")
    assert reception.accessibility_faults() == []
    page.get_by_role("link", name="Вызвать: талон А01").click()
    expect(screen.get_by_role("status", name="Проходите")).to_contain_text("А01")
    expect(screen.locator("body")).to_have_attribute("data-spoken", "Талон А01, кабинет 201")
    page.get_by_role("link", name="Принят: талон А01").click()
    expect(screen.get_by_role("status", name="Проходите")).not_to_contain_text("А01")


def test_the_delay_of_a_visit_that_runs_over_is_seen_by_those_who_wait(windows: Windows, hall: Hall) -> None:
    screen = television(windows, hall)
    hall.somebody_comes("Оспанова", begun=20, status=Status.CHECKED_IN)
    hall.somebody_comes("Ли", begun=15)
    waiting = screen.get_by_role("region", name="Ожидают").get_by_role("listitem").filter(has_text="Б. Л.")
    expect(waiting).to_contain_text(re.compile(r"≈ \d\d:\d\d"))


def test_at_midnight_the_screen_goes_on_to_the_next_date(windows: Windows, hall: Hall) -> None:
    with hall.application.app_context():
        db.session.get_one(Organization, hall.number).time_zone = "Pacific/Pago_Pago"
        db.session.commit()
    screen = television(windows, hall)
    date = screen.locator("[data-today]")
    yesterday = date.inner_text()
    hall.day_turns()
    expect(date).not_to_have_text(yesterday)
    expect(date).to_have_text(re.compile(r"^[А-Я][а-я]+, \d+ [а-я]+$"))


def test_a_screen_whose_link_was_taken_back_says_that_it_is_old(windows: Windows, hall: Hall) -> None:
    screen = television(windows, hall)
    owner = windows.open()
    owner.sign_in("marat@tablo.example", PASSWORD)
    page = owner.go("/screen")
    page.get_by_role("button", name="Отключить экран").press("Enter")
    expect(page.get_by_role("button", name="Создать ссылку")).to_be_visible()
    expect(screen.locator(".fresh")).to_contain_text("данные на")


def test_the_screen_has_no_faults_of_access(windows: Windows, hall: Hall) -> None:
    hall.somebody_comes("Оспанова")
    for theme in ("light", "dark"):
        window = windows.open(TELEVISION)
        window.go(f"/waiting-room/{hall.code}?theme={theme}")
        assert window.accessibility_faults() == []
