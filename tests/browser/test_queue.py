"""Who waits and how long, by booking and by ticket: the order, the colours, a ticket whose holder does not come."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from models.accounts import Role
from models.base import utc_now
from tests.browser.clinic import DANA, KIM, Clinic, column
from tests.support.reminding import zone_of_noon

Open = Callable[..., Page]


def test_the_longest_wait_comes_first_and_the_owner_says_what_is_long(at_desk: Open, samal: Clinic) -> None:
    samal.employ("Saule", Role.OWNER)
    samal.book_now("Ли", waiting=6, to="Ким")
    samal.book_now("Оспанова", waiting=12)
    page, owner = at_desk(path="/schedule"), at_desk("saule@tablo.example", path="/screen")
    waiting = page.get_by_role("complementary", name="Зал ожидания").locator(".waiter")
    expect(waiting.first).to_contain_text("Оспанова")
    expect(waiting.first).to_have_class(re.compile("is-warm"))
    expect(waiting.last).to_contain_text("Ли")
    expect(waiting.last).not_to_have_class(re.compile("is-warm|is-long"))
    owner.get_by_label("Предупреждать, минут").fill("5")
    owner.get_by_label("Слишком долго, минут").fill("11")
    owner.get_by_label("Слишком долго, минут").press("Enter")
    expect(waiting.first).to_have_class(re.compile("is-long"))
    expect(waiting.first.get_by_role("img", name="ждёт слишком долго")).to_have_count(1)
    expect(waiting.last).to_have_class(re.compile("is-warm"))
    expect(column(page, KIM).get_by_role("link", name=re.compile("^Ли.*Пришёл, ждёт"))).to_have_count(1)


def test_a_ticket_whose_holder_does_not_come_is_skipped_and_put_back(at_desk: Open) -> None:
    aigerim, dana = at_desk(path="/schedule"), at_desk(DANA, path="/schedule")
    seen = dana.get_by_role("complementary", name="Зал ожидания")
    aigerim.get_by_role("link", name="Выдать талон").press("Enter")
    aigerim.get_by_role("button", name="Ким Г.").press("Enter")
    seen.get_by_role("link", name="Вызвать: талон А01").press("Enter")
    aigerim.locator(".is-called", has_text="А01").get_by_role("link", name="Ким Г.").press("Enter")
    aigerim.get_by_role("dialog").get_by_role("button", name="Не подошёл").press("Enter")
    seen.get_by_text("1 не подошёл").press("Enter")
    seen.get_by_role("link", name="Вернуть в очередь: талон А01").press("Enter")
    expect(aigerim.get_by_role("link", name="Вызвать: талон А01")).to_be_visible()
    expect(seen.get_by_text("1 не подошёл")).to_have_count(0)


def test_a_visit_that_runs_over_moves_those_after_it_on_every_screen(at_desk: Open, samal: Clinic) -> None:
    samal.place_in(zone_of_noon(utc_now()))
    samal.book_now("Ахметов", begins=-10, waiting=8)
    samal.book_now("Ли", begins=-5)
    board = at_desk(path="/schedule")
    column(board).get_by_role("link", name=re.compile("^Ли")).wait_for()
    board.get_by_role("link", name="Вызвать: Ахметов").press("Enter")
    expect(column(board).get_by_role("link", name=re.compile("^Ли.*ожидается"))).to_be_visible()
    expect(column(board).get_by_title("Приём идёт с опозданием")).to_be_visible()
    board.get_by_role("link", name=re.compile("^Ахметов.*На приёме")).first.press("Enter")
    board.get_by_role("button", name="Завершить приём").press("Enter")
    expect(column(board).get_by_role("link", name=re.compile("^Ахметов.*Завершён"))).to_be_visible()
