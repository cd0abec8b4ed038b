"""The owner's totals: by week in local time, by practitioner, and equal on both databases."""

from datetime import date, datetime, timedelta

import pytest

from extensions import db
from models.base import utc_now
from models.clinic import Appointment, CancellationReason
from models.clinic.booking import Booking
from models.clinic.day_topic import monday_of
from models.clinic.report import Report, Tally
from rules.booking import Status
from tests.support.people import at, patient
from tests.support.queries import recorded_queries
from tests.support.visits import Desk

pytestmark = pytest.mark.both_databases

WEEK = timedelta(days=7)
# Every practitioner of the tests works nine hours on each day of the week.
OPEN_MINUTES = 7 * 9 * 60


def last_monday(samal: Desk) -> date:
    return monday_of(samal.organization.today(utc_now())) - WEEK


def sums(samal: Desk, weeks: int = 1) -> dict[tuple[int, date], Tally]:
    doctors = [samal.seitqali, samal.kim]
    return Report(samal.organization, doctors, last_monday(samal) - WEEK * (weeks - 1), weeks).cells()


def visit(samal: Desk, start: datetime, **changes: object) -> Appointment:
    """Books a visit a week in advance."""
    wanted = samal.booking(start, **changes)
    assert isinstance(wanted, Booking)
    return Appointment.book(samal.organization, wanted, samal.aigerim, start - WEEK)


def seen(samal: Desk, start: datetime, waited: int = 10, **changes: object) -> Appointment:
    done = visit(samal, start, **changes)
    for status, minute in ((Status.ARRIVED, -waited), (Status.CHECKED_IN, 0), (Status.FULFILLED, 25)):
        done.become(status, done.version, samal.aigerim, start + timedelta(minutes=minute))
    return done


def test_a_week_is_summed_for_each_practitioner(samal: Desk) -> None:
    monday, dana = last_monday(samal), patient(samal.organization, "Ли", given_name="Дана")
    seen(samal, at(samal.organization, 10, day=monday), waited=4)
    seen(samal, at(samal.organization, 10, day=monday + timedelta(days=3)), waited=16, patient=dana, minutes=60)
    missed = visit(samal, at(samal.organization, 12, day=monday))
    missed.become(Status.NOSHOW, missed.version, samal.aigerim, utc_now())
    gone = visit(samal, at(samal.organization, 15, day=monday))
    gone.cancel(CancellationReason.PATIENT, gone.version, samal.aigerim, utc_now())
    tally = sums(samal)[samal.seitqali.id, monday]
    assert tally == Tally(3, 2, 1, 120, OPEN_MINUTES, 2, 20, 2)
    assert (tally.missed_share, tally.wait) == (1 / 3, 10)
    assert tally.load == pytest.approx(120 / OPEN_MINUTES)
    assert sums(samal)[samal.kim.id, monday] == Tally(open_minutes=OPEN_MINUTES)


def test_nobody_waited_and_nothing_was_missed_where_there_was_nobody(samal: Desk) -> None:
    assert (Tally().load, Tally().missed_share, Tally().wait) == (None, None, None)


def test_weeks_before_the_clinics_first_visit_were_not_empty_but_unknown(samal: Desk) -> None:
    monday = last_monday(samal)
    seen(samal, at(samal.organization, 10, day=monday))
    told = sums(samal, weeks=2)
    assert (told[samal.kim.id, monday - WEEK].load, told[samal.kim.id, monday].load) == (None, 0)


def test_a_week_ends_at_midnight_on_the_clinics_clock(samal: Desk) -> None:
    monday = last_monday(samal)
    visit(samal, at(samal.organization, 23, 40, day=monday - timedelta(days=1)), minutes=15)
    visit(samal, at(samal.organization, 0, 10, day=monday), minutes=15)
    told = sums(samal, weeks=2)
    assert [told[samal.seitqali.id, week].visits for week in (monday - WEEK, monday)] == [1, 1]


def test_the_week_in_which_almaty_put_its_clocks_back_ends_an_hour_later(samal: Desk) -> None:
    """At midnight of 1 March 2024 it was 23:00 again."""
    monday, leap = date(2024, 2, 26), date(2024, 2, 29)
    for day, hour, minute in (
        (monday, 0, 0),
        (leap, 23, 0),
        (monday + timedelta(days=6), 23, 40),
        (monday + WEEK, 0, 0),
    ):
        visit(samal, at(samal.organization, hour, minute, day=day), minutes=15)
    visit(samal, at(samal.organization, 23, 40, day=leap).replace(fold=1), minutes=15)
    told = Report(samal.organization, [samal.seitqali, samal.kim], monday - WEEK, 3).cells()
    weeks = [told.get((samal.seitqali.id, monday + WEEK * number), Tally()) for number in (-1, 0, 1)]
    assert [(week.visits, week.booked_minutes) for week in weeks] == [(0, 0), (4, 60), (1, 15)]
    assert weeks[1].open_minutes == OPEN_MINUTES


def test_only_the_first_visit_of_all_makes_a_patient_new(samal: Desk) -> None:
    monday = last_monday(samal)
    seen(samal, at(samal.organization, 10, day=monday - WEEK), practitioner=samal.kim)
    seen(samal, at(samal.organization, 10, day=monday))
    told = sums(samal, weeks=2)
    assert told[samal.kim.id, monday - WEEK].first == 1
    assert told[samal.seitqali.id, monday].first == 0


def test_whoever_was_sent_back_to_wait_waited_from_the_beginning(samal: Desk) -> None:
    start = at(samal.organization, 10, day=last_monday(samal))
    back = visit(samal, start)
    for status, minute in ((Status.ARRIVED, -10), (Status.CHECKED_IN, 0)):
        back.become(status, back.version, samal.aigerim, start + timedelta(minutes=minute))
    back.undo(Status.CHECKED_IN, back.version, samal.aigerim, start + timedelta(minutes=1))
    back.become(Status.CHECKED_IN, back.version, samal.aigerim, start + timedelta(minutes=5))
    tally = sums(samal)[samal.seitqali.id, last_monday(samal)]
    assert (tally.waits, tally.waited_minutes) == (1, 10)


def test_half_a_year_costs_as_many_statements_as_a_week(samal: Desk) -> None:
    seen(samal, at(samal.organization, 10, day=last_monday(samal)))
    db.session.flush()
    counts = []
    for weeks in (1, 26):
        with recorded_queries(db.engine) as queries:
            sums(samal, weeks)
        counts.append(len(queries))
    assert counts == [6, 6]
