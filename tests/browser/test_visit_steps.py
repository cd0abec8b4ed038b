"""What happens to one patient today: arrival, calling in, the end of the visit or an absence, and each taken back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.clinic import DANA, KIM, Clinic, toast, visit

Open = Callable[..., Page]


def card(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Ахметов Болат")


def press(page: Page, *buttons: str) -> None:
    """Opens the card of the visit for each step, by keyboard."""
    for button in buttons:
        visit(page, "Ахметов").press("Enter")
        card(page).locator(".steps").get_by_role("button", name=button, exact=True).press("Enter")
        expect(card(page)).to_be_hidden()


@pytest.fixture
def due(samal: Clinic) -> Clinic:
    """Bolat's visit with Seitqali begins about now."""
    samal.book_now("Ахметов")
    return samal


def test_each_step_is_seen_at_the_other_desk_and_taken_back_by_keys(due: Clinic, at_desk: Open) -> None:
    aigerim, dana = at_desk(path="/schedule"), at_desk(DANA, path="/schedule")
    ways = (
        ("Пришёл", "Пришёл, ждёт", "Ещё не приходил", "Записан"),
        ("Не пришёл", "Не пришёл", "Вернуть в записанные", "Записан"),
        ("Сразу на приём", "На приёме", "Вернуть в записанные", "Записан"),
    )
    for step, after, back, before in ways:
        press(aigerim, step)
        expect(visit(dana, "Ахметов", after)).to_be_visible()
        press(aigerim, back)
        expect(visit(dana, "Ахметов", before)).to_be_visible()
    press(aigerim, "Пришёл")
    came = dana.get_by_role("complementary", name="Зал ожидания").locator(".sums div", has_text="пришёл").nth(0)
    expect(came).to_contain_text("1")
    press(aigerim, "На приём", "Завершить приём")
    expect(visit(dana, "Ахметов", "Завершён")).to_be_visible()
    visit(dana, "Ахметов").press("Enter")
    card(dana).get_by_text("История записи").press("Enter")
    expect(card(dana).get_by_role("listitem").first).to_contain_text("приём завершён, Aigerim Satpaeva")
    dana.keyboard.press("Escape")
    press(aigerim, "Вернуть на приём", "Вернуть в ожидание")
    expect(visit(dana, "Ахметов", "Пришёл, ждёт")).to_be_visible()
    assert due.visits()[0][3] == "arrived"


def test_a_card_that_was_opened_meanwhile_is_not_closed_by_a_slow_call(at_desk: Open, samal: Clinic) -> None:
    samal.book_now("Ахметов", waiting=8)
    samal.book_now("Ли", to="Ким", waiting=5)
    page, calls = at_desk(path="/schedule"), list[Route]()
    page.route("**/admission", lambda route: calls.append(route))
    page.get_by_role("link", name="Вызвать: Ахметов").press("Enter")
    visit(page, "Ли", name=KIM).press("Enter")
    card = page.get_by_role("dialog")
    expect(card.get_by_role("heading", name="Ли Виктор")).to_be_visible()
    calls.pop().continue_()
    expect(toast(page, "done")).to_be_visible()
    expect(card.get_by_role("heading", name="Ли Виктор")).to_be_visible()
