"""A club on the complete site: nginx, a process for pages, two for streams, PostgreSQL and Redis, all real."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pytest
from flask import Flask

from extensions import db
from models.accounts import Role
from models.club import Club
from models.live_topic import topic_version, touch
from tests.conftest import application_elsewhere, migrate_database, settings_for
from tests.support.people import club_house, person
from tests.support.postgres import PostgresServer
from tests.support.redis_server import RedisServer, running_redis
from tests.support.server import Server
from tests.support.site import Site, running_site
from tests.support.waiting import wait_until


@dataclass
class Racket:
    """The public club, changed from another machine."""

    application: Flask

    def change(self) -> str:
        """Changes the club's page; returns the text that every listener must then receive."""
        with self.application.app_context():
            touch("club/1", "history")
            db.session.commit()
            return f"id: {topic_version('club/1')}\n"


@pytest.fixture(scope="package")
def deploy_redis() -> Iterator[RedisServer]:
    with running_redis() as server:
        yield server


@pytest.fixture(scope="package")
def deploy_database(postgres: PostgresServer) -> Iterator[str]:
    postgres.create("deploy")
    migrate_database(postgres.url("deploy"))
    yield postgres.url("deploy")
    postgres.drop("deploy")


@pytest.fixture(scope="package")
def club(deploy_database: str, deploy_redis: RedisServer) -> Iterator[Racket]:
    application = application_elsewhere(replace(settings_for(deploy_database), redis_url=deploy_redis.url))
    with application.app_context():
        house = club_house()
        db.session.add(Club(organization=house, name="Ракетка"))
        person("Madina", Role.SCORER, house)
        db.session.commit()
        yield Racket(application)
        db.engine.dispose()


@pytest.fixture(scope="package")
def shared_site(club: Racket, deploy_database: str, deploy_redis: RedisServer) -> Iterator[Site]:
    with running_site(deploy_database, deploy_redis.url, GRACEFUL_TIMEOUT="4") as site:
        yield site


@pytest.fixture
def site(shared_site: Site) -> Iterator[Site]:
    """The site, without listeners before and after."""
    yield shared_site
    shared_site.close_streams()
    wait_until(lambda: shared_site.listeners() == 0)


@contextmanager
def away(*processes: Server) -> Iterator[None]:
    """Kills the part, and restarts it afterwards."""
    for each in processes:
        each.kill()
    try:
        yield
    finally:
        for each in processes:
            each.start()
