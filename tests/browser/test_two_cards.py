"""Two cards of one person become one after a look at both, and two again."""

from collections.abc import Callable
from datetime import date

from playwright.sync_api import Page, expect

from extensions import db
from models.accounts import Organization, Role
from tests.browser.clinic import DANA, Clinic
from tests.support.browser import PHONE, Windows
from tests.support.people import PASSWORD, patient

Open = Callable[..., Page]
OFFERS = ("Изменить", "Записать", "Есть вторая карта?", "В лист ожидания")


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


def test_on_a_phone_what_is_known_of_a_second_card_fits(at_desk: Open, samal: Clinic) -> None:
    with samal.application.app_context():
        own = db.session.get_one(Organization, samal.number)
        patient(own, "Ахметов", birth_date=date(1990, 1, 1), phone="+7 701 555 04 18", iin="900101300007")
        db.session.commit()
    page = at_desk(path="/patients/1/second-cards", viewport=PHONE)
    expect(page.get_by_role("link", name="Ахметов Болат")).to_contain_text("900101 300007")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_colleague_with_the_second_card_open_is_offered_nothing_on_it_until_it_is_back(
    at_desk: Open, samal: Clinic, windows: Windows
) -> None:
    with samal.application.app_context():
        second = patient(db.session.get_one(Organization, samal.number), "Ахметов", phone="+7 701 555 04 18").id
        db.session.commit()
    dana = at_desk(DANA, f"/patients/{second}")
    offers = [dana.get_by_role("link", name=name) for name in OFFERS]
    for offer in offers:
        expect(offer).to_be_visible()
    expect(dana.get_by_text("обновлено только что")).to_be_visible()
    aigerim = at_desk(path=f"/patients/1/second-cards/{second}")
    aigerim.get_by_role("button", name="Объединить").press("Enter")
    expect(dana.get_by_role("link", name="Вошла в карту № 1")).to_be_visible()
    for offer in offers:
        expect(offer).to_be_hidden()
    aigerim.get_by_role("button", name="Разделить").press("Enter")
    for offer in offers:
        expect(offer).to_be_visible()


def test_the_owner_reads_in_an_open_card_what_the_desk_has_just_done(
    at_desk: Open, samal: Clinic, windows: Windows
) -> None:
    samal.employ("Saule", Role.OWNER)
    owner = windows.open()
    owner.sign_in("saule@tablo.example", PASSWORD)
    history = owner.go("/patients/1").get_by_role("region", name="История")
    expect(history).to_contain_text("Открыта карта, Saule")
    expect(history.page.get_by_text("обновлено только что")).to_be_visible()
    samal.book("Ахметов", 10)
    expect(history).to_contain_text("Записан на приём, Aigerim Satpaeva")
    assert owner.accessibility_faults() == []


def test_a_namesake_born_on_another_day_is_no_second_card(at_desk: Open, samal: Clinic) -> None:
    with samal.application.app_context():
        own = db.session.get_one(Organization, samal.number)
        patient(own, "Омарова", given_name="Дана", birth_date=date(1995, 5, 17))
        db.session.commit()
    page = at_desk(path="/patients")
    page.get_by_role("link", name="Новый пациент").press("Enter")
    for label, typed in (("Фамилия", "Омарова"), ("Имя", "Дана")):
        page.get_by_label(label, exact=True).fill(typed)
        page.get_by_label(label, exact=True).press("Tab")
    resembling = page.locator("#resembling").get_by_role("link", name="Омарова Дана")
    expect(resembling).to_be_visible()
    born = page.get_by_label("Дата рождения")
    for day, count in (("1995-05-18", 0), ("1995-05-17", 1)):
        born.fill(day)
        born.press("Tab")
        expect(resembling).to_have_count(count)
