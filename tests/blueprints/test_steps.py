"""The steps of a visit over HTTP, from the arrival to the end, and the undo of each."""

import re
from datetime import datetime, time

from werkzeug.test import TestResponse

from extensions import db
from models.base import utc_now
from models.clinic import Appointment, CancellationReason
from rules.booking import Status
from tests.support.page import PageClient
from tests.support.people import patient
from tests.support.visits import Desk, on_board

TAKEN = "Это время уже занято"


def step(client: PageClient, visit: Appointment, noun: str, **changes: object) -> TestResponse:
    return client.post(f"/appointments/{visit.id}/{noun}", data={"version": visit.version, **changes})


def test_the_day_goes_its_way_and_each_step_can_be_taken_back(desk_client: PageClient, visit: Appointment) -> None:
    for noun, status in (
        ("confirmation", Status.BOOKED),
        ("arrival", Status.ARRIVED),
        ("admission", Status.CHECKED_IN),
        ("completion", Status.FULFILLED),
        ("completion/undo", Status.CHECKED_IN),
        ("admission/undo", Status.ARRIVED),
        ("arrival/undo", Status.BOOKED),
        ("confirmation/undo", Status.BOOKED),
        ("absence", Status.NOSHOW),
        ("absence/undo", Status.BOOKED),
    ):
        assert step(desk_client, visit, noun).status_code == 303, noun
        db.session.refresh(visit)
        assert visit.status is status, noun
    assert visit.confirmed_at is None


def test_the_likeliest_step_of_another_days_visit_is_no_arrival(
    desk_client: PageClient, samal: Desk, visit: Appointment
) -> None:
    assert likeliest_step(desk_client, visit) == "confirmation"
    step(desk_client, visit, "confirmation")
    assert likeliest_step(desk_client, visit) == ""
    visit.starts_at, visit.ends_at = (
        datetime.combine(samal.organization.today(utc_now()), time(hour), samal.organization.zone) for hour in (10, 11)
    )
    db.session.commit()
    assert likeliest_step(desk_client, visit) == "arrival"


def likeliest_step(client: PageClient, visit: Appointment) -> str:
    """The step that Enter takes on the visit's card."""
    found = re.search(r'formaction="[^"]*/(\w+)"[^>]* autofocus', client.get(f"/appointments/{visit.id}").text)
    return found[1] if found else ""


def test_a_step_is_also_taken_back_by_delete(desk_client: PageClient, visit: Appointment) -> None:
    step(desk_client, visit, "arrival")
    db.session.refresh(visit)
    answer = desk_client.delete(f"/appointments/{visit.id}/arrival?version={visit.version}")
    db.session.refresh(visit)
    assert (answer.status_code, visit.status) == (303, Status.BOOKED)


def test_a_step_on_the_board_is_answered_with_its_way_back(
    desk_client: PageClient, samal: Desk, visit: Appointment
) -> None:
    data = {"version": visit.version}
    answer = desk_client.post(f"/appointments/{visit.id}/arrival", data=data, headers=on_board(samal))
    db.session.refresh(visit)
    assert "Ещё не приходил" in answer.text
    assert f'hx-post="/appointments/{visit.id}/arrival/undo"' in answer.text
    assert f'{{"version": "{visit.version}"}}' in answer.text


def test_a_step_on_an_old_page_is_refused(desk_client: PageClient, visit: Appointment) -> None:
    assert step(desk_client, visit, "arrival", version=visit.version + 1).status_code == 409
    assert step(desk_client, visit, "arrival", version="x").status_code == 409
    db.session.refresh(visit)
    assert visit.status is Status.BOOKED


def test_a_step_out_of_turn_is_refused(desk_client: PageClient, visit: Appointment) -> None:
    assert step(desk_client, visit, "completion").status_code == 409
    assert step(desk_client, visit, "arrival/undo").status_code == 409


def test_a_cancellation_needs_a_reason(desk_client: PageClient, visit: Appointment) -> None:
    assert "Отказался пациент" in desk_client.get(f"/appointments/{visit.id}/cancellation").text
    answer = step(desk_client, visit, "cancellation")
    assert answer.status_code == 422
    assert "Выберите причину." in answer.text
    assert step(desk_client, visit, "cancellation", reason="boredom").status_code == 422
    assert step(desk_client, visit, "cancellation", reason="pat").status_code == 303
    db.session.refresh(visit)
    assert (visit.status, visit.cancellation_reason) == (Status.CANCELLED, CancellationReason.PATIENT)


def test_a_cancelled_visit_comes_back_unless_its_time_was_given_away(
    desk_client: PageClient, samal: Desk, visit: Appointment
) -> None:
    visit.cancel(CancellationReason.PATIENT, visit.version, samal.aigerim, utc_now())
    taker = samal.book(samal.at(10), patient=patient(samal.organization, "Ли"))
    answer = step(desk_client, visit, "cancellation/undo")
    assert answer.status_code == 409
    assert TAKEN in answer.text
    taker.cancel(CancellationReason.PATIENT, taker.version, samal.aigerim, utc_now())
    assert step(desk_client, visit, "cancellation/undo").status_code == 303
