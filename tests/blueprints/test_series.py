"""A series from the form of a visit to its dates, and from the dates to visits."""

import re
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from extensions import db
from models.accounts import Role
from models.clinic import Appointment, JointChange
from tests.blueprints.test_appointments import field, typed
from tests.support.page import PageClient
from tests.support.people import clinic, patient, person, sign_in
from tests.support.visits import Desk, on_board

WEEK = timedelta(weeks=1)


def planned(samal: Desk, /, **changes: object) -> dict[str, object]:
    """Bolat four weeks in a row, tomorrow first."""
    return typed(samal, **{"weeks": 1, "times": 4, **changes})


def starts(samal: Desk) -> list[object]:
    return [visit.starts_at for visit in db.session.scalars(Appointment.of(samal.organization.id))]


def day(samal: Desk, weeks: int) -> str:
    return (samal.at(10) + weeks * WEEK).date().isoformat()


def offers(answer: TestResponse, on: str) -> list[str]:
    return re.findall(rf'name="at-{on}" value="([^"]*)"', answer.text)


def test_the_form_of_a_visit_leads_to_the_dates(desk_client: PageClient, samal: Desk) -> None:
    assert "Повторять…" in desk_client.get("/appointments/new").text
    answer = desk_client.post("/series/plan", data=typed(samal))
    assert answer.status_code == 200
    assert answer.text.count('name="skip"') == 10
    assert starts(samal) == []


def test_all_are_booked_at_once(desk_client: PageClient, samal: Desk) -> None:
    answer = desk_client.post("/series", data=planned(samal, comment="массаж"), headers=on_board(samal))
    assert answer.headers["HX-Trigger"] == "closeDialog"
    assert "Записано: 4 приёма" in answer.text
    assert starts(samal) == [samal.at(10) + number * WEEK for number in range(4)]


def test_several_weekdays_until_a_day(desk_client: PageClient, samal: Desk) -> None:
    last = (samal.at(10) + timedelta(days=6)).date()
    given = planned(samal, weekdays=list(range(7)), until=last.isoformat(), times="")
    assert desk_client.post("/series", data=given).status_code == 303
    assert starts(samal) == [samal.at(10) + timedelta(days=number) for number in range(7)]


def test_a_taken_date_asks_what_to_do(desk_client: PageClient, samal: Desk) -> None:
    samal.book(samal.at(10) + WEEK, patient=patient(samal.organization, "Ли"))
    answer = desk_client.post("/series/plan", data=planned(samal))
    assert "врач занят" in answer.text
    assert offers(answer, day(samal, 1)) == [f"{day(samal, 1)}T{each}" for each in ("10:30", "09:30", "10:45")] + [""]
    refused = desk_client.post("/series", data=planned(samal))
    assert refused.status_code == 409
    assert len(starts(samal)) == 1


def test_another_time_is_taken_for_one_and_another_date_is_left_out(desk_client: PageClient, samal: Desk) -> None:
    samal.book(samal.at(10) + WEEK, patient=patient(samal.organization, "Ли"))
    given = planned(samal, **{f"at-{day(samal, 1)}": f"{day(samal, 1)}T10:30", "skip": day(samal, 2)})
    assert desk_client.post("/series", data=given).status_code == 303
    own = [visit.starts_at for visit in db.session.scalars(Appointment.of(samal.organization.id)) if visit.series_id]
    assert own == [samal.at(10), samal.at(10, 30) + WEEK, samal.at(10) + 3 * WEEK]


def test_a_time_that_nobody_offered_is_not_taken(desk_client: PageClient, samal: Desk) -> None:
    samal.book(samal.at(10) + WEEK, patient=patient(samal.organization, "Ли"))
    given = planned(samal, **{f"at-{day(samal, 1)}": f"{day(samal, 1)}T10:00"})
    assert desk_client.post("/series", data=given).status_code == 409


def test_nothing_left_is_no_series(desk_client: PageClient, samal: Desk) -> None:
    given = planned(samal, times=2, skip=[day(samal, 0), day(samal, 1)])
    assert desk_client.post("/series", data=given).status_code == 409
    assert starts(samal) == []


@pytest.mark.parametrize(
    ("changes", "name", "says"),
    [
        ({"times": "1"}, "times", "от 2 до 52"),
        ({"times": "53"}, "times", "от 2 до 52"),
        ({"times": ""}, "times", "сколько раз или по какой день"),
        ({"until": "2001-01-01"}, "until", "раньше первого приёма"),
        ({"weeks": "5"}, "weeks", "Выберите из списка"),
    ],
)
def test_what_is_wrong_with_the_rule_is_said_there(
    desk_client: PageClient, samal: Desk, changes: dict[str, object], name: str, says: str
) -> None:
    answer = desk_client.post("/series/plan", data=planned(samal, **changes))
    assert answer.status_code == 422
    assert says in field(answer, name)


def test_what_is_wrong_with_the_visit_is_said_in_its_own_form(desk_client: PageClient, samal: Desk) -> None:
    answer = desk_client.post("/series/plan", data=typed(samal, time=""))
    assert answer.status_code == 422
    assert "Укажите время." in field(answer, "time")
    assert desk_client.post("/series", data=planned(samal, time="20:00")).status_code == 422


def test_who_may_not_book_plans_nothing(client: PageClient, samal: Desk) -> None:
    sign_in(client, person("Madina", Role.PRACTITIONER, samal.organization))
    assert client.post("/series/plan", data=typed(samal)).status_code == 403
    sign_in(client, person("Ruslan", Role.OWNER, clinic("Чужая клиника")))
    assert client.post("/series", data=planned(samal)).status_code == 422
    assert client.get("/series").status_code == 405


@pytest.fixture
def visits(desk_client: PageClient, samal: Desk) -> list[Appointment]:
    """Bolat at ten, four weeks in a row."""
    desk_client.post("/series", data=planned(samal))
    return list(db.session.scalars(Appointment.of(samal.organization.id)))


def test_a_visit_says_that_it_is_one_of_a_series(
    desk_client: PageClient, samal: Desk, visits: list[Appointment]
) -> None:
    text = desk_client.get(f"/appointments/{visits[1].id}").text
    assert "2 из 4, каждую неделю" in text
    assert f'href="/appointments/{visits[3].id}"' in text
    assert ", серия" in desk_client.get(f"/schedule/{samal.at(10).date()}").text


def test_the_form_asks_how_far_a_change_reaches(
    desk_client: PageClient, samal: Desk, visits: list[Appointment]
) -> None:
    assert "Эта и следующие" in desk_client.get(f"/appointments/{visits[1].id}/edit").text
    given = typed(samal, "12:00", date=day(samal, 1), revision=visits[1].version, scope="following")
    assert desk_client.post(f"/appointments/{visits[1].id}/edit", data=given).status_code == 303
    assert starts(samal) == [samal.at(10), *(samal.at(12) + number * WEEK for number in (1, 2, 3))]


def test_what_is_in_the_way_of_the_others_is_said_under_the_choice(
    desk_client: PageClient, samal: Desk, visits: list[Appointment]
) -> None:
    samal.book(samal.at(12) + 2 * WEEK, patient=patient(samal.organization, "Ли"))
    given = typed(samal, "12:00", revision=visits[0].version, scope="all")
    answer = desk_client.post(f"/appointments/{visits[0].id}/edit", data=given)
    assert answer.status_code == 422
    assert "Ничего не изменено. Мешает:" in answer.text
    assert "Это время уже занято" in answer.text
    assert visits[0].starts_at == samal.at(10)


def test_another_patient_takes_no_series_over(desk_client: PageClient, samal: Desk, visits: list[Appointment]) -> None:
    somebody = patient(samal.organization, "Ли")
    given = typed(samal, patient=somebody.id, revision=visits[0].version, scope="all")
    assert desk_client.post(f"/appointments/{visits[0].id}/edit", data=given).status_code == 422
    given["scope"] = "one"
    assert desk_client.post(f"/appointments/{visits[0].id}/edit", data=given).status_code == 303


def test_a_series_is_cancelled_from_one_of_its_visits(
    desk_client: PageClient, samal: Desk, visits: list[Appointment]
) -> None:
    given = {"reason": "pat", "version": visits[0].version, "scope": "all"}
    answer = desk_client.post(f"/appointments/{visits[0].id}/cancellation", data=given, headers=on_board(samal))
    assert "Отменено записей: 4" in answer.text
    assert "отменена" in desk_client.get(f"/appointments/{visits[0].id}").text


def undo_in(answer: TestResponse) -> str:
    """The undo offered by a message."""
    found = re.search(r'class="btn small soft undo"[^>]*hx-post="([^"]+)"', answer.text)
    assert found
    return found[1]


def test_a_cancelled_series_is_taken_back_from_its_message(
    desk_client: PageClient, samal: Desk, visits: list[Appointment]
) -> None:
    given = {"reason": "pat", "version": visits[0].version, "scope": "all"}
    answer = desk_client.post(f"/appointments/{visits[0].id}/cancellation", data=given, headers=on_board(samal))
    assert "Вернуть всё" in desk_client.get(f"/appointments/{visits[1].id}").text
    answer = desk_client.post(undo_in(answer), headers=on_board(samal))
    assert "Всё возвращено на место." in answer.text
    assert starts(samal) == [samal.at(10) + number * WEEK for number in range(4)]
    assert "Вернуть всё" not in desk_client.get(f"/appointments/{visits[1].id}").text


def test_every_desk_is_told_of_a_changed_series_and_may_take_it_back(
    client: PageClient, samal: Desk, visits: list[Appointment]
) -> None:
    given = typed(samal, "12:00", revision=visits[0].version, scope="all")
    client.post(f"/appointments/{visits[0].id}/edit", data=given)
    sign_in(client, person("Dana Kim", Role.RECEPTIONIST, samal.organization))
    text = client.get(f"/schedule/{day(samal, 2)}").text
    assert "серия, изменено записей: 4" in text
    undo = re.search(r'hx-post="(/joint-changes/\d+/undo)"', text)
    assert undo
    answer = client.post(undo[1])
    assert answer.status_code == 303
    assert "<b>Всё возвращено на место.</b>" in client.get(answer.location).text
    assert starts(samal) == [samal.at(10) + number * WEEK for number in range(4)]
    answer = client.post(undo[1], headers=on_board(samal))
    assert answer.status_code == 409
    assert "Всё уже вернули." in answer.text


def test_only_the_desk_of_this_clinic_takes_it_back(client: PageClient, samal: Desk, visits: list[Appointment]) -> None:
    change = db.session.scalars(JointChange.of(samal.organization.id)).one()
    sign_in(client, person("Madina", Role.PRACTITIONER, samal.organization))
    assert client.post(f"/joint-changes/{change.id}/undo").status_code == 403
    sign_in(client, person("Ruslan", Role.OWNER, clinic("Чужая клиника")))
    assert client.post(f"/joint-changes/{change.id}/undo").status_code == 404
    assert client.get(f"/joint-changes/{change.id}/undo").status_code == 405
    assert client.get(f"/day-changes/{change.id}").status_code == 404
