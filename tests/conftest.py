"""The fixtures for all tests. Their implementation is in tests/support."""

import inspect
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from functools import cache
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from playwright.sync_api import Browser

from app import create_app, wire_live
from config import Settings
from extensions import db, limiter
from models.accounts import Role, User
from models.club import Club
from tests.support.browser import RunningChromium, Windows, running_chromium
from tests.support.databases import Database, Fresh, Kind, postgres_databases, sqlite_databases
from tests.support.page import PageClient
from tests.support.parts import ROOT
from tests.support.people import club_house, person
from tests.support.players import club
from tests.support.postgres import PostgresServer, running_postgres
from tests.support.redis_server import RedisServer, running_redis
from tests.support.server import SECRET_KEY, Server
from tests.support.visits import Desk, desk

BOTH: tuple[Kind, ...] = ("sqlite", "postgresql")
StartServer = Callable[..., Server]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that requests `database` or is marked `both_databases` runs on both; the others on SQLite."""
    if "database_kind" in metafunc.fixturenames:
        own = inspect.signature(metafunc.function).parameters
        asks = "database" in own or metafunc.definition.get_closest_marker("both_databases")
        metafunc.parametrize("database_kind", BOTH if asks else BOTH[:1], scope="session")


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The real PostgreSQL of this test run. To kill one, use `with running_postgres() as server`."""
    with running_postgres() as server:
        yield server


@pytest.fixture
def redis_server() -> Iterator[RedisServer]:
    """A real Redis for this test alone, which it may kill, freeze and restart."""
    with running_redis() as server:
        yield server


@pytest.fixture(scope="session")
def fresh_postgresql(postgres: PostgresServer) -> Fresh:
    return postgres_databases(postgres, migrate_database)


@pytest.fixture(scope="session")
def fresh_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    return sqlite_databases(tmp_path_factory.mktemp("sqlite"), migrate_database)


@pytest.fixture(scope="session")
def fresh_databases(database_kind: Kind, request: pytest.FixtureRequest) -> Fresh:
    """Factories of migrated databases by kind, each migrated once, however often the tests change between them."""
    fresh: Fresh = request.getfixturevalue(f"fresh_{database_kind}")
    return fresh


@pytest.fixture(scope="session")
def database_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that every test's database is copied to, so that its address stays the same."""
    return tmp_path_factory.mktemp("database")


@pytest.fixture
def database(fresh_databases: Fresh, database_folder: Path) -> Iterator[Database]:
    """A migrated, empty database for this test alone."""
    with fresh_databases(database_folder) as database:
        yield database


@pytest.fixture(scope="session")
def long_running() -> Callable[[str], Flask]:
    """Makes the application for a database address once: creating one takes longer than most tests."""
    return cache(application_for)


@pytest.fixture
def application(database: Database, long_running: Callable[[str], Flask]) -> Iterator[Flask]:
    """Tablo on this database without a pushed context; browser tests create records `with application.app_context():`.

    With a running server keep such blocks short: an open transaction holds SQLite's only write lock.
    The application is reused with fresh settings and a fresh hub; a test that adds routes or topic kinds to it takes
    `own_application` instead.
    """
    application = long_running(database.url)
    settings = application.config.copy()
    wire_live(application, settings_for(database.url))
    limiter.reset()
    threads = set(threading.enumerate())
    yield application
    _end_live(application, besides=threads)
    application.config.clear()
    application.config.update(settings)
    with application.app_context():
        db.engine.dispose()


@pytest.fixture
def own_application(database: Database) -> Iterator[Flask]:
    """Tablo on this database, used by this test only."""
    application = application_for(database.url)
    yield application
    with application.app_context():
        db.engine.dispose()


@pytest.fixture
def app(application: Flask) -> Iterator[Flask]:
    """Tablo with a context for the whole test, so that records can be used anywhere in it."""
    with application.app_context():
        yield application


@pytest.fixture
def samal(app: Flask) -> Desk:
    """Aigerim's desk at the clinic Samal. Some modules override it with their own."""
    return desk()


@pytest.fixture
def madina(app: Flask) -> User:
    """A scorer at her club."""
    return person("Madina", Role.SCORER, club_house())


@pytest.fixture
def ours(madina: User) -> Club:
    """Madina's club."""
    return club(madina.memberships[0].organization)


@pytest.fixture
def client(app: Flask) -> PageClient:
    """A browser without scripts; `app.test_client()` creates another person's."""
    client = app.test_client()
    assert isinstance(client, PageClient)
    return client


@pytest.fixture
def start_server(database: Database, tmp_path: Path) -> Iterator[StartServer]:
    """Starts any number of real servers on this test's database: `start_server(redis_url=…, LIVE="off")`."""
    with ExitStack() as stack:

        def start(redis_url: str = "", **settings: str) -> Server:
            server = Server(tmp_path, database.url, redis_url, **settings)
            stack.callback(server.kill)
            server.start()
            return server

        yield start


@pytest.fixture
def server(start_server: StartServer) -> Server:
    """One real server on this test's database with the in-process bus."""
    return start_server()


@pytest.fixture(scope="session")
def chromium() -> Iterator[RunningChromium]:
    """The real Chromium of this test run."""
    with running_chromium() as chromium:
        yield chromium


@pytest.fixture
def browser(chromium: RunningChromium) -> Iterator[Browser]:
    """The browser for this test, which it shares with those before it."""
    with chromium.watched() as browser:
        yield browser


@pytest.fixture
def windows(browser: Browser, server: Server) -> Iterator[Windows]:
    """Opens browser windows on `server`; see tests/support/browser.py."""
    with closing(Windows(browser, server.url)) as windows:
        yield windows


def settings_for(database_url: str) -> Settings:
    """The settings of an application inside the test process."""
    return Settings(
        secret_key=SECRET_KEY, database_url=database_url, password_cost="cheap", sign_in_limit="1000 per minute"
    )


def _end_live(application: Flask, besides: set[threading.Thread]) -> None:
    """Closes the application's hub and waits for its threads, which would otherwise query the next test's database."""
    application.extensions["live"].close()
    for thread in set(threading.enumerate()) - besides:
        if thread.name in ("hub", "audience"):
            thread.join()


def application_elsewhere(settings: Settings) -> Flask:
    """Tablo as on another machine. The limiter, of which a process has one, does not go over to that one's Redis."""
    counting = vars(limiter).copy()
    application = create_app(settings)
    vars(limiter).update(counting)
    return application


def application_for(database_url: str) -> Flask:
    """An application inside the test process."""
    application = create_app(settings_for(database_url))
    application.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    application.test_client_class = PageClient
    return application


def migrate_database(database_url: str) -> None:
    """Brings an empty database to the newest migration."""
    application = create_app(settings_for(database_url))
    with application.app_context():
        flask_migrate.upgrade(directory=str(ROOT / "migrations"))
        db.engine.dispose()
