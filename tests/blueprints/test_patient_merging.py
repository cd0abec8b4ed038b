"""Merging two cards of one person and undoing it, by those who have the right."""

import re

import pytest
from flask import Flask

from extensions import db
from models.accounts import Role
from models.base import utc_now
from models.clinic import Patient, Recall
from tests.support.page import PageClient
from tests.support.people import clinic, patient, person, sign_in
from tests.support.visits import Desk


@pytest.fixture
def double(samal: Desk) -> Patient:
    """Bolat's second card with another phone and a recall."""
    second = patient(samal.organization, "Ахметов", phone="8 701 555 04 18", note="Глухой")
    Recall.plan(second, samal.at(9).date(), "", samal.aigerim, utc_now())
    return second


def address(samal: Desk, double: Patient) -> str:
    return f"/patients/{samal.bolat.id}/second-cards/{double.id}"


def versions(samal: Desk, double: Patient) -> dict[str, str]:
    return {"kept_version": str(samal.bolat.version), "gone_version": str(double.version)}


def test_the_second_card_is_offered_by_name_and_found_by_phone(
    desk_client: PageClient, samal: Desk, double: Patient
) -> None:
    patient(samal.organization, "Омарова", phone="8 705 000 11 22")
    card = desk_client.get(f"/patients/{samal.bolat.id}").text
    assert f'href="/patients/{samal.bolat.id}/second-cards"' in card
    offered = desk_client.get(f"/patients/{samal.bolat.id}/second-cards").text
    assert address(samal, double) in offered
    assert "Омарова" not in offered
    assert "Омарова" in desk_client.get(f"/patients/{samal.bolat.id}/second-cards?q=000+11").text


def test_both_stand_side_by_side_before_anything_is_done(desk_client: PageClient, samal: Desk, double: Patient) -> None:
    text = desk_client.get(address(samal, double)).text
    assert re.findall(r'<input type="radio" name="(\w+)" value="(\w+)"', text) == [("phone", "kept"), ("phone", "gone")]
    assert "1 приглашение" in text
    assert "Глухой" in text


def test_they_become_one_card_and_two_again(desk_client: PageClient, samal: Desk, double: Patient) -> None:
    kept, gone = samal.bolat.id, double.id
    done = desk_client.post(address(samal, double), data={**versions(samal, double), "phone": "gone"})
    assert (done.status_code, done.location) == (303, f"/patients/{kept}")
    card = desk_client.get(f"/patients/{kept}").text
    assert "+7 701 555 04 18" in card
    assert f"Сюда вошла карта № {gone}" in card
    assert desk_client.get(f"/patients/{gone}").location == f"/patients/{kept}"
    [undo] = re.findall(r'action="(/patient-merges/\d+/parting)"', card)
    assert desk_client.post(undo).location == f"/patients/{kept}"
    assert "+7 701 555 04 18" in desk_client.get(f"/patients/{gone}").text
    assert desk_client.post(undo).status_code == 409


def test_the_history_of_a_card_that_is_gone_can_still_be_read(
    app: Flask, desk_client: PageClient, samal: Desk, double: Patient
) -> None:
    desk_client.post(address(samal, double), data=versions(samal, double))
    owner = app.test_client()
    sign_in(owner, person("Marat Ospanov", Role.OWNER, samal.organization))
    assert "Карты объединены" in owner.get(f"/history?patient={double.id}").text


def test_a_card_that_was_changed_meanwhile_is_shown_anew(desk_client: PageClient, samal: Desk, double: Patient) -> None:
    answer = desk_client.post(address(samal, double), data={**versions(samal, double), "gone_version": "77"})
    assert answer.status_code == 409
    assert "только что изменили" in answer.text
    assert desk_client.get(f"/patients/{double.id}").status_code == 200


def test_two_visits_at_one_time_are_told(desk_client: PageClient, samal: Desk, double: Patient) -> None:
    samal.book(samal.at(12))
    samal.book(samal.at(12), patient=double, practitioner=samal.kim)
    answer = desk_client.post(address(samal, double), data=versions(samal, double))
    assert (answer.status_code, "на одно и то же время" in answer.text) == (409, True)


@pytest.mark.parametrize("other", ["itself", "nobody", "a stranger"])
def test_only_two_cards_of_the_clinic_become_one(desk_client: PageClient, samal: Desk, other: str) -> None:
    stranger = patient(clinic("Клиника «Арман»"), "Ахметов")
    number = {"itself": samal.bolat.id, "nobody": 9999, "a stranger": stranger.id}[other]
    for ask in (desk_client.get, desk_client.post):
        assert ask(f"/patients/{samal.bolat.id}/second-cards/{number}").status_code == 404


def test_a_practitioner_reads_and_does_not_merge(app: Flask, samal: Desk, double: Patient) -> None:
    reader = app.test_client()
    sign_in(reader, person("Gulnar", Role.PRACTITIONER, samal.organization))
    assert "second-cards" not in reader.get(f"/patients/{samal.bolat.id}").text
    assert reader.get(f"/patients/{samal.bolat.id}/second-cards").status_code == 403
    assert reader.post(address(samal, double)).status_code == 403
    assert reader.post("/patient-merges/1/parting").status_code == 403


def test_another_clinics_merging_is_not_there(
    app: Flask, desk_client: PageClient, samal: Desk, double: Patient
) -> None:
    desk_client.post(address(samal, double), data=versions(samal, double))
    stranger = app.test_client()
    sign_in(stranger, person("Dina", Role.OWNER, clinic("Клиника «Арман»")))
    assert stranger.post("/patient-merges/1/parting").status_code == 404
    assert stranger.get("/patient-merges/1/parting").status_code == 405
    db.session.rollback()
