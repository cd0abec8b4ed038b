"""«Отметить приёмы»: at closing time the desk marks those whom nobody has marked."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from blueprints.clinic.fragments import part_state
from extensions import db
from models.accounts import Role
from models.base import utc_now
from models.clinic import Appointment, JointChange
from models.clinic.day import Day
from models.clinic.day_topic import RAIL
from models.live_topic import touched_parts
from rules.booking import Status
from tests.support.page import PageClient
from tests.support.people import clinic, patient, person, sign_in
from tests.support.visits import Desk


@pytest.fixture
def visits(samal: Desk) -> list[Appointment]:
    """Yesterday at nine, ten and eleven: booked, waiting, in the room."""
    made = [
        samal.book(samal.at(9 + number) - timedelta(days=2), patient=patient(samal.organization, f"Ли{number}"))
        for number in range(3)
    ]
    for visit in made[1:]:
        visit.become(Status.ARRIVED, visit.version, samal.aigerim, visit.starts_at)
    made[2].become(Status.CHECKED_IN, made[2].version, samal.aigerim, made[2].starts_at)
    db.session.commit()
    return made


def board(samal: Desk) -> str:
    return f"/schedule/{samal.at(10).date() - timedelta(days=2)}"


def filled(visits: list[Appointment], *marks: str) -> dict[str, object]:
    """The form as a browser sends it."""
    return {f"mark-{visit.id}": mark for visit, mark in zip(visits, marks, strict=True)} | {
        f"version-{visit.id}": visit.version for visit in visits
    }


def statuses(visits: list[Appointment]) -> list[Status]:
    return [db.session.get_one(Appointment, visit.id, populate_existing=True).status for visit in visits]


def chosen(text: str) -> list[str]:
    """The mark of each visit on the page."""
    return re.findall(r'name="mark-\d+" value="(\w+)" checked', text)


def test_the_board_names_how_many_are_left_and_leads_there(
    desk_client: PageClient, samal: Desk, visits: list[Appointment]
) -> None:
    text = desk_client.get(board(samal)).text
    assert "Не отмечены 3 приёма" in text
    assert f'href="{board(samal)}/unmarked"' in text
    assert "Не отмечен" not in desk_client.get(f"/schedule/{samal.at(10).date()}").text


def test_who_was_in_the_room_was_seen_unless_said_otherwise(
    desk_client: PageClient, samal: Desk, visits: list[Appointment]
) -> None:
    assert chosen(desk_client.get(f"{board(samal)}/unmarked").text) == ["left", "left", "seen"]


def test_one_press_chooses_for_all_for_whom_it_is_possible(
    desk_client: PageClient, samal: Desk, visits: list[Appointment]
) -> None:
    given = filled(visits, "left", "seen", "left")
    plan = f"{board(samal)}/unmarked/plan"
    assert chosen(desk_client.post(plan, data=given | {"everybody": "seen"}).text) == ["seen"] * 3
    assert chosen(desk_client.post(plan, data=given | {"everybody": "missed"}).text) == ["missed", "seen", "left"]
    assert chosen(desk_client.post(plan, data=given).text) == ["left", "seen", "left"]
    assert statuses(visits) == [Status.BOOKED, Status.ARRIVED, Status.CHECKED_IN]


def test_all_are_marked_in_one_step(desk_client: PageClient, samal: Desk, visits: list[Appointment]) -> None:
    answer = desk_client.post(f"{board(samal)}/unmarked", data=filled(visits, "missed", "left", "seen"))
    assert answer.location == board(samal)
    assert statuses(visits) == [Status.NOSHOW, Status.ARRIVED, Status.FULFILLED]
    text = desk_client.get(board(samal)).text
    assert "Отмечено приёмов: 2" in text
    assert "отмечено приёмов: 2" in text
    change = db.session.scalars(JointChange.of(samal.organization.id)).one()
    assert desk_client.get(f"/day-changes/{change.id}").status_code == 404
    assert desk_client.post(f"/joint-changes/{change.id}/undo").location.startswith(board(samal))
    assert statuses(visits) == [Status.BOOKED, Status.ARRIVED, Status.CHECKED_IN]


def test_nothing_chosen_marks_nothing(desk_client: PageClient, samal: Desk, visits: list[Appointment]) -> None:
    answer = desk_client.post(f"{board(samal)}/unmarked", data=filled(visits, "left", "left", "left"))
    assert answer.status_code == 422
    assert statuses(visits) == [Status.BOOKED, Status.ARRIVED, Status.CHECKED_IN]


def test_who_came_cannot_be_missed(desk_client: PageClient, samal: Desk, visits: list[Appointment]) -> None:
    desk_client.post(f"{board(samal)}/unmarked", data=filled(visits, "missed", "missed", "missed"))
    assert statuses(visits)[1] is Status.ARRIVED


@pytest.mark.parametrize(
    ("meanwhile", "says", "choices"),
    [
        (Status.NOSHOW, "Уже изменили: Ли0 Б., ", ["left", "seen"]),
        (Status.ARRIVED, "только что изменили", ["left", "left", "seen"]),
    ],
)
def test_what_a_colleague_did_meanwhile_is_shown_and_nothing_is_marked(
    desk_client: PageClient,
    samal: Desk,
    visits: list[Appointment],
    meanwhile: Status,
    says: str,
    choices: list[str],
) -> None:
    given = filled(visits, "seen", "left", "seen")
    visits[0].become(meanwhile, visits[0].version, samal.aigerim, utc_now())
    db.session.commit()
    answer = desk_client.post(f"{board(samal)}/unmarked", data=given)
    assert answer.status_code == 409
    assert says in answer.text
    assert chosen(answer.text) == choices
    assert statuses(visits) == [meanwhile, Status.ARRIVED, Status.CHECKED_IN]


def test_who_was_marked_alike_meanwhile_is_in_nobodys_way(
    desk_client: PageClient, samal: Desk, visits: list[Appointment]
) -> None:
    given = filled(visits, "missed", "left", "seen")
    visits[0].become(Status.NOSHOW, visits[0].version, samal.aigerim, utc_now())
    db.session.commit()
    assert desk_client.post(f"{board(samal)}/unmarked", data=given).status_code == 303
    assert statuses(visits) == [Status.NOSHOW, Status.ARRIVED, Status.FULFILLED]


def test_a_visit_that_was_moved_to_another_day_is_told_with_its_new_time(
    desk_client: PageClient, samal: Desk, visits: list[Appointment]
) -> None:
    given = filled(visits, "missed", "left", "left")
    visits[0].move(samal.kim, samal.at(15), visits[0].version, samal.aigerim, utc_now())
    db.session.commit()
    answer = desk_client.post(f"{board(samal)}/unmarked", data=given)
    assert (answer.status_code, "15:00–15:30, Ким Г." in answer.text) == (409, True)
    assert statuses(visits) == [Status.BOOKED, Status.ARRIVED, Status.CHECKED_IN]


def test_who_was_not_on_the_form_yet_is_left(desk_client: PageClient, samal: Desk, visits: list[Appointment]) -> None:
    answer = desk_client.post(f"{board(samal)}/unmarked", data=filled(visits[:1], "missed"))
    assert answer.status_code == 303
    assert statuses(visits) == [Status.NOSHOW, Status.ARRIVED, Status.CHECKED_IN]


@pytest.mark.parametrize(("version", "answered"), [({}, 422), ({"version": "x"}, 409)])
def test_a_mark_without_the_version_it_was_chosen_for_is_no_choice(
    desk_client: PageClient, samal: Desk, visits: list[Appointment], version: dict[str, str], answered: int
) -> None:
    number = visits[0].id
    forged = {f"mark-{number}": "missed", **{f"{name}-{number}": value for name, value in version.items()}}
    assert desk_client.post(f"{board(samal)}/unmarked", data=forged).status_code == answered
    assert statuses(visits)[0] is Status.BOOKED


def test_strange_input_is_no_choice(desk_client: PageClient, samal: Desk, visits: list[Appointment]) -> None:
    given = {"mark-x": "seen", "mark-": "seen", "mark-99999999": "seen", f"mark-{visits[0].id}": "eaten"}
    given |= {f"version-{visits[0].id}": str(visits[0].version), "everybody": "nobody"}
    assert desk_client.post(f"{board(samal)}/unmarked", data=given).status_code == 422
    assert desk_client.get("/schedule/2026-02-30/unmarked").status_code == 404
    assert "Все отмечены" in desk_client.get("/schedule/2020-01-01/unmarked").text


def test_another_clinics_visit_stays_as_it_is(client: PageClient, samal: Desk, visits: list[Appointment]) -> None:
    sign_in(client, person("Ruslan", Role.OWNER, clinic("Чужая клиника")))
    assert client.post(f"{board(samal)}/unmarked", data=filled(visits, "seen", "seen", "seen")).status_code == 422
    assert statuses(visits) == [Status.BOOKED, Status.ARRIVED, Status.CHECKED_IN]


def test_only_the_desk_marks(client: PageClient, samal: Desk, visits: list[Appointment]) -> None:
    sign_in(client, person("Madina", Role.PRACTITIONER, samal.organization))
    assert client.get(f"{board(samal)}/unmarked").status_code == 403
    assert client.post(f"{board(samal)}/unmarked", data=filled(visits, "seen", "seen", "seen")).status_code == 403


def test_other_desks_learn_of_it(samal: Desk, desk_client: PageClient, visits: list[Appointment]) -> None:
    day = Day(samal.organization, samal.at(10).date() - timedelta(days=2))
    visits[0].become(Status.NOSHOW, visits[0].version, samal.aigerim, utc_now())
    assert RAIL in touched_parts(day.topic)
    state = part_state(day, RAIL, utc_now())
    assert state
    assert state["unmarked"] == 2


def test_a_visit_that_nobody_marks_is_counted_without_anybodys_press(app: Flask, samal: Desk) -> None:
    visit = samal.book(samal.at(10))
    topic = app.extensions["registry"].topic(Day(samal.organization, samal.at(10).date()).topic)
    assert topic.next_change(RAIL, samal.at(10)) == visit.ends_at + timedelta(minutes=30)
    assert topic.next_change(RAIL, samal.at(11)) == samal.organization.midnight_after(samal.at(11))


def test_the_card_says_where_undoing_leads(desk_client: PageClient, samal: Desk, visits: list[Appointment]) -> None:
    desk_client.post(f"{board(samal)}/unmarked", data=filled(visits, "seen", "seen", "seen"))
    words = ["Вернуть в записанные", "Вернуть в ожидание", "Вернуть на приём"]
    for visit, said in zip(visits, words, strict=True):
        assert said in desk_client.get(f"/appointments/{visit.id}").text
        desk_client.post(
            f"/appointments/{visit.id}/completion/undo",
            data={"version": db.session.get_one(Appointment, visit.id, populate_existing=True).version},
        )
    assert statuses(visits) == [Status.BOOKED, Status.ARRIVED, Status.CHECKED_IN]
