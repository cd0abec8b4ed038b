"""Series: booked together, then changed and cancelled alone, from one on, or all future visits."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from extensions import db
from models.base import utc_now
from models.clinic import Appointment, AppointmentSeries, AuditEvent, CancellationReason, Deed
from models.clinic.occurrences import occurrences
from models.clinic.series import Scope, blocked_others, cancel_visits, companions, revise_visits
from models.errors import Conflict, Stale
from rules.booking import Status
from rules.recurrence import Recurrence
from tests.support.people import patient
from tests.support.visits import Desk

BOTH = pytest.mark.both_databases
NOW = utc_now()
WEEK = timedelta(weeks=1)


@pytest.fixture
def visits(samal: Desk) -> list[Appointment]:
    """Bolat at ten, four weeks in a row, tomorrow first."""
    return planned(samal, samal.at(10))


def planned(samal: Desk, first: datetime, times: int = 4) -> list[Appointment]:
    rule = Recurrence(1, frozenset({first.weekday()}), times=times)
    bookings = [samal.booking(first + number * WEEK) for number in range(times)]
    return AppointmentSeries.plan(samal.organization, rule, bookings, samal.aigerim, NOW)


def at(samal: Desk, visits: list[Appointment]) -> list[str]:
    zone = samal.organization.zone
    first = samal.at(0).date()
    local = [each.starts_at.astimezone(zone) for each in visits]
    return [f"+{(each.date() - first).days} {each:%H:%M}" for each in local]


def revise(samal: Desk, visit: Appointment, scope: Scope, **changes: object) -> list[Appointment]:
    booking = replace(visit.elsewhere(visit.practitioner, visit.starts_at), **changes)  # type: ignore[arg-type]
    return revise_visits(visit, booking, scope, visit.version, samal.aigerim, NOW)


@BOTH
def test_a_series_is_visits_like_any_others(samal: Desk, visits: list[Appointment]) -> None:
    assert at(samal, visits) == ["+0 10:00", "+7 10:00", "+14 10:00", "+21 10:00"]
    series = AppointmentSeries.of_visit(visits[2])
    assert series
    assert series.visits() == visits
    assert series.days == [samal.at(10).weekday()]
    noted = db.session.scalars(select(AuditEvent).filter_by(deed=Deed.SERIES_PLANNED)).one()
    assert noted.changes == {"visits": [None, "4"]}


@BOTH
def test_of_a_series_that_meets_somebody_nothing_is_booked(samal: Desk) -> None:
    samal.book(samal.at(10) + WEEK, patient=patient(samal.organization, "Ли"))
    db.session.commit()
    with pytest.raises(Conflict):
        planned(samal, samal.at(10))
    db.session.rollback()
    assert db.session.scalars(select(Appointment)).one().series_id is None
    assert db.session.scalars(select(AppointmentSeries)).all() == []


def test_each_date_says_what_is_in_its_way_and_what_is_free(samal: Desk) -> None:
    samal.book(samal.at(10) + WEEK, patient=patient(samal.organization, "Ли"))
    samal.book(samal.at(10) + 2 * WEEK, practitioner=samal.kim)
    wanted = [samal.booking(samal.at(10) + number * WEEK) for number in range(3)]
    wanted.append(samal.booking(samal.at(13) + 3 * WEEK))
    found = occurrences(samal.organization, wanted, NOW)
    assert [each.trouble for each in found] == ["", "time", "patient", "closed"]
    assert found[1].offers[0] == samal.at(10, 30) + WEEK
    assert found[3].offers[0] == samal.at(12, 30) + 3 * WEEK


def test_what_ends_just_before_is_taken_too(samal: Desk) -> None:
    samal.book(samal.at(9, 30), patient=patient(samal.organization, "Ли"))
    samal.book(samal.at(10), minutes=60, patient=patient(samal.organization, "Оспанова"))
    [found] = occurrences(samal.organization, [samal.booking(samal.at(10))], NOW)
    assert found.offers == (samal.at(11), samal.at(9), samal.at(11, 15))


def test_when_a_day_is_full_the_next_one_is_offered(samal: Desk) -> None:
    for hours, minutes in ((8, 300), (14, 240)):
        samal.book(samal.at(hours), minutes=minutes, patient=patient(samal.organization, f"Ли{hours}"))
    [found] = occurrences(samal.organization, [samal.booking(samal.at(10))], NOW)
    assert found.offers[0].date() == samal.at(0).date() + timedelta(days=1)


@BOTH
@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (Scope.ONE, ["+0 10:00", "+7 11:00", "+14 10:00", "+21 10:00"]),
        (Scope.FOLLOWING, ["+0 10:00", "+7 11:00", "+14 11:00", "+21 11:00"]),
        (Scope.ALL, ["+0 11:00", "+7 11:00", "+14 11:00", "+21 11:00"]),
    ],
)
def test_a_change_of_the_hour_reaches_as_far_as_it_is_said(
    samal: Desk, visits: list[Appointment], scope: Scope, expected: list[str]
) -> None:
    revise(samal, visits[1], scope, starts_at=samal.at(11) + WEEK)
    assert at(samal, visits) == expected


@BOTH
@pytest.mark.parametrize("days", [1, -1, 7])
def test_a_series_moves_by_days_without_meeting_itself(samal: Desk, visits: list[Appointment], days: int) -> None:
    shift = timedelta(days=days)
    revise(samal, visits[1], Scope.FOLLOWING, starts_at=samal.at(10) + WEEK + shift)
    assert at(samal, visits) == ["+0 10:00", *(f"+{7 * number + days} 10:00" for number in (1, 2, 3))]


def test_only_what_changed_is_carried_over(samal: Desk, visits: list[Appointment]) -> None:
    revise(samal, visits[2], Scope.ONE, starts_at=samal.at(15) + 2 * WEEK, note="с мамой")
    revise(samal, visits[0], Scope.ALL, practitioner=samal.kim, minutes=45)
    assert at(samal, visits) == ["+0 10:00", "+7 10:00", "+14 15:00", "+21 10:00"]
    assert [(each.practitioner, each.minutes) for each in visits] == [(samal.kim, 45)] * 4
    assert [each.note for each in visits] == ["", "", "с мамой", ""]


def test_one_that_stood_over_another_needs_a_free_time_where_it_follows(samal: Desk, visits: list[Appointment]) -> None:
    visits[1].revise(replace(visits[1].booking, overbooked=True), visits[1].version, samal.raushan, NOW)
    revise(samal, visits[0], Scope.ALL, starts_at=samal.at(11))
    assert [each.overbooked for each in visits] == [False] * 4


def test_the_past_and_what_has_begun_stay_as_they_were(samal: Desk) -> None:
    visits = planned(samal, samal.at(10) - 2 * WEEK)
    visits[3].cancel(CancellationReason.PATIENT, visits[3].version, samal.aigerim, NOW)
    assert companions(visits[2], Scope.ALL, NOW) == []
    assert companions(visits[1], Scope.ALL, NOW) == [visits[2]]
    assert companions(visits[1], Scope.FOLLOWING, NOW) == [visits[2]]


def test_what_is_in_the_way_of_the_others_is_told_before(samal: Desk, visits: list[Appointment]) -> None:
    samal.book(samal.at(11) + 2 * WEEK, patient=patient(samal.organization, "Ли"))
    moved = samal.booking(samal.at(11))
    [blocked] = blocked_others(visits[0], moved, Scope.ALL, NOW)
    assert (blocked.booking.starts_at, blocked.trouble) == (samal.at(11) + 2 * WEEK, "time")
    assert blocked_others(visits[0], moved, Scope.ONE, NOW) == []


@BOTH
def test_all_or_none_are_changed(samal: Desk, visits: list[Appointment]) -> None:
    samal.book(samal.at(11) + 2 * WEEK, patient=patient(samal.organization, "Ли"))
    db.session.commit()
    with pytest.raises(Conflict):
        revise(samal, visits[0], Scope.ALL, starts_at=samal.at(11))
    db.session.rollback()
    assert at(samal, visits) == ["+0 10:00", "+7 10:00", "+14 10:00", "+21 10:00"]


def test_a_stale_page_changes_no_series(samal: Desk, visits: list[Appointment]) -> None:
    booking = samal.booking(samal.at(11))
    with pytest.raises(Stale):
        revise_visits(visits[0], booking, Scope.ALL, visits[0].version + 1, samal.aigerim, NOW)


@BOTH
def test_this_and_the_following_are_cancelled(samal: Desk, visits: list[Appointment]) -> None:
    reason = CancellationReason.PATIENT
    gone = cancel_visits(visits[2], reason, Scope.FOLLOWING, visits[2].version, samal.aigerim, NOW)
    assert gone == visits[2:]
    assert [each.status for each in visits] == [Status.BOOKED, Status.BOOKED, Status.CANCELLED, Status.CANCELLED]
    noted = db.session.scalars(select(AuditEvent).filter_by(deed=Deed.SERIES_CANCELLED)).one()
    assert noted.changes == {"visits": [None, "2"]}


def test_ten_oclock_stays_ten_oclock_when_almaty_changes_its_clock(samal: Desk) -> None:
    zone = samal.organization.zone
    before, after = (datetime.combine(date(2024, 2, 26) + number * WEEK, time(10), zone) for number in (0, 1))
    rule = Recurrence(1, frozenset({0}), times=2)
    early = datetime(2024, 2, 1, tzinfo=UTC)
    bookings = [samal.booking(each) for each in (before, after)]
    visits = AppointmentSeries.plan(samal.organization, rule, bookings, samal.aigerim, early)
    assert [f"{each.starts_at.astimezone(UTC):%H:%M}" for each in visits] == ["04:00", "05:00"]
    moved = replace(bookings[0], starts_at=before + timedelta(hours=1))
    revise_visits(visits[0], moved, Scope.ALL, visits[0].version, samal.aigerim, early)
    assert [f"{each.starts_at.astimezone(zone):%H:%M}" for each in visits] == ["11:00", "11:00"]
