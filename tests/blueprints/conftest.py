"""Aigerim's browser, and a visit that she booked."""

import pytest

from models.clinic import Appointment
from tests.support.page import PageClient
from tests.support.people import sign_in
from tests.support.visits import Desk


@pytest.fixture
def desk_client(client: PageClient, samal: Desk) -> PageClient:
    """Aigerim's browser."""
    sign_in(client, samal.aigerim)
    return client


@pytest.fixture
def visit(samal: Desk) -> Appointment:
    """Bolat tomorrow at ten."""
    return samal.book(samal.at(10))
