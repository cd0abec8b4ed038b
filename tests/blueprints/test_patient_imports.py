"""Importing patients from a table: preview, loading, refusal."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Delete, Update, delete, event, func, select, update
from werkzeug.test import TestResponse

from blueprints.clinic.table_file import MOST_BYTES
from extensions import db
from models.accounts import Organization, Role, User
from models.base import utc_now
from models.clinic import AuditEvent, Deed, Patient, PatientImport
from models.clinic.audit import Question
from models.clinic.patient import PatientDetails
from models.clinic.patient_import import KEPT_FOR
from models.errors import Stale
from tests.support.page import PageClient
from tests.support.people import clinic, patient, person, sign_in
from tests.support.queries import recorded_queries
from tests.support.tables import workbook

BOTH = pytest.mark.both_databases
IMPORTS, HTMX = "/patients/imports", {"HX-Request": "true"}
HEADS = "Фамилия;Имя;Дата рождения;Телефон;ИИН"
TABLE = f"""{HEADS}
Ли;Дана;01.02.2001;8 701 555 04 18;
Ахметов;Болат;;8 777 123 45 67;
Ким;Олег;весной;;
Пак;Вера;;8 777 123 45 67;
"""


@pytest.fixture
def samal(app: Flask) -> Organization:
    organization = clinic()
    patient(organization, phone="+7 777 123 45 67")
    return organization


@pytest.fixture
def marat(samal: Organization) -> User:
    return person("Marat Ospanov", Role.OWNER, samal)


@pytest.fixture
def owner(client: PageClient, marat: User) -> PageClient:
    sign_in(client, marat)
    return client


def bring(
    client: PageClient, table: str | bytes = TABLE, name: str = "пациенты.csv", **options: object
) -> TestResponse:
    data = table.encode() if isinstance(table, str) else table
    head = f'Content-Disposition: form-data; name="table"; filename="{name}"'.encode()
    form = b"--end\r\n" + head + b"\r\n\r\n" + data + b"\r\n--end--\r\n"
    return client.post(IMPORTS, data=form, content_type="multipart/form-data; boundary=end", **options)


def brought(client: PageClient, table: str | bytes = TABLE) -> str:
    """The URL of the import's page."""
    address = bring(client, table).location
    assert address
    return address


def load(client: PageClient, address: str, version: int = 1) -> TestResponse:
    return client.post(f"{address}/cards", data={"version": version})


def names(organization: Organization) -> list[str]:
    db.session.rollback()
    return [card.full_name for card in db.session.scalars(Patient.of(organization.id))]


@BOTH
def test_a_table_is_looked_over_and_nothing_is_saved(owner: PageClient, samal: Organization) -> None:
    text = owner.get(brought(owner)).text
    row = r'<td data-label="Строка" class="num muted">(\d+)</td>.*?class="tag \w+">(.*?)<'
    assert re.findall(row, text, re.DOTALL) == [("2", "новая"), ("3", "уже есть"), ("4", "ошибка"), ("5", "ошибка")]
    assert "Дату рождения не прочесть. Нужна вида 17.05.1995." in text
    assert "Этот телефон записан в карте другого человека." in text
    assert "Загрузить: 1 карта" in text
    assert names(samal) == ["Ахметов Болат"]


@BOTH
def test_the_new_rows_become_cards_and_the_table_is_gone(owner: PageClient, samal: Organization, marat: User) -> None:
    rows = (("ФИО", "Телефон", "Заметка"), ("Ли Дана", 87015550418, "=1+1"), ("Ким Олег", "", "Лифт"))
    address = brought(owner, workbook(*rows))
    assert load(owner, address).location == address
    assert "Загружено: 2 карты" in owner.get(address).text
    assert names(samal) == ["Ахметов Болат", "Ким Олег", "Ли Дана"]
    dana = db.session.scalars(Patient.of(samal.id).filter_by(family_name="Ли")).one()
    assert (dana.phone, dana.note, dana.version) == ("+7 701 555 04 18", "", 1)
    done = db.session.scalars(PatientImport.of(samal.id)).one()
    assert (done.cells, done.judgement, done.headings, done.fields) == ([], [], [], [])
    assert "Найдено: 1." in owner.get("/patients?q=дана").text


def test_the_history_tells_of_the_table_and_of_each_card(owner: PageClient, samal: Organization, marat: User) -> None:
    load(owner, brought(owner))
    db.session.rollback()
    [whole] = AuditEvent.page(Question(samal.id, deed=Deed.CARDS_IMPORTED), None, 5)
    assert whole.changes == {
        "file": [None, "пациенты.csv"],
        "imported": [None, "1"],
        "known_rows": [None, "1"],
        "wrong_rows": [None, "2"],
    }
    [card] = AuditEvent.page(Question(samal.id, deed=Deed.CARD_IMPORTED), None, 5)
    assert (card.patient and card.patient.full_name, card.actor) == ("Ли Дана", marat)
    assert "Карты загружены из файла" in owner.get("/history").text


@BOTH
def test_a_files_name_is_kept_without_what_nobody_sees(owner: PageClient, samal: Organization) -> None:
    assert bring(owner, name="пац\0и\x1bен\u202eты.csv").status_code == 303
    assert db.session.scalars(PatientImport.of(samal.id)).one().file_name == "пациенты.csv"


def test_the_same_table_once_more_brings_nobody_twice(owner: PageClient, samal: Organization) -> None:
    load(owner, brought(owner))
    again = brought(owner)
    assert "Новых пациентов в таблице нет." in owner.get(again).text
    assert len(names(samal)) == 2


@BOTH
def test_a_card_that_came_in_between_is_not_doubled(owner: PageClient, samal: Organization) -> None:
    address = brought(owner)
    patient(samal, "Ли", given_name="Дана", phone="8 701 555 04 18")
    db.session.commit()
    load(owner, address)
    assert names(samal) == ["Ахметов Болат", "Ли Дана"]
    assert "Загружено: 0 карт" in owner.get(address).text


def test_a_second_press_loads_nothing(owner: PageClient, samal: Organization) -> None:
    address = brought(owner)
    assert [load(owner, address).status_code for _press in range(2)] == [303, 303]
    assert len(names(samal)) == 2


def test_a_table_that_was_changed_elsewhere_is_looked_at_again(owner: PageClient, samal: Organization) -> None:
    address = brought(owner)
    owner.post(f"{address}/columns", data={"column-0": "given_name", "column-1": "family_name"})
    assert load(owner, address).status_code == 409
    assert len(names(samal)) == 1


def meanwhile(change: Update | Delete) -> None:
    """Makes somebody else's change while a request checks the rows without an open transaction."""

    def happen(_session: object, _transaction: object) -> None:
        with db.engine.begin() as connection:
            connection.execute(change)

    def wait(_session: object) -> None:
        event.listen(db.session, "after_transaction_end", happen, once=True)

    db.session.rollback()
    event.listen(db.session, "after_rollback", wait, once=True)


@BOTH
@pytest.mark.parametrize("verb", ["columns", "cards"])
@pytest.mark.parametrize(
    ("change", "status"),
    [
        (delete(PatientImport), 404),
        (update(PatientImport).values(loaded_at=utc_now(), version=PatientImport.version + 1), 409),
    ],
)
def test_a_table_that_is_gone_or_loaded_while_it_is_looked_over(
    owner: PageClient, samal: Organization, verb: str, change: Update | Delete, status: int
) -> None:
    address = brought(owner)
    meanwhile(change)
    assert owner.post(f"{address}/{verb}", data={"version": 1, "column-0": "family_name"}).status_code == status
    assert len(names(samal)) == 1


@BOTH
def test_a_table_that_changed_under_ones_hand_is_not_given_up(owner: PageClient, samal: Organization) -> None:
    brought(owner)
    mine = db.session.scalars(PatientImport.of(samal.id)).one()
    db.session.execute(update(PatientImport).values(version=7), execution_options={"synchronize_session": False})
    with pytest.raises(Stale):
        mine.give_up()


def test_columns_are_put_right_by_hand(owner: PageClient, samal: Organization) -> None:
    address = brought(owner, "Кто;Моб\nЛи Дана;8 701 555 04 18\n")
    assert "Укажите, в каких столбцах фамилия и имя" in owner.get(address).text
    owner.post(f"{address}/columns", data={"column-0": "full_name", "column-1": "phone"})
    assert "Загрузить: 1 карта" in owner.get(address).text
    load(owner, address, version=2)
    assert names(samal) == ["Ахметов Болат", "Ли Дана"]


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_one_field_is_not_two_columns(owner: PageClient, headers: dict[str, str]) -> None:
    answer = owner.post(f"{brought(owner)}/columns", data={"column-0": "phone", "column-1": "phone"}, headers=headers)
    assert answer.status_code == 422
    assert "«Телефон» выбрано для двух столбцов. Оставьте один." in answer.text


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Выберите файл с таблицей."),
        (b"\xd0\xcf\x11\xe0", "Это старый формат XLS."),
        (b"PK\x03\x04", "Это не таблица, или файл повреждён."),
        (b"x" * (MOST_BYTES + 1), "Файл больше 5 МБ."),
    ],
)
def test_what_is_no_table_is_told_at_the_field(
    owner: PageClient, data: bytes, sentence: str, headers: dict[str, str]
) -> None:
    answer = bring(owner, data, headers=headers)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_rows_with_a_mistake_are_taken_put_right_and_brought_again(owner: PageClient, samal: Organization) -> None:
    taken = owner.get(f"{brought(owner)}/refused-rows")
    assert taken.text.split("\r\n")[1] == "Ким;Олег;весной;;;Дату рождения не прочесть. Нужна вида 17.05.1995."
    load(owner, brought(owner, taken.text.replace("весной", "03.04.1990")))
    assert "Ким Олег" in names(samal)


def test_only_rows_of_one_kind_are_shown_and_pages_are_short(owner: PageClient) -> None:
    address = brought(owner, HEADS + "".join(f"\nПациент{number};Дана;x" for number in range(60)) + "\nЛи;Дана")
    wrong = owner.get(f"{address}?kind=wrong&page=2").text
    assert (wrong.count('data-label="Строка"'), "Страница 2 из 2" in wrong, "Ли Дана" in wrong) == (10, True, False)
    assert owner.get(f"{address}?kind=x&page=99999999999").text.count('data-label="Строка"') == 11


def test_an_old_table_and_one_that_was_given_up_are_forgotten(owner: PageClient, samal: Organization) -> None:
    address = brought(owner)
    assert owner.post(f"{address}/cancellation").location == "/patients"
    assert owner.get(address).status_code == 404
    address = brought(owner)
    db.session.scalars(PatientImport.of(samal.id)).one().uploaded_at = utc_now() - KEPT_FOR - timedelta(minutes=1)
    db.session.commit()
    owner.get("/patients")
    assert db.session.scalar(select(func.count()).select_from(PatientImport)) == 0
    assert owner.get(address).status_code == 404


def test_who_brings_another_table_gives_the_first_up(owner: PageClient, samal: Organization) -> None:
    first, second = brought(owner), brought(owner)
    assert [owner.get(address).status_code for address in (first, second)] == [404, 200]


@pytest.mark.parametrize("role", [Role.RECEPTIONIST, Role.PRACTITIONER])
def test_who_may_not_is_not_let_in(app: Flask, owner: PageClient, samal: Organization, role: Role) -> None:
    address, other = brought(owner), app.test_client()
    assert isinstance(other, PageClient)
    sign_in(other, person("Somebody", role, samal))
    assert "Загрузить из таблицы" in owner.get("/patients").text
    assert "Загрузить из таблицы" not in other.get("/patients").text
    assert bring(other).status_code == load(other, address).status_code == other.get(address).status_code == 403
    assert other.get(f"{address}/undo").status_code == other.post(f"{address}/undo").status_code == 403


def test_another_clinics_table_is_not_there(app: Flask, owner: PageClient, samal: Organization) -> None:
    address, dina = brought(owner), app.test_client()
    assert isinstance(dina, PageClient)
    sign_in(dina, person("Dina", Role.OWNER, clinic("Клиника «Арман»")))
    answers = [dina.get(address), load(dina, address), dina.get(f"{address}/refused-rows")]
    answers += [dina.post(f"{address}/{verb}") for verb in ("columns", "cancellation", "undo")]
    answers += [dina.get(f"{address}/undo")]
    assert {answer.status_code for answer in answers} == {404}
    assert len(names(samal)) == 1


def test_whoever_is_signed_out_and_another_method_are_refused(app: Flask, owner: PageClient) -> None:
    stranger = app.test_client()
    assert bring(stranger).status_code == 401  # type: ignore[arg-type]
    assert owner.get(IMPORTS).status_code == 405


def test_many_rows_are_loaded_in_few_statements(owner: PageClient, samal: Organization) -> None:
    lines = (f"Пациент{number};Дана;01.02.2001;8701{number:07d};" for number in range(600))
    address = brought(owner, "\n".join((HEADS, *lines)))
    with recorded_queries(db.engine) as queries:
        load(owner, address)
    assert len(names(samal)) == 601
    assert sum("INTO audit_event" in query for query in queries) < 10
    assert sum("INTO patient (" in query for query in queries) < 10


def test_a_wrong_table_is_taken_back_after_a_look(owner: PageClient, samal: Organization) -> None:
    address = brought(owner)
    load(owner, address)
    assert f"{address}/undo" in owner.get(address).text
    assert "Убрать: 1 карта" in owner.get(f"{address}/undo").text
    assert owner.post(f"{address}/undo", data={"version": 2}).location == address
    text = owner.get(address).text
    assert "Загрузка отменена. Убрано: 1 карта." in text
    assert f"{address}/undo" not in text
    assert names(samal) == ["Ахметов Болат"]


def test_a_card_that_is_in_use_stays_and_is_named(owner: PageClient, samal: Organization, marat: User) -> None:
    address = brought(owner)
    load(owner, address)
    dana = db.session.scalars(Patient.of(samal.id).filter_by(family_name="Ли")).one()
    dana.revise(PatientDetails("Ли", "Дана", note="Лифт"), dana.version, marat, utc_now())
    db.session.commit()
    text = owner.get(f"{address}/undo").text
    assert re.search(r">Ли Дана</a>\s*<span class=\"muted\">карту изменили<", text)
    assert "Убрать нечего" in text


def test_a_second_person_is_told_that_it_is_done(owner: PageClient, samal: Organization) -> None:
    address = brought(owner)
    load(owner, address)
    for _press in range(2):
        owner.post(f"{address}/undo", data={"version": 2})
    assert "Эту загрузку уже отменили раньше вас." in owner.get(address).text
    assert owner.get(f"{address}/undo").location == address


def test_a_table_that_is_not_loaded_has_nothing_to_take_back(owner: PageClient) -> None:
    address = brought(owner)
    assert owner.get(f"{address}/undo").location == address
    assert owner.get(IMPORTS + "/new").text.count("пациенты.csv") == 0


def test_a_card_that_was_taken_away_says_so(owner: PageClient, samal: Organization) -> None:
    address = brought(owner)
    load(owner, address)
    dana = db.session.scalars(Patient.of(samal.id).filter_by(family_name="Ли")).one().id
    owner.post(f"{address}/undo", data={"version": 2})
    gone = owner.get(f"/patients/{dana}")
    assert (gone.status_code, "Этой карты больше нет" in gone.text, "Ли" in gone.text) == (410, True, False)
    assert "Ли Дана" in owner.get(f"/history?patient={dana}").text
