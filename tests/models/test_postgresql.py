"""PostgreSQL with several people in one gevent process."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DataError
from sqlalchemy.pool import NullPool

from models.postgresql import guard_postgresql
from tests.support.parts import ROOT
from tests.support.postgres import PostgresServer

# Bek waits for Anna's lock, which she releases only once others have run meanwhile; then he runs short statements.
TWO_AT_ONCE = """
from gevent import monkey, sleep, spawn
monkey.patch_all()
import sys
from sqlalchemy import create_engine, text
from models.postgresql import guard_postgresql

engine = create_engine(sys.argv[1])
guard_postgresql(engine)
turns = 0

def count_turns():
    global turns
    while True:
        sleep(0)
        turns += 1

with engine.connect() as anna, engine.connect() as bek:
    anna.execute(text("SELECT pg_advisory_lock(1)"))
    spawn(count_turns)
    waiting = spawn(bek.execute, text("SELECT pg_advisory_lock(1)"))
    while not turns:
        sleep(0)
    anna.execute(text("SELECT pg_advisory_unlock(1)"))
    waiting.get()
    interrupted = 0
    for _ in range(200):
        before = turns
        bek.execute(text("SELECT 1"))
        interrupted += turns > before
    print(interrupted)
"""


@pytest.fixture
def engine(postgres: PostgresServer) -> Iterator[Engine]:
    engine = create_engine(postgres.url("postgres"))
    guard_postgresql(engine)
    yield engine
    engine.dispose()


def own_number(connection: Connection) -> int:
    number: int = connection.scalar(text("SELECT pg_backend_pid()")) or 0
    return number


def prepared(connection: Connection) -> int:
    number: int = connection.scalar(text("SELECT count(*) FROM pg_prepared_statements")) or 0
    return number


def test_a_connection_that_the_server_has_left_is_not_used_again(engine: Engine, postgres: PostgresServer) -> None:
    with engine.connect() as first:
        left = own_number(first)
    with create_engine(postgres.url("postgres"), poolclass=NullPool).connect() as other:
        other.execute(text(f"SELECT pg_terminate_backend({left}, 15000)"))
    with engine.connect() as again:
        assert own_number(again) != left


def test_a_page_that_changes_nothing_leaves_its_statements_prepared_and_a_failed_one_does_not(engine: Engine) -> None:
    with engine.connect() as page:
        for _ in range(10):
            page.execute(text("SELECT 1"))
            page.rollback()
        assert prepared(page) == 1
        with pytest.raises(DataError):
            page.execute(text("SELECT 1 / 0"))
        page.rollback()
        assert prepared(page) == 0


def test_who_waits_long_lets_others_run_and_who_waits_a_moment_stays(postgres: PostgresServer) -> None:
    command = [sys.executable, "-c", TWO_AT_ONCE, postgres.url("postgres")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 200
