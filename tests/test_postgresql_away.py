"""While PostgreSQL is away pages say that they come back, and then they do."""

from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest
from sqlalchemy import text

from blueprints.guards import public
from extensions import db
from tests.conftest import application_for, migrate_database
from tests.support.crowd import PATIENCE, Visitor
from tests.support.databases import Fresh, postgres_databases
from tests.support.people import PASSWORD
from tests.support.postgres import DURABLE, PostgresServer, running_postgres
from tests.support.server import Server
from tests.support.visits import desk
from tests.support.waiting import wait_until


@pytest.fixture
def mortal() -> Iterator[PostgresServer]:
    """A PostgreSQL that the test may kill and start, and that keeps what was committed."""
    with running_postgres(DURABLE) as server:
        yield server


@pytest.fixture
def aigerim(mortal: PostgresServer, tmp_path: Path) -> Iterator[Visitor]:
    """Aigerim, signed in at a real server on that PostgreSQL."""
    with postgres_databases(mortal, migrate_database)(tmp_path) as database:
        with application_for(database.url).app_context():
            desk()
            db.session.commit()
            db.engine.dispose()
        server = Server(tmp_path, database.url)
        server.start()
        try:
            yield Visitor(server.url, "aigerim@tablo.example", PASSWORD)
        finally:
            server.kill()


def asked(who: Visitor, method: str, path: str, **headers: str) -> tuple[HTTPResponse, str]:
    with closing(HTTPConnection(who.host, timeout=PATIENCE)) as connection:
        given = {"Cookie": who.cookie, "X-CSRFToken": who.token, **headers}
        connection.request(method, path, headers=given)
        answer = connection.getresponse()
        return answer, answer.read().decode()


def test_while_the_database_is_away_pages_say_so_and_come_back(aigerim: Visitor, mortal: PostgresServer) -> None:
    mortal.kill()
    for _ in range(2):  # A connection that broke, and one that cannot be made.
        answer, text = asked(aigerim, "GET", "/patients")
        assert (answer.status, answer.headers["Retry-After"], answer.headers["Refresh"]) == (503, "10", "10")
        assert "<h1>Сейчас вернёмся</h1>" in text
        assert "Страница откроется сама" in text
    mortal.start()
    wait_until(lambda: asked(aigerim, "GET", "/patients")[0].status == 200)


def test_a_form_sent_while_the_database_is_away_stays_with_its_input(aigerim: Visitor, mortal: PostgresServer) -> None:
    mortal.kill()
    htmx = {"HX-Request": "true"}
    for given in (htmx, {}):
        answer, text = asked(aigerim, "POST", "/patients/new", **given)
        assert (answer.status, answer.headers["Retry-After"], answer.headers["Refresh"]) == (503, "10", None)
        assert "Введённое осталось в форме" in text
        assert ("<hx-partial" in text, answer.headers["HX-Reswap"]) == (bool(given), "none" if given else None)
    mortal.start()


def test_a_statement_that_takes_too_long_is_a_fault_and_no_absence(fresh_postgresql: Fresh, tmp_path: Path) -> None:
    @public
    def slow() -> str:
        db.session.execute(text("SET LOCAL statement_timeout = 1; SELECT pg_sleep(9)"))
        return ""

    with fresh_postgresql(tmp_path) as database:
        application = application_for(database.url)
        application.config["TESTING"] = False
        application.add_url_rule("/slow", "slow", slow)
        answer = application.test_client().get("/slow")
        with application.app_context():
            db.engine.dispose()
    assert (answer.status_code, "Retry-After" in answer.headers) == (500, False)
