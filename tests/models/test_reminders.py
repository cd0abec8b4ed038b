"""The outbox: who is reminded, of what, exactly once, and what happens to a message after failures."""

from datetime import datetime, time, timedelta

import pytest

from extensions import db
from models.accounts import Role
from models.base import utc_now
from models.clinic import AuditEvent, Channel, Communication, Deed, MessageFault, MessageState, ReminderPlan
from models.clinic.audit import Question
from models.clinic.communication import LEASE
from models.clinic.patient import MessageWish
from models.clinic.reminder_plan import Wanted
from models.errors import NotAllowed
from rules.booking import Status
from rules.reminders import PAUSES, Reminding, Timing
from tests.support.people import at, clinic, patient, person
from tests.support.visits import Desk

BOTH = pytest.mark.both_databases

BOTH_WAYS = (Channel.SMS, Channel.EMAIL)
LONG_AGO = timedelta(days=30)


@pytest.fixture
def plan(samal: Desk) -> ReminderPlan:
    """Settings: the day before at six in the evening, by SMS if possible."""
    marat = person("Marat", Role.OWNER, samal.organization)
    wanted = Wanted(Reminding(Timing.DAY_BEFORE, time(18)), Channel.SMS)
    return ReminderPlan.save(samal.organization, wanted, marat, utc_now() - LONG_AGO)


def in_two_days(samal: Desk, hour: int) -> datetime:
    return at(samal.organization, hour, day=samal.at(10).date() + timedelta(days=1))


def evening(samal: Desk, hour: int = 18, minute: int = 0) -> datetime:
    """Tomorrow evening, when the patients of the next day are reminded."""
    return at(samal.organization, hour, minute)


def messages() -> list[Communication]:
    return list(db.session.scalars(db.select(Communication).order_by(Communication.id)))


@BOTH
def test_a_visit_of_tomorrow_is_reminded_of_once(samal: Desk, plan: ReminderPlan) -> None:
    visit = samal.book(in_two_days(samal, 10))
    assert plan.fill_outbox(BOTH_WAYS, evening(samal, 17, 59)) == 0
    assert plan.fill_outbox(BOTH_WAYS, evening(samal)) == 1
    assert plan.fill_outbox(BOTH_WAYS, evening(samal, 18, 1)) == 0
    [message] = messages()
    assert (message.appointment_id, message.channel, message.address) == (visit.id, Channel.SMS, "+77771234567")


@BOTH
def test_two_processes_put_in_one_message(samal: Desk, plan: ReminderPlan) -> None:
    visit = samal.book(in_two_days(samal, 10))
    address = plan._address(visit.patient, BOTH_WAYS)
    assert [Communication.enqueue(visit, address, evening(samal)) for _process in range(2)] == [True, False]


def test_who_cannot_have_an_sms_has_a_mail(samal: Desk, plan: ReminderPlan) -> None:
    landline = patient(samal.organization, "Ли", phone="+7 7172 34 56 78", email="li@tablo.example")
    child = patient(samal.organization, "Оспанов", contact_phone="+7 701 555 04 18")
    nobody = patient(samal.organization, "Ким", phone="12-34")
    samal.book(in_two_days(samal, 10), patient=landline)
    samal.book(in_two_days(samal, 11), patient=child)
    samal.book(in_two_days(samal, 12), patient=nobody)
    plan.fill_outbox(BOTH_WAYS, evening(samal))
    told = {each.appointment.patient.family_name: (each.address, each.is_contact, each.fault) for each in messages()}
    assert told == {
        "Ли": ("li@tablo.example", False, None),
        "Оспанов": ("+77015550418", True, None),
        "Ким": ("", False, MessageFault.NO_ADDRESS),
    }


def test_who_wants_none_has_none(samal: Desk, plan: ReminderPlan) -> None:
    silent = patient(samal.organization, "Ли", phone="+7 701 555 04 18", messages=MessageWish.NONE)
    samal.book(in_two_days(samal, 10), patient=silent)
    assert plan.fill_outbox(BOTH_WAYS, evening(samal)) == 0


def test_who_has_just_booked_knows_of_it(samal: Desk, plan: ReminderPlan) -> None:
    visit = samal.book(in_two_days(samal, 10))
    visit.history()[0].at = evening(samal, 18, 30)
    assert plan.fill_outbox(BOTH_WAYS, evening(samal, 18, 31)) == 0


def test_what_was_due_before_the_owner_chose_is_let_be(samal: Desk, plan: ReminderPlan) -> None:
    samal.book(in_two_days(samal, 10))
    plan.changed_at = evening(samal, 18, 30)
    assert plan.fill_outbox(BOTH_WAYS, evening(samal, 18, 31)) == 0


def test_nobody_is_woken(samal: Desk, plan: ReminderPlan) -> None:
    samal.book(in_two_days(samal, 10))
    assert plan.fill_outbox(BOTH_WAYS, evening(samal, 23)) == 0
    plan.fill_outbox(BOTH_WAYS, evening(samal, 20, 59))
    assert Communication.take_next(BOTH_WAYS, evening(samal, 21, 0)) is None
    assert Communication.take_next(BOTH_WAYS, in_two_days(samal, 7)) is None
    assert Communication.take_next(BOTH_WAYS, in_two_days(samal, 8)) is not None


@BOTH
def test_a_message_is_taken_by_one(samal: Desk, plan: ReminderPlan) -> None:
    samal.book(in_two_days(samal, 10))
    plan.fill_outbox(BOTH_WAYS, evening(samal))
    message = Communication.take_next(BOTH_WAYS, evening(samal))
    assert message is not None
    assert Communication.take_next(BOTH_WAYS, evening(samal)) is None
    assert not Communication._taken(message.id, evening(samal))


@BOTH
def test_who_took_it_and_fell_silent_may_have_sent_it(samal: Desk, plan: ReminderPlan) -> None:
    samal.book(in_two_days(samal, 10))
    plan.fill_outbox(BOTH_WAYS, evening(samal))
    message = Communication.take_next(BOTH_WAYS, evening(samal))
    assert message is not None
    assert Communication.give_up_lost(evening(samal) + LEASE) == 0
    assert Communication.give_up_lost(evening(samal) + LEASE + timedelta(seconds=1)) == 1
    assert (message.state, message.fault) == (MessageState.FAILED, MessageFault.UNCLEAR)
    assert Communication.take_next(BOTH_WAYS, evening(samal, 20)) is None


def test_what_surely_was_not_taken_is_tried_again_and_given_up_in_the_end(samal: Desk, plan: ReminderPlan) -> None:
    samal.book(in_two_days(samal, 15))
    now = evening(samal)
    plan.fill_outbox(BOTH_WAYS, now)
    for pause in (*PAUSES, 0):
        message = Communication.take_next(BOTH_WAYS, now)
        assert message is not None
        message.postpone(now)
        now += timedelta(minutes=pause)
    [given_up] = messages()
    assert (given_up.state, given_up.fault) == (MessageState.FAILED, MessageFault.AWAY)


@pytest.mark.parametrize("change", ["cancelled", "arrived", "moved"])
def test_a_message_that_is_no_longer_true_is_withdrawn(samal: Desk, plan: ReminderPlan, change: str) -> None:
    visit = samal.book(in_two_days(samal, 10))
    plan.fill_outbox(BOTH_WAYS, evening(samal))
    if change == "moved":
        visit.move(samal.kim, in_two_days(samal, 11), visit.version, samal.aigerim, utc_now())
    else:
        visit.become(Status(change), visit.version, samal.aigerim, utc_now())
    assert Communication.take_next(BOTH_WAYS, evening(samal)) is None
    assert [each.state for each in messages()] == [MessageState.WITHDRAWN]


@pytest.mark.parametrize("change", ["cancelled", "moved"])
def test_what_was_changed_and_changed_back_is_reminded_of_once(samal: Desk, plan: ReminderPlan, change: str) -> None:
    visit = samal.book(in_two_days(samal, 10))
    plan.fill_outbox(BOTH_WAYS, evening(samal))
    if change == "moved":
        visit.move(samal.kim, in_two_days(samal, 11), visit.version, samal.aigerim, utc_now())
    else:
        visit.become(Status.CANCELLED, visit.version, samal.aigerim, utc_now())
    assert Communication.take_next(BOTH_WAYS, evening(samal)) is None
    if change == "moved":
        visit.undo_booking(visit.version, samal.aigerim, utc_now())
    else:
        visit.undo(Status.CANCELLED, visit.version, samal.aigerim, utc_now())
    assert plan.fill_outbox(BOTH_WAYS, evening(samal, 18, 1)) == 1
    message = Communication.take_next(BOTH_WAYS, evening(samal, 18, 1))
    assert message is not None
    assert (message.visit_at, message.attempts) == (in_two_days(samal, 10), 1)
    message.sent(evening(samal, 18, 1))
    assert plan.fill_outbox(BOTH_WAYS, evening(samal, 18, 2)) == 0
    assert len(messages()) == 1


@BOTH
@pytest.mark.parametrize("state", [each for each in MessageState if each is not MessageState.WITHDRAWN])
def test_only_a_withdrawn_message_is_put_in_again(samal: Desk, plan: ReminderPlan, state: MessageState) -> None:
    visit = samal.book(in_two_days(samal, 10))
    plan.fill_outbox(BOTH_WAYS, evening(samal))
    [message] = messages()
    message.state = state
    assert not Communication.enqueue(visit, plan._address(visit.patient, BOTH_WAYS), evening(samal))
    db.session.refresh(message)
    assert message.state is state


@BOTH
def test_a_moved_visit_is_reminded_of_at_its_new_time(samal: Desk, plan: ReminderPlan) -> None:
    visit = samal.book(in_two_days(samal, 10))
    plan.fill_outbox(BOTH_WAYS, evening(samal))
    first = Communication.take_next(BOTH_WAYS, evening(samal))
    assert first is not None
    first.sent(evening(samal))
    visit.move(samal.seitqali, in_two_days(samal, 11), visit.version, samal.aigerim, utc_now())
    assert plan.fill_outbox(BOTH_WAYS, evening(samal, 18, 5)) == 1
    second = Communication.take_next(BOTH_WAYS, evening(samal, 18, 5))
    assert second is not None
    assert second.visit_at == in_two_days(samal, 11)


def test_the_history_says_what_went_out_and_what_did_not(samal: Desk, plan: ReminderPlan) -> None:
    visit = samal.book(in_two_days(samal, 10))
    nobody = patient(samal.organization, "Ким")
    samal.book(in_two_days(samal, 12), patient=nobody)
    plan.fill_outbox(BOTH_WAYS, evening(samal))
    message = Communication.take_next(BOTH_WAYS, evening(samal))
    assert message is not None
    message.sent(evening(samal))
    [sent] = AuditEvent.page(Question(samal.organization.id, deed=Deed.REMINDER_SENT), None, 9)
    [failed] = AuditEvent.page(Question(samal.organization.id, deed=Deed.REMINDER_FAILED), None, 9)
    assert (sent.appointment_id, sent.actor, sent.changes) == (visit.id, None, {"channel": [None, "sms"]})
    assert (failed.patient_id, failed.changes) == (nobody.id, {"fault": [None, "no-address"]})
    coming = Communication.not_reached(samal.organization.id, evening(samal))
    assert [each.appointment.patient for each in db.session.scalars(coming)] == [nobody]


def test_only_the_owner_of_this_clinic_decides(samal: Desk) -> None:
    for other in (samal.aigerim, person("Ruslan", Role.OWNER, clinic("Чужая клиника"))):
        with pytest.raises(NotAllowed):
            ReminderPlan.save(samal.organization, Wanted(Reminding(Timing.OFF), Channel.SMS), other, utc_now())
