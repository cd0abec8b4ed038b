"""Tickets over HTTP: taken in two presses, called, and inaccessible to others."""

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from extensions import db
from models.accounts import Role
from models.base import utc_now
from models.clinic import Appointment, CancellationReason, QueueTicket
from models.clinic.ticket import Errand
from rules.booking import Status
from rules.tickets import TicketKind, TicketState
from tests.support.page import PageClient
from tests.support.people import clinic, patient, person, sign_in
from tests.support.visits import Desk


@pytest.fixture
def ticket(samal: Desk) -> QueueTicket:
    """For any doctor."""
    return QueueTicket.take(samal.organization, Errand(TicketKind.VISIT), samal.aigerim, utc_now())


def on_todays_board(samal: Desk) -> dict[str, str]:
    today = samal.organization.today(utc_now())
    return {"HX-Request": "true", "HX-Current-URL": f"http://localhost/schedule/{today}"}


def step(client: PageClient, ticket: QueueTicket, noun: str, **changes: object) -> TestResponse:
    return client.post(f"/tickets/{ticket.id}/{noun}", data={"version": ticket.version, **changes})


def test_a_ticket_is_taken_in_two_presses(desk_client: PageClient, samal: Desk) -> None:
    headers = on_todays_board(samal)
    assert samal.kim.short_name in desk_client.get("/tickets/new", headers=headers).text
    answer = desk_client.post("/tickets", data={"errand": samal.kim.id}, headers=headers)
    assert "А01" in answer.text
    assert 'hx-target="#rail"' in answer.text
    assert "/slip" in answer.text


def test_without_scripts_it_leads_to_its_own_page(desk_client: PageClient) -> None:
    answer = desk_client.post("/tickets", data={"errand": "desk"})
    assert answer.status_code == 303
    text = desk_client.get(answer.location).text
    assert "М01" in text
    assert "справки, документы" in text


def test_from_a_card_it_carries_the_patient(desk_client: PageClient, samal: Desk) -> None:
    assert "Ахметов Болат" in desk_client.get(f"/tickets/new?patient={samal.bolat.id}").text
    desk_client.post("/tickets", data={"errand": "tests", "patient": samal.bolat.id})
    [taken] = QueueTicket.open_on(samal.organization.id, samal.organization.today(utc_now()))
    assert taken.patient_id == samal.bolat.id


@pytest.mark.parametrize("errand", ["", "lunch", "999999", "٣"])
def test_a_ticket_for_nothing_is_refused(desk_client: PageClient, samal: Desk, errand: str) -> None:
    assert desk_client.post("/tickets", data={"errand": errand}).status_code == 422
    assert QueueTicket.open_on(samal.organization.id, samal.organization.today(utc_now())) == []


def test_one_for_any_doctor_is_called_to_somebody(desk_client: PageClient, samal: Desk, ticket: QueueTicket) -> None:
    assert step(desk_client, ticket, "call").status_code == 422
    assert step(desk_client, ticket, "call", practitioner=samal.kim.id).status_code == 303
    db.session.refresh(ticket)
    assert (ticket.state, ticket.practitioner) == (TicketState.CALLED, samal.kim)
    board = desk_client.get(f"/schedule/{ticket.day}").text
    assert "Принят: талон А01" in board


def test_steps_go_on_and_back(desk_client: PageClient, samal: Desk) -> None:
    ticket = QueueTicket.take(samal.organization, Errand(TicketKind.DESK), samal.aigerim, utc_now())
    for noun, state in (
        ("call", TicketState.CALLED),
        ("skip", TicketState.SKIPPED),
        ("return", TicketState.WAITING),
        ("call", TicketState.CALLED),
        ("service", TicketState.SERVED),
    ):
        assert step(desk_client, ticket, noun).status_code == 303, noun
        db.session.refresh(ticket)
        assert ticket.state is state, noun
        assert ticket.code in desk_client.get(f"/tickets/{ticket.id}").text


def test_who_is_late_is_told_and_sees_the_queue(desk_client: PageClient, samal: Desk, ticket: QueueTicket) -> None:
    data = {"version": ticket.version + 1}
    answer = desk_client.post(f"/tickets/{ticket.id}/skip", data=data, headers=on_todays_board(samal))
    assert answer.status_code == 409
    assert "Уже отмечено" in answer.text
    assert 'hx-target="#rail"' in answer.text


def test_the_slip_names_nobody(desk_client: PageClient, samal: Desk, ticket: QueueTicket) -> None:
    ticket.patient = samal.bolat
    text = desk_client.get(f"/tickets/{ticket.id}/slip").text
    assert "А01" in text
    assert "Вы следующий" in text
    assert "Ахметов" not in text


def test_a_practitioner_only_looks(client: PageClient, samal: Desk, ticket: QueueTicket) -> None:
    sign_in(client, person("Gulnar", Role.PRACTITIONER, samal.organization))
    text = client.get(f"/tickets/{ticket.id}").text
    assert "Ушёл" not in text
    assert step(client, ticket, "skip").status_code == 403
    assert client.get("/tickets/new").status_code == 403
    assert client.post("/tickets", data={"errand": "desk"}).status_code == 403


def test_the_owner_does_as_the_desk_does(client: PageClient, samal: Desk, ticket: QueueTicket) -> None:
    sign_in(client, person("Marat", Role.OWNER, samal.organization))
    assert step(client, ticket, "skip").status_code == 303


def test_another_clinics_ticket_is_not_there(app: Flask, client: PageClient, ticket: QueueTicket) -> None:
    sign_in(client, person("Dina", Role.OWNER, clinic("Клиника «Арман»")))
    assert client.get(f"/tickets/{ticket.id}").status_code == 404
    assert client.get(f"/tickets/{ticket.id}/slip").status_code == 404
    assert step(client, ticket, "skip").status_code == 404


def test_others_are_asked_in_and_other_methods_refused(client: PageClient, samal: Desk, ticket: QueueTicket) -> None:
    assert client.get("/tickets/new").location.startswith("/sign-in")
    sign_in(client, samal.aigerim)
    assert client.get("/tickets").status_code == 405
    assert client.get(f"/tickets/{ticket.id}/skip").status_code == 405


def wanted(samal: Desk, ticket: QueueTicket, **changes: object) -> dict[str, object]:
    """A booking of Bolat with Kim at the present time, from the ticket."""
    now = utc_now().astimezone(samal.organization.zone)
    return {
        "patient": samal.bolat.id,
        "practitioner": samal.kim.id,
        "date": f"{now:%Y-%m-%d}",
        "time": f"{now.hour:02d}:{now.minute // 5 * 5:02d}",
        "minutes": 5,
        "outside": "y",
        "ticket": ticket.id,
        **changes,
    }


def test_a_ticket_becomes_a_visit_and_a_ticket_again(desk_client: PageClient, samal: Desk, ticket: QueueTicket) -> None:
    assert f'href="/tickets/{ticket.id}/visit"' in desk_client.get(f"/tickets/{ticket.id}").text
    form = desk_client.get(f"/tickets/{ticket.id}/visit").text
    assert f'name="ticket" type="hidden" value="{ticket.id}"' in form
    answer = desk_client.post("/appointments", data=wanted(samal, ticket), headers=on_todays_board(samal))
    [visit] = db.session.scalars(Appointment.of(samal.organization.id))
    assert (visit.status, visit.status_since) == (Status.ARRIVED, ticket.taken_at)
    assert "талон А01" in answer.text
    assert "Записан на приём по талону" in desk_client.get(f"/tickets/{ticket.id}").text
    undo = f"/tickets/{ticket.id}/visit/undo"
    assert f'hx-post="{undo}" hx-vals=\'{{"version": "{visit.version}"}}\'' in answer.text
    assert desk_client.post(undo, data={"version": visit.version - 1}).status_code == 409
    assert desk_client.post(undo, data={"version": visit.version}).status_code == 303
    db.session.refresh(ticket)
    assert ticket.state is TicketState.WAITING
    assert desk_client.post(undo).status_code == 404


def test_the_card_of_who_was_booked_leads_back_to_the_queue(
    desk_client: PageClient, samal: Desk, ticket: QueueTicket
) -> None:
    desk_client.post("/appointments", data=wanted(samal, ticket))
    [visit] = db.session.scalars(Appointment.of(samal.organization.id))
    visit.cancel(CancellationReason.PRACTITIONER, visit.version, samal.aigerim, utc_now())
    db.session.commit()
    assert f'href="/tickets/{ticket.id}"' in desk_client.get(f"/appointments/{visit.id}").text
    text = desk_client.get(f"/tickets/{ticket.id}").text
    assert "Вернуть в очередь" in text
    assert samal.bolat.full_name in text
    assert f'name="version" value="{visit.version}"' in text
    answer = desk_client.post(f"/tickets/{ticket.id}/visit/undo", data={"version": visit.version})
    assert answer.status_code == 303
    assert samal.bolat.full_name not in desk_client.get(f"/tickets/{ticket.id}").text


def test_of_two_desks_that_book_by_one_ticket_one_is_asked_again(
    desk_client: PageClient, samal: Desk, ticket: QueueTicket
) -> None:
    assert desk_client.post("/appointments", data=wanted(samal, ticket)).status_code == 303
    other = patient(samal.organization, "Ли")
    twice = wanted(samal, ticket, patient=other.id, practitioner=samal.seitqali.id)
    answer = desk_client.post("/appointments", data=twice, headers=on_todays_board(samal))
    assert answer.status_code == 409
    assert "Талон уже отметили" in answer.text
    assert 'name="ticket" type="hidden" value=""' in answer.text
    assert len(db.session.scalars(Appointment.of(samal.organization.id)).all()) == 1


def test_only_the_desk_of_this_clinic_books_by_a_ticket(client: PageClient, samal: Desk, ticket: QueueTicket) -> None:
    sign_in(client, person("Gulnar", Role.PRACTITIONER, samal.organization))
    assert client.get(f"/tickets/{ticket.id}/visit").status_code == 403
    assert client.post(f"/tickets/{ticket.id}/visit/undo").status_code == 403
    sign_in(client, person("Dina", Role.OWNER, clinic("Клиника «Арман»")))
    assert client.get(f"/tickets/{ticket.id}/visit").status_code == 404
    assert client.post(f"/tickets/{ticket.id}/visit/undo").status_code == 404
    assert client.get(f"/tickets/{ticket.id}/visit/undo").status_code == 405
