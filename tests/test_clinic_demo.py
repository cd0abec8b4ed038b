"""The demo clinic has a day in progress at any time of day."""

from collections import Counter
from datetime import UTC, datetime, time, timedelta

import pytest
from flask import Flask

from extensions import db
from models.accounts import Organization
from models.clinic import Appointment, Patient, Practitioner
from rules.booking import Status
from rules.iin import read_iin
from seeds.clinic import plant_clinic
from seeds.people import plant_people
from tests.support.people import clinic as new_clinic
from tests.support.people import club_house

# Numbers that the manual and the seed document suggest for trying: they must be free.
TRIED_BY_PEOPLE = ("+7 777 123 45 67", "8 777 123-45-67")
TRIED_IINS = ("123456789012", "000000000000", "900101300007", "950517400004")


def planted(clock: str) -> tuple[Organization, datetime]:
    """A demo clinic created at this local time."""
    clinic = new_clinic()
    now = datetime.combine(datetime(2026, 11, 21, tzinfo=UTC), time.fromisoformat(clock), clinic.zone)
    plant_clinic(clinic, plant_people("tablo-demo", clinic, club_house()), now)
    db.session.commit()
    return clinic, now


def visits_today(clinic: Organization, now: datetime) -> list[Appointment]:
    midnight = datetime.combine(now, time(), clinic.zone)
    day = Appointment.of(clinic.id).where(Appointment.starts_at.between(midnight, midnight + timedelta(days=1)))
    return list(db.session.scalars(day))


@pytest.mark.parametrize("clock", ["00:05", "04:40", "07:55", "08:20", "10:47", "13:30", "16:50", "18:30", "23:50"])
def test_somebody_waits_and_somebody_is_inside_at_any_hour(app: Flask, clock: str) -> None:
    clinic, now = planted(clock)
    visits = visits_today(clinic, now)
    statuses = Counter(visit.status for visit in visits)
    assert statuses[Status.ARRIVED] + statuses[Status.CHECKED_IN] >= 1
    assert all(visit.status_since <= now for visit in visits)
    assert not [visit for visit in visits if visit.ends_at <= now and visit.status.occupies]
    assert not [visit for visit in visits if visit.starts_at > now and visit.status is Status.FULFILLED]


def test_by_day_there_is_every_kind_of_visit(app: Flask) -> None:
    statuses = Counter(visit.status for visit in visits_today(*planted("11:20")))
    kinds = {Status.FULFILLED, Status.NOSHOW, Status.CHECKED_IN, Status.ARRIVED, Status.BOOKED, Status.CANCELLED}
    assert kinds <= statuses.keys()
    assert statuses[Status.ARRIVED] >= 3


def test_it_is_the_clinic_that_was_promised(app: Flask) -> None:
    clinic, now = planted("11:20")
    patients = db.session.scalars(Patient.of(clinic.id)).all()
    doubtful = [patient for patient in patients if patient.iin and read_iin(patient.iin, now.date()).fault]
    assert len(db.session.scalars(Practitioner.of(clinic.id)).all()) == 4
    assert (len(patients), len(doubtful)) == (40, 1)


def test_the_numbers_that_people_are_told_to_try_are_free(app: Flask) -> None:
    clinic, _now = planted("11:20")
    assert [Patient.holding(clinic.id, "phone", phone) for phone in TRIED_BY_PEOPLE] == [None, None]
    assert [Patient.holding(clinic.id, "iin", iin) for iin in TRIED_IINS] == [None] * 4
