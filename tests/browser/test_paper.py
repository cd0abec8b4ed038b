"""The printed day: a page for each practitioner, without the controls of the screen."""

import re
from collections.abc import Callable

from flask import Flask
from playwright.sync_api import Page, expect

from extensions import db
from tests.browser.clinic import Clinic
from tests.support.browser import Windows
from tests.support.people import PASSWORD
from tests.support.visits import desk


def test_a_page_of_paper_for_each_practitioner(application: Flask, windows: Windows) -> None:
    with application.app_context():
        samal = desk()
        samal.book(samal.at(10))
        db.session.commit()
        email, day = samal.aigerim.email, samal.at(10).date()
    window = windows.open()
    window.sign_in(email, PASSWORD)
    page = window.go(f"/schedule/{day}")
    page.get_by_text("Ещё", exact=True).click()
    page.get_by_role("link", name="Печать").click()
    expect(page.get_by_role("button", name="Печать")).to_be_visible()
    page.get_by_label("С телефонами пациентов").check()
    expect(page.get_by_text("777 123 45 67")).to_be_visible()
    assert window.accessibility_faults() == []
    paper = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 2
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Печать")).to_be_hidden()
    expect(page.get_by_role("navigation", name="Разделы")).to_be_hidden()


def test_the_desk_prints_one_list_of_everybody(samal: Clinic, at_desk: Callable[..., Page]) -> None:
    samal.book("Ахметов", 10)
    samal.book("Ли", 9, to="Ким")
    page = at_desk(path=f"{samal.path}/print")
    page.get_by_label("Что печатать").select_option("Все записи одним списком")
    rows = page.locator("#sheets").get_by_role("row")
    expect(page.locator("#sheets").get_by_role("table")).to_have_count(1)
    expect(rows.filter(has_text="Ли Виктор")).to_contain_text("Ким")
    expect(rows.filter(has_text="Ахметов Болат")).to_contain_text("Сейтқали")
    page.evaluate("window.print = () => { document.body.dataset.printed = 'yes'; }")
    page.get_by_role("button", name="Печать").press("Enter")
    expect(page.locator("body")).to_have_attribute("data-printed", "yes")
