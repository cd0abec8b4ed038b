"""The bar above a club's pages: which sections it shows, and to whom."""

import re

import pytest

from models.accounts import Role, User
from models.club import Club
from tests.support.page import PageClient
from tests.support.people import clinic, club_house, person, sign_in
from tests.support.players import club

OURS = ["События", "Рейтинг", "Игроки"]
PAGES = ("/clubs/{club}", "/clubs/{club}/ladder", "/clubs/{club}/players", "/clubs/{club}/history")


def sections(client: PageClient, address: str) -> list[str]:
    """The links of the bar above this page."""
    text = client.get(address).get_data(as_text=True)
    nav = re.search(r'<nav class="bar-nav".*?</nav>', text, re.DOTALL)
    return re.findall(r"<a [^>]*>([^<]+)</a>", nav.group()) if nav else []


@pytest.mark.parametrize("page", PAGES)
def test_a_passer_by_finds_the_whole_club(client: PageClient, ours: Club, page: str) -> None:
    address = page.format(club=ours.id)
    assert sections(client, address) == OURS


def test_a_clinic_s_receptionist_is_in_the_club_and_not_at_her_desk(client: PageClient, ours: Club) -> None:
    sign_in(client, person("Aigerim", Role.RECEPTIONIST, clinic()))
    address = f"/clubs/{ours.id}"
    assert sections(client, address) == OURS
    assert "Найти пациента" not in client.get(address).get_data(as_text=True)


def test_another_club_s_scorer_is_led_about_this_one(client: PageClient, ours: Club) -> None:
    theirs = club_house("Клуб «Подача»")
    club(theirs)
    sign_in(client, person("Sanzhar", Role.SCORER, theirs))
    text = client.get(f"/clubs/{ours.id}").get_data(as_text=True)
    assert f'href="/clubs/{ours.id}/players"' in text
    assert sections(client, f"/clubs/{ours.id}") == OURS


def test_who_works_in_a_house_with_both_keeps_all_its_sections(client: PageClient, madina: User, ours: Club) -> None:
    ours.organization.has_clinic = True
    madina.memberships[0].role = Role.OWNER
    sign_in(client, madina)
    assert {"Расписание", *OURS} <= set(sections(client, f"/clubs/{ours.id}"))
