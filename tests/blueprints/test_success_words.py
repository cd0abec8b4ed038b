"""Without scripts, the page that follows a form says that it succeeded, and names nobody in the cookie that says so."""

import re
from collections.abc import Callable

import pytest

from models.base import utc_now
from models.clinic import AvailabilityException, QueueTicket, Recall
from models.clinic.availability import Departure, ExceptionKind
from models.clinic.ticket import Errand
from rules.booking import Interval
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


def a_visit_moved_out_of_an_absence(samal: Desk) -> Sent:
    visit, away = samal.book(samal.at(10)), Interval(samal.at(9), samal.at(12))
    absence = Departure(ExceptionKind.CLOSED, samal.seitqali, away)
    marked = AvailabilityException.mark(samal.organization, absence, samal.aigerim, utc_now())
    start = f"{samal.at(10).date()}T16:00"
    return f"/absences/{marked.id}/moves", {"visit": visit.id, "version": visit.version, "start": start}


def an_arrival_marked_on_the_card(samal: Desk) -> Sent:
    visit = samal.book(samal.at(10))
    return f"/appointments/{visit.id}/arrival", {"version": visit.version, "from": "card"}


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
        (a_visit_moved_out_of_an_absence, r"Перенесено: \d+ \w+, 16:00–16:30"),
        (an_arrival_marked_on_the_card, "Пришёл и ждёт."),
    ],
)
def test_the_next_page_says_it(desk_client: PageClient, samal: Desk, form: Callable[[Desk], Sent], words: str) -> None:
    address, data = form(samal)
    answer = desk_client.post(address, data=data)
    assert answer.status_code == 303
    with desk_client.session_transaction() as session:
        assert "Ахметов" not in str(session)
    first, second = (desk_client.get(answer.location).text.split('id="toasts"')[1] for _ in range(2))
    assert re.search(f"<b>{words}</b>", first)
    assert not re.search(words, second)


def test_who_marks_the_arrival_on_a_card_stays_there(desk_client: PageClient, samal: Desk) -> None:
    address, data = an_arrival_marked_on_the_card(samal)
    card = f"/patients/{samal.bolat.id}"
    assert 'name="from" value="card"' in desk_client.get(card).text
    assert desk_client.post(address, data=data).location == card
