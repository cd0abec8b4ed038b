"""The printed day: a page for each practitioner, without the controls of the screen."""

import re

from flask import Flask
from playwright.sync_api import expect

from extensions import db
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
