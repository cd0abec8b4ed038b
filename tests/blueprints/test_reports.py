"""The owner's reports as a page and as a file: access and parameters."""

import csv
import re
from io import StringIO

import pytest

from models.accounts import Role
from models.base import utc_now
from models.clinic.day_topic import monday_of
from rules.booking import Status
from tests.support.page import PageClient
from tests.support.people import clinic, person, practitioner, sign_in
from tests.support.visits import Desk


@pytest.fixture
def missed(samal: Desk) -> str:
    """Bolat did not come this week; returns its Monday."""
    now = utc_now()
    visit = samal.overbook(now)
    visit.become(Status.NOSHOW, visit.version, samal.aigerim, now)
    return monday_of(samal.organization.today(now)).isoformat()


def test_the_page_draws_and_tells(owner_client: PageClient, missed: str) -> None:
    text = owner_client.get("/reports").text
    assert text.count('<svg class="bars wide"') == 4
    assert len(re.findall(r'<g class="bar[^"]*">', text)) == 4 * 2 * 12
    assert "100 %" in text.replace("\xa0", " ")
    assert "По врачам" in text
    assert len(re.findall(r'<g class="bar', owner_client.get("/reports?weeks=4").text)) == 4 * 2 * 4


def test_one_practitioner_has_a_report_of_their_own(owner_client: PageClient, samal: Desk, missed: str) -> None:
    of_kim = owner_client.get(f"/reports?practitioner={samal.kim.id}").text.replace("\xa0", " ")
    assert "100 %" not in of_kim
    assert "По врачам" not in of_kim


@pytest.mark.parametrize("asked", ["weeks=0&last=soon&practitioner=x", "weeks=5", "last=9999-99-99", "practitioner=0"])
def test_what_cannot_be_asked_is_not_asked(owner_client: PageClient, samal: Desk, asked: str) -> None:
    stranger = practitioner(clinic("Чужая клиника"), "Чужая")
    answer = owner_client.get(f"/reports?{asked}")
    assert answer.status_code == 200
    assert "Чужая" not in owner_client.get(f"/reports?practitioner={stranger.id}").text


def test_the_file_has_a_row_for_each_practitioner_and_week(owner_client: PageClient, samal: Desk, missed: str) -> None:
    answer = owner_client.get("/reports/table?weeks=4")
    assert answer.mimetype == "text/csv"
    head, *rows = csv.reader(StringIO(answer.text.removeprefix("\ufeff")), delimiter=";")
    assert (head[:2], len(rows)) == (["Врач", "Неделя с"], 2 * 4)
    assert rows[3][:6] == ["Сейтқали Г.", missed, "1", "0", "1", "30"]


def test_the_visits_are_taken_as_a_file_and_the_history_says_so(
    owner_client: PageClient, samal: Desk, missed: str
) -> None:
    answer = owner_client.get("/reports/visits?weeks=4")
    head, row = csv.reader(StringIO(answer.text.removeprefix("\ufeff")), delimiter=";")
    assert head[:5] == ["Дата", "Время", "Минут", "Врач", "Пациент"]
    assert row[2:5] == ["30", "Сейтқали Гүлнар", samal.bolat.full_name]
    assert "Не пришёл" in row
    assert owner_client.get("/reports/visits?weeks=4&as=xlsx").data.startswith(b"PK")
    assert owner_client.get("/history").text.count("Записи выгружены в файл") >= 2


@pytest.mark.parametrize("role", [Role.RECEPTIONIST, Role.PRACTITIONER])
def test_reports_are_the_owners(client: PageClient, samal: Desk, role: Role) -> None:
    sign_in(client, person("Dana", role, samal.organization))
    assert client.get("/reports").status_code == 403
    assert client.get("/reports/table").status_code == client.get("/reports/visits").status_code == 403
    assert client.post("/reports").status_code == 405


def test_another_clinic_has_its_own(client: PageClient, samal: Desk, missed: str) -> None:
    sign_in(client, person("Ruslan", Role.OWNER, clinic("Чужая клиника")))
    text = client.get("/reports").text + client.get("/reports/visits").text
    assert "Сейтқали" not in text
    assert "100 %" not in text.replace("\xa0", " ")
