"""Recalls: who is on the list, who left it, and how namesakes are distinguished."""

from datetime import timedelta

import pytest

from extensions import db
from models.base import utc_now
from models.clinic import AuditEvent, Recall, RecallState
from models.clinic.audit import Question
from models.errors import Stale
from tests.support.people import clinic, patient
from tests.support.visits import Desk

BOTH = pytest.mark.both_databases


def planned(samal: Desk, days: int, reason: str = "контроль") -> Recall:
    due_on = samal.organization.today(utc_now()) + timedelta(days=days)
    return Recall.plan(samal.bolat, due_on, reason, samal.aigerim, utc_now())


def due(samal: Desk) -> list[Recall]:
    return list(db.session.scalars(Recall.due(samal.organization.id, samal.organization.today(utc_now()))))


@BOTH
def test_the_time_has_come_for_some_and_not_for_others(samal: Desk) -> None:
    late, today, later = planned(samal, -3), planned(samal, 0), planned(samal, 1)
    assert due(samal) == [late, today]
    after = Recall.later(samal.organization.id, samal.organization.today(utc_now()))
    assert list(db.session.scalars(after)) == [later]
    assert Recall.open_for(samal.bolat) == [late, today, later]


@pytest.mark.parametrize(
    ("state", "stays"), [(RecallState.CALLED, True), (RecallState.BOOKED, False), (RecallState.DROPPED, False)]
)
def test_only_who_was_called_in_vain_stays_on_the_list(samal: Desk, state: RecallState, stays: bool) -> None:
    recall = planned(samal, 0)
    recall.settle(state, recall.version, samal.aigerim, utc_now())
    assert (due(samal) == [recall]) is stays
    recall.settle(RecallState.WAITING, recall.version, samal.aigerim, utc_now())
    assert due(samal) == [recall]


@BOTH
def test_the_same_invitation_twice_is_one_until_it_is_settled(samal: Desk) -> None:
    first, again, other = planned(samal, 0), planned(samal, 0), planned(samal, 0, "прививка")
    assert (again, due(samal)) == (first, [first, other])
    first.settle(RecallState.BOOKED, first.version, samal.aigerim, utc_now())
    assert planned(samal, 0) is not first


@BOTH
def test_two_calls_at_once_are_one(samal: Desk) -> None:
    recall = planned(samal, 0)
    seen = recall.version
    recall.settle(RecallState.BOOKED, seen, samal.aigerim, utc_now())
    with pytest.raises(Stale):
        recall.settle(RecallState.DROPPED, seen, samal.aigerim, utc_now())
    assert recall.state is RecallState.BOOKED


def test_the_history_knows_who_called(samal: Desk) -> None:
    recall = planned(samal, 0)
    recall.settle(RecallState.CALLED, recall.version, samal.aigerim, utc_now())
    event = AuditEvent.page(Question(samal.organization.id, patient_id=samal.bolat.id), None, 1)[0]
    assert (event.actor, event.changes) == (samal.aigerim, {"recall": ["waiting", "called"]})


def test_another_clinics_list_is_its_own(samal: Desk) -> None:
    arman = clinic("Клиника «Арман»")
    stranger = patient(arman)
    Recall.plan(stranger, arman.today(utc_now()), "", samal.aigerim, utc_now())
    assert due(samal) == []
