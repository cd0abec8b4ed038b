"""A patient's card: storage, comparison, search, and who is told of a change."""

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier

import pytest
from flask import Flask

from extensions import db
from models.accounts import Organization, Role
from models.base import utc_now
from models.clinic import Appointment, Patient, PatientImport
from models.clinic.booking import Booking
from models.clinic.card_batch import PreparedCard, register_many
from models.clinic.day_topic import day_topic
from models.clinic.patient import PatientDetails
from models.clinic.patient_search import PatientSearch
from models.errors import Conflict, Stale
from models.live_topic import parts_newer_than, topic_version, touched_parts
from rules.iin import Sex
from tests.support.people import at, clinic, patient, person, practitioner

BOTH = pytest.mark.both_databases


@pytest.fixture
def samal(app: Flask) -> Organization:
    return clinic()


def refused(organization: Organization, **details: str) -> str:
    """Registers one more patient, which must be refused; returns the conflicting field."""
    with pytest.raises(Conflict) as refusal:
        patient(organization, "Сатпаев", **details)
    db.session.rollback()
    return refusal.value.field


def names_of(organization: Organization, typed: str) -> list[str]:
    return [found.family_name for found in PatientSearch(organization.id, typed).page(0, 50)]


@BOTH
@pytest.mark.parametrize("typed", ["8 777 123-45-67", "87771234567", "7771234567", "+7(777)123-45-67"])
def test_one_phone_however_it_is_typed_belongs_to_one_patient(samal: Organization, typed: str) -> None:
    patient(samal, phone="+7 777 123 45 67")
    db.session.commit()
    assert refused(samal, phone=typed) == "phone"


@BOTH
@pytest.mark.parametrize("phone", ["", "123", "45-67-89"])
def test_two_patients_may_have_no_phone_or_the_same_short_one(samal: Organization, phone: str) -> None:
    first, second = patient(samal, phone=phone), patient(samal, "Сатпаев", phone=phone)
    assert (first.phone or "", first.phone_key) == (phone, None)
    assert first.id != second.id


def test_a_phone_is_kept_as_people_read_it(samal: Organization) -> None:
    assert patient(samal, phone="87771234567").phone == "+7 777 123 45 67"


def test_another_clinic_may_know_the_same_phone_and_iin(samal: Organization) -> None:
    ours = patient(samal, phone="+7 777 123 45 67", iin="900101300007")
    theirs = patient(clinic("Клиника «Арман»"), phone="8 777 123 45 67", iin="900101300007")
    assert (theirs.phone_key, theirs.iin) == (ours.phone_key, ours.iin)


@BOTH
@pytest.mark.parametrize(("first", "second"), [("900101300007", "900101 300007"), ("000000000000", "000000-000000")])
def test_an_iin_belongs_to_one_patient_be_it_valid_or_not(samal: Organization, first: str, second: str) -> None:
    patient(samal, iin=first)
    db.session.commit()
    assert refused(samal, iin=second) == "iin"


def test_a_wrong_iin_is_kept_and_written_to_the_log(samal: Organization, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "tablo.clinic"):
        bolat = patient(samal, iin="900101300008")
    assert bolat.iin == "900101300008"
    assert caplog.messages == [f"IIN validation error: checksum, patient {bolat.id}"]


def test_a_wrong_iin_out_of_a_table_is_written_to_the_log_too(
    samal: Organization, caplog: pytest.LogCaptureFixture
) -> None:
    numbers, marat = ("900101300008", "900101300007", ""), person("Marat", Role.OWNER, samal)
    told = [PatientDetails("Ли", "Дана", iin=iin) for iin in numbers]
    brought = PatientImport.begin(samal.id, "пациенты.csv", [], [], marat, utc_now())
    brought.judged([], [])
    register_many([PreparedCard.of(samal.id, details, utc_now()) for details in told], brought.id, marat, utc_now())
    doubtful = db.session.scalars(Patient.of(samal.id).filter_by(iin=numbers[0])).one()
    assert caplog.messages == [f"IIN validation error: checksum, patient {doubtful.id}"]


def test_the_log_is_silent_about_a_valid_iin(samal: Organization, caplog: pytest.LogCaptureFixture) -> None:
    patient(samal, iin="900101300007")
    assert caplog.messages == []


def test_a_card_may_be_saved_with_its_own_phone_and_iin(samal: Organization) -> None:
    bolat = patient(samal, phone="+7 777 123 45 67", iin="900101300007")
    bolat.revise(replace(bolat.details, note="Говорит по-казахски"), bolat.version, None, utc_now())
    assert bolat.note == "Говорит по-казахски"


def test_a_phone_that_is_wiped_out_is_free_for_others(samal: Organization) -> None:
    bolat = patient(samal, phone="+7 777 123 45 67")
    bolat.revise(replace(bolat.details, phone=""), bolat.version, None, utc_now())
    assert (bolat.phone, bolat.phone_key) == (None, None)
    patient(samal, "Сатпаев", phone="+7 777 123 45 67")


@BOTH
def test_a_card_cannot_take_the_phone_of_another(samal: Organization) -> None:
    patient(samal, phone="+7 777 123 45 67")
    dana = patient(samal, "Сатпаева")
    db.session.commit()
    with pytest.raises(Conflict) as refusal:
        dana.revise(replace(dana.details, phone="8 777 123 45 67"), dana.version, None, utc_now())
    assert refusal.value.field == "phone"


def test_a_card_that_changed_meanwhile_is_not_overwritten(samal: Organization) -> None:
    bolat = patient(samal)
    seen = bolat.version
    bolat.revise(replace(bolat.details, note="Айгерим"), seen, None, utc_now())
    with pytest.raises(Stale):
        bolat.revise(replace(bolat.details, note="Дана"), seen, None, utc_now())
    assert bolat.note == "Айгерим"


@BOTH
@pytest.mark.parametrize(
    "typed",
    [
        *("кожах", "ҚОЖАХ", "әлия кожах", "алия", "нургали"),
        *("777 123", "7771234", "8777123", "45-67"),
        *("950517", "400004", "17.05.1995", "1995"),
        *("  ", "кож 777 1995"),
    ],
)
def test_any_fragment_of_name_phone_iin_and_birth_date_finds(samal: Organization, typed: str) -> None:
    patient(
        samal,
        "Қожахметова",
        given_name="Әлия",
        middle_name="Нұрғалиқызы",
        phone="+7 777 123 45 67",
        birth_date=date(1995, 5, 17),
        iin="950517400004",
    )
    assert names_of(samal, typed) == ["Қожахметова"]


@BOTH
@pytest.mark.parametrize("typed", ["иванов", "кожах иван", "%", "777 124", "_", "\x00кожахметова2"])
def test_what_does_not_fit_finds_nobody(samal: Organization, typed: str) -> None:
    patient(samal, "Қожахметова", phone="+7 777 123 45 67")
    assert names_of(samal, typed) == []


def test_nobody_finds_another_clinics_patients(samal: Organization) -> None:
    patient(clinic("Клиника «Арман»"), "Қожахметова")
    assert names_of(samal, "кожах") == []


@BOTH
def test_patients_stand_in_the_order_of_the_kazakh_alphabet(samal: Organization) -> None:
    for family_name in ("Үсенов", "Бекова", "Қалиева", "Әбілов", "Ким", "Абаев", "Усенов", "Ёлкин", "Ермеков"):
        patient(samal, family_name)
    expected = ["Абаев", "Әбілов", "Бекова", "Ермеков", "Ёлкин", "Ким", "Қалиева", "Усенов", "Үсенов"]
    assert [found.family_name for found in db.session.scalars(Patient.of(samal.id))] == expected


def test_the_holder_of_a_phone_is_found_as_it_is_typed(samal: Organization) -> None:
    bolat = patient(samal, phone="+7 777 123 45 67")
    assert Patient.holding(samal.id, "phone", "8 777 123-45-67") is bolat
    assert Patient.holding(samal.id, "phone", "8 777 123-45-67", other_than=bolat.id) is None
    assert Patient.holding(samal.id, "phone", "123") is None


def test_a_card_comes_back_as_it_was_filled_in(samal: Organization) -> None:
    filled = PatientDetails("Ли", "Дана", "", "123", date(2001, 5, 23), "12", Sex.FEMALE, "Заметка\nв две строки")
    dana = Patient.register(samal.id, filled, None, utc_now())
    db.session.commit()
    assert dana.details == filled


def test_a_new_name_reaches_the_calendar_from_today_on(samal: Organization) -> None:
    now, aigerim = utc_now(), person("Aigerim", Role.RECEPTIONIST, None)
    bolat, doctor, today = patient(samal), practitioner(samal), samal.today(utc_now())
    days = {offset: today + timedelta(days=offset) for offset in (-1, 0, 3)}
    for day in days.values():
        booking = Booking(bolat, doctor, None, at(samal, 10, day=day), 30)
        Appointment.book(samal, booking, aigerim, now)
    db.session.commit()
    before = {offset: topic_version(day_topic(samal.id, day)) for offset, day in days.items()}
    bolat.revise(replace(bolat.details, family_name="Омаров"), bolat.version, None, now)
    db.session.commit()
    touched = {
        offset: sorted(part for part, _version, _due in parts_newer_than(day_topic(samal.id, day), before[offset]))
        for offset, day in days.items()
    }
    shown = [f"column/{doctor.id}", "rail"]
    assert touched == {-1: [], 0: shown, 3: shown}


@BOTH
@pytest.mark.parametrize("typed", ["-", "...", "№ , !", "%", "+"])
def test_signs_alone_find_nobody(samal: Organization, typed: str) -> None:
    patient(samal)
    assert names_of(samal, typed) == []


def resembling(organization: Organization, family: str, given: str, born: date | None = None) -> list[str]:
    return [card.full_name for card in Patient.resembling(organization.id, family, given, born)]


@BOTH
@pytest.mark.parametrize(
    ("family", "given"),
    [("Кожахметова", "Алия"), ("қожахметова", "ӘЛИЯ"), ("Әлия", "Қожахметова"), (" Кожахметова", "Алия ")],
)
def test_a_second_card_of_the_same_person_is_noticed(samal: Organization, family: str, given: str) -> None:
    patient(samal, "Қожахметова", given_name="Әлия", birth_date=date(1995, 5, 17))
    assert resembling(samal, family, given) == ["Қожахметова Әлия"]
    assert resembling(samal, family, given, date(1995, 5, 17)) == ["Қожахметова Әлия"]


@BOTH
def test_namesakes_of_another_age_and_longer_names_are_others(samal: Organization) -> None:
    patient(samal, "Ким", given_name="Дана", birth_date=date(1990, 1, 13))
    patient(samal, "Ким", given_name="Данара")
    assert resembling(samal, "Ким", "Дана", date(2001, 5, 23)) == []
    assert resembling(samal, "Ким", "Дана") == ["Ким Дана"]
    assert resembling(samal, "Ким", "") == []
    assert resembling(clinic("Клиника «Арман»"), "Ким", "Дана") == []


@BOTH
def test_a_form_sent_twice_makes_one_card(samal: Organization) -> None:
    details = PatientDetails("Ким", "Дана")
    dana = Patient.register(samal.id, details, None, utc_now(), "one-form")
    db.session.commit()
    with pytest.raises(Conflict) as refusal:
        Patient.register(samal.id, details, None, utc_now(), "one-form")
    db.session.rollback()
    assert refusal.value.field == "once_key"
    assert Patient.registered_once(samal.id, "one-form") == dana
    assert Patient.registered_once(samal.id, "") is None


@BOTH
def test_a_child_is_found_by_its_mothers_phone_and_leads_to_her_card(samal: Organization) -> None:
    mother = patient(samal, "Ахметова", given_name="Сәуле", phone="+7 777 123 45 67")
    child = patient(samal, "Ахметов", contact_name="мама", contact_phone="8 777 123 45 67")
    assert names_of(samal, "7771234567") == ["Ахметов", "Ахметова"]
    assert names_of(samal, "8777123") == ["Ахметов", "Ахметова"]
    assert (child.contact_card, mother.family) == (mother, [child])
    assert (mother.contact_card, child.family) == (None, [])


@BOTH
def test_a_mothers_new_phone_is_her_childs_too(samal: Organization) -> None:
    mother = patient(samal, "Ахметова", given_name="Сәуле", phone="+7 777 123 45 67")
    child = patient(samal, "Ахметов", contact_phone="8 777 123 45 67")
    mother.revise(replace(mother.details, phone="8 701 555 04 18"), mother.version, None, utc_now())
    assert (child.contact_phone, child.contact_card) == ("+7 701 555 04 18", mother)
    assert names_of(samal, "701 555") == ["Ахметов", "Ахметова"]


@BOTH
def test_a_contact_without_a_card_is_only_called(samal: Organization) -> None:
    child = patient(samal, "Ахметов", contact_name="опекун", contact_phone="8 701 555 04 18")
    assert (child.contact_phone, child.contact_card) == ("+7 701 555 04 18", None)
    other = patient(samal, "Ким", contact_phone="8 701 555 04 18")
    assert other.contact_phone == child.contact_phone


def test_forms_over_the_boards_are_told_that_a_number_was_given_away(samal: Organization) -> None:
    def is_told() -> bool:
        told = "cards" in touched_parts(day_topic(samal.id, samal.today(utc_now())))
        db.session.commit()
        return told

    aida = patient(samal, "Аида")
    assert not is_told()
    aida.revise(replace(aida.details, phone="8 777 123 45 67"), aida.version, None, utc_now())
    assert is_told()
    aida.revise(replace(aida.details, family_name="Аидова"), aida.version, None, utc_now())
    assert not is_told()
    patient(samal, "Сатпаев", iin="900101300007")
    assert is_told()


@BOTH
def test_of_two_who_answer_for_each_other_one_is_changed_at_a_time(app: Flask, samal: Organization) -> None:
    husband = patient(samal, phone="8 777 123 45 67", contact_phone="8 701 555 04 18").id
    wife = patient(samal, phone="8 701 555 04 18", contact_phone="8 777 123 45 67").id
    db.session.commit()
    together = Barrier(2)

    def call_from(number: int, phone: str) -> bool:
        with app.app_context():
            together.wait()
            card = db.session.get_one(Patient, number)
            try:
                card.revise(replace(card.details, phone=phone), 1, None, utc_now())
                db.session.commit()
            except Stale:
                return False
            return True

    with ThreadPoolExecutor(2) as two:
        said = two.map(call_from, (husband, wife), ("8 702 000 00 01", "8 702 000 00 02"))
        assert sorted(said) == [False, True]
