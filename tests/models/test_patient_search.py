"""The search while typing finds the same as the plain one, in the same order, without counting many matches."""

from dataclasses import replace
from random import Random

import pytest
from flask import Flask
from sqlalchemy import delete, insert

from extensions import db
from models.accounts import Organization
from models.base import utc_now
from models.clinic import Patient
from models.clinic.patient_search import MOST, SOON_MET, PatientSearch
from tests.support.people import clinic, patient

pytestmark = pytest.mark.both_databases


@pytest.fixture
def samal(app: Flask) -> Organization:
    """A clinic with three patients, and another one with the same people."""
    for organization in (clinic("Клиника «Арман»"), samal := clinic()):
        patient(organization, "Қожахметова", given_name="Әлия", phone="+7 777 640 18 25", iin="950517400004")
        patient(organization, "Ли", given_name="Я", phone="123")
        patient(organization, "Щёголев", given_name="Яков", contact_phone="8 777 640 18 25")
    return samal


def found(organization: Organization, typed: str) -> list[str]:
    shown = PatientSearch(organization.id, typed).page(0, 50)
    assert PatientSearch(organization.id, typed).first(1) == shown[:1]
    return [card.full_name for card in shown]


def test_every_fragment_of_a_card_finds_what_the_plain_search_finds(samal: Organization) -> None:
    texts = [card.search_text for card in db.session.scalars(Patient.of(samal.id))]
    fragments = {text[place : place + size] for text in texts for size in (1, 2, 3, 5) for place in range(len(text))}
    for fragment in sorted(fragments)[::4]:
        plain = [card.full_name for card in db.session.scalars(Patient.matching(samal.id, fragment))]
        if fragment.strip():
            assert (fragment, found(samal, fragment)) == (fragment, plain)


@pytest.mark.parametrize("typed", ["ъ", "w", "щъ", "ww", "щео", "ли яков", "я 9505174000041", '"', "OR", "*"])
def test_what_is_in_no_card_finds_nobody(samal: Organization, typed: str) -> None:
    assert found(samal, typed) == []
    assert PatientSearch(samal.id, typed).count == 0


@pytest.mark.parametrize("typed", ["я", "ли я", "я 3", "ко го", "1 2 3 ли"])
def test_one_letter_and_two_find_as_well_as_more(samal: Organization, typed: str) -> None:
    plain = [card.full_name for card in db.session.scalars(Patient.matching(samal.id, typed))]
    assert found(samal, typed) == plain
    assert plain


def test_a_changed_card_is_found_by_what_it_says_now(samal: Organization) -> None:
    yakov = PatientSearch(samal.id, "щёг").page(0, 1)[0]
    yakov.revise(replace(yakov.details, family_name="Бура"), yakov.version, None, utc_now())
    assert (found(samal, "щег"), found(samal, "щ"), found(samal, "бур")) == ([], [], ["Бура Яков"])


def test_a_card_that_is_gone_is_found_no_more(samal: Organization) -> None:
    db.session.execute(insert(Patient), [{**row_of(samal), "sort_key": "1"}])
    assert found(samal, "оспан") == ["Оспанов Ян"]
    db.session.execute(delete(Patient).where(Patient.search_text.startswith("оспанов")))
    assert (found(samal, "оспан"), found(samal, "7")) == ([], ["Қожахметова Әлия", "Щёголев Яков"])


def test_a_crowd_is_not_counted_and_still_stands_in_order(samal: Organization) -> None:
    crowd = [{**row_of(samal), "sort_key": f"{number:05d}"} for number in range(SOON_MET)]
    db.session.execute(insert(Patient), crowd)
    everybody, crowded = PatientSearch(samal.id, ""), PatientSearch(samal.id, "оспан 7")
    assert (everybody.count, everybody.is_crowd) == (SOON_MET + 3, False)
    assert (crowded.count, crowded.is_crowd) == (MOST, True)
    assert [card.sort_key for card in crowded.page(90, 20)] == [f"{number:05d}" for number in range(90, 100)]
    assert (found(samal, "оспан щег"), found(samal, "щег 77")) == ([], ["Щёголев Яков"])


@pytest.mark.parametrize(("many", "counted", "is_crowd"), [(MOST, MOST, False), (MOST + 1, MOST, True)])
def test_up_to_a_hundred_are_counted_of_more_the_first_hundred_are_shown(
    samal: Organization, many: int, counted: int, is_crowd: bool
) -> None:
    same = [{**row_of(samal), "sort_key": f"{number:05d}"} for number in range(many)]
    db.session.execute(insert(Patient), same)
    for typed in ("оспан 7", "ос"):
        search = PatientSearch(samal.id, typed)
        assert (search.count, search.is_crowd) == (counted, is_crowd)
        assert [card.sort_key for card in search.page(90, 20)] == [f"{number:05d}" for number in range(90, 100)]


def test_who_is_not_soon_met_is_found_too(samal: Organization) -> None:
    """Beside them «77» is in nobody's card, and «о» in very many."""
    names = ["7", *["9"] * SOON_MET]
    early = [{**row_of(samal), "sort_key": f"{number:05d}"} for number in range(SOON_MET)]
    late = [{**row_of(samal), "search_text": "яшин ян 8705", "sort_key": name} for name in names]
    db.session.execute(insert(Patient), [*early, *late])
    for typed in ("яши", "яш 87", "ян 8705", "яшин о", "87 яш"):
        search = PatientSearch(samal.id, typed)
        found = (0, False, []) if typed == "яшин о" else (MOST, True, ["7", "9"])
        assert (search.count, search.is_crowd, [card.sort_key for card in search.page(0, 2)]) == found


def test_the_first_few_are_those_of_the_first_page_wherever_they_stand(samal: Organization) -> None:
    early = [{**row_of(samal), "sort_key": f"{number:05d}"} for number in range(SOON_MET - 1)]
    db.session.execute(insert(Patient), early)
    for typed in ("оспан", "кожахм", "640", ""):
        search = PatientSearch(samal.id, typed)
        assert (typed, search.first(2)) == (typed, search.page(0, 2))
    assert PatientSearch(samal.id, "...").first(2) == []


def test_the_longest_name_of_the_rarest_letters_finds_room_in_the_index(samal: Organization) -> None:
    chance = Random(1)
    names = ["".join(map(chr, chance.choices(range(0x20000, 0x2A6D0), k=100))) for _ in range(3)]
    patient(samal, names[0], given_name=names[1], middle_name=names[2], phone="+7 777 640 18 26")
    assert found(samal, names[2]) == [" ".join(names)]


def row_of(organization: Organization) -> dict[str, object]:
    """A card's row in the database."""
    names = {"family_name": "Оспанов", "given_name": "Ян", "middle_name": "", "note": ""}
    searched = {"search_text": "оспанов ян 77771234567", "registered_at": utc_now(), "version": 1}
    return {"organization_id": organization.id, **names, **searched}
