"""What PostgreSQL needs when several people share a process: quick answers, and a deadlock reported as Stale."""

from collections.abc import Callable
from select import POLLIN, POLLOUT
from time import time
from typing import Any, TypeVar

from gevent import get_hub, monkey
from psycopg import Connection
from psycopg.abc import PQGen
from psycopg.errors import DeadlockDetected
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine, ExceptionContext, event
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from models.errors import Stale

Answer = TypeVar("Answer")

IN_PLACE_MILLISECONDS = 1
# After so long the event loop gets its turn all the same, lest the kernel's queue of connections overflow.
LONGEST_TURN_SECONDS = 0.01
READ, WRITE = 1, 2
poll: Callable[[], Any] = monkey.get_original("select", "poll")


class KeptConnection(Connection[Any]):
    """Keeps its prepared statements when a transaction that did not fail is rolled back.

    Every page that changed nothing ends so. psycopg forgets them then, in case the transaction had created the tables
    they name, and PostgreSQL would plan the same statements again for every page.
    """

    def rollback(self) -> None:
        if self.pgconn.transaction_status == TransactionStatus.INTRANS:
            with self.lock:
                self.wait(self._exec_command(b"ROLLBACK"))
        else:
            super().rollback()


class PromptConnection(KeptConnection):
    """Waits in place for a response that comes within IN_PLACE_MILLISECONDS; only then do other greenlets run.

    A page runs some twenty statements. In a storm a turn of the event loop takes milliseconds, most statements a
    fraction of one.
    """

    def wait(self, gen: PQGen[Answer], *patience: Any, **more: Any) -> Answer:
        return super().wait(self._in_place(gen), *patience, **more)

    def _in_place(self, steps: PQGen[Answer]) -> PQGen[Answer]:
        """The same steps, less those whose socket is ready in time."""
        try:
            wanted = next(steps)
            while True:
                is_early = time() - get_hub().loop.now() < LONGEST_TURN_SECONDS
                ready = is_early and _ready(self.pgconn.socket, wanted, IN_PLACE_MILLISECONDS)
                wanted = steps.send(ready or (yield wanted))
        except StopIteration as end:
            answer: Answer = end.value
            return answer


def guard_postgresql(engine: Engine) -> None:
    """Makes connections keep their statements and prompt under gevent, drops those whose server has gone, and reports
    deadlocks as Stale."""

    @event.listens_for(engine, "do_connect")
    def connect(
        dialect: Dialect, record: ConnectionPoolEntry, places: tuple[Any, ...], names: dict[str, Any]
    ) -> Connection[Any]:
        kind = PromptConnection if monkey.is_module_patched("select") else KeptConnection
        return kind.connect(*places, **names)

    @event.listens_for(engine, "checkout")
    def look(connection: Connection[Any], record: ConnectionPoolEntry, proxy: object) -> None:
        """An idle connection has nothing to read, unless its server closed it: no ping is needed to see that."""
        if connection.closed or _ready(connection.pgconn.socket, READ, 0):
            raise DisconnectionError

    @event.listens_for(engine, "handle_error")
    def tell(context: ExceptionContext) -> Stale | None:
        """Of the transaction that PostgreSQL aborts to end a deadlock.

        Verbs lock the rows they compete for in a fixed order. Two that touch many records, such as all visits of a day,
        can still deadlock; for the user of the aborted one, somebody else has just changed a record.
        """
        return Stale() if isinstance(context.original_exception, DeadlockDetected) else None


def _ready(number: int, wanted: int, milliseconds: int) -> int:
    """Which of READ and WRITE this descriptor is ready for by then; an error on it counts as READ."""
    looking = poll()
    looking.register(number, (POLLIN if wanted & READ else 0) | (POLLOUT if wanted & WRITE else 0))
    found = dict(looking.poll(milliseconds)).get(number, 0)
    return (READ if found & ~POLLOUT else 0) | (WRITE if found & POLLOUT else 0)
