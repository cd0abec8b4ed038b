"""Hours in real browsers: an illness, the nearest time by keyboard, a confirmed booking at lunch."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from extensions import db
from models.accounts import Organization, Role, User
from models.base import utc_now
from models.clinic import Appointment, Practitioner
from models.clinic.booking import Booking
from rules.booking import Status
from tests.support.browser import Windows
from tests.support.people import PASSWORD, patient, person, service
from tests.support.visits import desk

AIGERIM, DANA = "aigerim@tablo.example", "dana@tablo.example"
SEITQALI, KIM = "Сейтқали Гүлнар", "Ким Гүлнар"


@dataclass(frozen=True)
class Clinic:
    """Tomorrow in a clinic with two practitioners: Bolat is booked with Seitqali at ten."""

    day: date

    @property
    def path(self) -> str:
        return f"/schedule/{self.day}"


@pytest.fixture
def samal(application: Flask) -> Clinic:
    with application.app_context():
        made = desk()
        person("Dana Kim", Role.RECEPTIONIST, made.organization)
        patient(made.organization, "Оспанова", given_name="Гүлмира")
        made.book(made.at(10))
        db.session.commit()
        return Clinic(made.at(10).date())


Open = Callable[..., Page]


@pytest.fixture
def at_desk(samal: Clinic, windows: Windows) -> Open:
    """Opens tomorrow's board, or another page, in a window of somebody's own."""

    def open_page(who: str = AIGERIM, path: str = samal.path, **options: object) -> Page:
        window = windows.open(**options)  # type: ignore[arg-type]
        window.sign_in(who, PASSWORD)
        return window.go(path)

    return open_page


def column(page: Page, name: str = SEITQALI) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def begin_booking(page: Page) -> Locator:
    """Opens the form and finds Ospanova, by keyboard."""
    page.get_by_role("link", name="Записать", exact=True).press("Enter")
    return choose_ospanova(page)


def choose_ospanova(page: Page) -> Locator:
    """Finds her in the open form, by keyboard."""
    form = page.get_by_role("dialog", name="Новая запись")
    form.get_by_label("Пациент", exact=True).press_sequentially("оспан")
    expect(form.get_by_role("radio")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(form.get_by_role("radio")).to_be_checked()
    return form


def test_who_falls_ill_is_marked_and_every_desk_sees_it(at_desk: Open, samal: Clinic) -> None:
    dana = at_desk(DANA)
    expect(column(dana).get_by_role("link", name="Записать на 09:00")).to_have_count(1)
    page = at_desk(path=f"/absences/new?date={samal.day}")
    page.get_by_label("У кого").select_option(SEITQALI)
    page.get_by_label("Как подписать").fill("Болезнь")
    page.keyboard.press("Enter")
    expect(page.get_by_text("На это время есть 1 запись")).to_be_visible()
    page.get_by_label("Оставить и разобрать по одной").check()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Болезнь")).to_be_visible()
    expect(column(dana).get_by_text("Болезнь").first).to_be_visible()
    expect(column(dana).get_by_role("link", name="Записать на 09:00")).to_have_count(0)
    expect(column(dana).get_by_role("link", name=re.compile("Ахметов.*вне часов приёма"))).to_be_visible()
    page.get_by_role("button", name=re.compile("^Перенести: Ахметов")).press("Enter")
    expect(page.get_by_text("На это время никто не записан.")).to_be_visible()
    expect(column(dana).get_by_role("link", name=re.compile("^Ахметов"))).to_have_count(0)


def test_the_nearest_morning_is_found_and_booked_by_keys(at_desk: Open) -> None:
    page = at_desk()
    form = begin_booking(page)
    form.get_by_label("Врач", exact=True).select_option(KIM)
    form.get_by_role("button", name="Утром").press("Enter")
    form.get_by_role("button", name="09:00, Ким Г.", exact=True).press("Enter")
    expect(form.get_by_label("Время")).to_have_value("09:00")
    form.get_by_role("button", name="Записать", exact=True).last.press("Enter")
    expect(form).to_be_hidden()
    expect(column(page, KIM).get_by_role("link", name=re.compile("^Оспанова Гүлмира, 09:00"))).to_be_visible()


def test_one_press_on_the_page_of_free_times_begins_a_booking(at_desk: Open, samal: Clinic) -> None:
    page = at_desk(path=f"/free-times?first={samal.day}")
    page.get_by_label("Врач", exact=True).select_option(label="Сейтқали Г., терапевт")
    expect(page.get_by_role("link", name=re.compile("Ким Г."))).to_have_count(0)
    expect(page.get_by_role("link", name="Записать на 10:00, Сейтқали Г.")).to_have_count(2)
    page.get_by_role("link", name="Записать на 09:30, Сейтқали Г.").first.press("Enter")
    form = page.get_by_role("dialog", name="Новая запись")
    expect(form.get_by_label("Время")).to_have_value("09:30")
    expect(form.get_by_label("Дата")).to_have_value(samal.day.isoformat())


def test_a_time_that_a_colleague_books_leaves_the_page_of_free_times(at_desk: Open, samal: Clinic) -> None:
    page = at_desk(path=f"/free-times?first={samal.day}")
    page.get_by_label("Врач", exact=True).select_option(label="Сейтқали Г., терапевт")
    expect(page.get_by_role("link", name="Записать на 09:30, Ким Г.")).to_have_count(0)
    expect(page.get_by_text("обновлено только что")).to_be_visible()
    times = page.get_by_role("link", name="Записать на 09:30, Сейтқали Г.")
    before = times.count()
    dana = at_desk(DANA, f"/free-times?first={samal.day}&practitioner=1")
    dana.get_by_role("link", name="Записать на 09:30, Сейтқали Г.").first.press("Enter")
    form = choose_ospanova(dana)
    form.get_by_role("button", name="Записать", exact=True).last.press("Enter")
    expect(times).to_have_count(before - 1)
    expect(page.get_by_role("link", name="Записать на 09:30, Ким Г.")).to_have_count(0)


def test_a_lunch_is_booked_only_on_purpose(at_desk: Open) -> None:
    page = at_desk()
    form = begin_booking(page)
    form.get_by_label("Врач", exact=True).select_option(SEITQALI)
    form.get_by_label("Время").fill("13:15")
    page.keyboard.press("Enter")
    expect(form.get_by_text("В это время врач не принимает.")).to_be_visible()
    form.get_by_label("Так и нужно: записать вне часов приёма").press("Space")
    page.keyboard.press("Enter")
    expect(form).to_be_hidden()
    expect(column(page).get_by_role("link", name=re.compile("^Оспанова.*13:15.*вне часов приёма"))).to_be_visible()


def test_a_week_is_copied_and_kept_without_scripts(application: Flask, at_desk: Open, samal: Clinic) -> None:
    with application.app_context():
        person("Marat", Role.OWNER, db.session.get_one(Organization, 1))
        db.session.commit()
    page = at_desk("marat@tablo.example", path="/availability", scripts=False)
    page.get_by_role("link", name=f"Изменить часы: {KIM}").click()
    page.get_by_label("Понедельник", exact=True).fill("9-12, 13-17")
    page.get_by_role("button", name="Скопировать на все будни: Понедельник").click()
    expect(page.get_by_label("Пятница", exact=True)).to_have_value("9-12, 13-17")
    page.get_by_role("button", name="Сохранить").last.click()
    expect(page.get_by_role("row", name=re.compile("^Ким"))).to_contain_text("09:00–12:00")


@pytest.mark.parametrize(
    "path",
    ["/availability", "/absences/new", "/free-times", "/schedule/months/2026-11", "/practitioners/1/weeks/2026-11-25"],
)
def test_the_pages_can_be_used_by_everybody(windows: Windows, samal: Clinic, path: str) -> None:
    window = windows.open()
    window.sign_in(AIGERIM, PASSWORD)
    window.go(path)
    assert window.accessibility_faults() == []


def test_the_week_follows_the_day_and_is_walked_by_keys(at_desk: Open, samal: Clinic) -> None:
    page = at_desk()
    dana = at_desk(DANA)
    dana.get_by_text("Ещё", exact=True).click()
    dana.get_by_role("link", name="Неделя", exact=True).click()
    own_day = dana.locator(f"#column-{samal.day}")
    expect(own_day.get_by_role("link", name=re.compile("^Ахметов Болат, 10:00"))).to_be_visible()
    form = begin_booking(page)
    form.get_by_label("Врач", exact=True).select_option(SEITQALI)
    form.get_by_label("Время").fill("11:00")
    page.keyboard.press("Enter")
    expect(own_day.get_by_role("link", name=re.compile("^Оспанова Гүлмира, 11:00"))).to_be_visible()
    own_day.get_by_role("link", name=re.compile("^Оспанова")).focus()
    dana.keyboard.press("ArrowUp")
    dana.keyboard.press("Enter")
    booking = dana.get_by_role("dialog", name="Новая запись")
    expect(booking.get_by_label("Время")).to_have_value("10:45")
    expect(booking.get_by_label("Дата")).to_have_value(samal.day.isoformat())


def test_the_month_is_walked_by_keys(at_desk: Open, samal: Clinic) -> None:
    page = at_desk(path=f"/schedule/months/{samal.day:%Y-%m}")
    page.locator(f"#day-{samal.day}").focus()
    for key in ("ArrowLeft", "ArrowRight", "Home", "End", "ArrowUp", "ArrowDown"):
        page.keyboard.press(key)
    sunday = samal.day + timedelta(days=6 - samal.day.weekday())
    expect(page.locator(":focus")).to_have_attribute("id", f"day-{sunday}")
    page.keyboard.press("PageDown")
    following = (samal.day.replace(day=1) + timedelta(days=31)).strftime("%Y-%m")
    expect(page).to_have_url(re.compile(f"/schedule/months/{following}"))
    page.goto(page.url.replace(following, f"{samal.day:%Y-%m}"))
    page.locator(f"#day-{samal.day}").press("Enter")
    expect(column(page).get_by_role("link", name=re.compile("^Ахметов"))).to_be_visible()


def test_a_practitioner_sees_at_once_who_has_come(application: Flask, samal: Clinic, windows: Windows) -> None:
    with application.app_context():
        own, now = db.session.get_one(Organization, 1), utc_now()
        gulnar = person("Gulnar", Role.PRACTITIONER, own)
        doctor = db.session.scalars(Practitioner.of(own.id).filter_by(family_name="Ким")).one()
        doctor.user_id = gulnar.id
        starts_at = now.replace(minute=now.minute // 5 * 5, second=0, microsecond=0)
        booking = Booking(patient(own, "Ли"), doctor, None, starts_at, 5)
        visit = Appointment.book(own, booking, gulnar, now)
        db.session.commit()
        number = visit.id
    window = windows.open()
    page = window.sign_in("gulnar@tablo.example", PASSWORD)
    expect(page.get_by_role("heading", name="Ким Г.")).to_be_visible()
    row = page.get_by_role("listitem").filter(has_text="Ли Болат")
    expect(row).to_contain_text("Записан")
    assert window.accessibility_faults() == []
    with application.app_context():
        visit = db.session.get_one(Appointment, number)
        visit.become(Status.ARRIVED, visit.version, db.session.get_one(User, 1), utc_now())
        db.session.commit()
    expect(row).to_contain_text("Пришёл, ждёт")


def mark(page: Page, reason: str) -> None:
    page.get_by_label("Как подписать").fill(reason)
    page.keyboard.press("Enter")
    page.get_by_role("row").get_by_role("link", name=reason).press("Enter")
    expect(page.get_by_role("heading", name=reason)).to_be_visible()


def test_a_holiday_closes_everybody_and_is_taken_back(at_desk: Open, samal: Clinic) -> None:
    holiday = samal.day + timedelta(days=1)
    dana = at_desk(DANA, path=f"/schedule/{holiday}")
    page = at_desk(path=f"/absences/new?date={holiday}")
    expect(page.get_by_label("У кого").locator("option:checked")).to_have_text("Вся клиника")
    mark(page, "Праздник")
    for doctor in (SEITQALI, KIM):
        expect(column(dana, doctor).get_by_text("Праздник").first).to_be_visible()
    expect(dana.get_by_role("link", name=re.compile("^Записать на"))).to_have_count(0)
    page.get_by_role("button", name="Снять отметку").press("Enter")
    expect(column(dana, KIM).get_by_role("link", name="Записать на 09:00")).to_have_count(1)


def test_extra_hours_of_one_evening_can_be_booked(at_desk: Open, samal: Clinic) -> None:
    page = at_desk(path=f"/absences/new?date={samal.day}")
    page.get_by_label("Приём сверх графика").check()
    page.get_by_label("У кого").select_option(KIM)
    page.get_by_label("С какого часа").fill("18")
    page.get_by_label("До какого часа").fill("20")
    mark(page, "Дежурство")
    page.get_by_role("link", name="В расписании").press("Enter")
    expect(page.get_by_text("обновлено только что")).to_be_visible()
    column(page, KIM).get_by_role("link", name="Записать на 19:00").press("Enter")
    expect(page.get_by_role("dialog", name="Новая запись").get_by_label("Время")).to_have_value("19:00")


def test_the_nearest_time_is_as_long_as_the_service(application: Flask, at_desk: Open, samal: Clinic) -> None:
    with application.app_context():
        service(db.session.get_one(Organization, 1), "Большой осмотр", minutes=120)
        db.session.commit()
    page = at_desk(path=f"/free-times?first={samal.day}")
    page.get_by_label("Врач", exact=True).select_option(label="Сейтқали Г., терапевт")
    expect(page.get_by_role("link", name="Записать на 09:00, Сейтқали Г.").first).to_be_visible()
    expect(page.get_by_role("link", name="Записать на 09:00, Ким Г.")).to_have_count(0)
    page.get_by_label("Услуга").select_option(label="Большой осмотр, 120 мин")
    page.get_by_label("Утром").check()
    tomorrow = page.get_by_role("region", name=re.compile(f"{samal.day.day} ")).first
    expect(tomorrow.get_by_role("link", name="Записать на 10:30")).to_be_visible()
    expect(tomorrow.get_by_role("link", name="Записать на 09:00")).to_have_count(0)


@pytest.mark.parametrize(
    ("choice", "ahead", "now"),
    [("Перенести каждую на ближайшее свободное время", 1, "Записан"), ("Отменить все: нет врача", 0, "Отменён")],
)
def test_an_illness_settles_everybody_booked_at_once(
    at_desk: Open, samal: Clinic, choice: str, ahead: int, now: str
) -> None:
    seen = at_desk(DANA, path=f"/schedule/{samal.day + timedelta(days=ahead)}")
    page = at_desk(path=f"/absences/new?date={samal.day}")
    page.get_by_label("У кого").select_option(SEITQALI)
    page.get_by_label("Как подписать").fill("Болезнь")
    page.keyboard.press("Enter")
    page.get_by_label(choice).press("Space")
    page.get_by_role("button", name="Отметить").press("Enter")
    expect(column(seen).get_by_role("link", name=re.compile(f"^Ахметов Болат.*{now}"))).to_be_visible()
