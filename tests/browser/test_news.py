"""Dana comes back from lunch and reads what Aigerim did meanwhile."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.clinic import DANA, Clinic

Open = Callable[..., Page]


def test_who_was_away_reads_once_what_others_did(at_desk: Open, samal: Clinic) -> None:
    dana = at_desk(DANA)
    link = dana.get_by_role("link", name=re.compile("^Новое"))
    link.press("Enter")
    dana.get_by_role("button", name="Прочитано").press("Enter")
    samal.book("Ахметов", 10)
    samal.book("Ли", 12)
    dana.reload()
    expect(link).to_contain_text("2")
    link.press("Enter")
    told = dana.get_by_role("table", name="История").get_by_role("row", name=re.compile("Записан на приём"))
    expect(told).to_have_count(2)
    expect(told.first).to_contain_text("Aigerim Satpaeva")
    expect(told.first.get_by_role("link", name="Ли")).to_be_visible()
    dana.get_by_role("button", name="Прочитано").press("Enter")
    expect(dana).to_have_url(re.compile("/schedule/"))
    dana.goto(dana.url.partition("/schedule")[0] + "/news")
    expect(dana.get_by_text("Без вас ничего не изменилось")).to_be_visible()
