"""Two cards of one person become one after a look at both, and two again."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from extensions import db
from models.accounts import Organization
from tests.browser.clinic import Clinic
from tests.support.people import patient

Open = Callable[..., Page]


def test_two_cards_become_one_after_a_look_and_two_again(at_desk: Open, samal: Clinic) -> None:
    with samal.application.app_context():
        patient(db.session.get_one(Organization, samal.number), "Ахметов", phone="+7 701 555 04 18", note="Глухой")
        db.session.commit()
    samal.book("Ли", 10)
    page = at_desk(path="/patients")
    page.get_by_role("row").filter(has_text="777 123 45 67").get_by_role("link", name="Ахметов Болат").click()
    page.get_by_role("link", name="Есть вторая карта?").press("Enter")
    page.get_by_role("link", name="Ахметов Болат").press("Enter")
    expect(page.get_by_role("table")).to_contain_text("Глухой")
    page.get_by_label("Телефон: +7 701 555 04 18").check()
    page.get_by_role("button", name="Объединить").press("Enter")
    facts = page.get_by_role("region", name="Связь и документы")
    expect(facts).to_contain_text("+7 701 555 04 18")
    expect(facts).to_contain_text("Глухой")
    page.get_by_role("button", name="Разделить").press("Enter")
    expect(facts).to_contain_text("+7 777 123 45 67")
    expect(facts).not_to_contain_text("Глухой")
