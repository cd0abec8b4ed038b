"""gunicorn's gevent worker with the accept door: plain stream requests are recognized at accept, before any parser.

Every other or doubtful request is left to gunicorn with nothing read from its socket: a miss is slower, never wrong.
What this module relies on inside gunicorn and gevent is tested by tests/live/doors/test_risks.py; gunicorn is pinned.

gunicorn's master imports this module before its workers patch the standard library, so it imports only the lobby.
"""

import _socket
import logging
from collections.abc import Callable, Sequence
from functools import partial
from itertools import count
from time import monotonic
from typing import Any

import gevent
import gevent.socket
from gevent.queue import SimpleQueue
from gevent.server import StreamServer
from gunicorn.workers.ggevent import GeventWorker

from live.handshake import HandshakeServer
from live.lobby import Address, Later, Lobby, TakeOver, drop_vanished_clients
from live.request_head import STREAM, StreamRequest, parse_head

log = logging.getLogger("tablo.live")

# In one turn of the event loop.
ACCEPT_SECONDS = 0.002
STREAMS_AT_ONCE = 64
STREAMS_BESIDE_A_PAGE = 16
PAGES_AT_ONCE = 64
RETRY_SECONDS = 0.02
CROWD_SECONDS = 2.0
IN_EVERY_TURN = 2  # gevent.sleep(0) would come back up to fifty times before a socket is looked at
KINDS = 0xF  # the other bits of a socket's type are flags

# The decision about a request: what takes its socket over, or None to leave it to gunicorn.
Decision = TakeOver | Later | None
Admit = Callable[[str, str | None], Decision]
Caller = tuple[_socket.socket, Address, bytes]


class Door(StreamServer):  # type: ignore[misc]
    """Accepts connections, serves plain stream requests itself and leaves all others to gunicorn."""

    def __init__(self, listener: Any, handle: Any, spawn: Any, admit: Admit) -> None:
        super().__init__(listener, handle=handle, spawn=spawn)
        self._admit = admit
        self._kind = int(listener.family), int(listener.type) & KINDS, int(listener.proto)
        self._pages: SimpleQueue[tuple[_socket.socket, Address]] = SimpleQueue()
        self._streams: SimpleQueue[Caller] = SimpleQueue()
        self._crowds: dict[StreamRequest, tuple[list[Caller], float]] = {}
        self._lobby = Lobby(self._receive)

    def start(self) -> None:
        super().start()
        self._lobby.open()
        gevent.spawn(self._forward_pages)
        gevent.spawn(self._admit_streams)
        gevent.spawn(self._retry_crowds)

    def close(self) -> None:
        super().close()
        self._lobby.close()

    def do_read(self) -> None:
        """Called in the event loop, where nothing may block. Clients that overflow the kernel's accept queue retry only
        after one second and then three, so accepting gets most of the time."""
        accept, came, until = self.socket._accept, [], monotonic() + ACCEPT_SECONDS
        try:
            while monotonic() < until:
                came.append(accept())
        except BlockingIOError:
            return
        finally:
            # Only after the loop: a request arrives a moment after its connection.
            for number, address in came:
                self._lobby.enter(_socket.socket(*self._kind, number), address)

    def _receive(self, connection: _socket.socket, address: Address, head: bytes) -> None:
        """Called in the event loop, where nothing may block."""
        if head.startswith(STREAM):
            self._streams.put((connection, address, head))
        elif head:
            self._pages.put((connection, address))
        else:
            connection.close()

    def _forward_pages(self) -> None:
        """Pages have a queue of their own and never wait behind streams."""
        for number in count(1):
            self._leave_to_gunicorn(*self._pages.get())
            if number % PAGES_AT_ONCE == 0:
                gevent.idle(IN_EVERY_TURN)

    def _admit_streams(self) -> None:
        """Admits a crowd of streams a few at a time: a page returns to the event loop with each of its statements, and
        each time waits for everything done in that turn."""
        while True:
            self._streams.peek()
            few: dict[StreamRequest, list[Caller]] = {}
            most = STREAMS_BESIDE_A_PAGE if len(self.pool) else STREAMS_AT_ONCE
            for _ in range(min(self._streams.qsize(), most)):
                caller = self._streams.get()
                if wanted := parse_head(caller[2]):
                    few.setdefault(wanted, []).append(caller)
                else:
                    self._leave_to_gunicorn(*caller[:2])
            for wanted, callers in few.items():
                self._admit_callers(wanted, callers)
            gevent.idle(IN_EVERY_TURN)

    def _admit_callers(self, wanted: StreamRequest, callers: list[Caller]) -> None:
        """Callers that ask for the same are admitted together; those left to gunicorn are decided one by one."""
        while callers and not self.closed:
            decision = self._decide(wanted)
            if isinstance(decision, Later):
                self._crowds.setdefault(wanted, ([], monotonic()))[0].extend(callers)
                return
            if decision is not None:
                self._hand_over(callers, decision)
                return
            self._leave_to_gunicorn(*callers.pop(0)[:2])
        for caller in callers:
            caller[0].close()

    def _retry_crowds(self) -> None:
        """Decides again, once for all that wait for the same; after CROWD_SECONDS they get the alternative."""
        while True:
            gevent.sleep(RETRY_SECONDS)
            for wanted, (callers, came_at) in list(self._crowds.items()):
                decision = self._decide(wanted)
                if isinstance(decision, Later) and monotonic() - came_at < CROWD_SECONDS:
                    continue
                del self._crowds[wanted]
                if isinstance(decision, Later):
                    self._hand_over(callers, decision.otherwise)
                    continue
                if decision is None:
                    self._leave_to_gunicorn(*callers.pop(0)[:2])
                for caller in callers:
                    self._streams.put(caller)

    def _decide(self, wanted: StreamRequest) -> Decision:
        try:
            return self._admit(*wanted)
        except Exception:
            log.exception("the accept door could not decide; the view will")
            return None

    def _hand_over(self, callers: Sequence[Caller], take_over: TakeOver) -> None:
        """The requests have only been peeked at; whoever answers must read them from the sockets."""
        connections = [connection for connection, *_ in callers]
        try:
            take_over(connections)
        except Exception:
            log.exception("streams could not be admitted")
            for connection in connections:
                connection.close()

    def _leave_to_gunicorn(self, connection: _socket.socket, address: Address) -> None:
        if self.closed:
            connection.close()
            return
        try:
            self.do_handle(gevent.socket.socket(*self._kind, connection.detach()), address)
        except Exception:
            log.exception("a connection could not be left to gunicorn")


class StreamWorker(GeventWorker):  # type: ignore[misc]
    """The gevent worker whose listening sockets have the accept door, and which ends only after its streams have."""

    def run(self) -> None:
        hub = self.wsgi.extensions["live"]
        self.wsgi.extensions["start_sockets"]()
        self.server_class = self._door
        super().run()
        while hub is not None and hub.count():
            self.notify()
            gevent.sleep(0.1)
        if hub is not None:
            hub.journal.write()

    def is_already_handled(self, respiter: Any) -> bool:
        """A connection that was taken over has no next request; gunicorn treats StopIteration as its end."""
        if super().is_already_handled(respiter):
            raise StopIteration
        return False

    def _door(self, listener: Any, spawn: Any, ssl_context: Any = None, **ignored: Any) -> StreamServer:
        drop_vanished_clients(listener)
        handle = partial(self.handle, listener)
        if ssl_context:
            return HandshakeServer(listener, handle, spawn=spawn, ssl_context=ssl_context)
        return Door(listener, handle, spawn, self.wsgi.extensions["admit"])
