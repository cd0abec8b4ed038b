"""Aigerim at the desk of the clinic Samal, in her browser. Modules with a desk of their own say so."""

import pytest
from flask import Flask

from models.clinic import Appointment
from tests.support.page import PageClient
from tests.support.people import sign_in
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
