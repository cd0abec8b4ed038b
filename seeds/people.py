"""The demo accounts."""

from extensions import db
from models.accounts import Membership, Organization, Role, User

ACCOUNTS = {
    "desk1@tablo.example": "Айгерим Сатпаева",
    "desk2@tablo.example": "Дана Ким",
    "owner@tablo.example": "Марат Оспанов",
    "doctor@tablo.example": "Гүлнар Сейтқали",
    "scorer@tablo.example": "Мадина Тулегенова",
    "nobody@tablo.example": "Тимур Ли",
}


def plant_people(password: str, clinic: Organization, club: Organization) -> dict[str, User]:
    """Registers all accounts with their memberships; returned by the local part of the address."""
    people = {email.partition("@")[0]: User.register(email, name, password) for email, name in ACCOUNTS.items()}
    places = [
        ("desk1", clinic, Role.RECEPTIONIST),
        ("desk2", clinic, Role.RECEPTIONIST),
        ("doctor", clinic, Role.PRACTITIONER),
        ("owner", clinic, Role.OWNER),
        ("owner", club, Role.OWNER),
        ("scorer", club, Role.SCORER),
    ]
    for who, organization, role in places:
        db.session.add(Membership(user=people[who], organization=organization, role=role))
    db.session.flush()
    return people
