"""SQLite as several people's database: write-ahead log, and one transaction at a time in a process."""

from threading import Lock

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry


def guard_sqlite(engine: Engine) -> None:
    """Makes each transaction of this engine begin as a writer, after waiting its turn.

    SQLite waits for its lock inside C, where no greenlet can run: a second writer of the same process would freeze
    everybody. So the turn is taken at a lock that greenlets can wait for, before SQLite is asked.
    """
    gate = Lock()

    @event.listens_for(engine, "connect")
    def prepare(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=5000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if not connection.info.get("inside"):
            gate.acquire()
            connection.info["inside"] = True
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    @event.listens_for(engine, "checkin")
    def leave(connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
        """Only here is the transaction surely over: the event "commit" comes before the database has committed."""
        if record.info.pop("inside", False):
            gate.release()
