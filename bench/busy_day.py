"""A day of a large clinic: twenty practitioners with a visit every twenty minutes, booked by the model's verb."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import cycle
from runpy import run_path

from flask import Flask
from sqlalchemy import select, text

from app import create_app
from config import Settings
from extensions import db
from models.accounts import Organization, User
from models.base import utc_now
from models.clinic import Appointment, AvailableTime, Patient, Practitioner, Room
from models.clinic.booking import Booking
from models.clinic.day import Day
from tests.support.parts import ROOT
from tests.support.server import SECRET_KEY

PRACTITIONERS, MINUTES, OPENS, CLOSES = 20, 20, time(8), time(18)
AHEAD = timedelta(days=30)
RECEPTIONIST = "desk1@tablo.example"


def application_on(database_url: str) -> Flask:
    """Tablo inside this process, with CSRF tokens off."""
    settings = Settings(SECRET_KEY, database_url, password_cost="cheap", sign_in_limit="1000 per minute")
    application = create_app(settings)
    application.config["WTF_CSRF_ENABLED"] = False
    return application


@contextmanager
def collecting_as_served() -> Iterator[None]:
    """Garbage is collected as rarely as under gunicorn."""
    before = gc.get_threshold()
    gc.set_threshold(run_path(str(ROOT / "gunicorn.conf.py"))["OBJECTS_BEFORE_COLLECTION"], *before[1:])
    gc.freeze()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


def change_one_visit(day: date) -> None:
    """Confirms the first visit of the day, or withdraws that, and commits: one column looks different."""
    own = db.session.get_one(Organization, 1)
    actor = db.session.scalars(select(User).filter_by(email=RECEPTIONIST)).one()
    visit = Day(own, day).visits()[0]
    change = visit.unconfirm if visit.confirmed_at else visit.confirm
    change(visit.version, actor, utc_now())
    db.session.commit()


def book_day(visits: int) -> tuple[date, date]:
    """Books that many visits for each of twenty demo practitioners and commits. Returns that day and an empty one."""
    own = db.session.get_one(Organization, 1)
    actor = db.session.scalars(select(User).filter_by(email=RECEPTIONIST)).one()
    known = list(db.session.scalars(Practitioner.of(own.id)))
    doctors = [*known, *(_practitioner(own, place) for place in range(len(known), PRACTITIONERS))]
    day = own.today(utc_now()) + AHEAD
    patients = cycle(db.session.scalars(Patient.of(own.id)).all())
    for number in range(visits):
        starts_at = datetime.combine(day, OPENS, own.zone) + number * timedelta(minutes=MINUTES)
        for doctor in doctors:
            Appointment.book(own, Booking(next(patients), doctor, None, starts_at, MINUTES), actor, utc_now())
    db.session.commit()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))  # as a database this full has done by itself
    return day, day + timedelta(days=1)


def _practitioner(own: Organization, place: int) -> Practitioner:
    doctor = Practitioner(
        organization_id=own.id,
        family_name=f"Сейтқали-{place}",
        given_name="Гүлнар",
        middle_name="",
        speciality="терапевт",
        place=place,
        room=Room(organization_id=own.id, name=f"3{place:02d}"),
        available_times=[AvailableTime(weekday=weekday, starts=OPENS, ends=CLOSES) for weekday in range(7)],
    )
    db.session.add(doctor)
    db.session.flush()
    return doctor
