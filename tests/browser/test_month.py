"""A month that stays open on the desk while others book."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.clinic import Clinic


def test_an_open_month_counts_what_others_book_and_stays_one_tab_stop(
    at_desk: Callable[..., Page], samal: Clinic
) -> None:
    page = at_desk(path=f"/schedule/months/{samal.day:%Y-%m}")
    day = page.locator(f"#day-{samal.day}")
    day.focus()
    samal.book("Оспанова", 10)
    expect(day).to_contain_text("1 запись")
    samal.book("Ахметов", 15)
    expect(day).to_contain_text("2 записи")
    expect(day).to_be_focused()
    expect(page.locator("#month a:not([tabindex='-1'])")).to_have_count(1)
