"""Saule calls a doctor and a room otherwise while the desk works."""

from playwright.sync_api import expect

from models.accounts import Role
from tests.browser.clinic import AIGERIM, DANA, Clinic
from tests.support.browser import Windows
from tests.support.people import PASSWORD


def test_the_desk_reads_the_new_names_on_what_it_has_open(samal: Clinic, windows: Windows) -> None:
    samal.employ("Saule", Role.OWNER)
    samal.book("Ахметов", 10)
    aigerim, dana, owner = windows.open(), windows.open(), windows.open()
    for window, who in ((aigerim, AIGERIM), (dana, DANA), (owner, "saule@tablo.example")):
        window.sign_in(who, PASSWORD)
    card, week = aigerim.go("/patients/1"), dana.go(f"/practitioners/1/weeks/{samal.day}")
    visits = card.get_by_role("region", name="Ближайшее посещение")
    expect(visits).to_contain_text("Сейтқали")
    for page in (card, week):
        expect(page.get_by_text("обновлено только что")).to_be_visible()
    form = owner.go("/practitioners/1")
    form.get_by_label("Фамилия").fill("Нұрланова")
    form.get_by_role("button", name="Сохранить").press("Enter")
    expect(visits).to_contain_text("Нұрланова")
    expect(week.get_by_role("heading", level=1)).to_have_text("Нұрланова Г.")
