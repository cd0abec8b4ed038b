"""A change of a booking and its undo: what is restored, what conflicts, and who is told for how long."""

from datetime import timedelta

import pytest

from extensions import db
from models.base import utc_now
from models.clinic import Revision
from models.clinic.appointment import OutOfTurn
from models.clinic.day import Day
from models.clinic.moves import told_on
from models.errors import Conflict, Stale
from models.live_topic import parts_newer_than
from rules.booking import Status
from tests.support.people import patient, service
from tests.support.visits import Desk

BOTH = pytest.mark.both_databases
NOW = utc_now()


def tomorrow(samal: Desk, days: int = 0) -> Day:
    return Day(samal.organization, samal.at(10).date() + timedelta(days=days))


@BOTH
def test_a_moved_visit_goes_back_to_where_it_stood(samal: Desk) -> None:
    visit = samal.book(samal.at(10))
    visit.move(samal.kim, samal.at(12), visit.version, samal.aigerim, NOW)
    visit.undo_booking(visit.version, samal.aigerim, NOW)
    assert (visit.practitioner, visit.starts_at, visit.minutes) == (samal.seitqali, samal.at(10), 30)
    assert visit.room is samal.seitqali.room


def test_everything_that_the_form_changed_comes_back(samal: Desk) -> None:
    li, ecg = patient(samal.organization, "Ли"), service(samal.organization, "ЭКГ")
    visit = samal.book(samal.at(10), note="натощак")
    visit.revise(samal.booking(samal.at(11), patient=li, service=ecg, minutes=45), visit.version, samal.aigerim, NOW)
    visit.undo_booking(visit.version, samal.aigerim, NOW)
    assert visit.booking == samal.booking(samal.at(10), note="натощак")


@BOTH
def test_what_was_given_away_meanwhile_does_not_come_back(samal: Desk) -> None:
    visit = samal.book(samal.at(10))
    visit.move(samal.seitqali, samal.at(12), visit.version, samal.aigerim, NOW)
    samal.book(samal.at(10, 15), patient=patient(samal.organization, "Ли"))
    db.session.commit()
    with pytest.raises(Conflict):
        visit.undo_booking(visit.version, samal.aigerim, NOW)


def test_an_overbooked_visit_comes_back_beside_the_other(samal: Desk) -> None:
    samal.book(samal.at(10))
    over = samal.overbook(samal.at(10), patient=patient(samal.organization, "Ли"))
    over.move(samal.seitqali, samal.at(11), over.version, samal.aigerim, NOW)
    over.undo_booking(over.version, samal.aigerim, NOW)
    assert (over.starts_at, over.overbooked) == (samal.at(10), True)


def test_what_happened_since_is_not_swept_away(samal: Desk) -> None:
    visit = samal.book(samal.at(10))
    visit.move(samal.kim, samal.at(12), visit.version, samal.aigerim, NOW)
    seen = visit.version
    visit.become(Status.ARRIVED, seen, samal.aigerim, NOW)
    with pytest.raises(Stale):
        visit.undo_booking(seen, samal.aigerim, NOW)
    with pytest.raises(OutOfTurn):
        visit.undo_booking(visit.version, samal.aigerim, NOW)


def test_it_is_taken_back_once(samal: Desk) -> None:
    visit = samal.book(samal.at(10))
    visit.move(samal.kim, samal.at(12), visit.version, samal.aigerim, NOW)
    visit.undo_booking(visit.version, samal.aigerim, NOW)
    with pytest.raises(OutOfTurn):
        visit.undo_booking(visit.version, samal.aigerim, NOW)


@BOTH
def test_a_booking_by_a_slip_is_gone_and_its_time_is_free(samal: Desk) -> None:
    slip = samal.book(samal.at(10))
    slip.undo_booking(slip.version, samal.aigerim, NOW)
    assert slip.status is Status.ENTERED_IN_ERROR
    assert tomorrow(samal).visits() == []
    samal.book(samal.at(10), patient=patient(samal.organization, "Ли"))


def test_saving_a_form_in_which_nothing_was_changed_leaves_nothing_to_take_back(samal: Desk) -> None:
    visit = samal.book(samal.at(10))
    visit.confirm(visit.version, samal.aigerim, NOW)
    visit.revise(visit.booking, visit.version, samal.aigerim, NOW)
    assert db.session.query(Revision).count() == 0


@BOTH
def test_both_days_tell_of_a_move_for_a_minute(samal: Desk) -> None:
    visit = samal.book(samal.at(10))
    visit.move(samal.seitqali, samal.at(10) + timedelta(days=1), visit.version, samal.aigerim, NOW)
    db.session.commit()
    for day in (tomorrow(samal), tomorrow(samal, 1)):
        [move] = told_on(day, NOW + timedelta(seconds=59)).moves
        assert move.appointment is visit
        assert told_on(day, NOW + timedelta(seconds=60)).moves == []
        due = {part: due_at for part, _version, due_at in parts_newer_than(day.topic, 0)}
        assert due["rail"] == NOW + timedelta(minutes=1)


def test_only_moves_that_can_still_be_taken_back_are_told(samal: Desk) -> None:
    moved, noted = samal.book(samal.at(10)), samal.book(samal.at(11))
    moved.move(samal.seitqali, samal.at(12), moved.version, samal.aigerim, NOW)
    noted.revise(samal.booking(samal.at(11), note="натощак"), noted.version, samal.aigerim, NOW)
    db.session.flush()
    assert [move.appointment for move in told_on(tomorrow(samal), NOW).moves] == [moved]
    moved.undo_booking(moved.version, samal.aigerim, NOW)
    assert told_on(tomorrow(samal), NOW).moves == []
