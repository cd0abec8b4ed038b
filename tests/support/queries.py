"""The statements sent to the database, and transactions that wait for a lock."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

from extensions import db
from tests.support.waiting import wait_until


@contextmanager
def recorded_queries(engine: Engine) -> Iterator[list[str]]:
    """The statements sent inside the block, in order: `with recorded_queries(db.engine) as queries: …`."""
    statements: list[str] = []

    def remember(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", remember)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", remember)


def waiting_transactions() -> int:
    """How many of PostgreSQL's wait for a lock; queried outside the test's transaction, which has a snapshot."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    with db.engine.connect() as connection:
        return int(connection.exec_driver_sql(waiting).scalar_one())


def wait_for_locks(count: int = 1) -> None:
    """Until so many transactions wait for a lock; on SQLite those wait at the gate, unseen."""
    if db.engine.dialect.name == "postgresql":
        wait_until(lambda: waiting_transactions() >= count)
