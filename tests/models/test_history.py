"""The history: every verb writes it in its own transaction, and it is paginated by keys."""

from dataclasses import replace
from datetime import timedelta

import pytest

from extensions import db
from models.base import utc_now
from models.clinic import AuditEvent, CancellationReason, Deed
from models.clinic.audit import Question
from rules.booking import Interval, Status
from tests.support.people import clinic, patient, person
from tests.support.queries import recorded_queries
from tests.support.visits import Desk

BOTH = pytest.mark.both_databases


def history(samal: Desk, **asked: object) -> list[AuditEvent]:
    return AuditEvent.page(Question(samal.organization.id, **asked), None, 50)  # type: ignore[arg-type]


def newest(samal: Desk) -> AuditEvent:
    return history(samal)[0]


@BOTH
def test_a_changed_card_says_who_changed_what_from_what(samal: Desk) -> None:
    bolat = samal.bolat
    bolat.revise(replace(bolat.details, phone="8 701 555 04 18"), bolat.version, samal.aigerim, utc_now())
    event = newest(samal)
    assert (event.deed, event.actor, event.patient_id) == (Deed.CARD_REVISED, samal.aigerim, bolat.id)
    assert event.changes == {"phone": ["+7 777 123 45 67", "+7 701 555 04 18"]}


@BOTH
def test_a_new_card_tells_only_what_was_filled_in(samal: Desk) -> None:
    dana = patient(samal.organization, "Сатпаева", given_name="Дана", phone="+7 701 555 04 18")
    [event] = history(samal, patient_id=dana.id)
    assert event.changes == {
        "family_name": [None, "Сатпаева"],
        "given_name": [None, "Дана"],
        "phone": [None, "+7 701 555 04 18"],
    }


@BOTH
def test_a_read_card_is_noted(samal: Desk) -> None:
    samal.bolat.read_by(samal.aigerim, utc_now())
    event = newest(samal)
    assert (event.deed, event.actor, event.changes) == (Deed.CARD_READ, samal.aigerim, {})


@BOTH
def test_every_step_of_a_visit_is_noted_with_what_changed(samal: Desk) -> None:
    visit = samal.book(samal.at(10))
    visit.move(samal.kim, samal.at(11), visit.version, samal.aigerim, utc_now())
    moved = newest(samal).changes
    visit.confirm(visit.version, samal.aigerim, utc_now())
    confirmed = newest(samal).changes
    visit.become(Status.ARRIVED, visit.version, samal.aigerim, utc_now())
    arrived = newest(samal).changes
    visit.undo(Status.ARRIVED, visit.version, samal.aigerim, utc_now())
    visit.cancel(CancellationReason.PATIENT, visit.version, samal.aigerim, utc_now())
    assert set(moved) == {"practitioner", "room", "starts_at"}
    assert (confirmed, arrived) == ({"confirmed": [None, "yes"]}, {"status": ["booked", "arrived"]})
    assert newest(samal).changes == {"status": ["booked", "cancelled"], "reason": [None, "pat"]}
    assert [event.deed for event in history(samal)][:6] == [
        *(Deed.VISIT_STEPPED, Deed.VISIT_STEPPED, Deed.VISIT_STEPPED),
        *(Deed.VISIT_REVISED, Deed.VISIT_REVISED, Deed.VISIT_BOOKED),
    ]


@BOTH
def test_what_was_rolled_back_was_never_done(samal: Desk) -> None:
    db.session.commit()
    samal.bolat.read_by(samal.aigerim, utc_now())
    db.session.rollback()
    assert Deed.CARD_READ not in [event.deed for event in history(samal)]


@BOTH
def test_the_history_answers_who_what_and_when(samal: Desk) -> None:
    now, dana = utc_now(), person("Dana", None)
    samal.bolat.read_by(samal.aigerim, now)
    samal.bolat.read_by(dana, now - timedelta(days=1))
    samal.book(samal.at(10))
    yesterday = Interval(now - timedelta(days=2), now - timedelta(hours=1))
    assert [event.actor for event in history(samal, deed=Deed.CARD_READ)] == [samal.aigerim, dana]
    assert [event.deed for event in history(samal, actor_id=dana.id)] == [Deed.CARD_READ]
    assert [event.actor for event in history(samal, during=yesterday)] == [dana]


@BOTH
def test_another_clinics_history_is_not_there(samal: Desk) -> None:
    arman = clinic("Клиника «Арман»")
    patient(arman, "Чужой")
    assert [event.deed for event in AuditEvent.page(Question(arman.id), None, 50)] == [Deed.CARD_REGISTERED]
    assert {event.organization_id for event in history(samal)} == {samal.organization.id}


@BOTH
def test_a_page_follows_another_without_gaps_in_one_statement(samal: Desk) -> None:
    now = utc_now()
    for number in range(7):
        samal.bolat.read_by(samal.aigerim, now - timedelta(minutes=number // 2))
    db.session.flush()
    question = Question(samal.organization.id, deed=Deed.CARD_READ)
    whole = [event.id for event in AuditEvent.page(question, None, 50)]
    first = AuditEvent.page(question, None, 3)
    with recorded_queries(db.engine) as queries:
        second = AuditEvent.page(question, first[-1].id, 3)
    third = AuditEvent.page(question, second[-1].id, 3)
    assert [event.id for event in (*first, *second, *third)] == whole
    assert (len(whole), len(queries)) == (7, 1)
