"""A day as it was, rebuilt from the history on either database, and never saved."""

from datetime import timedelta

import pytest

from extensions import db
from models.base import utc_now
from models.clinic import Appointment, CancellationReason, Communication
from models.clinic.day import Day
from models.clinic.past import PastDay
from models.clinic.shown_visit import ShownVisit
from rules.booking import Status
from tests.support.people import patient
from tests.support.queries import recorded_queries
from tests.support.visits import Desk

pytestmark = pytest.mark.both_databases

Line = tuple[str, str, str, Status]


def past(samal: Desk, days: int = 0) -> PastDay:
    """The past of tomorrow, or of that many days later."""
    return PastDay(Day(samal.organization, samal.at(10).date() + timedelta(days=days)), [samal.seitqali, samal.kim])


def told(samal: Desk, steps: int | None = None, days: int = 0) -> list[Line]:
    """Patient, practitioner, time and status of the visits after that many events."""
    day = past(samal, days)
    return [_line(samal, visit) for visit in day.visits(day.events()[:steps])]


def _line(samal: Desk, visit: ShownVisit) -> Line:
    clock = f"{visit.interval.start.astimezone(samal.organization.zone):%H:%M}"
    return visit.family_name, visit.doctor_family_name, clock, visit.status


def test_a_visit_is_where_it_was_after_each_step(samal: Desk) -> None:
    now = utc_now()
    visit = samal.book(samal.at(10))
    visit.move(samal.kim, samal.at(12), visit.version, samal.aigerim, now + timedelta(minutes=1))
    visit.become(Status.ARRIVED, visit.version, samal.aigerim, now + timedelta(minutes=2))
    visit.cancel(CancellationReason.PATIENT, visit.version, samal.aigerim, now + timedelta(minutes=3))
    assert [told(samal, steps) for steps in range(5)] == [
        [],
        [("Ахметов", "Сейтқали", "10:00", Status.BOOKED)],
        [("Ахметов", "Ким", "12:00", Status.BOOKED)],
        [("Ахметов", "Ким", "12:00", Status.ARRIVED)],
        [("Ахметов", "Ким", "12:00", Status.CANCELLED)],
    ]
    day = past(samal)
    samal.service.colour = 5
    [arrived] = day.visits(day.events()[:3])
    assert arrived.colour == 5
    assert arrived.status_since == now + timedelta(minutes=2)


def test_a_visit_that_went_to_another_day_is_still_where_it_was(samal: Desk) -> None:
    visit = samal.book(samal.at(10))
    later = samal.at(10) + timedelta(days=3)
    visit.move(samal.seitqali, later, visit.version, samal.aigerim, utc_now() + timedelta(minutes=1))
    assert told(samal, 1) == [("Ахметов", "Сейтқали", "10:00", Status.BOOKED)]
    assert told(samal) == []
    assert (told(samal, 1, days=3), len(told(samal, days=3))) == ([], 1)


def test_a_patient_who_changed_her_name_had_the_former_one(samal: Desk) -> None:
    dana = patient(samal.organization, "Ли", given_name="Дана")
    samal.book(samal.at(10), patient=dana)
    dana.family_name = "Ким"
    assert told(samal) == [("Ли", "Сейтқали", "10:00", Status.BOOKED)]


def test_other_days_and_reminders_are_no_steps_of_this_one(samal: Desk) -> None:
    visit = samal.book(samal.at(10))
    samal.book(samal.at(10) + timedelta(days=5))
    Communication.enqueue(visit, None, utc_now())
    assert len(past(samal).events()) == 1


def test_nothing_of_the_past_is_saved_and_it_costs_four_statements(samal: Desk) -> None:
    for hour in (9, 10, 11):
        samal.book(samal.at(hour))
    db.session.flush()
    day, counted = past(samal), db.select(db.func.count(Appointment.id))
    with recorded_queries(db.engine) as queries:
        events = day.events()
        day.visits(events)
    db.session.commit()
    assert (len(queries), db.session.scalar(counted)) == (4, 3)
