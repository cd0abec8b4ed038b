"""An open form while others work: its time is shown as held, and it learns at once what others took."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from extensions import db
from models.accounts import Organization, User
from models.base import utc_now
from models.clinic import Practitioner
from models.clinic.hold import HELD_FOR, Hold
from rules.booking import Interval
from tests.browser.clinic import AIGERIM, DANA, TAKEN, Clinic, free
from tests.support.people import at, patient

Open = Callable[..., Page]


def test_a_time_in_somebodys_hand_is_seen_at_the_other_desk_and_not_at_ones_own(at_desk: Open, samal: Clinic) -> None:
    aigerim, dana = at_desk(), at_desk(DANA)
    free(aigerim, "10:00").click()
    expect(dana.get_by_text("бронирует Aigerim")).to_be_visible()
    aigerim.get_by_label("Время").fill("11:00")
    aigerim.get_by_label("Время").blur()
    expect(dana.locator(".hold .note")).to_have_text("11:00–11:30")
    expect(aigerim.locator(".hold:visible")).to_have_count(0)
    aigerim.keyboard.press("Escape")
    expect(dana.locator(".hold")).to_have_count(0)


def test_a_hand_that_was_forgotten_lets_go_by_itself(at_desk: Open, samal: Clinic) -> None:
    page = at_desk(DANA)
    free(page, "10:00").wait_for()
    with samal.application.app_context():
        own, begun = db.session.get_one(Organization, samal.number), utc_now() - HELD_FOR + timedelta(seconds=10)
        doctor = db.session.scalars(Practitioner.of(own.id).filter_by(family_name="Сейтқали")).one()
        aigerim = db.session.scalars(select(User).filter_by(email=AIGERIM)).one()
        Hold.take(own, doctor, Interval(at(own, 10), at(own, 10, 30)), aigerim, begun)
        db.session.commit()
    expect(page.get_by_text("бронирует Aigerim")).to_be_visible()
    expect(page.get_by_text("бронирует Aigerim")).to_have_count(0)
    free(page, "10:00").press("Enter")
    expect(page.get_by_role("dialog", name="Новая запись")).to_be_visible()


def test_an_open_form_learns_at_once_that_its_time_is_taken(at_desk: Open, samal: Clinic) -> None:
    page = at_desk()
    free(page, "10:00").click()
    page.get_by_label("Заметка").fill("придёт с ребёнком")
    samal.book("Ли", 10)
    expect(page.locator("#field-time")).to_contain_text(TAKEN)
    expect(page.get_by_label("Заметка")).to_have_value("придёт с ребёнком")
    expect(page.get_by_label("Заметка")).to_be_focused()
    page.get_by_role("button", name="10:30", exact=True).click()
    expect(page.get_by_label("Время")).to_have_value("10:30")
    expect(page.locator("#field-time")).not_to_contain_text(TAKEN)


@pytest.mark.parametrize(
    ("label", "name", "typed", "taken"),
    [
        ("Телефон", "phone", "8 701 555 04 18", "Пациент с таким телефоном уже существует"),
        ("ИИН", "iin", "950517400004", "Пациент с таким ИИН уже существует"),
    ],
)
def test_an_open_card_learns_at_once_what_was_given_to_another(
    at_desk: Open, samal: Clinic, label: str, name: str, typed: str, taken: str
) -> None:
    page = at_desk()
    page.get_by_role("link", name="Новый пациент").click()
    page.get_by_label("Фамилия").fill("Сатпаева")
    page.get_by_role("dialog").get_by_label(label).fill(typed)
    page.get_by_label("Имя", exact=True).fill("Дана")
    with samal.application.app_context():
        patient(db.session.get_one(Organization, samal.number), "Сатпаева", **{name: typed})
        db.session.commit()
    expect(page.locator(f"#field-{name}")).to_contain_text(taken)
    expect(page.get_by_label("Имя", exact=True)).to_have_value("Дана")


def test_who_was_chosen_stays_chosen_whatever_the_search_still_answers(at_desk: Open, samal: Clinic) -> None:
    page = at_desk()
    free(page, "10:00").click()
    page.get_by_label("Пациент", exact=True).press_sequentially("ахм")
    page.get_by_role("radio", name="Ахметов").wait_for()
    page.route("**/appointments/patients?**", lambda route: None)
    with page.expect_request("**/appointments/patients?**"):
        page.get_by_label("Пациент", exact=True).press_sequentially("е")
    with page.expect_event("requestfailed"):
        page.get_by_role("radio", name="Ахметов").check()
    expect(page.get_by_role("radio", name="Ахметов")).to_be_checked()
