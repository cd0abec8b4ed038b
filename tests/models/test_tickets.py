"""Tickets of the day: numbers that never repeat, a wait that nothing shortens, and what of it is kept and shown."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask

from blueprints.clinic.waiting_room import room_state
from extensions import db
from models.accounts import Organization, Role, User
from models.base import utc_now
from models.clinic import AuditEvent, Deed, QueueTicket, Screen
from models.clinic.appointment import OutOfTurn
from models.clinic.audit import Question
from models.clinic.day import Day
from models.clinic.day_topic import RAIL
from models.clinic.screen import ROOM
from models.clinic.ticket import Errand
from models.errors import Stale
from models.live_topic import touched_parts
from rules.tickets import TicketKind, TicketState
from tests.support.people import patient, person
from tests.support.visits import Desk, desk

ANYBODY = Errand(TicketKind.VISIT)


@pytest.fixture
def samal(app: Flask) -> Desk:
    return desk()


def take(samal: Desk, errand: Errand = ANYBODY) -> QueueTicket:
    return QueueTicket.take(samal.organization, errand, samal.aigerim, utc_now())


def today(samal: Desk) -> Day:
    return Day(samal.organization, samal.organization.today(utc_now()))


def test_numbers_go_up_by_one_and_begin_anew_each_day(samal: Desk) -> None:
    codes = [take(samal).code, take(samal, Errand(TicketKind.DESK)).code]
    tomorrow = QueueTicket.take(samal.organization, ANYBODY, samal.aigerim, utc_now() + timedelta(days=1))
    assert (codes, tomorrow.code) == (["А01", "М02"], "А01")


@pytest.mark.both_databases
def test_two_desks_at_the_same_moment_take_two_numbers(application: Flask) -> None:
    with application.app_context():
        samal = desk()
        ids = samal.organization.id, samal.aigerim.id
        db.session.commit()
    start = Barrier(4)

    def one_desk() -> None:
        with application.app_context():
            start.wait()
            own, who = db.session.get_one(Organization, ids[0]), db.session.get_one(User, ids[1])
            QueueTicket.take(own, ANYBODY, who, utc_now())
            db.session.commit()

    threads = [Thread(target=one_desk) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with application.app_context():
        own = db.session.get_one(Organization, ids[0])
        assert sorted(each.number for each in QueueTicket.open_on(own.id, own.today(utc_now()))) == [1, 2, 3, 4]


def test_a_ticket_lives_and_every_step_is_in_the_history(samal: Desk) -> None:
    ticket = take(samal, Errand(TicketKind.VISIT, None, samal.bolat))
    ticket.call(samal.kim, ticket.version, samal.aigerim, utc_now())
    ticket.become(TicketState.SERVED, ticket.version, samal.aigerim, utc_now())
    assert today(samal).tickets() == []
    served, called, taken = AuditEvent.page(Question(samal.organization.id, patient_id=samal.bolat.id), None, 3)
    assert (taken.deed, called.deed, served.deed) == (Deed.TICKET_TAKEN, Deed.TICKET_STEPPED, Deed.TICKET_STEPPED)
    assert called.changes["practitioner"] == [None, samal.kim.short_name]
    assert served.changes == {"ticket": [None, "А01"], "ticket_state": ["called", "served"]}


def test_who_is_sent_back_has_waited_since_the_ticket_was_taken(samal: Desk) -> None:
    ticket = QueueTicket.take(samal.organization, ANYBODY, samal.aigerim, utc_now() - timedelta(minutes=7))
    taken_at = ticket.taken_at
    ticket.call(samal.kim, ticket.version, samal.aigerim, utc_now())
    ticket.become(TicketState.WAITING, ticket.version, samal.aigerim, utc_now())
    assert ticket.taken_at == taken_at


def test_a_step_on_an_old_page_or_out_of_turn_is_refused(samal: Desk) -> None:
    ticket = take(samal)
    with pytest.raises(Stale):
        ticket.become(TicketState.SKIPPED, ticket.version + 1, samal.aigerim, utc_now())
    with pytest.raises(OutOfTurn):
        ticket.become(TicketState.SERVED, ticket.version, samal.aigerim, utc_now())


def test_one_knows_how_many_wait_longer(samal: Desk) -> None:
    take(samal, Errand(TicketKind.VISIT, samal.kim))
    take(samal)
    assert take(samal, Errand(TicketKind.VISIT, samal.kim)).ahead() == 1


def test_the_screen_calls_tickets_by_number_and_nobody_by_name(samal: Desk) -> None:
    screen = Screen.open(samal.organization, person("Marat", Role.OWNER, samal.organization), utc_now())
    waiting = take(samal, Errand(TicketKind.VISIT, None, patient(samal.organization, "Оспанова")))
    called = take(samal, Errand(TicketKind.DESK))
    db.session.commit()
    called.call(None, called.version, samal.aigerim, utc_now())
    assert touched_parts(screen.topic) == {ROOM}
    assert touched_parts(today(samal).topic) == {RAIL}
    state = room_state(screen, utc_now())
    assert [each["code"] for each in state["calls"]] == [called.code]
    assert [each["code"] for each in state["waiting"]] == [waiting.code]
    assert "Оспанова" not in str(state)
    assert "О." not in str(state)
