"""A listener's bytes into a connection, in the two ways in which the product transports them."""

from collections.abc import Callable
from dataclasses import dataclass

from live.hub import HubClosed
from live.listener import Listener, Ticket
from tests.live.simulator.database import EVERYBODY, DatabaseAway, person
from tests.live.simulator.network import Connection
from tests.live.simulator.process import Process
from tests.live.simulator.standins import Event


@dataclass(frozen=True)
class Caller:
    """A client, its request, and what it has of the stream."""

    holder: str
    topic: str
    cursor: int | None


Transport = Callable[[Process, Connection, Listener], object]


def serve(process: Process, connection: Connection, caller: Caller, transport: Transport) -> None:
    """Handles a request for a stream like the view and the accept door."""
    ticket = Ticket(caller.holder, (EVERYBODY, person(caller.holder)), process.hub.audience_version())
    topic = process.registry.topic(caller.topic)
    try:
        is_permitted = process.still_holds(caller.holder, topic, "json")
        connection.world.pause()
        listener = process.hub.listen(topic, "json", "ru", caller.cursor, ticket) if is_permitted else None
    except (HubClosed, DatabaseAway):
        listener = None
    if listener:
        connection.is_served = True
        transport(process, connection, listener)
    else:
        connection.cut()


def iterate(process: Process, connection: Connection, listener: Listener) -> None:
    """Like WsgiStream: a separate task that sleeps until it is woken."""
    woken = Event(connection.world)
    listener.wake = listener.end = connection.on_gone = woken.set
    rest = listener.hello()
    try:
        while not listener.closed and not connection.is_gone:
            woken.clear()
            rest = rest or listener.take()
            if rest:
                rest = rest[connection.send(rest) :]
                connection.world.pause()
            else:
                woken.wait(listener.seconds_to_beat())
    except DatabaseAway:
        pass
    finally:
        process.hub.leave(listener)
        connection.cut()


class TakenOver:
    """Like Sockets: the task that wakes the listener writes, and the rest waits until the socket is writable."""

    def __init__(self, process: Process, connection: Connection, listener: Listener) -> None:
        self._process = process
        self._connection = connection
        self._listener = listener
        self._rest = listener.hello()
        self._is_written = False
        listener.wake, listener.end = self._write, self._drop
        connection.on_gone = lambda: self._in_a_task(self._drop)
        if connection.is_gone:
            self._drop()
        self._push()
        self._write()

    def _write(self) -> None:
        if self._is_written:
            return
        self._is_written = True
        try:
            while not self._rest and not self._connection.is_gone and (taken := self._listener.take()):
                self._rest = taken
                self._push()
        except DatabaseAway:
            self._drop()
        finally:
            self._is_written = False

    def _push(self) -> None:
        self._rest = self._rest[self._connection.send(self._rest) :]
        if self._rest:
            self._connection.world.later(self._connection.world.delay(), lambda: self._in_a_task(self._writable))

    def _writable(self) -> None:
        if self._rest and not self._connection.is_gone:
            self._push()
            self._write()

    def _drop(self) -> None:
        self._process.hub.leave(self._listener)
        self._connection.cut()

    def _in_a_task(self, work: Callable[[], None]) -> None:
        if self._process.is_alive:
            self._connection.world.start(self._process, f"{self._process} sockets", work)
