"""A day as it was: access, URLs, and that it is read-only."""

from datetime import timedelta

import pytest

from models.accounts import Role
from models.base import utc_now
from tests.support.page import PageClient
from tests.support.people import clinic, person, sign_in
from tests.support.visits import Desk


@pytest.fixture
def address(samal: Desk) -> str:
    """The URL of tomorrow's history, on which Bolat was moved from ten to twelve."""
    visit = samal.book(samal.at(10))
    visit.move(samal.seitqali, samal.at(12), visit.version, samal.aigerim, utc_now() + timedelta(minutes=2))
    return f"/schedule/{samal.at(10).date()}/past"


def test_the_owner_goes_back_step_by_step(owner_client: PageClient, address: str) -> None:
    now = owner_client.get(address).text
    assert "12:00–12:30, Записан" in now
    assert "2 из 2" in now
    assert 'rel="next"' not in now
    before = owner_client.get(f"{address}?step=1").text
    assert "10:00–10:30, Записан" in before
    assert "Aigerim Satpaeva: Записан на приём" in before
    assert "До первой записи на этот день." in owner_client.get(f"{address}?step=0").text


def test_the_owner_asks_for_a_moment(owner_client: PageClient, samal: Desk, address: str) -> None:
    between = (utc_now() + timedelta(minutes=1)).astimezone(samal.organization.zone)
    assert "10:00–10:30" in owner_client.get(f"{address}?at={between:%Y-%m-%dT%H:%M}").text


def test_nothing_can_be_changed_there(owner_client: PageClient, address: str) -> None:
    text = owner_client.get(address).text
    assert "Это прошлое: здесь ничего нельзя изменить." in text
    assert "data-movable" not in text
    assert "Записать на" not in text
    assert "may-book" not in text
    assert "/live/" not in text


def test_htmx_gets_the_board_alone(owner_client: PageClient, address: str) -> None:
    answer = owner_client.get(f"{address}?step=1", headers={"HX-Request": "true"})
    assert answer.text.lstrip().startswith('<div id="past"')
    assert "HX-Request" in answer.headers["Vary"]


@pytest.mark.parametrize("asked", ["step=-1", "step=x", "step=9999999999", "step=٣", "at=then"])
def test_what_is_no_step_is_now(owner_client: PageClient, address: str, asked: str) -> None:
    assert "2 из 2" in owner_client.get(f"{address}?{asked}").text


def test_the_day_leads_there_for_the_owner_only(client: PageClient, samal: Desk, address: str) -> None:
    day = address.removesuffix("/past")
    sign_in(client, samal.aigerim)
    assert address not in client.get(day).text
    assert client.get(address).status_code == 403
    sign_in(client, person("Marat", Role.OWNER, samal.organization))
    assert address in client.get(day).text
    assert client.post(address).status_code == 405
    assert client.get("/schedule/soon/past").status_code == 404


def test_another_clinics_past_is_not_there(client: PageClient, address: str) -> None:
    sign_in(client, person("Ruslan", Role.OWNER, clinic("Чужая клиника")))
    text = client.get(address).text
    assert "Ахметов" not in text
    assert "На этот день никто не записывался." in text
