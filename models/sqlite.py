"""SQLite for concurrent use: write-ahead log, and one transaction at a time per process."""

from threading import Lock

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

# Without mmap, every page that is not in the connection's own cache of two megabytes is read by a system call.
PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=5000", "mmap_size=268435456")


def guard_sqlite(engine: Engine) -> None:
    """Makes every transaction of this engine a write transaction, serialized by a lock of this process.

    SQLite waits for its own lock in C code, where no greenlet can run, so a second writer in the same process would
    block all greenlets. They therefore wait on a lock that yields before SQLite's is requested.
    """
    gate = Lock()

    @event.listens_for(engine, "connect")
    def prepare(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in PRAGMAS:
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
        """Only here is the transaction certainly over: the event "commit" fires before the database has committed."""
        if record.info.pop("inside", False):
            gate.release()
