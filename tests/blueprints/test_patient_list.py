"""The list of patients and a patient's card."""

import re

import pytest
from flask import Flask

from extensions import db
from models.accounts import Organization, Role
from models.base import utc_now
from models.clinic import Appointment, Patient
from models.clinic.booking import Booking
from rules.booking import Status
from tests.support.page import PageClient
from tests.support.people import at, clinic, patient, person, practitioner, service, sign_in
from tests.support.queries import recorded_queries

HTMX = {"HX-Request": "true"}
BOTH = pytest.mark.both_databases


@pytest.fixture
def samal(app: Flask) -> Organization:
    return clinic()


@pytest.fixture
def bolat(samal: Organization) -> Patient:
    return patient(samal, phone="+7 777 123 45 67", iin="900101300007")


@pytest.fixture
def desk(samal: Organization, client: PageClient) -> PageClient:
    """Aigerim's browser at the front desk."""
    sign_in(client, person("Aigerim", Role.RECEPTIONIST, samal))
    return client


@BOTH
def test_the_list_finds_and_marks(desk: PageClient, samal: Organization) -> None:
    patient(samal, "Қожахметова", given_name="Әлия", phone="+7 777 640 18 25")
    patient(samal, "Ли", given_name="Дана")
    answer = desk.get("/patients?q=кожах+7776", headers=HTMX)
    assert answer.text.startswith('<div id="patients-found"')
    assert "<mark>Қожах</mark>метова Әлия" in answer.text
    assert "+7 <mark>777 6</mark>40 18 25" in answer.text
    assert "Дана" not in answer.text
    assert "Найдено: 1." in answer.text


def test_a_search_that_fits_nobody_says_so(desk: PageClient, bolat: Patient) -> None:
    assert "Никого не нашлось" in desk.get("/patients?q=щщщ").text


def test_a_clinic_on_its_first_day_is_told_how_to_begin(desk: PageClient) -> None:
    assert "Пока ни одного пациента" in desk.get("/patients").text


@pytest.mark.parametrize(
    ("page", "first", "count"),
    [
        ("1", "Пациент000", 50),
        ("2", "Пациент050", 10),
        ("3", "Пациент050", 10),
        ("-1", "Пациент000", 50),
        ("x", "Пациент000", 50),
        ("99999999999999999999", "Пациент050", 10),
    ],
)
def test_a_long_list_has_pages(desk: PageClient, samal: Organization, page: str, first: str, count: int) -> None:
    for number in range(60):
        patient(samal, f"Пациент{number:03d}")
    rows = re.findall(r'<td><a id="[^"]*" href="[^"]*">(\S+) Болат</a></td>', desk.get(f"/patients?page={page}").text)
    assert (rows[0], len(rows)) == (first, count)


def test_a_search_shows_fewer_at_once_because_one_more_letter_is_sooner_typed(
    desk: PageClient, samal: Organization
) -> None:
    for number in range(21):
        patient(samal, f"Пациент{number:03d}")
    text = desk.get("/patients?q=пациент").text
    assert (text.count("</tr>"), "Страница 1 из 2" in text) == (21, True)


def test_the_list_costs_the_same_however_many_stand_in_it(desk: PageClient, samal: Organization) -> None:
    costs = []
    for number in range(2, 40, 18):
        for each in range(number):
            patient(samal, f"Пациент{number}{each}")
        db.session.commit()
        with recorded_queries(db.engine) as queries:
            desk.get("/patients?q=пациент")
        costs.append(len(queries))
    assert len(set(costs)) == 1


def test_a_typed_letter_asks_only_for_what_is_swapped(desk: PageClient, bolat: Patient) -> None:
    db.session.commit()
    with recorded_queries(db.engine) as queries:
        desk.get("/patients?q=ахм", headers=HTMX)
    assert not any("live_topic" in query for query in queries)


# The card


def test_the_card_shows_facts_the_next_visit_and_those_before(desk: PageClient, samal: Organization) -> None:
    aliya = patient(samal, "Қожахметова", given_name="Әлия", phone="8 777 640 18 25", iin="950517400004", note="Лифт")
    dana, doctor, kind = person("Dana", Role.RECEPTIONIST, samal), practitioner(samal), service(samal, "ЭКГ и приём")
    now = utc_now()
    for hour in (10, 12):
        Appointment.book(samal, Booking(aliya, doctor, kind, at(samal, hour), 30), dana, now)
    text = desk.get(f"/patients/{aliya.id}").text
    assert 'href="tel:+77776401825"' in text
    assert "950517 400004" in text
    assert "верный" in text
    assert "Лифт" in text
    assert re.search(r'class="fig">10:00<', text)
    assert text.count("завтра, 12:00") == 1
    assert "ЭКГ и приём, Сейтқали Гүлнар" in text


def test_the_list_says_who_is_inside_now(desk: PageClient, samal: Organization, bolat: Patient) -> None:
    dana = person("Dana", Role.RECEPTIONIST, samal)
    now = utc_now()
    visit = Appointment.book(samal, Booking(bolat, practitioner(samal), None, now, 30), dana, now)
    assert f'href="/appointments/{visit.id}"' in desk.get("/patients").text
    assert f'action="/appointments/{visit.id}/arrival"' in desk.get(f"/patients/{bolat.id}").text
    visit.become(Status.CHECKED_IN, visit.version, dana, now)
    assert "На приёме" in desk.get("/patients").text
    assert "На приёме" in desk.get(f"/patients/{bolat.id}").text


def test_the_title_of_a_card_names_nobody(desk: PageClient, bolat: Patient) -> None:
    for path in ("/patients/{}", "/patients/{}/edit"):
        title = re.search(r"<title>(.*?)</title>", desk.get(path.format(bolat.id)).text, re.DOTALL)
        assert title
        assert "Ахметов" not in title[1]
