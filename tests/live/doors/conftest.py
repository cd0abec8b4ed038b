"""A public club on two real servers: one whose streams are taken over, one with TLS that carries them itself."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import pytest
from flask import Flask

from app import create_app
from extensions import db
from models.accounts import Role
from models.base import utc_now
from models.club import Club, Match, MatchPlan, Player
from models.live_topic import topic_version, touch
from tests.conftest import settings_for
from tests.live.conftest import must_come
from tests.live.doors.calls import AT_ACCEPT, IN_THE_VIEW, Carrier, Phone
from tests.support.databases import Database, Fresh
from tests.support.people import club_house, person
from tests.support.redis_server import RedisServer, running_redis
from tests.support.server import Server, TlsServer

Change = Callable[..., int]
Start = Callable[..., Phone]


@pytest.fixture(scope="package")
def database(fresh_databases: Fresh, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One for all tests here, which only ever change one topic of it."""
    with fresh_databases(tmp_path_factory.mktemp("database")) as database:
        yield database


@pytest.fixture(scope="package")
def messenger() -> Iterator[RedisServer]:
    """Tells the servers at once of what the tests change."""
    with running_redis() as server:
        yield server


@pytest.fixture(scope="package")
def club(database: Database, messenger: RedisServer) -> Flask:
    """A public club, in which two people with very long names play: a frame of their match fills a socket's buffers."""
    application = create_app(replace(settings_for(database.url), redis_url=messenger.url))
    with application.app_context():
        house = club_house()
        club = Club(organization=house, name="Ракетка")
        club.players = [Player(name=name * 4_000) for name in ("Анна", "Болат")]
        db.session.add(club)
        db.session.flush()
        plan = MatchPlan((club.players[0],), (club.players[1],))
        Match.start(club, plan, person("Madina", Role.SCORER, house), utc_now())
        db.session.commit()
    return application


@pytest.fixture(scope="package")
def server(
    club: Flask, database: Database, messenger: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """The club's real server."""
    server = Server(tmp_path_factory.mktemp("server"), database.url, messenger.url)
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="package")
def tls_server(
    club: Flask, database: Database, messenger: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """Another one that speaks TLS."""
    server = TlsServer(tmp_path_factory.mktemp("server"), database.url, messenger.url)
    server.start()
    yield server
    server.kill()


@contextmanager
def calling(server: Server) -> Iterator[Phone]:
    """A phone whose calls are over when the test is, and which nobody is counted for any more."""
    phone = Phone(server)
    yield phone
    phone.hang_up()
    must_come(lambda: phone.listeners() == 0)
    phone.hang_up()


@pytest.fixture
def phone(server: Server) -> Iterator[Phone]:
    with calling(server) as phone:
        yield phone


@pytest.fixture
def tls_phone(tls_server: Server) -> Iterator[Phone]:
    with calling(tls_server) as phone:
        yield phone


@pytest.fixture
def carriers(phone: Phone, tls_phone: Phone) -> list[Carrier]:
    """All three at once."""
    return [
        Carrier("accept", phone, AT_ACCEPT),
        Carrier("view", phone, IN_THE_VIEW, "/live/club/1?view=page"),
        Carrier("iterator", tls_phone, AT_ACCEPT),
    ]


@pytest.fixture(params=["accept", "view", "iterator"])
def carrier(request: pytest.FixtureRequest, carriers: list[Carrier]) -> Carrier:
    """Each in turn: who listens must not be able to tell them apart."""
    return next(each for each in carriers if each.name == request.param)


@pytest.fixture
def start(
    club: Flask, database: Database, messenger: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Start]:
    """A server of its own kind for one test."""
    with ExitStack() as stack:

        def start(kind: type[Server] = Server, **settings: str) -> Phone:
            server = kind(tmp_path_factory.mktemp("server"), database.url, messenger.url, **settings)
            server.start()
            stack.callback(server.kill)
            phone = Phone(server)
            stack.callback(phone.hang_up)
            return phone

        yield start


@pytest.fixture
def change(club: Flask) -> Change:
    """Changes the club's page; the version that everybody must then have."""

    def change(part: str = "history") -> int:
        with club.app_context():
            touch("club/1", part)
            db.session.commit()
            return topic_version("club/1")

    return change
