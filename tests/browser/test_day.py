"""The front desk in real browsers: two receptionists and one day, by mouse, touch, keyboard and without scripts."""

import re
from collections.abc import Callable
from contextlib import closing

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from extensions import db
from models.clinic import Practitioner
from tests.browser.clinic import (
    AIGERIM,
    DANA,
    KIM,
    MARAT,
    SEITQALI,
    TAKEN,
    Clinic,
    column,
    drag,
    free,
    toast,
    visit,
)
from tests.conftest import StartServer
from tests.support.browser import DESK, PHONE, TELEVISION, Windows
from tests.support.people import PASSWORD

Open = Callable[..., Page]


def form(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Новая запись")


def choose_patient(page: Page, letters: str) -> None:
    page.get_by_label("Пациент", exact=True).press_sequentially(letters)
    page.get_by_role("radiogroup").get_by_role("radio").first.check()


def submit(page: Page) -> None:
    form(page).get_by_role("button", name="Записать", exact=True).click()


def have_read(toast: Locator) -> None:
    """Advances the clock until the message counts as read."""
    toast.evaluate(
        "toast => toast.getAnimations({ subtree: true }).find((each) => each.animationName === 'read').finish()"
    )


def test_a_step_taken_by_mistake_is_taken_back_from_the_message_by_keys(at_desk: Open, samal: Clinic) -> None:
    samal.book("Ахметов", 10)
    aigerim, dana = at_desk(), at_desk(DANA)
    visit(aigerim, "Ахметов").press("Enter")
    expect(aigerim.get_by_role("dialog").get_by_role("button", name="Подтвердил", exact=True)).to_be_focused()
    aigerim.keyboard.press("Enter")
    expect(visit(dana, "Ахметов", "Подтверждён")).to_be_visible()
    back = toast(aigerim, "done").get_by_role("button", name="Не подтверждал")
    have_read(toast(aigerim, "done"))
    expect(toast(aigerim, "done")).to_have_class(re.compile("is-folded"))
    aigerim.keyboard.press("Tab")
    expect(back).to_be_focused()
    back.press("Enter")
    expect(visit(dana, "Ахметов", "Записан")).to_be_visible()
    expect(toast(aigerim, "done")).to_contain_text("Возвращено")
    expect(visit(aigerim, "Ахметов")).to_be_focused()
    assert samal.visits() == [("Ахметов", "Сейтқали", "10:00", "booked")]


def test_two_receptionists_see_each_others_changes(at_desk: Open, samal: Clinic) -> None:
    aigerim, dana = at_desk(), at_desk(DANA)
    free(aigerim, "10:00").click()
    choose_patient(aigerim, "ахм")
    submit(aigerim)
    expect(visit(dana, "Ахметов", "10:00–10:30")).to_be_visible()
    drag(dana, visit(dana, "Ахметов"), free(dana, "12:00", KIM))
    dana.mouse.up()
    expect(visit(aigerim, "Ахметов", "12:00–12:30", KIM)).to_be_visible()
    expect(visit(aigerim, "Ахметов")).to_have_count(0)
    visit(aigerim, "Ахметов", name=KIM).click()
    aigerim.get_by_role("button", name="Пришёл", exact=True).click()
    expect(visit(dana, "Ахметов", "Пришёл, ждёт", KIM)).to_be_visible()
    assert samal.visits() == [("Ахметов", "Ким", "12:00", "arrived")]


def test_a_half_typed_form_and_its_dialog_outlive_a_push(at_desk: Open, samal: Clinic) -> None:
    page = at_desk()
    free(page, "10:00").click()
    page.get_by_label("Заметка").fill("придёт с ребёнком")
    samal.book("Ли", 9)
    expect(visit(page, "Ли")).to_have_count(1)
    expect(form(page)).to_be_visible()
    expect(page.get_by_label("Заметка")).to_have_value("придёт с ребёнком")
    expect(page.get_by_label("Заметка")).to_be_focused()


def test_booking_with_keys_alone(at_desk: Open, samal: Clinic) -> None:
    page = at_desk()
    page.keyboard.press("ArrowDown")
    expect(free(page, "08:00")).to_be_focused()
    for key in ["ArrowRight", "ArrowDown", "ArrowDown", "ArrowLeft", "ArrowDown", "Enter"]:
        page.keyboard.press(key)
    expect(form(page)).to_be_visible()
    expect(page.get_by_label("Время")).to_have_value("08:45")
    expect(page.get_by_label("Пациент", exact=True)).to_be_focused()
    page.keyboard.type("оспан")
    expect(page.get_by_role("radio")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio")).to_be_checked()
    page.keyboard.press("Enter")
    expect(form(page)).to_be_hidden()
    expect(visit(page, "Оспанова", "08:45–09:15")).to_be_focused()
    assert samal.visits() == [("Оспанова", "Сейтқали", "08:45", "booked")]


def test_the_board_is_one_stop_of_tab(at_desk: Open, samal: Clinic) -> None:
    samal.book("Ахметов", 10)
    page = at_desk()
    visit(page, "Ахметов").focus()
    samal.book("Ли", 9)
    expect(visit(page, "Ли")).to_be_visible()
    expect(page.locator("#day .visit[tabindex='0'], #day .slot[tabindex='0']")).to_have_count(1)
    expect(visit(page, "Ахметов")).to_be_focused()


def test_the_focus_stays_in_its_place_when_that_time_goes_to_somebody(at_desk: Open, samal: Clinic) -> None:
    page = at_desk()
    free(page, "10:00").focus()
    samal.book("Ли", 10)
    expect(visit(page, "Ли")).to_be_focused()


def test_a_taken_time_offers_others_and_one_of_them_is_a_press_away(at_desk: Open, samal: Clinic) -> None:
    page = at_desk()
    free(page, "10:00").click()
    choose_patient(page, "ахм")
    page.get_by_label("Заметка").fill("придёт с ребёнком")
    page.get_by_label("Время").fill("10:15")
    samal.book("Ли", 10)
    submit(page)
    expect(page.locator("#field-time")).to_contain_text(TAKEN)
    expect(toast(page, "conflict")).to_be_visible()
    page.get_by_role("button", name="10:30", exact=True).click()
    expect(page.get_by_label("Время")).to_have_value("10:30")
    expect(page.get_by_label("Заметка")).to_have_value("придёт с ребёнком")
    submit(page)
    expect(visit(page, "Ахметов", "10:30–11:00")).to_be_visible()


def press_slowly(button: Locator) -> None:
    """Presses like a finger: longer than the response to the field that was left takes."""
    button.evaluate("button => button.scrollIntoView({ block: 'center' })")
    box = button.bounding_box() or {"x": 0, "y": 0, "width": 0, "height": 0}
    mouse = button.page.mouse
    mouse.move(box["x"] + box["width"] / 2, box["y"] + 5)
    mouse.down()
    button.page.wait_for_timeout(500)
    mouse.up()


def test_a_newcomer_is_registered_inside_the_form(at_desk: Open, samal: Clinic) -> None:
    page = at_desk()
    free(page, "10:00").click()
    page.get_by_label("Заметка").fill("направил Ким")
    page.get_by_label("Пациент", exact=True).fill("Сатпаева Дана")
    expect(form(page).get_by_text("Никого не нашли")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Фамилия")).to_have_value("Сатпаева")
    page.get_by_label("Телефон").fill("8 777 123 45 67")
    page.get_by_label("Телефон").press("Enter")
    expect(page.locator("#field-phone")).to_contain_text("Пациент с таким телефоном уже существует")
    page.get_by_label("Телефон").press("ControlOrMeta+a")
    page.get_by_label("Телефон").press_sequentially("8 701 555 04 18")
    press_slowly(page.get_by_role("button", name="Сохранить карту"))
    expect(page.get_by_role("radio", name="Сатпаева Дана")).to_be_checked()
    expect(page.get_by_label("Заметка")).to_have_value("направил Ким")
    expect(page.get_by_role("radio", name="Сатпаева Дана")).to_be_focused()
    page.keyboard.press("Enter")
    expect(visit(page, "Сатпаева Дана", "10:00–10:30")).to_be_visible()


def test_a_visit_is_cancelled_for_a_reason(at_desk: Open, samal: Clinic) -> None:
    samal.book("Ахметов", 10)
    page = at_desk()
    visit(page, "Ахметов").click()
    page.get_by_role("link", name="Отменить запись").click()
    page.get_by_role("button", name="Отменить запись").click()
    expect(page.locator("#field-reason")).to_contain_text("Выберите причину.")
    page.get_by_label("Отказался пациент").check()
    page.get_by_role("button", name="Отменить запись").click()
    expect(visit(page, "Ахметов", "Отменён")).to_be_visible()


def test_the_first_who_waits_is_called_from_the_rail(at_desk: Open, samal: Clinic) -> None:
    samal.book_now("Оспанова", waiting=0)
    aigerim, dana = at_desk(), at_desk(DANA)
    for page in (aigerim, dana):
        page.goto(page.url.rsplit("/", 1)[0])
    rail = aigerim.get_by_role("complementary", name="Зал ожидания")
    rail.get_by_role("link", name="Вызвать: Оспанова Г.").click()
    expect(visit(dana, "Оспанова", "На приёме")).to_have_count(1)
    expect(rail.get_by_text("Сейчас никто не ждёт.")).to_be_visible()


def test_without_scripts_one_books_moves_and_cancels(at_desk: Open, samal: Clinic) -> None:
    page = at_desk(scripts=False)
    page.get_by_role("link", name="Записать", exact=True).click()
    page.get_by_label("Пациент", exact=True).fill("оспан")
    page.get_by_label("Врач", exact=True).select_option(SEITQALI)
    page.get_by_label("Время").fill("10:00")
    page.get_by_role("button", name="Записать", exact=True).click()
    page.get_by_role("radio", name="Оспанова Гүлмира").check()
    page.get_by_role("button", name="Записать", exact=True).click()
    page.wait_for_url(f"**{samal.path}#appointment-*")
    visit(page, "Оспанова").click()
    page.get_by_role("link", name="Изменить").click()
    page.get_by_label("Время").fill("11:30")
    page.get_by_role("button", name="Сохранить").click()
    visit(page, "Оспанова", "11:30–12:00").click()
    page.get_by_role("button", name="Пришёл", exact=True).click()
    visit(page, "Оспанова", "Пришёл").click()
    page.get_by_role("link", name="Отменить запись").click()
    page.get_by_label("Другая").check()
    page.get_by_role("button", name="Отменить запись").click()
    assert samal.visits() == [("Оспанова", "Сейтқали", "11:30", "cancelled")]


def test_a_free_time_is_a_link_without_scripts(at_desk: Open, samal: Clinic) -> None:
    page = at_desk(scripts=False)
    free(page, "15:15", KIM).click()
    expect(page.get_by_label("Время")).to_have_value("15:15")
    expect(page.get_by_label("Врач", exact=True).locator("option:checked")).to_have_text(KIM)


def test_the_clinics_clock_counts_wherever_the_browser_is(at_desk: Open, samal: Clinic) -> None:
    page = at_desk(timezone="America/New_York")
    free(page, "08:00").click()
    choose_patient(page, "ахм")
    submit(page)
    expect(visit(page, "Ахметов", "08:00–08:30")).to_be_visible()
    assert samal.visits() == [("Ахметов", "Сейтқали", "08:00", "booked")]


@pytest.mark.parametrize("email", [AIGERIM, MARAT])
def test_a_page_of_today_that_stays_open_overnight_says_so(
    at_desk: Open, samal: Clinic, windows: Windows, email: str
) -> None:
    samal.place_in("Pacific/Pago_Pago")
    samal.give_doctor_account()
    at_desk(email)
    window = windows.opened[-1]
    window.page.route("**/live/**", lambda route: route.abort())
    page = window.go("/schedule")
    expect(page.get_by_text("обновлено только что")).to_be_hidden()
    samal.place_in("Pacific/Kiritimati")
    over = page.get_by_text("Наступил новый день.")
    expect(over).to_be_hidden()
    page.unroute("**/live/**")
    expect(over).to_be_visible()
    expect(page.locator(".now-axis:visible")).to_have_count(0)
    page.get_by_role("link", name="Открыть сегодня").click()
    expect(page.get_by_text("обновлено только что")).to_be_visible()
    expect(over).to_be_hidden()


def test_who_may_only_look_finds_nothing_to_press(at_desk: Open, samal: Clinic) -> None:
    samal.book("Ахметов", 10)
    page = at_desk(MARAT)
    expect(free(page, "11:00")).to_have_count(0)
    expect(page.get_by_role("link", name="Записать", exact=True)).to_have_count(0)
    target = column(page, KIM).bounding_box()
    assert target
    drag(page, visit(page, "Ахметов"), column(page, KIM))
    expect(page.locator(".ghost")).to_have_count(0)
    page.mouse.up()


def test_with_live_off_the_day_works_and_tells_its_age(
    samal: Clinic, browser: Browser, start_server: StartServer
) -> None:
    with closing(Windows(browser, start_server(LIVE="off").url)) as windows:
        window = windows.open()
        window.sign_in(AIGERIM, PASSWORD)
        page = window.go(samal.path)
        expect(page.get_by_text("данные на")).to_be_visible()
        free(page, "10:00").click()
        choose_patient(page, "ахм")
        submit(page)
        expect(visit(page, "Ахметов", "10:00–10:30")).to_be_visible()


def test_twenty_columns_are_reached_through_the_strip(at_desk: Open, samal: Clinic) -> None:
    with samal.application.app_context():
        for place in range(2, 20):
            name = f"Врач{place}"
            db.session.add(
                Practitioner(
                    organization_id=samal.number, family_name=name, given_name="А", speciality="х", place=place
                )
            )
        db.session.commit()
    page = at_desk()
    strip = page.get_by_role("navigation", name="К врачу")
    expect(strip.get_by_role("link", name="Сейтқали")).to_have_class("is-seen")
    strip.get_by_role("link", name="Врач19").click()
    expect(column(page, "Врач19 А")).to_be_in_viewport()
    expect(strip.get_by_role("link", name="Сейтқали")).not_to_have_class("is-seen")
    board, hours = page.locator("#day").bounding_box(), page.locator(".axis").bounding_box()
    assert board
    assert hours
    assert hours["x"] == board["x"]


@pytest.mark.parametrize("viewport", [PHONE, DESK, TELEVISION], ids=["phone", "desk", "television"])
def test_everybody_can_use_the_day(samal: Clinic, windows: Windows, viewport: ViewportSize) -> None:
    samal.book("Ахметов", 10)
    samal.book("Ли", 11, to="Ким")
    window = windows.open(viewport)
    window.sign_in(AIGERIM, PASSWORD)
    page = window.go(samal.path)
    assert window.accessibility_faults() == []
    free(page, "12:00").click()
    choose_patient(page, "ахм")
    page.get_by_label("Время").fill("11:00")
    page.get_by_label("Врач", exact=True).select_option(KIM)
    submit(page)
    expect(page.locator("#field-time")).to_contain_text(TAKEN)
    assert window.accessibility_faults() == []
    form(page).get_by_role("link", name="Новый пациент").click()
    expect(page.get_by_label("Фамилия")).to_be_visible()
    assert window.accessibility_faults() == []


def test_everybody_can_use_a_visits_card(samal: Clinic, windows: Windows) -> None:
    samal.book("Ахметов", 10)
    window = windows.open()
    window.sign_in(AIGERIM, PASSWORD)
    page = window.go(samal.path)
    visit(page, "Ахметов").click()
    expect(page.get_by_role("dialog", name="Ахметов Болат")).to_be_visible()
    assert window.accessibility_faults() == []
    page.get_by_role("link", name="Отменить запись").click()
    expect(page.get_by_role("dialog", name="Отменить запись?")).to_be_visible()
    assert window.accessibility_faults() == []
