"""The browsers of Aigerim and of the owner, and a visit that Aigerim booked."""

import pytest

from models.accounts import Role
from models.clinic import Appointment
from tests.support.page import PageClient
from tests.support.people import person, sign_in
from tests.support.visits import Desk


@pytest.fixture
def desk_client(client: PageClient, samal: Desk) -> PageClient:
    """Aigerim's browser."""
    sign_in(client, samal.aigerim)
    return client


@pytest.fixture
def owner_client(client: PageClient, samal: Desk) -> PageClient:
    """The owner's browser."""
    sign_in(client, person("Marat", Role.OWNER, samal.organization))
    return client


@pytest.fixture
def visit(samal: Desk) -> Appointment:
    """Bolat tomorrow at ten."""
    return samal.book(samal.at(10))
