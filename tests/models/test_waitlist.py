"""The waiting list and freed times: what is recorded, whom it suits, and one caller at a time."""

from datetime import datetime, timedelta

import pytest

from blueprints.clinic.waitlist_live import freed_state, list_state
from extensions import db
from models.accounts import Role, User
from models.base import utc_now
from models.clinic import AuditEvent, CancellationReason, Deed, FreedTime, WaitlistEntry
from models.clinic.audit import Question
from models.clinic.day import Day
from models.clinic.day_topic import FREED, WAITLIST, waitlist_topic
from models.clinic.waitlist import CLAIM, WaitlistState, Wanted
from models.errors import Stale
from models.live_topic import touched_parts
from rules.booking import Status
from rules.part_of_day import PartOfDay
from tests.support.people import clinic, patient, person
from tests.support.visits import Desk

PATIENT = CancellationReason.PATIENT


@pytest.fixture
def dana(samal: Desk) -> User:
    """The receptionist at the other desk."""
    return person("Dana", Role.RECEPTIONIST, samal.organization)


def wish(samal: Desk, family_name: str = "Оспанова", **wanted: object) -> WaitlistEntry:
    who = patient(samal.organization, family_name)
    return WaitlistEntry.add(samal.organization, Wanted(who, **wanted), samal.aigerim, utc_now())  # type: ignore[arg-type]


def freed(samal: Desk) -> list[tuple[str, datetime]]:
    ahead = db.session.scalars(FreedTime.ahead(samal.organization.id, utc_now()))
    return [(each.practitioner.family_name, each.starts_at) for each in ahead]


def told(samal: Desk) -> list[tuple[str, list[str]]]:
    """Times and names as shown on tomorrow's board."""
    day = Day(samal.organization, samal.at(10).date())
    return [
        (time["clock"], [each["name"] for each in time["entries"]]) for time in freed_state(day, utc_now(), 0)["times"]
    ]


@pytest.mark.both_databases
def test_a_cancelled_visit_frees_its_time_until_somebody_takes_it(samal: Desk) -> None:
    visit = samal.book(samal.at(10))
    visit.cancel(PATIENT, visit.version, samal.aigerim, utc_now())
    assert freed(samal) == [("Сейтқали", samal.at(10))]
    samal.book(samal.at(10, 15), patient=patient(samal.organization, "Ли"))
    assert freed(samal) == []


def test_a_visit_that_moves_away_frees_its_time_and_takes_another(samal: Desk) -> None:
    visit = samal.book(samal.at(10))
    visit.move(samal.kim, samal.at(12), visit.version, samal.aigerim, utc_now())
    assert freed(samal) == [("Сейтқали", samal.at(10))]
    visit.move(samal.seitqali, samal.at(10), visit.version, samal.aigerim, utc_now())
    assert freed(samal) == [("Ким", samal.at(12))]


def test_a_cancellation_that_is_taken_back_frees_nothing(samal: Desk) -> None:
    visit = samal.book(samal.at(10))
    visit.become(Status.NOSHOW, visit.version, samal.aigerim, utc_now())
    assert len(freed(samal)) == 1
    visit.undo(Status.NOSHOW, visit.version, samal.aigerim, utc_now())
    assert freed(samal) == []


def test_no_doctor_and_no_time_left_free_nothing(samal: Desk) -> None:
    ill, night = samal.book(samal.at(10)), samal.book(samal.at(20))
    ill.cancel(CancellationReason.PRACTITIONER, ill.version, samal.aigerim, utc_now())
    night.cancel(PATIENT, night.version, samal.aigerim, utc_now())
    past = samal.book(samal.at(11) - timedelta(days=2))
    past.cancel(PATIENT, past.version, samal.aigerim, utc_now())
    assert freed(samal) == []


@pytest.mark.both_databases
def test_the_board_shows_whom_a_freed_time_suits(samal: Desk) -> None:
    wish(samal, "Ли")
    wish(samal, "Оспанова", is_urgent=True)
    wish(samal, "Цой", practitioner_ids=[samal.kim.id])
    visit = samal.book(samal.at(10))
    visit.cancel(PATIENT, visit.version, samal.aigerim, utc_now())
    assert told(samal) == [("10:00", ["Оспанова Б.", "Ли Б."])]


def test_the_boards_and_the_list_learn_of_it(samal: Desk) -> None:
    visit = samal.book(samal.at(10))
    db.session.commit()
    visit.cancel(PATIENT, visit.version, samal.aigerim, utc_now())
    tomorrow, today = samal.at(10).date(), samal.organization.today(utc_now())
    boards = [Day(samal.organization, day).topic for day in (today, tomorrow)]
    assert all(FREED in touched_parts(topic) for topic in boards)
    db.session.commit()
    wish(samal)
    assert all(FREED in touched_parts(topic) for topic in boards)
    assert touched_parts(waitlist_topic(samal.organization.id)) == {WAITLIST}


@pytest.mark.both_databases
def test_two_never_call_the_same_patient(samal: Desk, dana: User) -> None:
    entry, now = wish(samal), utc_now()
    seen = entry.version
    entry.claim(seen, samal.aigerim, now)
    for version in (seen, entry.version):
        with pytest.raises(Stale):
            entry.claim(version, dana, now)
    [state] = list_state(samal.organization, now, 0)["entries"]
    assert state["caller"] == samal.aigerim.name


def test_a_claim_ends_by_itself_or_by_hand(samal: Desk, dana: User) -> None:
    entry, now = wish(samal), utc_now()
    entry.claim(entry.version, samal.aigerim, now)
    assert not entry.is_claimed(now + CLAIM)
    entry.claim(entry.version, dana, now + CLAIM)
    entry.release(entry.version, dana, now + CLAIM)
    assert not entry.is_claimed(now + CLAIM)


def test_the_booked_visit_ends_the_waiting_and_the_history_tells_it(samal: Desk) -> None:
    entry = wish(samal, "Ли")
    entry.close_by(samal.book(samal.at(10)), samal.aigerim, utc_now())
    assert entry.state is WaitlistState.WAITING
    entry.close_by(samal.book(samal.at(11), patient=entry.patient), samal.aigerim, utc_now())
    assert (entry.state, WaitlistEntry.waiting(samal.organization, utc_now())) == (WaitlistState.BOOKED, [])
    kept = AuditEvent.page(Question(samal.organization.id, patient_id=entry.patient_id), None, 9)
    assert [event.deed for event in kept if event.deed in (Deed.WAITLIST_ADDED, Deed.WAITLIST_SETTLED)] == [
        Deed.WAITLIST_SETTLED,
        Deed.WAITLIST_ADDED,
    ]


def test_whose_last_day_is_over_waits_no_more(samal: Desk) -> None:
    wish(samal, until=samal.organization.today(utc_now()) - timedelta(days=1))
    assert WaitlistEntry.waiting(samal.organization, utc_now()) == []


def test_a_freed_time_is_told_on_the_boards_of_its_day_and_of_today(samal: Desk) -> None:
    wish(samal)
    visit = samal.book(samal.at(10))
    visit.cancel(PATIENT, visit.version, samal.aigerim, utc_now())
    today, own = samal.organization.today(utc_now()), samal.at(10).date()
    boards = [Day(samal.organization, day) for day in (today, own, own + timedelta(days=1))]
    assert [len(freed_state(board, utc_now(), 0)["times"]) for board in boards] == [1, 1, 0]


def test_another_clinics_freed_time_is_nobodys_here(samal: Desk) -> None:
    wish(samal)
    arman = clinic("Клиника «Арман»")
    visit = samal.book(samal.at(10))
    visit.cancel(PATIENT, visit.version, samal.aigerim, utc_now())
    assert WaitlistEntry.beside_freed(arman, utc_now()) == []


@pytest.mark.both_databases
def test_a_wish_is_changed_and_goes_on_waiting(samal: Desk) -> None:
    entry = wish(samal, weekdays=[0])
    since = entry.added_at
    changed = Wanted(samal.bolat, practitioner_ids=[samal.kim.id], weekdays=[4, 1], parts=[PartOfDay.MORNING])
    entry.revise(changed, entry.version, samal.aigerim, utc_now())
    assert (entry.patient, entry.practitioner_ids, entry.weekdays) == (samal.bolat, [samal.kim.id], [1, 4])
    assert entry.added_at == since
    [kept] = AuditEvent.page(Question(samal.organization.id, deed=Deed.WAITLIST_REVISED), None, 9)
    assert kept.changes == {
        "patient": ["Оспанова Болат", "Ахметов Болат"],
        "with_whom": [None, samal.kim.short_name],
        "weekdays": ["0", "1,4"],
        "parts": [None, "morning"],
    }


def test_a_wish_that_is_saved_as_it_was_is_no_deed(samal: Desk) -> None:
    entry = wish(samal, weekdays=[0])
    entry.revise(entry.wanted, entry.version, samal.aigerim, utc_now())
    assert AuditEvent.page(Question(samal.organization.id, deed=Deed.WAITLIST_REVISED), None, 9) == []


def test_who_was_slower_changes_nothing_and_who_was_booked_waits_no_more(samal: Desk, dana: User) -> None:
    entry = wish(samal)
    seen = entry.version
    entry.revise(Wanted(entry.patient, note="после обеда"), seen, dana, utc_now())
    with pytest.raises(Stale):
        entry.revise(Wanted(entry.patient), seen, samal.aigerim, utc_now())
    entry.settle(WaitlistState.BOOKED, entry.version, dana, utc_now())
    with pytest.raises(Stale):
        entry.revise(Wanted(entry.patient), entry.version, samal.aigerim, utc_now())
