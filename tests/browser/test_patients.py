"""The patients' pages in a receptionist's browser."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, ViewportSize, expect
from sqlalchemy import text

from extensions import db
from models.accounts import Organization, Role
from models.clinic import Patient
from tests.support.browser import DESK, PHONE, Window, Windows
from tests.support.people import PASSWORD, clinic, patient, person
from tests.support.server import Server

Desk = Callable[..., Window]


@pytest.fixture
def samal(application: Flask) -> int:
    """A clinic with three patients and two receptionists; its number."""
    with application.app_context():
        organization = clinic()
        for name in ("Aigerim", "Dana"):
            person(name, Role.RECEPTIONIST, organization)
        patient(organization, "Ахметов", given_name="Болат", phone="+7 777 123 45 67")
        patient(organization, "Қожахметова", given_name="Әлия", phone="+7 701 555 04 18", iin="900101300008")
        patient(organization, "Ким", given_name="Вера")
        db.session.commit()
        return organization.id


@pytest.fixture
def desk(samal: int, windows: Windows) -> Desk:
    """Opens a window of a signed-in user."""

    def open_desk(who: str = "aigerim", **options: object) -> Window:
        window = windows.open(**options)  # type: ignore[arg-type]
        window.sign_in(f"{who}@tablo.example", PASSWORD)
        return window

    return open_desk


def patients_in(application: Flask, organization_id: int) -> list[Patient]:
    with application.app_context():
        organization = db.session.get_one(Organization, organization_id)
        return list(db.session.scalars(Patient.of(organization.id)))


def open_dialog(window: Window) -> Page:
    page = window.go("/patients")
    page.get_by_role("link", name="Новый пациент").click()
    expect(page.get_by_role("dialog", name="Новый пациент")).to_be_visible()
    return page


def toast(page: Page, kind: str) -> Locator:
    return page.locator(f"#toasts .toast[data-kind={kind}]")


def test_a_new_patient_is_registered_in_the_dialog(desk: Desk, samal: int, application: Flask) -> None:
    page = open_dialog(desk())
    expect(page.get_by_label("Фамилия")).to_be_focused()
    for label, typed in {
        "Фамилия": "Оспанова",
        "Имя": "Гүлнар",
        "Отчество": "Сапарқызы",
        "Телефон": "8 701 222 33 44",
        "ИИН": "123456789012",
        "Дата рождения": "1990-01-13",
        "Заметка": "Говорит по-казахски",
    }.items():
        page.get_by_label(label, exact=label == "Имя").fill(typed)
    page.get_by_label("Жен.").check()
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("heading", name="Оспанова Гүлнар Сапарқызы")).to_be_visible()
    expect(page.get_by_text("Карта записана.")).to_be_visible()
    expect(page.get_by_text("Проверьте ИИН.")).to_be_visible()
    assert "+7 701 222 33 44" in [each.phone for each in patients_in(application, samal)]


def test_a_taken_phone_is_told_on_leaving_the_field_and_nothing_typed_is_lost(desk: Desk) -> None:
    page = open_dialog(desk())
    page.get_by_label("Телефон").fill("8 777 123-45-67")
    page.get_by_label("Фамилия").fill("Оспан")
    under = page.locator("#phone-says")
    expect(under).to_contain_text("Пациент с таким телефоном уже существует: Ахметов Болат")
    expect(page.get_by_label("Фамилия")).to_be_focused()
    expect(page.get_by_label("Фамилия")).to_have_value("Оспан")


def test_errors_come_under_their_fields_with_a_toast(desk: Desk) -> None:
    page = open_dialog(desk())
    page.get_by_label("Фамилия").fill("Оспанова")
    page.get_by_label("Телефон").fill("8 777 123-45-67")
    page.get_by_label("Заметка").fill("Заметка, которую жалко")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.locator("#given_name-says")).to_have_text("Введите имя.")
    expect(page.locator("#phone-says")).to_contain_text("уже существует")
    expect(page.get_by_label("Имя", exact=True)).to_be_focused()
    expect(toast(page, "conflict")).to_be_visible()
    expect(page.get_by_label("Заметка")).to_have_value("Заметка, которую жалко")


def test_a_refusal_stays_for_five_seconds_and_as_long_as_it_is_read(desk: Desk) -> None:
    page = open_dialog(desk())
    page.get_by_role("button", name="Сохранить").click()
    refusal = toast(page, "input")
    refusal.hover()
    spent = "toast => toast.getAnimations({ subtree: true }).find((each) => each.animationName === 'spend')"
    assert refusal.evaluate(f"toast => ({spent})(toast).effect.getTiming().duration") == 5000
    assert refusal.evaluate(f"toast => ({spent})(toast).playState") == "paused"
    refusal.evaluate(f"toast => ({spent})(toast).finish()")
    expect(refusal).to_have_count(0)


def test_a_valid_iin_fills_in_what_it_knows_and_only_that(desk: Desk) -> None:
    page = open_dialog(desk())
    page.get_by_label("ИИН").fill("950517400004")
    page.get_by_label("Фамилия").fill("Қожахметова")
    page.get_by_role("button", name="Подставить").click()
    expect(page.get_by_label("Дата рождения")).to_have_value("1995-05-17")
    expect(page.get_by_label("Жен.")).to_be_checked()
    expect(page.get_by_label("Фамилия")).to_have_value("Қожахметова")
    expect(page.get_by_role("button", name="Подставить")).to_be_hidden()


def test_a_birth_date_is_said_in_words_while_it_is_typed_in_a_browser_of_another_language(desk: Desk) -> None:
    page = open_dialog(desk(locale="en-US"))
    field = page.locator("#field-birth_date")
    field.get_by_label("Дата рождения").press_sequentially("11/03/1990")
    expect(field.locator(".date-words")).to_have_text("3 ноября 1990")
    page.get_by_label("Телефон").focus()
    expect(field.locator(".date-words")).to_have_text("3 ноября 1990")
    field.get_by_label("Дата рождения").fill("")
    expect(field.locator(".date-words")).to_be_hidden()


def test_the_month_of_a_birth_date_is_kazakh_on_a_kazakh_page(desk: Desk) -> None:
    page = desk().go("/patients")
    page.locator("summary.who").click()
    page.locator("button[value=kk]").click()
    page.goto(page.url.partition("/patients")[0] + "/patients/new")
    page.get_by_label("Туған күні").fill("1990-11-03")
    expect(page.locator("#field-birth_date .date-words")).to_have_text("3 қараша 1990")


def test_the_dialog_works_with_keys_alone(desk: Desk, samal: int, application: Flask) -> None:
    page = desk().go("/patients")
    page.get_by_role("link", name="Новый пациент").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Фамилия")).to_be_focused()
    page.keyboard.type("Оспанова")
    page.keyboard.press("Tab")
    page.keyboard.type("Дана")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Оспанова Дана")).to_be_visible()
    assert "Оспанова" in [each.family_name for each in patients_in(application, samal)]


def test_escape_leaves_the_dialog_and_the_focus_returns(desk: Desk) -> None:
    page = open_dialog(desk())
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("link", name="Новый пациент")).to_be_focused()


def test_a_search_finds_while_one_types_and_the_arrows_lead_to_the_card(desk: Desk) -> None:
    page = desk().go("/schedule")
    page.keyboard.press("/")
    page.keyboard.type("кожах")
    page.keyboard.press("Enter")
    expect(page.locator("#patient-search")).to_be_focused()
    page.keyboard.type(" 0418")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("mark").first).to_have_text("Қожах")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Қожахметова Әлия")).to_be_visible()


def test_without_scripts_the_same_form_works(desk: Desk) -> None:
    page = desk(scripts=False).go("/patients")
    page.get_by_role("link", name="Новый пациент").click()
    page.get_by_label("Фамилия").fill("Оспанова")
    page.get_by_label("Телефон").fill("8 777 123-45-67")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.locator("#given_name-says")).to_have_text("Введите имя.")
    expect(page.get_by_label("Фамилия")).to_have_value("Оспанова")
    page.get_by_label("Имя", exact=True).fill("Дана")
    page.get_by_label("Телефон").fill("123")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("heading", name="Оспанова Дана")).to_be_visible()
    page.get_by_role("link", name="Изменить").click()
    page.get_by_label("Заметка").fill("Без сценариев")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_text("Без сценариев")).to_be_visible()


def test_two_receptionists_at_one_card_lose_nothing(desk: Desk) -> None:
    aigerim, dana = (desk(who).go("/patients") for who in ("aigerim", "dana"))
    for page, note in ((aigerim, "От Айгерим"), (dana, "От Даны")):
        page.get_by_role("link", name="Ким Вера").click()
        page.get_by_role("link", name="Изменить").click()
        page.get_by_label("Заметка").fill(note)
    aigerim.get_by_role("button", name="Сохранить").click()
    expect(aigerim.get_by_text("От Айгерим")).to_be_visible()
    dana.get_by_role("button", name="Сохранить").click()
    expect(dana.locator("#note-says")).to_have_text("Сейчас в карте: От Айгерим")
    expect(dana.get_by_label("Заметка")).to_have_value("От Даны")
    expect(toast(dana, "conflict")).to_be_visible()
    dana.get_by_role("button", name="Сохранить").click()
    expect(dana.get_by_text("Карта записана.")).to_be_visible()
    expect(dana.locator("dd", has_text="От Даны")).to_be_visible()


def sign_in_beside(window: Window) -> None:
    """Signs in again in another tab."""
    other = window.context.new_page()
    other.goto(f"{window.address}/sign-in")
    other.locator("input[name=email]").fill("aigerim@tablo.example")
    other.locator("input[name=password]").fill(PASSWORD)
    other.locator("input[name=password]").press("Enter")
    other.wait_for_url(lambda url: "sign-in" not in url)


def test_a_form_outlives_signing_out_and_in_again(desk: Desk) -> None:
    window = desk()
    page = open_dialog(window)
    page.get_by_label("Фамилия").fill("Оспанова")
    page.get_by_label("Имя", exact=True).fill("Дана")
    other = window.context.new_page()
    other.goto(f"{window.address}/patients")
    other.locator("summary.who").click()
    other.get_by_role("button", name="Выйти").click()
    other.wait_for_url("**/sign-in")
    page.get_by_role("button", name="Сохранить").click()
    expect(toast(page, "right")).to_contain_text("Сеанс закончился")
    expect(page.get_by_label("Фамилия")).to_have_value("Оспанова")
    sign_in_beside(window)
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("heading", name="Оспанова Дана")).to_be_visible()


def test_a_form_outlives_a_session_that_is_gone(desk: Desk) -> None:
    window = desk()
    page = open_dialog(window)
    page.get_by_label("Фамилия").fill("Оспанова")
    page.get_by_label("Имя", exact=True).fill("Дана")
    window.context.clear_cookies()
    page.get_by_role("button", name="Сохранить").click()
    expect(toast(page, "right")).to_contain_text("Сеанс закончился")
    sign_in_beside(window)
    page.get_by_role("button", name="Сохранить").click()
    expect(toast(page, "input")).to_contain_text("Отправьте форму ещё раз")
    expect(page.get_by_label("Фамилия")).to_have_value("Оспанова")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("heading", name="Оспанова Дана")).to_be_visible()


def rename_patients(application: Flask, before: str, after: str) -> None:
    with application.app_context():
        db.session.execute(text(f"ALTER TABLE {before} RENAME TO {after}"))
        db.session.commit()


def test_a_fault_of_the_server_keeps_what_was_typed(desk: Desk, application: Flask) -> None:
    page = open_dialog(desk())
    page.get_by_label("Фамилия").fill("Оспанова")
    page.get_by_label("Имя", exact=True).fill("Дана")
    rename_patients(application, "patient", "elsewhere")
    page.get_by_role("button", name="Сохранить").click()
    expect(toast(page, "server")).to_contain_text("Ошибка на сервере")
    expect(page.get_by_label("Фамилия")).to_have_value("Оспанова")
    rename_patients(application, "elsewhere", "patient")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("heading", name="Оспанова Дана")).to_be_visible()


def test_a_server_that_is_away_keeps_what_was_typed(desk: Desk, server: Server) -> None:
    window = desk()
    page = open_dialog(window)
    page.get_by_label("Фамилия").fill("Оспанова")
    page.get_by_label("Имя", exact=True).fill("Дана")
    server.kill()
    page.get_by_role("button", name="Сохранить").click()
    expect(toast(page, "network").first).to_contain_text("Нет связи")
    expect(page.get_by_label("Фамилия")).to_have_value("Оспанова")
    server.start()
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("heading", name="Оспанова Дана")).to_be_visible()


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_everybody_can_use_every_page(desk: Desk, viewport: ViewportSize) -> None:
    window = desk(viewport=viewport)
    page = window.go("/patients")
    faults = window.accessibility_faults()
    page.get_by_role("link", name="Қожахметова Әлия").click()
    expect(page.get_by_role("heading", name="Қожахметова Әлия")).to_be_visible()
    faults += window.accessibility_faults()
    page.get_by_role("link", name="Изменить").click()
    page.get_by_label("Телефон").fill("8 777 123-45-67")
    page.get_by_label("Фамилия").fill("")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.locator("#phone-says")).to_be_visible()
    faults += window.accessibility_faults()
    window.go("/patients/new")
    faults += window.accessibility_faults()
    assert faults == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("path", ["/patients", "/patients/new"])
def test_a_double_click_makes_one_card(desk: Desk, samal: int, application: Flask, path: str) -> None:
    window = desk()
    page = open_dialog(window) if path == "/patients" else window.go(path)
    page.get_by_label("Фамилия").fill("Оспанова")
    page.get_by_label("Имя", exact=True).fill("Гүлнар")
    page.get_by_role("button", name="Сохранить").dblclick()
    expect(page.get_by_role("heading", name="Оспанова Гүлнар")).to_be_visible()
    assert [each.family_name for each in patients_in(application, samal)].count("Оспанова") == 1


def test_a_form_that_was_refused_can_be_sent_again(desk: Desk) -> None:
    page = open_dialog(desk())
    page.get_by_label("Фамилия").fill("Оспанова")
    page.get_by_role("button", name="Сохранить").dblclick()
    expect(page.locator("#given_name-says")).to_be_visible()
    page.get_by_label("Имя", exact=True).fill("Гүлнар")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("heading", name="Оспанова Гүлнар")).to_be_visible()


def test_a_new_patient_saved_at_the_board_leaves_it_on_screen(desk: Desk) -> None:
    page = desk().go("/schedule")
    page.get_by_role("link", name="Новый пациент").click()
    page.get_by_label("Фамилия").fill("Оспанова")
    page.get_by_label("Имя", exact=True).fill("Гүлнар")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("link", name="Новый пациент")).to_be_focused()
    toast(page, "done").get_by_role("link", name="Карта пациента").click()
    expect(page.get_by_role("heading", name="Оспанова Гүлнар")).to_be_visible()


def test_a_second_card_is_noticed_while_typing_and_not_forbidden(desk: Desk, samal: int, application: Flask) -> None:
    page = open_dialog(desk())
    page.keyboard.type("Кожахметова")
    page.keyboard.press("Tab")
    page.keyboard.type("Алия")
    page.keyboard.press("Tab")
    hint = page.locator("#resembling")
    expect(hint).to_contain_text("Похоже, карта уже есть:")
    expect(hint.get_by_role("link", name="Қожахметова Әлия")).to_be_visible()
    expect(page.get_by_label("Отчество")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Кожахметова Алия")).to_be_visible()
    assert len(patients_in(application, samal)) == 4


def test_without_scripts_a_double_press_makes_one_card(desk: Desk, samal: int, application: Flask) -> None:
    page = desk(scripts=False).go("/patients/new")
    page.get_by_label("Фамилия").fill("Оспанова")
    page.get_by_label("Имя", exact=True).fill("Гүлнар")
    page.get_by_role("button", name="Сохранить").dblclick()
    expect(page.get_by_role("heading", name="Оспанова Гүлнар")).to_be_visible()
    assert [each.family_name for each in patients_in(application, samal)].count("Оспанова") == 1


def test_a_child_is_found_by_the_phone_of_its_mother(desk: Desk) -> None:
    page = open_dialog(desk())
    page.get_by_label("Фамилия").fill("Ахметова")
    page.get_by_label("Имя", exact=True).fill("Айша")
    page.get_by_label("Контактное лицо").fill("папа")
    page.get_by_label("Как связаться").fill("8 777 123-45-67")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Ахметова Айша")).to_be_visible()
    page.get_by_role("link", name="Ахметов Болат").click()
    expect(page.get_by_text("Отвечает за")).to_be_visible()
    page.get_by_role("link", name="Пациенты").click()
    page.get_by_label("Найти пациента").last.fill("7771234567")
    expect(page.locator("tbody tr")).to_have_count(2)
