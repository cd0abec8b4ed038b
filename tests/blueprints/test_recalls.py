"""Recalls: the form on the card, the list, and the rights."""

import re
from contextlib import closing
from datetime import timedelta

import pytest
from flask import Flask

from extensions import db
from models.accounts import Organization, Role, User
from models.base import utc_now
from models.clinic import Patient, Recall, RecallState
from rules.calendar_months import months_after
from tests.support.page import PageClient
from tests.support.people import browser_of, clinic, patient, person, sign_in
from tests.support.stream import Stream, stream_address

HTMX = {"HX-Request": "true"}
NEW = "/patients/{}/recalls/new"


@pytest.fixture
def samal(app: Flask) -> Organization:
    return clinic()


@pytest.fixture
def bolat(samal: Organization) -> Patient:
    return patient(samal, phone="+7 777 123 45 67")


@pytest.fixture
def aigerim(samal: Organization) -> User:
    return person("Aigerim", Role.RECEPTIONIST, samal)


@pytest.fixture
def desk(client: PageClient, aigerim: User) -> PageClient:
    sign_in(client, aigerim)
    return client


@pytest.fixture
def recall(samal: Organization, bolat: Patient, aigerim: User) -> Recall:
    return Recall.plan(bolat, samal.today(utc_now()), "контроль ЭКГ", aigerim, utc_now())


def settle(client: PageClient, recall: Recall, outcome: str, **headers: str) -> int:
    path, version = f"/recalls/{recall.id}/{outcome}", recall.version
    return client.post(path, data={"version": version}, headers=headers).status_code


def test_half_a_year_later_is_planned_on_the_card(desk: PageClient, samal: Organization, bolat: Patient) -> None:
    assert desk.get(NEW.format(bolat.id)).status_code == 200
    answer = desk.post(NEW.format(bolat.id), data={"months": "6", "reason": "контроль"})
    assert (answer.status_code, answer.location) == (303, f"/patients/{bolat.id}")
    [recall] = Recall.open_for(bolat)
    assert recall.due_on == months_after(samal.today(utc_now()), 6)
    assert "контроль" in desk.get(answer.location).text
    assert "контроль" in desk.get("/recalls?when=later").text


def test_a_day_that_is_known_wins(desk: PageClient, samal: Organization, bolat: Patient) -> None:
    day = samal.today(utc_now()) + timedelta(days=10)
    desk.post(NEW.format(bolat.id), data={"months": "6", "due_on": day.isoformat()})
    assert [recall.due_on for recall in Recall.open_for(bolat)] == [day]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"months": "6", "due_on": "2020-01-01"}, "Выберите день не раньше сегодняшнего."),
        ({"months": "6", "due_on": "9999-01-01"}, "Выберите день не раньше сегодняшнего."),
        ({"months": "6", "due_on": "завтра"}, "Нужна дата вида ГГГГ-ММ-ДД"),
        ({"months": "7"}, "Выберите один из этих ответов."),
        ({"months": "6", "reason": "я" * 201}, "Слишком длинно: помещается не больше 200 знаков."),
    ],
)
def test_what_cannot_be_is_said_under_its_field(
    desk: PageClient, bolat: Patient, typed: dict[str, str], says: str
) -> None:
    answer = desk.post(NEW.format(bolat.id), data=typed)
    assert answer.status_code == 422
    assert says in answer.text
    assert Recall.open_for(bolat) == []


def test_a_call_is_noted_and_taken_back(desk: PageClient, bolat: Patient, recall: Recall) -> None:
    assert "+7 777 123 45 67" in desk.get("/recalls").text
    assert settle(desk, recall, "booking", **HTMX) == 200
    db.session.rollback()
    assert (recall.state, Recall.open_for(bolat)) == (RecallState.BOOKED, [])
    assert settle(desk, recall, "reopening") == 303
    db.session.rollback()
    assert recall.state is RecallState.WAITING


def test_who_is_late_is_told_so(desk: PageClient, recall: Recall) -> None:
    path, version = f"/recalls/{recall.id}/call", recall.version
    assert desk.post(path, data={"version": version}).status_code == 303
    late = desk.post(path, data={"version": version}, headers=HTMX)
    assert late.status_code == 409
    assert "Уже отмечено" in late.text


def test_an_empty_list_says_how_to_fill_it(desk: PageClient) -> None:
    assert "Звонить некому" in desk.get("/recalls").text


def test_a_practitioner_only_reads(app: Flask, samal: Organization, bolat: Patient, recall: Recall) -> None:
    doctor = browser_of(app, person("Gulnar", Role.PRACTITIONER, samal))
    text = doctor.get("/recalls").text
    assert "Ахметов" in text
    assert "Звонили" not in text
    assert settle(doctor, recall, "call") == 403
    assert doctor.get(NEW.format(bolat.id)).status_code == 403
    assert doctor.post(NEW.format(bolat.id), data={"months": "6"}).status_code == 403


def test_the_owner_does_as_the_desk_does(app: Flask, samal: Organization, recall: Recall) -> None:
    assert settle(browser_of(app, person("Marat", Role.OWNER, samal)), recall, "call") == 303


def test_another_clinics_list_is_not_there(app: Flask, bolat: Patient, recall: Recall) -> None:
    stranger = browser_of(app, person("Dina", Role.OWNER, clinic("Клиника «Арман»")))
    assert settle(stranger, recall, "call") == 404
    assert stranger.post(NEW.format(bolat.id), data={"months": "6"}).status_code == 404
    assert "Ахметов" not in stranger.get("/recalls").text


def test_whoever_is_signed_out_is_asked_to_sign_in(client: PageClient) -> None:
    assert client.get("/recalls").location == "/sign-in?next=/recalls"


def test_another_method_is_refused(desk: PageClient, recall: Recall) -> None:
    assert desk.post("/recalls").status_code == 405
    assert desk.get(f"/recalls/{recall.id}/call").status_code == 405


def test_an_open_list_is_told_without_a_name(app: Flask, desk: PageClient, recall: Recall, aigerim: User) -> None:
    db.session.commit()
    with closing(Stream(desk, stream_address(desk.get("/recalls").text))) as stream:
        recall.settle(RecallState.CALLED, recall.version, aigerim, utc_now())
        db.session.commit()
        [event] = stream.next_events()
    [news] = re.findall(r'<i id="patients-news".*?</i>', event.data)
    assert "Ахметов" not in event.data
    assert news in desk.get("/recalls").text


def test_a_list_that_asks_anew_keeps_its_place_and_the_way_back(desk: PageClient, recall: Recall) -> None:
    answer = desk.post(f"/recalls/{recall.id}/dismissal", data={"version": recall.version}, headers=HTMX).text
    again = re.findall(r'id="recalls" hx-get="(.*?)" hx-trigger="news"', answer)
    assert again == [f"/recalls?settled={recall.id}"]
    assert desk.get(again[0], headers=HTMX).text == answer
    later = desk.get(f"/recalls?when=later&settled={recall.id}", headers=HTMX).text
    assert f'hx-get="/recalls?when=later&amp;settled={recall.id}"' in later


@pytest.mark.parametrize("number", ["{}", "0", "999999", "семь"])
def test_nobody_else_is_told_what_was_settled(app: Flask, samal: Organization, recall: Recall, number: str) -> None:
    """A doctor may not take it back; another clinic's owner knows no such recall."""
    for who in (
        person("Gulnar", Role.PRACTITIONER, samal),
        person("Ruslan", Role.OWNER, clinic("Клиника «Арман»")),
    ):
        text = browser_of(app, who).get(f"/recalls?when=later&settled={number.format(recall.id)}").text
        assert 'class="settled"' not in text
