"""Factories for people and their records, using the verbs that the views call; nothing is committed."""

from datetime import date, datetime, time, timedelta
from typing import TypeVar

from flask import Flask
from flask.testing import FlaskClient

from extensions import db
from models.accounts import Membership, Organization, Role, User
from models.base import utc_now
from models.clinic import AvailableTime, Patient, Practitioner, Room, Service
from models.clinic.patient import PatientDetails
from tests.support.page import PageClient

PASSWORD = "tablo-demo"
Record = TypeVar("Record")


def clinic(name: str = "Клиника «Самал»") -> Organization:
    """A clinic in Almaty."""
    return _added(Organization(name=name, has_clinic=True))


def club_house(name: str = "Клуб «Ракетка»") -> Organization:
    """The organization of a club; the club itself comes from tests/support/players.py."""
    return _added(Organization(name=name, has_club=True))


def person(name: str, role: Role | None = None, organization: Organization | None = None) -> User:
    """A user, and a membership if a role is given. The first word of the name is the local part of the mail address."""
    user = User.register(f"{name.split()[0].lower()}@tablo.example", name, PASSWORD)
    db.session.flush()
    if role and organization:
        db.session.add(Membership(user=user, organization=organization, role=role))
        db.session.flush()
    return user


def sign_in(client: FlaskClient, user: User) -> None:
    """Signs in through the form."""
    email = user.email
    db.session.commit()
    answer = client.post("/sign-in", data={"email": email, "password": PASSWORD})
    assert answer.status_code == 303, answer.text


def browser_of(app: Flask, user: User) -> PageClient:
    """A browser of its own, in which the user is signed in."""
    client = app.test_client()
    assert isinstance(client, PageClient)
    sign_in(client, user)
    return client


def patient(organization: Organization, family_name: str = "Ахметов", **details: object) -> Patient:
    """A patient's card with only the given fields."""
    given = {"given_name": "Болат", **details}
    return Patient.register(organization.id, PatientDetails(family_name, **given), None, utc_now())  # type: ignore[arg-type]


def practitioner(organization: Organization, family_name: str = "Сейтқали", place: int = 0) -> Practitioner:
    """A therapist with their own room, who works every day from 8 to 18 with lunch at 13."""
    room = _added(Room(organization_id=organization.id, name=f"20{place}"))
    doctor = Practitioner(
        organization_id=organization.id,
        family_name=family_name,
        given_name="Гүлнар",
        speciality="терапевт",
        place=place,
        room=room,
    )
    doctor.available_times = [
        AvailableTime(weekday=weekday, starts=starts, ends=ends)
        for weekday in range(7)
        for starts, ends in ((time(8), time(13)), (time(14), time(18)))
    ]
    return _added(doctor)


def service(organization: Organization, name: str = "Консультация", minutes: int = 30) -> Service:
    """A service."""
    return _added(Service(organization_id=organization.id, name=name, minutes=minutes))


def at(organization: Organization, hour: int, minute: int = 0, day: date | None = None) -> datetime:
    """An instant given in the organization's local time, tomorrow unless a day is given."""
    chosen = day or organization.today(utc_now()) + timedelta(days=1)
    return datetime.combine(chosen, time(hour, minute), organization.zone)


def _added(record: Record) -> Record:
    db.session.add(record)
    db.session.flush()
    return record
