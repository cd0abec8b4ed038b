"""Tickets of the day: unique numbers, waits that are never shortened, and what is stored and shown of them."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask

from blueprints.clinic.waiting_room import room_state
from extensions import db
from models.accounts import Organization, Role, User
from models.base import utc_now
from models.clinic import Appointment, AuditEvent, Deed, QueueTicket, Screen
from models.clinic.appointment import CancellationReason, OutOfTurn
from models.clinic.audit import Question
from models.clinic.day import Day
from models.clinic.day_change import cancel_day
from models.clinic.day_topic import RAIL, WEEK, week_topic
from models.clinic.screen import ROOM
from models.clinic.ticket import Errand
from models.errors import Stale
from models.live_topic import touched_parts
from rules.booking import Status
from rules.tickets import TicketKind, TicketState
from tests.support.people import patient, person
from tests.support.visits import Desk, desk

ANYBODY = Errand(TicketKind.VISIT)


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


def booked_by(samal: Desk, ticket: QueueTicket, **changes: object) -> Appointment:
    """Books a visit at the present time from the ticket."""
    now = utc_now()
    visit = samal.book(now.replace(minute=now.minute // 5 * 5, second=0, microsecond=0), minutes=5, **changes)
    ticket.seat(visit, samal.aigerim, now)
    return visit


@pytest.mark.both_databases
def test_whoever_is_booked_by_a_ticket_keeps_their_place(samal: Desk) -> None:
    ticket = take(samal)
    other = booked_by(samal, take(samal), patient=patient(samal.organization, "Ли"), practitioner=samal.kim)
    visit = booked_by(samal, ticket)
    assert (visit.status, visit.status_since) == (Status.ARRIVED, ticket.taken_at)
    assert [each.id for each in today(samal).waiting()] == [visit.id, other.id]
    assert (ticket.state, ticket.holder, ticket.appointment) == (TicketState.SERVED, samal.bolat, visit)
    [kept] = AuditEvent.page(
        Question(samal.organization.id, deed=Deed.TICKET_SEATED, patient_id=samal.bolat.id), None, 9
    )
    assert (kept.appointment_id, kept.changes["ticket"]) == (visit.id, [None, "А01"])


def test_on_the_screen_they_keep_their_number(samal: Desk) -> None:
    marat = person("Marat", Role.OWNER, samal.organization)
    screen = Screen.open(samal.organization, marat, utc_now())
    visit = booked_by(samal, take(samal))
    [waits] = room_state(screen, utc_now())["waiting"]
    assert (waits["code"], waits["initials"], waits["room"]) == ("А01", "", "200")
    visit.become(Status.CHECKED_IN, visit.version, samal.aigerim, utc_now())
    [call] = room_state(screen, utc_now())["calls"]
    assert (call["code"], call["room"]) == ("А01", "200")


def test_a_visit_of_another_day_is_not_there_yet(samal: Desk) -> None:
    ticket, visit = take(samal), samal.book(samal.at(10))
    ticket.seat(visit, samal.aigerim, utc_now())
    assert (visit.status, ticket.state) == (Status.BOOKED, TicketState.SERVED)


def test_one_ticket_is_one_visit(samal: Desk) -> None:
    ticket = take(samal)
    booked_by(samal, ticket)
    with pytest.raises(Stale):
        ticket.seat(samal.book(samal.at(10)), samal.aigerim, utc_now())
    with pytest.raises(OutOfTurn):
        ticket.become(TicketState.WAITING, ticket.version, samal.aigerim, utc_now())


@pytest.mark.both_databases
def test_a_visit_by_a_slip_gives_the_place_in_the_queue_back(samal: Desk) -> None:
    ticket = take(samal)
    visit = booked_by(samal, ticket)
    ticket.unseat(visit.version, samal.aigerim, utc_now())
    assert (visit.status, ticket.state, ticket.appointment) == (Status.ENTERED_IN_ERROR, TicketState.WAITING, None)
    with pytest.raises(OutOfTurn):
        ticket.unseat(visit.version, samal.aigerim, utc_now())
    begun = booked_by(samal, ticket)
    begun.become(Status.CHECKED_IN, begun.version, samal.aigerim, utc_now())
    with pytest.raises(OutOfTurn):
        ticket.unseat(begun.version, samal.aigerim, utc_now())
    with pytest.raises(Stale):
        ticket.unseat(begun.version - 1, samal.aigerim, utc_now())


@pytest.mark.parametrize("took", [None, "Ли"])
def test_who_is_not_booked_after_all_has_the_ticket_they_took(samal: Desk, took: str | None) -> None:
    holder = patient(samal.organization, took) if took else None
    ticket = take(samal, Errand(TicketKind.VISIT, None, holder))
    visit = booked_by(samal, ticket)
    assert ticket.holder is samal.bolat
    ticket.unseat(visit.version, samal.aigerim, utc_now())
    assert (ticket.patient, ticket.holder) == (holder, holder)


@pytest.mark.parametrize("step", [Status.CANCELLED, Status.NOSHOW])
def test_who_was_booked_for_a_visit_that_does_not_take_place_may_queue_again(samal: Desk, step: Status) -> None:
    ticket, visit = take(samal), samal.book(samal.at(10))
    ticket.seat(visit, samal.aigerim, utc_now())
    visit.become(step, visit.version, samal.aigerim, utc_now())
    with pytest.raises(Stale):
        ticket.unseat(visit.version - 1, samal.aigerim, utc_now())
    ticket.unseat(visit.version, samal.aigerim, utc_now())
    assert (visit.status, ticket.state, ticket.appointment) == (step, TicketState.WAITING, None)


@pytest.mark.both_databases
def test_who_went_back_to_the_queue_stands_in_it_once_when_the_cancelled_day_comes_back(samal: Desk) -> None:
    ticket, now = take(samal), utc_now()
    visit = booked_by(samal, ticket)
    change = cancel_day(today(samal), samal.seitqali, [visit], CancellationReason.PRACTITIONER, samal.aigerim, now)
    ticket.unseat(visit.version, samal.aigerim, now)
    change.undo(samal.aigerim, now)
    assert (visit.status, ticket.state, ticket.appointment) == (Status.ARRIVED, TicketState.SERVED, visit)
    assert visit.status_since == ticket.taken_at


def test_who_was_called_and_seen_with_the_ticket_meanwhile_keeps_that(samal: Desk) -> None:
    ticket, now = take(samal), utc_now()
    visit = booked_by(samal, ticket)
    change = cancel_day(today(samal), samal.seitqali, [visit], CancellationReason.PRACTITIONER, samal.aigerim, now)
    ticket.unseat(visit.version, samal.aigerim, now)
    ticket.call(samal.seitqali, ticket.version, samal.aigerim, now)
    ticket.become(TicketState.SERVED, ticket.version, samal.aigerim, now)
    change.undo(samal.aigerim, now)
    assert (visit.status, ticket.appointment) == (Status.BOOKED, None)


def test_who_has_been_seen_does_not_queue_again(samal: Desk) -> None:
    ticket = take(samal)
    visit = booked_by(samal, ticket)
    for step in (Status.CHECKED_IN, Status.FULFILLED):
        visit.become(step, visit.version, samal.aigerim, utc_now())
        with pytest.raises(OutOfTurn):
            ticket.unseat(visit.version, samal.aigerim, utc_now())


def test_the_practitioners_week_learns_of_their_tickets(samal: Desk) -> None:
    take(samal, Errand(TicketKind.VISIT, samal.seitqali))
    topic = week_topic(samal.organization.id, samal.seitqali.id, today(samal).date)
    assert touched_parts(topic) == {WEEK}
