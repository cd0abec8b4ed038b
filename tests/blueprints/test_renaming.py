"""Whoever calls a doctor, a service or a room otherwise changes every open page that names it."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from app import live_store
from extensions import db
from models.accounts import Role
from models.base import utc_now
from models.clinic import Practitioner, Room
from models.clinic.arrangement import update_room
from models.clinic.card_topic import card_topic
from models.clinic.service import Terms
from models.clinic.staff import Person, revise_practitioner, revise_service
from models.live_topic import topic_version
from tests.support.cards import pushed_part
from tests.support.page import PageClient
from tests.support.people import clinic, patient, person, sign_in
from tests.support.stream import Stream, stream_address
from tests.support.visits import Desk

Rename = Callable[[Desk], None]


def named(doctor: Practitioner, **changes: object) -> Person:
    known = Person(doctor.family_name, doctor.given_name, "", doctor.speciality, doctor.user_id)
    return replace(known, **changes)  # type: ignore[arg-type]


def rename_doctor(samal: Desk) -> None:
    """Seitqali marries."""
    revise_practitioner(
        samal.organization, samal.seitqali, named(samal.seitqali, family_name="Нұрланова"), samal.aigerim, utc_now()
    )
    db.session.commit()


def rename_service(samal: Desk) -> None:
    revise_service(samal.organization, samal.service, Terms("ЭКГ покоя", 30, 0), samal.aigerim, utc_now())
    db.session.commit()


def rename_room(samal: Desk) -> None:
    room = samal.seitqali.room
    assert room
    update_room(samal.organization, room, "217-б", True, samal.aigerim, utc_now())
    db.session.commit()


RENAMES = [(rename_doctor, "Нұрланова"), (rename_service, "ЭКГ покоя"), (rename_room, "217-б")]


@pytest.fixture
def seated(samal: Desk) -> Desk:
    """Seitqali has a room."""
    samal.seitqali.room = Room.add(samal.organization.id, "12", samal.aigerim, utc_now())
    return samal


def pushed(stream: Stream) -> str:
    return "\n".join(event.data for event in stream.next_events())


@pytest.mark.parametrize(("rename", "name"), RENAMES)
def test_a_card_with_a_visit_names_them_anew(
    app: Flask, desk_client: PageClient, seated: Desk, rename: Rename, name: str
) -> None:
    seated.book(seated.at(10))
    db.session.commit()
    address = f"/patients/{seated.bolat.id}"
    with closing(Stream(desk_client, stream_address(desk_client.get(address).text))) as card:
        rename(seated)
        visits = pushed_part(pushed(card), "visits")
    assert name in visits
    assert visits in desk_client.get(address).text


@pytest.mark.parametrize("ahead", [0, 50])
@pytest.mark.parametrize(("rename", "name"), RENAMES)
def test_a_board_names_them_anew_however_far_ahead_it_is(
    app: Flask, desk_client: PageClient, seated: Desk, rename: Rename, name: str, ahead: int
) -> None:
    start = seated.at(10) + timedelta(days=ahead)
    seated.book(start)
    db.session.commit()
    address = f"/schedule/{start.date()}"
    with closing(Stream(desk_client, stream_address(desk_client.get(address).text))) as board:
        rename(seated)
        assert name in pushed(board)


@pytest.mark.parametrize(("rename", "name"), [RENAMES[0], RENAMES[2]])
def test_a_doctors_week_and_own_list_are_headed_anew(
    app: Flask, client: PageClient, seated: Desk, rename: Rename, name: str
) -> None:
    gulnar = person("Gulnar", Role.PRACTITIONER, seated.organization)
    seated.seitqali.user_id = gulnar.id
    db.session.commit()
    sign_in(client, gulnar)
    with closing(Stream(client, stream_address(client.get("/schedule/own").text))) as own:
        rename(seated)
        [_, head] = pushed(own).split('<hx-partial hx-target="#who" hx-swap="outerMorph">')
    assert name in head.split("</hx-partial>")[0]
    assert head.split("</hx-partial>")[0] in client.get("/schedule/own").text
    week = client.get(f"/schedule/weeks/{seated.at(10).date()}", follow_redirects=True).text
    assert "Нұрланова" in week or name == "217-б"


@pytest.mark.both_databases
def test_only_cards_that_are_open_today_and_in_this_clinic_are_touched(app: Flask, samal: Desk) -> None:
    arman = clinic("Клиника «Арман»")
    cards = [patient(arman, "Ли"), samal.bolat, patient(samal.organization, "Оспанова"), patient(arman, "Ким")]
    topics = [card_topic(card.organization_id, card.id) for card in cards]
    db.session.commit()
    store = live_store(app.extensions["registry"])
    for topic, opened_at in zip(topics[:3], (utc_now(), utc_now(), utc_now() - timedelta(days=3)), strict=True):
        store.plan(topic, opened_at)
    before = [topic_version(topic) for topic in topics]
    rename_doctor(samal)
    assert [topic_version(topic) for topic in topics] == [before[0], before[1] + 1, *before[2:]]
