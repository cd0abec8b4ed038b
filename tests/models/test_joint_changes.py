"""Joint changes of visits and their undo: what is restored, what conflicts, which boards show it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from extensions import db
from models.base import utc_now
from models.clinic import Appointment, AppointmentSeries, AuditEvent, CancellationReason, Deed, JointChange
from models.clinic.appointment import OutOfTurn
from models.clinic.day import Day
from models.clinic.day_change import cancel_day
from models.clinic.joint_change import UNDO_FOR
from models.clinic.moves import Told, told_on
from models.clinic.series import Scope, cancel_visits, revise_visits
from models.errors import Conflict, Stale
from models.live_topic import parts_newer_than
from rules.booking import Status
from rules.recurrence import Recurrence
from tests.support.people import patient
from tests.support.visits import Desk

BOTH = pytest.mark.both_databases
NOW = utc_now()
WEEK = timedelta(weeks=1)


@pytest.fixture
def visits(samal: Desk) -> list[Appointment]:
    """Bolat at ten, four weeks in a row, tomorrow first; booked an hour ago."""
    first = samal.at(10)
    rule = Recurrence(1, frozenset({first.weekday()}), times=4)
    bookings = [samal.booking(first + number * WEEK) for number in range(4)]
    return AppointmentSeries.plan(samal.organization, rule, bookings, samal.aigerim, NOW - timedelta(hours=1))


def revised(samal: Desk, visit: Appointment, **changes: object) -> JointChange:
    """The visit and those after it."""
    booking = replace(visit.booking, **changes)  # type: ignore[arg-type]
    revise_visits(visit, booking, Scope.FOLLOWING, visit.version, samal.aigerim, NOW)
    return made(visit)


def cancelled(samal: Desk, visit: Appointment) -> JointChange:
    cancel_visits(visit, CancellationReason.PATIENT, Scope.FOLLOWING, visit.version, samal.aigerim, NOW)
    return made(visit)


def made(visit: Appointment) -> JointChange:
    change = JointChange.newest_of(visit)
    assert change
    return change


def told(samal: Desk, weeks: int, now: timedelta = timedelta()) -> Told:
    return told_on(Day(samal.organization, (samal.at(10) + weeks * WEEK).date()), NOW + now)


@BOTH
@pytest.mark.parametrize("days", [7, -1])
def test_a_moved_series_goes_back_without_meeting_itself(samal: Desk, visits: list[Appointment], days: int) -> None:
    before = [visit.booking for visit in visits]
    change = revised(samal, visits[1], starts_at=visits[1].starts_at + timedelta(days=days), note="натощак")
    change.undo(samal.aigerim, NOW)
    assert [visit.booking for visit in visits] == before
    deeds = select(AuditEvent.deed, AuditEvent.changes).order_by(AuditEvent.id.desc()).limit(1)
    assert db.session.execute(deeds).one() == (Deed.SERIES_RESTORED, {"visits": [None, "3"]})


@BOTH
def test_a_cancelled_series_comes_back(samal: Desk, visits: list[Appointment]) -> None:
    change = cancelled(samal, visits[1])
    change.undo(samal.aigerim, NOW)
    assert [visit.status for visit in visits] == [Status.BOOKED] * 4
    with pytest.raises(OutOfTurn):
        change.undo(samal.aigerim, NOW)


def test_a_series_that_was_booked_by_a_slip_never_was(samal: Desk, visits: list[Appointment]) -> None:
    made(visits[0]).undo(samal.aigerim, NOW - timedelta(hours=1))
    assert {visit.status for visit in visits} == {Status.ENTERED_IN_ERROR}


def test_after_a_minute_there_is_no_way_back_for_all(samal: Desk, visits: list[Appointment]) -> None:
    with pytest.raises(OutOfTurn):
        cancelled(samal, visits[0]).undo(samal.aigerim, NOW + UNDO_FOR + timedelta(seconds=1))


def test_what_somebody_changed_since_is_left_to_them(samal: Desk, visits: list[Appointment]) -> None:
    change = revised(samal, visits[0], starts_at=samal.at(11))
    visits[2].confirm(visits[2].version, samal.aigerim, NOW)
    with pytest.raises(Stale):
        change.undo(samal.aigerim, NOW)
    assert JointChange.newest_of(visits[2]) is None


@BOTH
def test_when_one_time_was_given_away_none_comes_back(samal: Desk, visits: list[Appointment]) -> None:
    change = cancelled(samal, visits[0])
    samal.book(samal.at(10) + WEEK, patient=patient(samal.organization, "Ли"))
    db.session.commit()
    with pytest.raises(Conflict):
        change.undo(samal.aigerim, NOW)
    db.session.rollback()
    assert visits[0].status is Status.CANCELLED


@BOTH
def test_the_boards_of_all_its_days_tell_of_it_for_a_minute(samal: Desk, visits: list[Appointment]) -> None:
    change = revised(samal, visits[1], starts_at=samal.at(10) + WEEK + timedelta(days=1))
    db.session.commit()
    for day in (samal.at(10) + WEEK, samal.at(10) + 3 * WEEK + timedelta(days=1)):
        topic = Day(samal.organization, day.date()).topic
        due = {part: due_at for part, _version, due_at in parts_newer_than(topic, 0)}
        assert due["rail"] == NOW + timedelta(minutes=1)
        [together] = told_on(Day(samal.organization, day.date()), NOW).together
        assert (together.change, list(together.visits)) == (change, visits[1:])
    assert told(samal, 1).moves == []
    assert told(samal, 0) == Told([], [])
    assert told(samal, 1, timedelta(minutes=1)) == Told([], [])
    assert told(samal, 1).ends_at == NOW + timedelta(minutes=1)


def test_once_one_of_them_was_changed_each_other_is_told_of_alone(samal: Desk, visits: list[Appointment]) -> None:
    revised(samal, visits[1], starts_at=samal.at(11) + WEEK)
    visits[3].confirm(visits[3].version, samal.aigerim, NOW)
    db.session.flush()
    assert told(samal, 1).together == []
    assert [move.appointment for move in told(samal, 1).moves] == visits[1:2]


def test_a_new_series_and_what_came_back_are_not_told_of(samal: Desk, visits: list[Appointment]) -> None:
    assert told_on(Day(samal.organization, samal.at(10).date()), NOW - timedelta(hours=1)) == Told([], [])
    cancelled(samal, visits[0]).undo(samal.aigerim, NOW)
    assert told(samal, 0) == Told([], [])


def test_a_whole_day_that_was_cancelled_is_told_of_as_one(samal: Desk, visits: list[Appointment]) -> None:
    other = samal.book(samal.at(12), patient=patient(samal.organization, "Ли"))
    day = Day(samal.organization, samal.at(10).date())
    change = cancel_day(day, samal.seitqali, [visits[0], other], CancellationReason.PRACTITIONER, samal.aigerim, NOW)
    [together] = told(samal, 0).together
    assert (together.change, change.size) == (change, 2)


def test_a_series_that_is_saved_as_it_was_leaves_nothing_to_take_back(samal: Desk, visits: list[Appointment]) -> None:
    revise_visits(visits[0], visits[0].booking, Scope.ALL, visits[0].version, samal.aigerim, NOW)
    assert made(visits[0]).deed is Deed.SERIES_PLANNED
