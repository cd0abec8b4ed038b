"""A public club on two real servers: one takes over its streams' sockets, one with TLS iterates them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import pytest
from flask import Flask

from extensions import db
from models.accounts import Role
from models.base import utc_now
from models.club import Club, Match, MatchPlan, Player
from models.live_topic import topic_version, touch
from tests.conftest import application_elsewhere, settings_for
from tests.live.doors.connections import AT_ACCEPT, IN_THE_VIEW, RawClient, Transport
from tests.support.databases import Database, Fresh
from tests.support.people import club_house, person
from tests.support.redis_server import RedisServer, running_redis
from tests.support.server import Server, TlsServer
from tests.support.waiting import wait_until

Change = Callable[..., int]
Start = Callable[..., RawClient]


@pytest.fixture(scope="package")
def database(fresh_databases: Fresh, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One database for all tests here, which change only one topic of it."""
    with fresh_databases(tmp_path_factory.mktemp("database")) as database:
        yield database


@pytest.fixture(scope="package")
def messenger() -> Iterator[RedisServer]:
    """Announces the tests' changes to the servers at once."""
    with running_redis() as server:
        yield server


@pytest.fixture(scope="package")
def club(database: Database, messenger: RedisServer) -> Flask:
    """A public club, in which two people with very long names play: a frame of their match fills a socket's buffers."""
    application = application_elsewhere(replace(settings_for(database.url), redis_url=messenger.url))
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
    """Another one with TLS."""
    server = TlsServer(tmp_path_factory.mktemp("server"), database.url, messenger.url)
    server.start()
    yield server
    server.kill()


@contextmanager
def connected_client(server: Server) -> Iterator[RawClient]:
    """A client whose streams end with the test and are then no longer counted."""
    raw_client = RawClient(server)
    yield raw_client
    raw_client.close()
    wait_until(lambda: raw_client.listeners() == 0)


@pytest.fixture
def raw_client(server: Server) -> Iterator[RawClient]:
    with connected_client(server) as raw_client:
        yield raw_client


@pytest.fixture
def raw_tls_client(tls_server: Server) -> Iterator[RawClient]:
    with connected_client(tls_server) as raw_client:
        yield raw_client


@pytest.fixture
def transports(raw_client: RawClient, raw_tls_client: RawClient) -> list[Transport]:
    """All three transports at once."""
    return [
        Transport("accept", raw_client, AT_ACCEPT),
        Transport("view", raw_client, IN_THE_VIEW, "/live/club/1?view=page"),
        Transport("iterator", raw_tls_client, AT_ACCEPT),
    ]


@pytest.fixture(params=["accept", "view", "iterator"])
def transport(request: pytest.FixtureRequest, transports: list[Transport]) -> Transport:
    """Each transport in turn: listeners must not see a difference."""
    return next(each for each in transports if each.name == request.param)


@pytest.fixture
def start(
    club: Flask, database: Database, messenger: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Start]:
    """Starts a server with its own settings for one test."""
    with ExitStack() as stack:

        def start(kind: type[Server] = Server, **settings: str) -> RawClient:
            server = kind(tmp_path_factory.mktemp("server"), database.url, messenger.url, **settings)
            server.start()
            stack.callback(server.kill)
            raw_client = RawClient(server)
            stack.callback(raw_client.close)
            return raw_client

        yield start


@pytest.fixture
def change(club: Flask) -> Change:
    """Changes the club's page; returns the version that everybody must then have."""

    def change(part: str = "history") -> int:
        with club.app_context():
            touch("club/1", part)
            db.session.commit()
            return topic_version("club/1")

    return change
