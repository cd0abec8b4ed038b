"""A day's visits that are over and unmarked: counted, marked together, and taken back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from extensions import db
from models.clinic import Appointment, AuditEvent, Deed, JointChange
from models.clinic.day import MARKED_WITHIN, Counts, Day
from models.clinic.day_change import mark_day
from models.clinic.day_topic import monday_of
from models.clinic.report import Report
from models.errors import Stale
from rules.booking import Status
from tests.support.people import patient
from tests.support.visits import Desk

BOTH = pytest.mark.both_databases


@pytest.fixture
def visits(samal: Desk) -> list[Appointment]:
    """Tomorrow at nine, ten and eleven: booked, arrived, in the room; and one with Kim that was missed."""
    made = [samal.book(samal.at(9 + number), patient=patient(samal.organization, f"Ли{number}")) for number in range(3)]
    made[1].become(Status.ARRIVED, made[1].version, samal.aigerim, samal.at(10))
    made[2].become(Status.ARRIVED, made[2].version, samal.aigerim, samal.at(10, 50))
    made[2].become(Status.CHECKED_IN, made[2].version, samal.aigerim, samal.at(11))
    missed = samal.book(samal.at(9), practitioner=samal.kim)
    missed.become(Status.NOSHOW, missed.version, samal.aigerim, samal.at(9, 20))
    return made


def day(samal: Desk) -> Day:
    return Day(samal.organization, samal.at(10).date())


def marked(samal: Desk, visits: list[Appointment]) -> JointChange:
    marks = dict(zip(visits, (Status.NOSHOW, Status.FULFILLED, Status.FULFILLED), strict=True))
    return mark_day(day(samal), marks, samal.aigerim, samal.at(19))


@BOTH
def test_those_who_are_over_and_unmarked_are_found_by_time(samal: Desk, visits: list[Appointment]) -> None:
    assert day(samal).unmarked(samal.at(9, 29)) == []
    assert day(samal).unmarked(samal.at(10, 30)) == visits[:2]
    assert day(samal).unmarked(samal.at(19)) == visits


@BOTH
def test_half_an_hour_after_their_end_they_are_counted(samal: Desk, visits: list[Appointment]) -> None:
    for hour, minute, count in ((9, 59, 0), (10, 0, 1), (11, 0, 2), (12, 0, 3)):
        now = samal.at(hour, minute)
        assert day(samal).counts(now).unmarked == count
        assert day(samal).counts(now) == Counts.of(day(samal).shown(), now)


def test_the_next_to_be_counted_is_known_beforehand(samal: Desk, visits: list[Appointment]) -> None:
    assert day(samal).next_unmarked_at(samal.at(8)) == samal.at(9, 30) + MARKED_WITHIN
    assert day(samal).next_unmarked_at(samal.at(10)) == samal.at(11)
    assert day(samal).next_unmarked_at(samal.at(12)) is None


@BOTH
def test_a_day_is_marked_in_one_step_and_taken_back_in_one(samal: Desk, visits: list[Appointment]) -> None:
    change = marked(samal, visits)
    assert [visit.status for visit in visits] == [Status.NOSHOW, Status.FULFILLED, Status.FULFILLED]
    change.undo(samal.aigerim, samal.at(19) + timedelta(seconds=40))
    assert [visit.status for visit in visits] == [Status.BOOKED, Status.ARRIVED, Status.CHECKED_IN]
    assert [visit.status_since for visit in visits[1:]] == [samal.at(10), samal.at(11)]
    deeds = select(AuditEvent.deed, AuditEvent.changes).filter_by(patient_id=None)
    wanted = [Deed.DAY_MARKED, Deed.DAY_RESTORED]
    found = db.session.execute(deeds.where(AuditEvent.deed.in_(wanted)).order_by(AuditEvent.id)).all()
    assert found == [(deed, {"visits": [None, "3"]}) for deed in wanted]


def test_who_was_marked_at_night_did_not_wait_until_then(samal: Desk, visits: list[Appointment]) -> None:
    marked(samal, visits)
    report = Report(samal.organization, [samal.seitqali], monday_of(samal.at(10).date()), 1)
    tally = report.cells()[samal.seitqali.id, monday_of(samal.at(10).date())]
    assert (tally.seen, tally.missed, tally.waits, tally.waited_minutes) == (2, 1, 1, 10)


def test_one_who_was_changed_since_keeps_the_others_too(samal: Desk, visits: list[Appointment]) -> None:
    change = marked(samal, visits)
    visits[0].become(Status.ARRIVED, visits[0].version, samal.aigerim, samal.at(19))
    with pytest.raises(Stale):
        change.undo(samal.aigerim, samal.at(19))
