"""Concurrent changes that concern the same patients: no deadlock, and no record of a card that was removed."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from extensions import db
from models.accounts import Organization, Role, User
from models.base import utc_now
from models.clinic import Appointment, Patient, PatientImport, PatientMerge, Practitioner, QueueTicket, Recall
from models.clinic.appointment import CancellationReason
from models.clinic.arrangement import arrange_rooms
from models.clinic.booking import Booking
from models.clinic.card_batch import PreparedCard
from models.clinic.day import Day
from models.clinic.day_change import cancel_day
from models.clinic.import_undo import ImportUndo
from models.clinic.patient import PatientDetails
from models.clinic.patient_import import LookedAt, newest_card
from models.clinic.patient_merge import Pair
from models.clinic.ticket import Errand
from models.clinic.waitlist import WaitlistEntry, Wanted
from models.errors import Stale
from rules.imported_rows import Kind, Verdict
from rules.tickets import TicketKind
from tests.support.people import at, clinic, person, practitioner
from tests.support.queries import wait_for_locks

pytestmark = pytest.mark.both_databases
NOW = utc_now()
Verb = Callable[["Samal"], object]


@dataclass(frozen=True)
class Samal:
    """The clinic, its owner, a practitioner and three cards out of one table, as a transaction has them."""

    own: Organization
    marat: User
    doctor: Practitioner
    cards: list[Patient]
    table: PatientImport

    @classmethod
    def now(cls) -> "Samal":
        own, marat = db.session.scalars(select(Organization)).one(), db.session.scalars(select(User)).one()
        cards = list(db.session.scalars(select(Patient).order_by(Patient.id)))
        doctor = db.session.scalars(select(Practitioner)).one()
        return cls(own, marat, doctor, cards, db.session.scalars(select(PatientImport)).one())


@pytest.fixture
def table(application: Flask) -> Flask:
    """Three cards of one table, committed."""
    with application.app_context():
        own, verdicts = clinic(), [Verdict(Kind.NEW)] * 3
        marat = person("Marat Ospanov", Role.OWNER, own)
        practitioner(own)
        table = PatientImport.begin(own.id, "карты.csv", [], [], marat, NOW)
        table.judged([], verdicts)
        cards = [PreparedCard.of(own.id, PatientDetails(name, "Дана"), NOW) for name in ("Ли", "Ким", "Пак")]
        table.load(LookedAt(table.version, newest_card(own.id)), cards, verdicts, marat, NOW)
        db.session.commit()
    return application


def undo(samal: Samal) -> None:
    ImportUndo(samal.table).undo(samal.table.version, samal.marat, NOW)


def recall(samal: Samal) -> None:
    Recall.plan(samal.cards[0], date(2030, 1, 1), "контроль", samal.marat, NOW)


def wish(samal: Samal) -> None:
    WaitlistEntry.add(samal.own, Wanted(samal.cards[0]), samal.marat, NOW)


def ticket(samal: Samal) -> None:
    QueueTicket.take(samal.own, Errand(TicketKind.VISIT, None, samal.cards[0]), samal.marat, NOW)


def visit(samal: Samal) -> None:
    wanted = Booking(samal.cards[0], samal.doctor, None, at(samal.own, 10), 30)
    Appointment.book(samal.own, wanted, samal.marat, NOW)


def merge(samal: Samal) -> None:
    gone, _between, kept = samal.cards
    PatientMerge.merge(Pair(kept, gone, (kept.version, gone.version)), [], samal.marat, NOW)


def rearrange(samal: Samal) -> None:
    arrange_rooms(samal.own, {samal.doctor: None}, samal.marat, NOW)


def cancel(samal: Samal) -> None:
    visits = list(db.session.scalars(Appointment.of(samal.own.id)))
    day = Day(samal.own, at(samal.own, 10).date())
    cancel_day(day, samal.doctor, visits, CancellationReason.PRACTITIONER, samal.marat, NOW)


def at_another_desk(application: Flask, verb: Verb) -> bool:
    """Whether it was done; what is refused is refused as stale."""
    with application.app_context():
        try:
            verb(Samal.now())
        except Stale:
            return False
        db.session.commit()
        return True


@pytest.fixture
def desks() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as desks:
        yield desks


@pytest.mark.parametrize("verb", [recall, wish, ticket, visit])
def test_of_a_card_that_is_just_going_nothing_is_written(table: Flask, desks: ThreadPoolExecutor, verb: Verb) -> None:
    with table.app_context():
        undo(Samal.now())
        late = desks.submit(at_another_desk, table, verb)
        wait_for_locks()
        db.session.commit()
        assert (late.result(), withdrawn()) == (False, 3)


@pytest.mark.parametrize("verb", [recall, wish, ticket, visit])
def test_a_card_of_which_somebody_is_just_writing_stays(table: Flask, desks: ThreadPoolExecutor, verb: Verb) -> None:
    with table.app_context():
        verb(Samal.now())
        undoing = desks.submit(at_another_desk, table, undo)
        wait_for_locks()
        db.session.commit()
        assert (undoing.result(), withdrawn()) == (True, 2)


@pytest.mark.parametrize(("one", "other"), [(cancel, undo), (cancel, merge), (rearrange, undo)])
def test_who_writes_of_many_never_waits_for_who_waits_for_them(
    table: Flask, desks: ThreadPoolExecutor, one: Verb, other: Verb
) -> None:
    """The day goes from the last card to the first; both wait already when the card between is let go."""
    with table.app_context():
        samal = Samal.now()
        for hour, card in zip((12, 11, 10), samal.cards, strict=True):
            wanted = Booking(card, samal.doctor, None, at(samal.own, hour), 30)
            Appointment.book(samal.own, wanted, samal.marat, NOW)
        db.session.commit()
        db.session.execute(select(Patient.id).filter_by(id=samal.cards[1].id).with_for_update())
        first = desks.submit(at_another_desk, table, one)
        wait_for_locks()
        second = desks.submit(at_another_desk, table, other)
        wait_for_locks(2)
        db.session.commit()
        assert (first.result(), second.result()) == (True, True)


def withdrawn() -> int | None:
    """How many cards the undo took away."""
    db.session.expire_all()
    return db.session.scalars(select(PatientImport.withdrawn)).one()
