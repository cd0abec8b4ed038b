"""What others did while somebody was away from the desk, shown once."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from extensions import db
from models.accounts import Role
from models.base import utc_now
from models.clinic import Recall
from models.clinic.news import MOST_COUNTED, News
from rules.booking import Status
from tests.support.page import PageClient
from tests.support.people import clinic, patient, person, sign_in
from tests.support.queries import recorded_queries
from tests.support.visits import Desk

BOTH = pytest.mark.both_databases


@pytest.fixture
def dana(app: Flask, samal: Desk) -> PageClient:
    """The browser of the other receptionist, who has read everything so far."""
    client, herself = app.test_client(), person("Dana", Role.RECEPTIONIST, samal.organization)
    assert isinstance(client, PageClient)
    unread = News(samal.organization.id, herself, utc_now())
    unread.read(unread.newest(1)[0].id)
    sign_in(client, herself)
    return client


@BOTH
def test_she_is_told_who_did_what_and_not_what_she_did(dana: PageClient, desk_client: PageClient, samal: Desk) -> None:
    samal.book(samal.at(10))
    Recall.plan(samal.bolat, samal.at(9).date(), "контроль", samal.aigerim, utc_now())
    text = dana.get("/news").text
    assert re.findall(r'class="whose">([^<]+)<', text) == ["Aigerim Satpaeva", "Aigerim Satpaeva"]
    assert "Записан на приём" in text
    assert "Решено пригласить снова" in text
    assert "Решено пригласить снова" not in desk_client.get("/news").text


@BOTH
def test_what_is_read_is_not_told_again(dana: PageClient, samal: Desk) -> None:
    visit = samal.book(samal.at(10))
    [last] = re.findall(r'name="last" value="(\d+)"', dana.get("/news").text)
    visit.become(Status.ARRIVED, visit.version, samal.aigerim, utc_now())
    assert dana.post("/news/look", data={"last": last}).location.startswith("/schedule/")
    text = dana.get("/news").text
    assert "Отмечено состояние приёма" in text
    assert "Записан на приём" not in text
    assert dana.post("/news/look", data={"last": "nonsense"}).status_code == 303
    assert "Отмечено состояние приёма" in dana.get("/news").text


def test_the_day_says_how_many(dana: PageClient, samal: Desk) -> None:
    day = samal.organization.today(utc_now())
    assert 'hx-get="/news/count"' in dana.get(f"/schedule/{day}").text
    assert "<b" not in dana.get("/news/count").text
    for hour in (10, 11, 12):
        samal.book(samal.at(hour))
    assert '<b class="num">3</b>' in dana.get("/news/count").text


def test_many_are_not_counted_one_by_one(app: Flask, samal: Desk) -> None:
    dana, now = person("Dana", Role.RECEPTIONIST, samal.organization), utc_now()
    for number in range(MOST_COUNTED + 5):
        Recall.plan(samal.bolat, now.date(), str(number), samal.aigerim, now)
    assert News(samal.organization.id, dana, now).count() == MOST_COUNTED + 1


def test_the_first_look_goes_back_a_day(app: Flask, samal: Desk) -> None:
    dana, now = person("Dana", Role.RECEPTIONIST, samal.organization), utc_now()
    for days in (2, 0):
        Recall.plan(samal.bolat, now.date(), f"{days}", samal.aigerim, now - timedelta(days=days))
    told = [event.changes for event in News(samal.organization.id, dana, now).newest(5)]
    assert [changes["recall_reason"] for changes in told if "recall_reason" in changes] == [[None, "0"]]


def test_who_reads_cards_is_the_owners_to_know(dana: PageClient, desk_client: PageClient, samal: Desk) -> None:
    desk_client.get(f"/patients/{samal.bolat.id}")
    assert "Без вас ничего не изменилось" in dana.get("/news").text


def test_more_news_are_no_more_statements(dana: PageClient, samal: Desk) -> None:
    costs = []
    for hours in ((8,), (9, 10, 11, 12)):
        for hour in hours:
            samal.book(samal.at(hour), patient=patient(samal.organization, f"Омаров{hour}"))
        db.session.commit()
        with recorded_queries(db.engine) as queries:
            dana.get("/news")
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_another_clinics_news_stay_there(app: Flask, samal: Desk) -> None:
    samal.book(samal.at(10))
    stranger = app.test_client()
    sign_in(stranger, person("Dina", Role.OWNER, clinic("Клиника «Арман»")))
    assert "Без вас ничего не изменилось" in stranger.get("/news").text
    assert stranger.get("/news/look").status_code == 405


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.SCORER])
def test_news_are_for_the_desk(app: Flask, samal: Desk, role: Role) -> None:
    client = app.test_client()
    sign_in(client, person("Somebody", role, samal.organization))
    assert {client.get("/news").status_code, client.get("/news/count").status_code} == {403}
    assert client.post("/news/look").status_code == 403
