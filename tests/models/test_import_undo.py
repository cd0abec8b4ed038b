"""Undoing an import removes the cards that nobody has touched since."""

import pytest
from flask import Flask
from sqlalchemy import select, update

from extensions import db
from models.accounts import Organization, Role, User
from models.base import utc_now
from models.clinic import Appointment, AuditEvent, Deed, Patient, PatientImport, PatientMerge, Recall
from models.clinic.audit import Question
from models.clinic.booking import Booking
from models.clinic.card_batch import PreparedCard
from models.clinic.card_topic import LIST, card_topic, list_topic
from models.clinic.import_undo import EDITED, MERGED, ImportUndo
from models.clinic.patient import PatientDetails
from models.clinic.patient_import import LookedAt, newest_card
from models.clinic.patient_merge import Pair
from models.clinic.patient_search import PatientSearch
from models.errors import Stale
from models.live_topic import touched_parts
from rules.imported_rows import Kind, Verdict
from tests.support.people import at, clinic, patient, person, practitioner

pytestmark = pytest.mark.both_databases
FAMILIES = ("Ли", "Ким", "Пак", "Цой", "Тен")


@pytest.fixture
def samal(app: Flask) -> Organization:
    return clinic()


@pytest.fixture
def marat(samal: Organization) -> User:
    return person("Marat Ospanov", Role.OWNER, samal)


@pytest.fixture
def brought(samal: Organization, marat: User) -> PatientImport:
    """A loaded import of five patients with the same given name, each with a phone."""
    now, verdicts = utc_now(), [Verdict(Kind.NEW)] * len(FAMILIES)
    table = PatientImport.begin(samal.id, "не тот.csv", [], [], marat, now)
    table.judged([], verdicts)
    told = [PatientDetails(name, "Дана", phone=f"8 701 555 04 1{place}") for place, name in enumerate(FAMILIES)]
    cards = [PreparedCard.of(samal.id, details, now) for details in told]
    table.load(LookedAt(table.version, newest_card(samal.id)), cards, verdicts, marat, now)
    db.session.commit()
    return table


def card(family: str) -> Patient:
    return db.session.scalars(select(Patient).filter_by(family_name=family)).one()


def left(organization: Organization) -> list[str]:
    db.session.expire_all()
    return [each.family_name for each in db.session.scalars(Patient.of(organization.id))]


def undo(brought: PatientImport, actor: User) -> None:
    ImportUndo(brought).undo(brought.version, actor, utc_now())
    db.session.commit()


def test_what_nobody_touched_goes_and_reading_is_no_touch(
    samal: Organization, marat: User, brought: PatientImport
) -> None:
    patient(samal, "Ахметов")
    card("Ли").read_by(marat, utc_now())
    db.session.commit()
    asked = ImportUndo(brought)
    assert (asked.going, asked.staying, asked.kept(9)) == (5, 0, [])
    undo(brought, marat)
    assert left(samal) == ["Ахметов"]
    assert (PatientSearch(samal.id, "дана").count, PatientSearch(samal.id, "").count) == (0, 1)
    gone = card("Ли")
    assert (gone.phone, gone.search_text, gone.version, gone.full_name) == (None, "", 2, "Ли Дана")


def test_a_changed_a_merged_an_invited_and_a_booked_card_stay_and_say_why(
    samal: Organization, marat: User, brought: PatientImport
) -> None:
    now = utc_now()
    card("Ли").revise(PatientDetails("Ли", "Дана", note="Лифт"), 1, marat, now)
    Recall.plan(card("Ким"), samal.today(now), "Осмотр", marat, now)
    kept, gone = card("Пак"), patient(samal, "Пакова")
    PatientMerge.merge(Pair(kept, gone, (kept.version, gone.version)), [], marat, now)
    Appointment.book(samal, Booking(card("Цой"), practitioner(samal), None, at(samal, 10), 30), marat, now)
    db.session.commit()
    asked = ImportUndo(brought)
    reasons = {each.card.family_name: each.reasons for each in asked.kept(9)}
    assert reasons == {"Ким": ["recall"], "Ли": [EDITED], "Пак": [MERGED], "Цой": ["appointment"]}
    assert (asked.going, asked.staying) == (1, 4)
    undo(brought, marat)
    assert left(samal) == ["Ким", "Ли", "Пак", "Цой"]
    assert (brought.withdrawn, ImportUndo(brought).staying) == (1, 4)


def test_the_history_tells_of_the_whole_and_of_each_card(
    samal: Organization, marat: User, brought: PatientImport
) -> None:
    undo(brought, marat)
    came = AuditEvent.page(Question(samal.id, deed=Deed.CARD_IMPORTED), None, 9)
    assert {(each.patient and each.patient.family_name, each.changes["family_name"][1]) for each in came} == {
        (family, family) for family in FAMILIES
    }
    [whole] = AuditEvent.page(Question(samal.id, deed=Deed.CARDS_WITHDRAWN), None, 9)
    assert whole.changes == {"file": [None, "не тот.csv"], "withdrawn": [None, "5"], "kept_cards": [None, "0"]}
    each = AuditEvent.page(Question(samal.id, deed=Deed.CARD_WITHDRAWN), None, 9)
    assert {event.patient_id for event in each} == {card(family).id for family in FAMILIES}


def test_the_list_and_a_card_that_somebody_may_have_open_learn_of_it(
    samal: Organization, marat: User, brought: PatientImport
) -> None:
    card("Ли").read_by(marat, utc_now())
    db.session.commit()
    ImportUndo(brought).undo(brought.version, marat, utc_now())
    assert touched_parts(list_topic(samal.id)) == {LIST}
    assert touched_parts(card_topic(samal.id, card("Ли").id))
    assert not touched_parts(card_topic(samal.id, card("Ким").id))


def test_nobody_takes_it_back_twice(samal: Organization, marat: User, brought: PatientImport) -> None:
    version = brought.version
    undo(brought, marat)
    with pytest.raises(Stale):
        ImportUndo(brought).undo(version, marat, utc_now())
    with pytest.raises(Stale):
        ImportUndo(brought).undo(brought.version, marat, utc_now())


def test_a_phone_of_a_card_that_went_is_free_and_the_same_table_can_be_brought_again(
    samal: Organization, marat: User, brought: PatientImport
) -> None:
    undo(brought, marat)
    again = patient(samal, "Ли", given_name="Дана", phone="8 701 555 04 10")
    db.session.commit()
    assert left(samal) == [again.family_name]


def test_nobody_is_booked_whose_card_has_just_gone(samal: Organization, marat: User, brought: PatientImport) -> None:
    li, doctor = card("Ли"), practitioner(samal)
    gone = update(Patient).values(withdrawn_at=utc_now(), version=2)
    db.session.execute(gone, execution_options={"synchronize_session": False})
    with pytest.raises(Stale):
        Appointment.book(samal, Booking(li, doctor, None, at(samal, 10), 30), marat, utc_now())
