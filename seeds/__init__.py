"""The demo data: one clinic and one club with named people, created by the verbs that the views call."""

from extensions import db
from models.accounts import Organization
from models.base import utc_now
from seeds.clinic import plant_clinic
from seeds.clinic_past import plant_past
from seeds.club import plant_club
from seeds.people import plant_people


def plant_demo(password: str, *, past: bool = True) -> None:
    """Fills an empty database and commits; past: with the weeks before today, which take most of the time."""
    now = utc_now()
    clinic = Organization(name="Клиника «Самал»", has_clinic=True)
    club = Organization(name="Клуб «Ракетка»", has_club=True)
    db.session.add_all([clinic, club])
    people = plant_people(password, clinic, club)
    plant_clinic(clinic, people, now)
    if past:
        plant_past(clinic, people, now)
    plant_club(club, people, now)
    db.session.commit()
