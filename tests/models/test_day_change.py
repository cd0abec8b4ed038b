"""A practitioner's whole day at once: the plan, the change, and the undo."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from extensions import db
from models.base import utc_now
from models.clinic import Appointment, AuditEvent, CancellationReason, Deed, JointChange
from models.clinic.appointment import OutOfTurn
from models.clinic.day import Day
from models.clinic.day_change import cancel_day, move_day, places_for, visits_to_settle
from models.clinic.joint_change import UNDO_FOR
from models.errors import Conflict, Stale
from rules.booking import Status
from tests.support.people import patient
from tests.support.visits import Desk

BOTH = pytest.mark.both_databases
NOW = utc_now()


@pytest.fixture
def visits(samal: Desk) -> list[Appointment]:
    """Tomorrow with Seitqali: at nine, at ten, and at eleven with the patient already waiting."""
    made = [samal.book(samal.at(9 + number), patient=patient(samal.organization, f"Ли{number}")) for number in range(3)]
    made[2].become(Status.ARRIVED, made[2].version, samal.aigerim, NOW - timedelta(minutes=10))
    return made


def day(samal: Desk) -> Day:
    return Day(samal.organization, samal.at(10).date())


def cancelled(samal: Desk, visits: list[Appointment]) -> JointChange:
    return cancel_day(day(samal), samal.seitqali, visits, CancellationReason.PRACTITIONER, samal.aigerim, NOW)


def moved(samal: Desk, visits: list[Appointment]) -> JointChange:
    found = places_for(visits, samal.kim, samal.at(10).date(), NOW)
    moves = {visit: booking for visit, booking in found.items() if booking}
    return move_day(day(samal), samal.seitqali, moves, samal.aigerim, NOW)


def test_those_still_to_be_seen_are_settled(samal: Desk, visits: list[Appointment]) -> None:
    visits[0].become(Status.CHECKED_IN, visits[0].version, samal.aigerim, NOW)
    samal.book(samal.at(12), practitioner=samal.kim)
    assert visits_to_settle(day(samal), samal.seitqali, NOW) == visits[1:]
    assert visits_to_settle(day(samal), samal.seitqali, samal.at(20)) == visits[2:]


@BOTH
def test_everybody_is_cancelled_and_everything_comes_back(samal: Desk, visits: list[Appointment]) -> None:
    change = cancelled(samal, visits)
    assert {visit.status for visit in visits} == {Status.CANCELLED}
    change.undo(samal.aigerim, NOW + timedelta(seconds=40))
    assert [visit.status for visit in visits] == [Status.BOOKED, Status.BOOKED, Status.ARRIVED]
    assert visits[2].status_since == NOW - timedelta(minutes=10)
    assert visits[2].history()[0].at == NOW + timedelta(seconds=40)
    deeds = select(AuditEvent.deed, AuditEvent.changes).where(
        AuditEvent.deed.in_([Deed.DAY_CANCELLED, Deed.DAY_RESTORED])
    )
    assert [(deed, changes["visits"]) for deed, changes in db.session.execute(deeds)] == [
        (Deed.DAY_CANCELLED, [None, "3"]),
        (Deed.DAY_RESTORED, [None, "3"]),
    ]


@BOTH
def test_everybody_goes_to_another_practitioner_and_comes_back(samal: Desk, visits: list[Appointment]) -> None:
    change = moved(samal, visits)
    assert [visit.practitioner for visit in visits] == [samal.kim] * 3
    assert [visit.starts_at for visit in visits] == [samal.at(9), samal.at(10), samal.at(11)]
    change.undo(samal.aigerim, NOW)
    assert [visit.practitioner for visit in visits] == [samal.seitqali] * 3
    assert visits[2].status is Status.ARRIVED


def test_one_who_stood_over_another_comes_back_there(samal: Desk, visits: list[Appointment]) -> None:
    over = samal.overbook(samal.at(9), patient=patient(samal.organization, "Оспанова"))
    moved(samal, [*visits[1:], over]).undo(samal.aigerim, NOW)
    assert (over.practitioner, over.starts_at, over.overbooked) == (samal.seitqali, samal.at(9), True)


def test_who_finds_their_hour_taken_stands_near_it(samal: Desk, visits: list[Appointment]) -> None:
    samal.book(samal.at(9), practitioner=samal.kim, minutes=60, patient=patient(samal.organization, "Оспанова"))
    found = places_for(visits, samal.kim, samal.at(10).date(), NOW)
    starts = [booking.starts_at if booking else None for booking in found.values()]
    assert starts == [samal.at(8, 30), samal.at(10), samal.at(11)]


def test_who_can_keep_their_hour_keeps_it(samal: Desk, visits: list[Appointment]) -> None:
    samal.book(samal.at(8), practitioner=samal.kim, minutes=120, patient=patient(samal.organization, "Оспанова"))
    found = places_for(visits, samal.kim, samal.at(10).date(), NOW)
    starts = [booking.starts_at if booking else None for booking in found.values()]
    assert starts == [samal.at(10, 30), samal.at(10), samal.at(11)]


def test_who_finds_no_room_stays(samal: Desk, visits: list[Appointment]) -> None:
    for hour, minutes in ((8, 300), (14, 210)):
        samal.book(
            samal.at(hour), practitioner=samal.kim, minutes=minutes, patient=patient(samal.organization, f"Тен{hour}")
        )
    found = places_for(visits, samal.kim, samal.at(10).date(), NOW)
    assert [booking.starts_at if booking else None for booking in found.values()] == [samal.at(17, 30), None, None]
    moved(samal, visits)
    assert [visit.practitioner for visit in visits] == [samal.kim, samal.seitqali, samal.seitqali]


def test_a_day_moves_to_another_day_of_the_same_practitioner(samal: Desk, visits: list[Appointment]) -> None:
    on = samal.at(10).date() + timedelta(days=3)
    found = places_for(visits, samal.seitqali, on, NOW)
    assert [booking.starts_at - visit.starts_at for visit, booking in found.items() if booking] == [
        timedelta(days=3)
    ] * 3
    assert places_for([], samal.seitqali, on, NOW) == {}


def test_it_is_taken_back_once_and_within_a_minute(samal: Desk, visits: list[Appointment]) -> None:
    change = cancelled(samal, visits)
    with pytest.raises(OutOfTurn):
        change.undo(samal.aigerim, NOW + UNDO_FOR + timedelta(seconds=1))
    change.undo(samal.aigerim, NOW)
    with pytest.raises(OutOfTurn):
        change.undo(samal.aigerim, NOW)


def test_what_somebody_changed_since_is_not_overwritten(samal: Desk, visits: list[Appointment]) -> None:
    change = moved(samal, visits)
    visits[0].confirm(visits[0].version, samal.aigerim, NOW)
    with pytest.raises(Stale):
        change.undo(samal.aigerim, NOW)


@BOTH
def test_a_time_that_was_given_away_refuses_the_way_back(samal: Desk, visits: list[Appointment]) -> None:
    change = cancelled(samal, visits)
    samal.book(samal.at(10), patient=patient(samal.organization, "Оспанова"))
    db.session.commit()
    with pytest.raises(Conflict):
        change.undo(samal.aigerim, NOW)
    db.session.rollback()
    assert visits[0].status is Status.CANCELLED
