"""A visit that runs over is shown in its column and on the screen, and both update by themselves."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from blueprints.clinic.board import Board, column_state
from blueprints.clinic.waiting_room import room_state
from extensions import db
from models.accounts import Role
from models.clinic import Appointment, Screen
from models.clinic.day import Day
from models.clinic.day_topic import Hours, column_part
from models.clinic.standing import next_shift_of
from models.live_topic import LivePart
from rules.booking import Status
from tests.support.people import patient, person
from tests.support.visits import Desk


@pytest.fixture
def waiting(samal: Desk) -> Appointment:
    """Bolat went in ten minutes late; Victor is booked after him and has arrived. Kim's patients are on time."""
    first, second = samal.book(samal.at(10)), samal.book(samal.at(10, 30), patient=patient(samal.organization, "Ли"))
    samal.book(samal.at(10, 30), patient=patient(samal.organization, "Цой"), practitioner=samal.kim)
    first.become(Status.CHECKED_IN, first.version, samal.aigerim, samal.at(10, 10))
    second.become(Status.ARRIVED, second.version, samal.aigerim, samal.at(10, 15))
    return second


def tomorrow(samal: Desk) -> Day:
    return Day(samal.organization, samal.at(10).date())


def test_the_column_says_when_each_is_expected_and_how_late_it_is(samal: Desk, waiting: Appointment) -> None:
    day = tomorrow(samal)
    for doctor, expected, delay in ((samal.seitqali, ["", "10:40"], 10), (samal.kim, [""], 0)):
        board = Board(day, Hours(8, 18), samal.at(10, 20), 1)
        state = column_state(board, doctor, day.shown(doctor.id))
        assert [item.expected for item in state["items"] if item.kind == "visit"] == expected
        assert state["delay"] == delay


def test_another_day_expects_nothing(samal: Desk, waiting: Appointment) -> None:
    day, yesterday = tomorrow(samal), samal.at(10, 20) - timedelta(days=1)
    state = column_state(Board(day, Hours(8, 18), yesterday, 1), samal.seitqali, day.shown(samal.seitqali.id))
    assert state["delay"] == 0


def test_the_screen_says_about_when(samal: Desk, waiting: Appointment) -> None:
    screen = Screen.open(samal.organization, person("Marat", Role.OWNER, samal.organization), samal.at(10, 20))
    [shown] = room_state(screen, samal.at(10, 20))["waiting"]
    assert (shown["initials"], shown["expected"]) == ("Б. Л.", "10:40")


def test_what_is_shown_moves_on_by_itself(samal: Desk) -> None:
    visit = samal.book(samal.at(10))
    visit.become(Status.CHECKED_IN, visit.version, samal.aigerim, samal.at(10, 10))
    db.session.commit()
    part = select(LivePart.due_at).filter_by(topic=tomorrow(samal).topic, part=column_part(samal.seitqali.id))
    assert db.session.scalar(part) == samal.at(10, 40)
    assert next_shift_of(tomorrow(samal).visits(), samal.at(10, 41)) == samal.at(10, 45)
