"""Aigerim at the desk of the clinic Samal, and Madina, who scores at her club. Modules with their own say so."""

import pytest
from flask import Flask

from models.accounts import Role, User
from models.clinic import Appointment
from models.club import Club
from tests.support.page import PageClient
from tests.support.people import club_house, person, sign_in
from tests.support.players import club
from tests.support.visits import Desk, desk


@pytest.fixture
def samal(app: Flask) -> Desk:
    return desk()


@pytest.fixture
def desk_client(client: PageClient, samal: Desk) -> PageClient:
    """Aigerim's browser."""
    sign_in(client, samal.aigerim)
    return client


@pytest.fixture
def visit(samal: Desk) -> Appointment:
    """Bolat tomorrow at ten."""
    return samal.book(samal.at(10))


@pytest.fixture
def madina(app: Flask) -> User:
    return person("Madina", Role.SCORER, club_house())


@pytest.fixture
def ours(madina: User) -> Club:
    """Madina's club."""
    return club(madina.memberships[0].organization)
