"""Exporting the cards as a file."""

import csv
from datetime import date
from io import BytesIO, StringIO

import pytest
from flask import Flask
from openpyxl import load_workbook

from blueprints.clinic.patient_export import FoundCards
from blueprints.clinic.table_file import Table, read_table
from extensions import db
from models.accounts import Organization, Role
from models.clinic import AuditEvent, Deed
from models.clinic.audit import Question
from rules.card_headings import fields_of
from rules.imported_rows import cards_of
from tests.support.page import PageClient
from tests.support.people import browser_of, clinic, patient, person
from tests.support.queries import recorded_queries

EXPORT = "/patients/export"


@pytest.fixture
def samal(app: Flask) -> Organization:
    organization = clinic()
    patient(organization, phone="+7 777 123 45 67", note="=HYPERLINK(1)", iin="000115521146")
    patient(organization, "Ким; Ли", given_name="Дана", contact_phone="8 701 555 04 18", email="dana@tablo.example")
    return organization


@pytest.fixture
def owner(app: Flask, samal: Organization) -> PageClient:
    return browser_of(app, person("Marat Ospanov", Role.OWNER, samal))


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(StringIO(text.removeprefix("\ufeff")), delimiter=";"))


def test_the_cards_come_as_a_table_without_formulas(owner: PageClient) -> None:
    answer = owner.get(EXPORT)
    assert (answer.mimetype, answer.data[:3]) == ("text/csv", b"\xef\xbb\xbf")
    head, bolat, dana = rows_of(answer.text)
    assert head[:4] == ["Фамилия", "Имя", "Отчество", "Дата рождения"]
    assert bolat == ["Ахметов", "Болат", "", "", "000115521146", "", "77771234567", "", "", "", "'=HYPERLINK(1)"]
    assert dana == ["Ким; Ли", "Дана", "", "", "", "", "", "", "77015550418", "dana@tablo.example", ""]


@pytest.mark.both_databases
def test_namesakes_stand_on_two_pages_and_none_twice(samal: Organization) -> None:
    patient(samal, note="Второй")
    db.session.commit()
    pages = [[(row[0], row[-1]) for row in page] for page in FoundCards(samal.id, "").pieces(1)]
    assert pages == [[("Ахметов", "=HYPERLINK(1)")], [("Ахметов", "Второй")], [("Ким; Ли", "")]]


def test_a_workbook_has_the_same_texts_and_no_formula(owner: PageClient) -> None:
    answer = owner.get(f"{EXPORT}?as=xlsx")
    assert answer.headers["Content-Disposition"].endswith('.xlsx"')
    sheet = load_workbook(BytesIO(answer.data)).worksheets[0]
    head, bolat, _dana = sheet.iter_rows(values_only=True)
    assert head[:3] == ("Фамилия", "Имя", "Отчество")
    assert (bolat[4], bolat[6], bolat[10]) == ("000115521146", "77771234567", "=HYPERLINK(1)")
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_what_was_taken_can_be_brought_again(owner: PageClient, samal: Organization, kind: str, language: str) -> None:
    owner.post("/language", data={"language": language})
    table = read_table(owner.get(f"{EXPORT}?as={kind}").data)
    assert isinstance(table, Table)
    [bolat, _dana] = cards_of(table.rows, fields_of(table.headings), date(2026, 11, 22))
    assert (bolat.iin, bolat.note, bolat.fault) == ("000115521146", "=HYPERLINK(1)", None)
    assert all(fields_of(table.headings))


def test_a_search_is_taken_as_it_was_found(owner: PageClient) -> None:
    assert [row[0] for row in rows_of(owner.get(f"{EXPORT}?q=дана").text)[1:]] == ["Ким; Ли"]
    assert len(rows_of(owner.get(f"{EXPORT}?q=---").text)) == 1


def test_the_history_keeps_who_took_what(owner: PageClient, samal: Organization) -> None:
    owner.get(f"{EXPORT}?q=дана")
    db.session.rollback()
    [event] = AuditEvent.page(Question(samal.id, deed=Deed.CARDS_EXPORTED), None, 5)
    assert event.changes == {"exported": [None, "1"], "searched": [None, "дана"]}
    assert "Карты выгружены в файл" in owner.get("/history").text


def test_more_cards_are_no_more_statements(owner: PageClient, samal: Organization) -> None:
    with recorded_queries(db.engine) as few:
        owner.get(EXPORT)
    for number in range(20):
        patient(samal, f"Омаров{number}")
    db.session.commit()
    with recorded_queries(db.engine) as many:
        owner.get(EXPORT)
    assert len(few) == len(many)


@pytest.mark.parametrize("role", [Role.RECEPTIONIST, Role.PRACTITIONER, Role.SCORER])
def test_nobody_else_takes_cards_away(app: Flask, samal: Organization, role: Role) -> None:
    assert browser_of(app, person("Somebody", role, samal)).get(EXPORT).status_code == 403


def test_who_may_not_is_not_offered_it(app: Flask, samal: Organization, owner: PageClient) -> None:
    desk = browser_of(app, person("Aigerim", Role.RECEPTIONIST, samal))
    assert "Выгрузить" in owner.get("/patients").text
    assert "Выгрузить" not in desk.get("/patients").text


def test_another_clinics_cards_stay_there(app: Flask, samal: Organization) -> None:
    stranger = browser_of(app, person("Dina", Role.OWNER, clinic("Клиника «Арман»")))
    assert len(rows_of(stranger.get(EXPORT).text)) == 1


def test_whoever_is_signed_out_is_asked_to_sign_in(client: PageClient) -> None:
    assert client.get(EXPORT).location == f"/sign-in?next={EXPORT}"


def test_another_method_is_refused(owner: PageClient) -> None:
    assert owner.post(EXPORT).status_code == 405
