"""Tomorrow at the desks of the clinic Samal, and an evening at Madina's club."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page

from extensions import db
from models.accounts import Role
from tests.browser.clinic import AIGERIM, Clinic
from tests.browser.club import started
from tests.support.browser import Windows
from tests.support.databases import Database
from tests.support.loaded import LoadedServer, LoadedTablo, loaded_tablo
from tests.support.people import PASSWORD, club_house, patient, person
from tests.support.players import club
from tests.support.visits import desk


@pytest.fixture(scope="session")
def loaded() -> Iterator[LoadedTablo]:
    """Tablo loaded once, because a server is started for every test."""
    with loaded_tablo() as loaded:
        yield loaded


@pytest.fixture
def start_server(loaded: LoadedTablo, database: Database, tmp_path: Path) -> Iterator[Callable[..., LoadedServer]]:
    """Starts servers as in tests/conftest.py, but at once."""
    with ExitStack() as stack:

        def start(redis_url: str = "", **settings: str) -> LoadedServer:
            server = LoadedServer(loaded, tmp_path, database.url, redis_url, **settings)
            stack.callback(server.kill)
            server.start()
            return server

        yield start


@pytest.fixture
def samal(application: Flask) -> Clinic:
    with application.app_context():
        made = desk()
        person("Dana Kim", Role.RECEPTIONIST, made.organization)
        person("Marat", Role.PRACTITIONER, made.organization)
        patient(made.organization, "Оспанова", given_name="Гүлмира")
        patient(made.organization, "Ли", given_name="Виктор")
        db.session.commit()
        return Clinic(application, made.organization.id, made.at(10).date())


@pytest.fixture
def at_desk(samal: Clinic, windows: Windows) -> Callable[..., Page]:
    """Opens tomorrow's board, or another page, in a window of somebody's own."""

    def open_page(who: str = AIGERIM, path: str = samal.path, **options: object) -> Page:
        window = windows.open(**options)  # type: ignore[arg-type]
        window.enter(who, PASSWORD)
        return window.go(path)

    return open_page


@pytest.fixture
def ours(application: Flask) -> int:
    """A public club whose scorer is Madina; its number."""
    with application.app_context():
        house = club_house()
        person("Madina", Role.SCORER, house)
        person("Ruslan", Role.SCORER, house)
        number = club(house).id
        db.session.commit()
        return number


@pytest.fixture
def playing(application: Flask, ours: int) -> int:
    """Иван against Петр at nothing; the number of the match."""
    return started(application, ours, "")
