"""Merging two cards of one person, and undoing it within a day."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask

from extensions import db
from models.accounts import User
from models.base import utc_now
from models.clinic import AuditEvent, Deed, Patient, PatientMerge, Recall
from models.clinic.audit import Question
from models.clinic.day_topic import day_topic
from models.clinic.patient_merge import Pair, counts
from models.clinic.patient_search import PatientSearch
from models.clinic.visits import visits_of
from models.errors import Conflict, Stale
from models.live_topic import topic_version
from tests.support.people import patient
from tests.support.visits import Desk

pytestmark = pytest.mark.both_databases


@pytest.fixture
def double(samal: Desk) -> Patient:
    """Bolat's second card, with a visit tomorrow at noon and a recall."""
    second = patient(samal.organization, "Ахметов", phone="8 701 555 04 18", iin="900101300007", note="Глухой")
    samal.book(samal.at(12), patient=second)
    Recall.plan(second, samal.at(9).date(), "контроль", samal.aigerim, utc_now())
    db.session.commit()
    return second


def pair(samal: Desk, second: Patient) -> Pair:
    return Pair(samal.bolat, second, (samal.bolat.version, second.version))


def merge(samal: Desk, second: Patient, *from_second: str) -> PatientMerge:
    done = PatientMerge.merge(pair(samal, second), from_second, samal.aigerim, utc_now())
    db.session.commit()
    return done


def refused(samal: Desk, merge: PatientMerge, later: timedelta = timedelta()) -> None:
    with pytest.raises(Stale):
        merge.undo(samal.aigerim, utc_now() + later)


def found(samal: Desk, typed: str) -> list[Patient]:
    return PatientSearch(samal.organization.id, typed).page(0, 5)


def test_the_kept_card_has_what_both_knew(samal: Desk, double: Patient) -> None:
    assert counts(double)["appointment"] == 1
    merge(samal, double, "phone")
    assert (samal.bolat.phone, samal.bolat.iin, samal.bolat.note) == ("+7 701 555 04 18", "900101300007", "Глухой")
    assert [visit.starts_at for visit in visits_of(samal.bolat, 5)] == [samal.at(12)]
    assert len(Recall.open_for(samal.bolat)) == 1
    assert (found(samal, "ахметов"), found(samal, "900101"), double.merged_into_id) == (
        [samal.bolat],
        [samal.bolat],
        samal.bolat.id,
    )


def test_the_calendar_shows_it_and_both_histories_tell_it(samal: Desk, double: Patient) -> None:
    topic = day_topic(samal.organization.id, samal.at(12).date())
    before = topic_version(topic)
    merge(samal, double)
    assert topic_version(topic) == before + 1
    for card, other in ((samal.bolat, double), (double, samal.bolat)):
        [event] = AuditEvent.page(Question(samal.organization.id, None, Deed.CARDS_MERGED, card.id), None, 5)
        assert event.changes["other_card"] == [None, f"№ {other.id}, Ахметов Болат"]


def test_two_cards_again(samal: Desk, double: Patient) -> None:
    kept, gone = samal.bolat.details, double.details
    done = merge(samal, double, "phone")
    since = samal.book(samal.at(16))
    done.undo(samal.aigerim, utc_now())
    db.session.commit()
    assert (samal.bolat.details, double.details) == (kept, gone)
    assert [visit.starts_at for visit in visits_of(double, 5)] == [samal.at(12)]
    assert visits_of(samal.bolat, 5) == [since]
    assert found(samal, "701555") == [double]
    assert PatientMerge.undoable(samal.bolat, utc_now()) == []
    refused(samal, done)


def test_what_was_written_meanwhile_stays(samal: Desk, double: Patient) -> None:
    done = merge(samal, double, "phone")
    samal.bolat.revise(replace(samal.bolat.details, note="Слышит"), samal.bolat.version, samal.aigerim, utc_now())
    done.undo(samal.aigerim, utc_now())
    assert (samal.bolat.note, samal.bolat.phone) == ("Слышит", "+7 777 123 45 67")


def test_after_a_day_it_is_done(samal: Desk, double: Patient) -> None:
    done = merge(samal, double)
    assert PatientMerge.undoable(samal.bolat, utc_now()) == [done]
    assert PatientMerge.undoable(samal.bolat, utc_now() + timedelta(days=1, minutes=1)) == []
    refused(samal, done, timedelta(days=1, minutes=1))


def test_the_second_number_may_be_a_thirds_by_then(samal: Desk, double: Patient) -> None:
    done = merge(samal, double)
    patient(samal.organization, "Ким", phone="8 701 555 04 18")
    db.session.commit()
    with pytest.raises(Conflict) as refusal:
        done.undo(samal.aigerim, utc_now())
    assert refusal.value.field == "phone"


def test_of_two_who_merge_at_once_the_second_is_told(samal: Desk, double: Patient) -> None:
    seen = pair(samal, double)
    double.revise(replace(double.details, note="Слышит"), double.version, samal.aigerim, utc_now())
    with pytest.raises(Stale):
        PatientMerge.merge(seen, [], samal.aigerim, utc_now())


def test_two_visits_at_one_time_cannot_be_one_persons(samal: Desk, double: Patient) -> None:
    samal.book(samal.at(12), practitioner=samal.kim)
    db.session.commit()
    with pytest.raises(Conflict) as refusal:
        PatientMerge.merge(pair(samal, double), [], samal.aigerim, utc_now())
    assert refusal.value.field == "visits"


def test_of_opposite_mergings_at_once_one_is_told_that_it_was_too_late(app: Flask, samal: Desk) -> None:
    cards, actor = [patient(samal.organization, "Ким").id for _ in range(2)], samal.aigerim.id
    db.session.commit()
    together = Barrier(2)

    def merge(kept: int, gone: int) -> bool:
        with app.app_context():
            who = db.session.get_one(User, actor)
            db.session.rollback()
            together.wait()
            pair = Pair(db.session.get_one(Patient, kept), db.session.get_one(Patient, gone), (1, 1))
            try:
                PatientMerge.merge(pair, [], who, utc_now())
                db.session.commit()
            except Stale:
                return False
            return True

    with ThreadPoolExecutor(2) as two:
        assert sorted(two.map(merge, cards, cards[::-1])) == [False, True]
