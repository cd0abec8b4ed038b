"""Who sees patients and what for, as the owner keeps it."""

from datetime import timedelta

import pytest

from blueprints.clinic.fragments import part_state
from extensions import db
from models.accounts import Role
from models.base import utc_now
from models.clinic import Appointment, Practitioner, Service
from models.clinic.day import Day
from models.clinic.day_topic import AXIS
from models.clinic.past import PastDay
from models.live_topic import topic_version
from tests.blueprints.test_appointments import field, typed
from tests.support.page import PageClient
from tests.support.people import clinic, person, practitioner, service, sign_in
from tests.support.visits import Desk

DOCTOR = {
    "family_name": "Нұрланов",
    "given_name": "Данияр",
    "speciality": "хирург",
    "user_id": "",
    "sees_patients": "y",
}
SERVICE = {"name": "УЗИ почек", "minutes": "45", "colour": "4", "is_offered": "y"}


@pytest.fixture
def owner(client: PageClient, samal: Desk) -> PageClient:
    """Marat's browser."""
    sign_in(client, person("Marat", Role.OWNER, samal.organization))
    return client


def test_the_owner_adds_a_doctor_and_is_led_to_the_hours(owner: PageClient, samal: Desk) -> None:
    answer = owner.post("/practitioners/new", data=DOCTOR)
    doctor = db.session.scalars(Practitioner.of(samal.organization.id).filter_by(family_name="Нұрланов")).one()
    assert answer.location == f"/practitioners/{doctor.id}/hours"
    assert owner.get(answer.location).status_code == 200
    board = owner.get(f"/schedule/{samal.at(10).date()}").text
    assert board.index("Ким Г.") < board.index("Нұрланов Д.")
    assert "Нұрланов Данияр" in owner.get("/appointments/new").text
    assert "Добавлен врач" in owner.get("/history").text
    for page in ("/staff", "/practitioners/new", f"/practitioners/{doctor.id}"):
        assert owner.get(page).status_code == 200


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("family_name", " ", "Введите фамилию."),
        ("speciality", "х" * 61, "Слишком длинно"),
        ("user_id", "999", "Выберите учётную запись"),
    ],
)
def test_what_is_wrong_with_a_doctor_is_said_under_its_field(
    owner: PageClient, samal: Desk, name: str, value: str, says: str
) -> None:
    answer = owner.post("/practitioners/new", data={**DOCTOR, name: value})
    assert answer.status_code == 422
    assert says in field(answer, name)


def test_one_account_is_one_doctors(owner: PageClient, samal: Desk) -> None:
    samal.kim.user_id = person("Kim", Role.PRACTITIONER, samal.organization).id
    db.session.flush()
    answer = owner.post("/practitioners/new", data={**DOCTOR, "user_id": samal.kim.user_id})
    assert answer.status_code == 422
    assert "другой врач" in field(answer, "user_id")


def test_who_leaves_is_offered_no_more_and_stays_where_somebody_is_booked(owner: PageClient, samal: Desk) -> None:
    visit = samal.book(samal.at(10))
    left = {**DOCTOR, "family_name": "Сейтқали", "sees_patients": ""}
    assert "Записей впереди: 1." in owner.get(f"/practitioners/{samal.seitqali.id}").text
    assert owner.post(f"/practitioners/{samal.seitqali.id}", data=left).status_code == 303
    page, plan = owner.get("/staff").text, f"/practitioners/{samal.seitqali.id}/days/{samal.at(10).date()}"
    assert ["не принимает" in page, "Записей впереди: 1" in page, f'href="{plan}"' in page] == [True] * 3
    assert owner.get(plan).status_code == 200
    column = f'id="column-{samal.seitqali.id}"'
    assert column in owner.get(f"/schedule/{samal.at(10).date()}").text
    assert column not in owner.get(f"/schedule/{samal.at(10).date() + timedelta(days=1)}").text
    assert "Сейтқали" not in owner.get("/appointments/new").text
    assert {
        owner.get(each).status_code for each in (f"/practitioners/{samal.seitqali.id}/weeks/2099-01-05", "/reports")
    } == {200}
    assert "Сейтқали" in owner.get(f"/appointments/{visit.id}/edit").text
    assert samal.seitqali.available_times == []


def test_a_day_that_was_knows_who_is_called_otherwise_now(owner: PageClient, samal: Desk) -> None:
    samal.book(samal.at(10))
    assert owner.post(f"/practitioners/{samal.seitqali.id}", data=DOCTOR).status_code == 303
    past = PastDay(Day(samal.organization, samal.at(10).date()), [samal.seitqali, samal.kim])
    assert [visit.doctor_family_name for visit in past.visits(past.events())] == ["Нұрланов"]


def test_the_owner_adds_a_service_whose_length_and_colour_the_desk_sees(owner: PageClient, samal: Desk) -> None:
    assert owner.post("/services/new", data={**SERVICE, "colour": "8"}).status_code == 422
    assert owner.post("/services/new", data=SERVICE).location == "/staff"
    kidneys = db.session.scalars(Service.of(samal.organization.id).filter_by(name="УЗИ почек")).one()
    assert 'value="45"' in owner.get(f"/appointments/minutes?service={kidneys.id}").text
    visit = samal.book(samal.at(10), service=kidneys)
    for page in ("/staff", f"/appointments/{visit.id}", f"/schedule/{samal.at(10).date()}"):
        assert '<i class="swatch colour-4"></i>УЗИ почек' in owner.get(page).text
    assert owner.get("/services/new").status_code == owner.get(f"/services/{kidneys.id}").status_code == 200


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("name", "Консультация", "уже есть"),
        ("name", "", "Введите название."),
        ("minutes", "", "Укажите длительность."),
        ("minutes", "7", "кратное пяти"),
    ],
)
def test_what_is_wrong_with_a_service_is_said_under_its_field(
    owner: PageClient, samal: Desk, name: str, value: str, says: str
) -> None:
    answer = owner.post("/services/new", data={**SERVICE, name: value})
    assert answer.status_code == 422
    assert says in field(answer, name)


def test_a_service_that_is_withdrawn_stays_with_its_visits(owner: PageClient, samal: Desk) -> None:
    visit = samal.book(samal.at(10))
    changed = {"name": "Прививка", "minutes": "20", "colour": "2"}
    assert owner.post(f"/services/{samal.service.id}", data=changed).status_code == 303
    assert (visit.service, visit.minutes) == (samal.service, 30)
    day = f"/schedule/{samal.at(10).date()}"
    assert "Прививка" in owner.get(day).text
    assert '<i class="swatch colour-2"></i>Консультация' in owner.get(f"{day}/past").text
    assert "не предлагаем" in owner.get("/staff").text
    assert "Прививка" not in owner.get("/appointments/new").text
    assert f'<option selected value="{samal.service.id}">Прививка' in owner.get(f"/appointments/{visit.id}/edit").text
    assert owner.post("/appointments", data=typed(samal, service=samal.service.id)).status_code == 422


def test_only_who_answers_for_this_clinic_keeps_its_staff(desk_client: PageClient, samal: Desk) -> None:
    addresses = ("/staff", "/practitioners/new", "/services/new", f"/practitioners/{samal.kim.id}")
    assert {desk_client.get(each).status_code for each in addresses} == {403}
    assert {desk_client.post(each).status_code for each in addresses[1:]} == {403}
    sign_in(desk_client, person("Raushan", Role.ADMINISTRATOR, samal.organization))
    other = clinic("Чужая клиника")
    strangers = (f"/practitioners/{practitioner(other).id}", f"/services/{service(other).id}")
    assert {desk_client.get(each).status_code for each in strangers} == {404}
    assert {desk_client.post(each).status_code for each in strangers} == {404}
    assert desk_client.post("/staff").status_code == 405


def test_a_new_clinics_owner_is_led_to_the_first_doctor(client: PageClient) -> None:
    sign_in(client, person("Marat", Role.OWNER, clinic("Новая клиника")))
    assert 'href="/practitioners/new"' in client.get(f"/schedule/{utc_now().date()}").text
    assert db.session.scalar(db.select(db.func.count(Appointment.id))) == 0


def test_the_owner_puts_the_doctors_in_order(owner: PageClient, samal: Desk) -> None:
    day = samal.at(10).date()
    kim, seitqali = f"/practitioners/{samal.kim.id}/place", f"/practitioners/{samal.seitqali.id}/place"

    def order() -> list[str]:
        text = owner.get(f"/schedule/{day}").text
        return sorted(("Ким", "Сейтқали"), key=lambda name: text.index(f"{name} Г."))

    assert owner.post(f"{kim}/earlier").location == f"/staff#practitioner-{samal.kim.id}"
    assert order() == ["Ким", "Сейтқали"]
    assert f'data-columns="{samal.kim.id} {samal.seitqali.id}"' in owner.get(f"/schedule/{day}").text
    assert "Изменён порядок врачей" in owner.get("/history").text
    for address in (f"{kim}/earlier", f"{seitqali}/later"):
        owner.post(address)
        assert order() == ["Ким", "Сейтқали"], "at the end already"
    table = owner.post(f"{kim}/later", headers={"HX-Request": "true"}).text
    assert table.index("Сейтқали") < table.index("Ким")
    samal.kim.sees_patients = False
    assert owner.post(f"{kim}/earlier").status_code == 404
    assert owner.post(f"{seitqali}/sideways").status_code == 404


def test_open_boards_learn_of_a_new_doctor_and_of_the_order(owner: PageClient, samal: Desk) -> None:
    day = Day(samal.organization, samal.at(10).date())
    owner.post("/practitioners/new", data=DOCTOR)
    doctor = db.session.scalars(Practitioner.of(samal.organization.id).filter_by(family_name="Нұрланов")).one()
    since = topic_version(day.topic)
    state = part_state(day, AXIS, utc_now())
    assert state
    assert state["columns"] == [samal.seitqali.id, samal.kim.id, doctor.id]
    owner.post(f"/practitioners/{doctor.id}/place/earlier")
    assert topic_version(day.topic) > since
    state = part_state(day, AXIS, utc_now())
    assert state
    assert state["columns"] == [samal.seitqali.id, doctor.id, samal.kim.id]
