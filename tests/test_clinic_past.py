"""The demo clinic's past is in its reports, cards and history."""

from collections import defaultdict
from datetime import datetime, timedelta

import pytest
from flask import Flask

from extensions import db
from models.accounts import Organization
from models.base import utc_now
from models.clinic import Appointment, AuditEvent, Patient, Practitioner, StatusEvent
from models.clinic.day_topic import monday_of
from models.clinic.report import Report, Tally
from rules.booking import Status
from seeds.clinic import plant_clinic
from seeds.clinic_past import plant_past
from seeds.people import plant_people
from tests.support.people import clinic as new_clinic
from tests.support.people import club_house

OVER = {Status.FULFILLED, Status.NOSHOW, Status.CANCELLED}


@pytest.fixture
def samal(app: Flask) -> Organization:
    samal = new_clinic()
    people = plant_people("tablo-demo", samal, club_house())
    plant_clinic(samal, people, utc_now())
    plant_past(samal, people, utc_now())
    db.session.commit()
    return samal


def past_visits(samal: Organization) -> list[Appointment]:
    midnight = datetime.combine(samal.today(utc_now()), datetime.min.time(), samal.zone)
    return list(db.session.scalars(Appointment.of(samal.id).where(Appointment.starts_at < midnight)))


def test_the_owners_report_has_something_to_say_of_every_week_and_patients_come_again(samal: Organization) -> None:
    first = monday_of(samal.today(utc_now())) - timedelta(weeks=12)
    report = Report(samal, Practitioner.all_of(samal.id), first, 12)
    weeks: dict[object, Tally] = defaultdict(Tally)
    for (_doctor, monday), tally in report.cells().items():
        weeks[monday] += tally
    assert len(weeks) == 12
    for tally in weeks.values():
        assert 0.3 < (tally.load or 0) < 0.9
        assert 0.01 < (tally.missed_share or 0) < 0.2
        assert 3 < (tally.wait or 0) < 30
        assert tally.first
    seen = [visit.patient_id for visit in past_visits(samal) if visit.status is Status.FULFILLED]
    patients = Patient.count(Patient.of(samal.id))
    assert (patients, len(set(seen)) > 0.9 * patients, len(seen) > 4 * patients) == (300, True, True)


def test_each_past_visit_has_ended_and_its_history_says_how(samal: Organization) -> None:
    steps: dict[int, list[StatusEvent]] = defaultdict(list)
    for step in db.session.scalars(db.select(StatusEvent).order_by(StatusEvent.id)):
        steps[step.appointment_id].append(step)
    for visit in past_visits(samal):
        told = steps[visit.id]
        assert visit.status in OVER
        assert visit.patient.registered_at <= told[0].at
        assert [each.at for each in told] == sorted(each.at for each in told)
        assert (told[0].after, told[-1].after, told[-1].at) == (Status.BOOKED, visit.status, visit.status_since)
    newest = db.session.scalars(db.select(AuditEvent).order_by(AuditEvent.at.desc()).limit(1)).one()
    assert newest.at <= utc_now()
