"""A shown visit equals its record, on either database."""

import pytest

from extensions import db
from models.base import utc_now
from models.clinic import Room
from models.clinic.day import Day
from rules.booking import Interval, Status
from tests.support.people import patient
from tests.support.visits import Desk


@pytest.mark.both_databases
def test_a_visit_is_shown_as_it_is(samal: Desk) -> None:
    now = utc_now()
    visit = samal.book(samal.at(10), minutes=40, service=samal.service)
    visit.become(Status.ARRIVED, visit.version, samal.aigerim, now)
    db.session.commit()
    [shown] = Day(samal.organization, samal.at(10).date()).shown()
    assert shown.interval == Interval(visit.starts_at, visit.ends_at)
    same = ("id", "version", "practitioner_id", "status", "status_since", "confirmed_at", "overbooked", "series_id")
    assert [getattr(shown, name) for name in same] == [getattr(visit, name) for name in same]
    assert (shown.patient, shown.practitioner) == (visit.patient.short_name, visit.practitioner.short_name)
    assert (shown.service, shown.room) == (samal.service.name, visit.room.name if visit.room else None)


@pytest.mark.both_databases
def test_only_another_room_than_the_practitioners_is_elsewhere(samal: Desk) -> None:
    hall = Room(organization_id=samal.organization.id, name="Процедурная")
    db.session.add(hall)
    samal.book(samal.at(9))
    samal.book(samal.at(11), room=hall, patient=patient(samal.organization, "Ли"))
    samal.kim.room = None
    samal.book(samal.at(13), practitioner=samal.kim, patient=patient(samal.organization, "Цой"))
    shown = Day(samal.organization, samal.at(9).date()).shown()
    assert [each.is_elsewhere for each in shown] == [False, True, False]
    assert [each.room for each in shown][1:] == ["Процедурная", None]
