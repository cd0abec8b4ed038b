"""Without scripts, the page that follows a form says that it succeeded, and names nobody in the cookie that says so."""

from collections.abc import Callable

import pytest

from models.base import utc_now
from models.clinic import QueueTicket, Recall
from models.clinic.ticket import Errand
from rules.tickets import TicketKind
from tests.blueprints.test_appointments import typed
from tests.support.page import PageClient
from tests.support.visits import Desk

Sent = tuple[str, dict[str, object]]


def a_booking(samal: Desk) -> Sent:
    return "/appointments", typed(samal)


def a_series(samal: Desk) -> Sent:
    return "/series", typed(samal, weeks=1, times=3)


def a_cancelled_visit(samal: Desk) -> Sent:
    visit = samal.book(samal.at(10))
    return f"/appointments/{visit.id}/cancellation", {"version": visit.version, "reason": "pat"}


def a_confirmed_visit(samal: Desk) -> Sent:
    visit = samal.book(samal.at(10))
    return f"/appointments/{visit.id}/confirmation", {"version": visit.version}


def a_ticket(samal: Desk) -> Sent:
    return "/tickets", {"errand": samal.seitqali.id}


def a_called_ticket(samal: Desk) -> Sent:
    ticket = QueueTicket.take(samal.organization, Errand(TicketKind.VISIT, samal.seitqali), samal.aigerim, utc_now())
    return f"/tickets/{ticket.id}/call", {"version": ticket.version}


def a_settled_recall(samal: Desk) -> Sent:
    recall = Recall.plan(samal.bolat, samal.at(10).date(), "", samal.aigerim, utc_now())
    return f"/recalls/{recall.id}/call", {"version": recall.version}


@pytest.mark.parametrize(
    ("form", "words"),
    [
        (a_booking, "Записано"),
        (a_series, "Записано: 3 приёма"),
        (a_cancelled_visit, "Запись отменена"),
        (a_confirmed_visit, "Подтвердил, что придёт."),
        (a_ticket, "Талон А01. Сейтқали Г."),
        (a_called_ticket, "Талон А01. Вызван: Сейтқали Г."),
        (a_settled_recall, "Отмечено."),
    ],
)
def test_the_next_page_says_it(desk_client: PageClient, samal: Desk, form: Callable[[Desk], Sent], words: str) -> None:
    address, data = form(samal)
    answer = desk_client.post(address, data=data)
    assert answer.status_code == 303
    with desk_client.session_transaction() as session:
        assert "Ахметов" not in str(session)
    page = desk_client.get(answer.location).text
    assert f"<b>{words}</b>" in page.split('id="toasts"')[1]
    assert words not in desk_client.get(answer.location).text.split('id="toasts"')[1]
