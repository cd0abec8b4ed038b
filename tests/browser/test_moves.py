"""Moving visits in real browsers: by mouse, touch and keyboard, to other times, lengths and days, and the undo."""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page, expect

from tests.browser.clinic import DANA, KIM, TAKEN, Clinic, drag, finger, free, toast, visit
from tests.support.browser import PHONE

Open = Callable[..., Page]


def test_a_colleagues_move_is_told_beside_the_board_and_taken_back_there(at_desk: Open, samal: Clinic) -> None:
    samal.book("Ахметов", 10)
    aigerim, dana = at_desk(), at_desk(DANA)
    drag(aigerim, visit(aigerim, "Ахметов"), free(aigerim, "12:00", KIM))
    aigerim.mouse.up()
    expect(toast(aigerim, "done").get_by_role("button", name="Вернуть как было")).to_be_visible()
    back = dana.get_by_role("complementary", name="Зал ожидания").get_by_role(
        "link", name="Вернуть как было: Ахметов Б."
    )
    back.click()
    expect(visit(aigerim, "Ахметов", "10:00–10:30")).to_be_visible()
    expect(back).to_have_count(0)
    assert samal.visits() == [("Ахметов", "Сейтқали", "10:00", "booked")]


def test_a_dragged_visit_outlives_a_push_and_lands(at_desk: Open, samal: Clinic) -> None:
    samal.book("Ахметов", 10)
    page = at_desk()
    drag(page, visit(page, "Ахметов"), free(page, "11:00"))
    samal.book("Ли", 9)
    expect(visit(page, "Ли")).to_be_visible()
    expect(page.locator(".ghost")).to_be_visible()
    expect(page.locator(".landing")).to_have_text("11:00")
    page.mouse.up()
    expect(visit(page, "Ахметов", "11:00–11:30")).to_be_visible()
    expect(page.locator(".ghost")).to_have_count(0)


def test_a_visit_dropped_on_another_stays_and_says_why(at_desk: Open, samal: Clinic) -> None:
    samal.book("Ахметов", 10)
    samal.book("Ли", 12)
    page = at_desk()
    drag(page, visit(page, "Ахметов"), visit(page, "Ли"))
    expect(page.locator(".landing.is-refused")).to_be_visible()
    page.mouse.up()
    expect(toast(page, "conflict")).to_contain_text(TAKEN)
    expect(visit(page, "Ахметов", "10:00–10:30")).to_be_visible()


def test_escape_ends_a_drag(at_desk: Open, samal: Clinic) -> None:
    samal.book("Ахметов", 10)
    page = at_desk()
    drag(page, visit(page, "Ахметов"), free(page, "11:00"))
    page.keyboard.press("Escape")
    page.mouse.up()
    expect(page.locator(".landing, .ghost, .is-picked")).to_have_count(0)
    expect(visit(page, "Ахметов", "10:00–10:30")).to_be_visible()
    assert samal.visits()[0][2] == "10:00"


def test_a_finger_presses_long_and_carries_or_pulls(at_desk: Open, samal: Clinic) -> None:
    samal.book("Ахметов", 9)
    page = at_desk(viewport=PHONE, touch=True)
    touch = finger(page)
    start, end = visit(page, "Ахметов").bounding_box(), free(page, "10:00").bounding_box()
    assert start
    assert end
    touch("touchStart", start["x"] + 20, start["y"] + 5)
    expect(page.locator(".ghost")).to_be_visible()
    touch("touchMove", end["x"] + 20, end["y"] + 6)
    touch("touchEnd")
    expect(visit(page, "Ахметов", "10:00–10:30")).to_be_visible()
    touch("touchStart", end["x"] + 20, end["y"] + 6)
    expect(page.locator(".ghost")).to_be_visible()
    touch("touchEnd")
    grip = page.locator(".grip").bounding_box()
    assert grip
    touch("touchStart", grip["x"] + 22, grip["y"] + 22)
    touch("touchMove", grip["x"] + 22, grip["y"] + 38)
    touch("touchEnd")
    expect(visit(page, "Ахметов", "10:00–10:40")).to_be_visible()
    expect(page.locator(".grip, .landing")).to_have_count(0)


def test_moving_with_keys_alone(at_desk: Open, samal: Clinic) -> None:
    samal.book("Ахметов", 10)
    page = at_desk()
    visit(page, "Ахметов").focus()
    for key in ["m", "ArrowDown", "ArrowDown", "ArrowRight"]:
        page.keyboard.press(key)
    expect(page.locator("#day-says")).to_have_text(f"10:30, {KIM}")
    page.keyboard.press("Enter")
    expect(visit(page, "Ахметов", "10:30–11:00", KIM)).to_be_focused()
    page.keyboard.press("m")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    expect(page.locator("#day-says")).to_have_text("Перенос отменён, запись осталась на месте.")
    assert samal.visits() == [("Ахметов", "Ким", "10:30", "booked")]


def test_the_lower_edge_is_pulled_by_mouse_and_by_keys(at_desk: Open, samal: Clinic) -> None:
    samal.book("Ахметов", 10)
    page = at_desk()
    edge, target = visit(page, "Ахметов").bounding_box(), free(page, "11:00").bounding_box()
    assert edge
    assert target
    page.mouse.move(edge["x"] + 60, edge["y"] + edge["height"] - 3)
    page.mouse.down()
    page.mouse.move(edge["x"] + 60, target["y"] - 20, steps=3)
    page.mouse.move(edge["x"] + 60, target["y"])
    expect(page.locator(".landing")).to_have_text("10:00–11:00")
    page.mouse.up()
    expect(visit(page, "Ахметов", "10:00–11:00")).to_be_visible()
    visit(page, "Ахметов").focus()
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("Shift+ArrowUp")
    expect(page.locator("#day-says")).to_have_text("10:00–10:50, 50 мин")
    page.keyboard.press("Enter")
    expect(visit(page, "Ахметов", "10:00–10:50")).to_be_focused()


def test_a_visit_goes_to_another_day_through_the_strip(at_desk: Open, samal: Clinic) -> None:
    samal.book("Ахметов", 10)
    page = at_desk()
    drag(page, visit(page, "Ахметов"), page.locator(".dates a[data-date]").nth(4))
    expect(page.locator(".dates .is-target")).to_have_count(1)
    page.mouse.up()
    expect(visit(page, "Ахметов")).to_have_count(0)
    toast(page, "done").get_by_role("button", name="Вернуть как было").click()
    visit(page, "Ахметов", "10:00–10:30").focus()
    samal.book("Ли", 10, ahead=7)
    page.keyboard.press("m")
    for ahead in range(1, 8):
        page.keyboard.press("PageDown")
        expect(page.locator(f'.dates .is-target[data-date="{samal.day + timedelta(days=ahead)}"]')).to_be_visible()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Куда перенести?")
    expect(dialog).to_contain_text(TAKEN)
    dialog.get_by_role("button", name="10:30", exact=True).click()
    expect(visit(page, "Ахметов")).to_have_count(0)
    expect(page.locator(f'.dates [data-date="{samal.day}"][aria-current]')).to_be_visible()


def test_a_finger_carries_to_another_doctor_and_to_another_day(at_desk: Open, samal: Clinic) -> None:
    samal.book("Ахметов", 9)
    page, dana = at_desk(viewport=PHONE, touch=True), at_desk(DANA, path=f"/schedule/{samal.day + timedelta(days=1)}")
    touch = finger(page)
    start = visit(page, "Ахметов").bounding_box()
    assert start
    x, y = start["x"] + 20, start["y"] + 8
    touch("touchStart", x, y)
    expect(page.locator(".ghost")).to_be_visible()
    touch("touchMove", x + start["width"], y)
    expect(page.locator(".landing")).to_have_text("09:00")
    touch("touchEnd")
    expect(visit(page, "Ахметов", "09:00–09:30", KIM)).to_be_visible()
    toast(page, "done").get_by_role("button", name="Закрыть сообщение").tap()
    moved = visit(page, "Ахметов", name=KIM).bounding_box()
    day = page.locator(f'.dates [data-date="{samal.day + timedelta(days=1)}"]').bounding_box()
    assert moved
    assert day
    touch("touchStart", moved["x"] + 20, moved["y"] + 8)
    expect(page.locator(".ghost")).to_be_visible()
    touch("touchMove", day["x"] + 20, day["y"] + 20)
    expect(page.locator(".dates .is-target")).to_have_count(1)
    touch("touchEnd")
    expect(visit(page, "Ахметов", name=KIM)).to_have_count(0)
    expect(visit(dana, "Ахметов", "09:00–09:30", KIM)).to_be_visible()
    toast(page, "done").get_by_role("button", name="Вернуть как было").tap()
    expect(visit(page, "Ахметов", "09:00–09:30", KIM)).to_be_visible()
