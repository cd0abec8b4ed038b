"""gunicorn's gevent worker with its second door: a plain stream request is recognized at accept, before any parser.

Everything else, and everything in doubt, goes the ordinary way with nothing read off: a miss is slower, never wrong.
What this file knows of gunicorn's and gevent's insides is held by tests/live/doors/test_risks.py; gunicorn is pinned.

gunicorn's master imports this file before its workers patch the standard library: of Tablo only the lobby is imported.
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
from live.head import STREAM, Asked, asked_in
from live.lobby import Address, Later, Lobby, TakeOver, hope_no_longer

log = logging.getLogger("tablo.live")

# In one turn of the event loop.
ACCEPT_SECONDS = 0.002
STREAMS_AT_ONCE = 64
STREAMS_BESIDE_A_PAGE = 16
PAGES_AT_ONCE = 64
ASK_AGAIN_SECONDS = 0.02
CROWD_SECONDS = 2.0
IN_EVERY_TURN = 2  # gevent.sleep(0) would come back up to fifty times before a socket is looked at
KINDS = 0xF  # the rest of a socket's type are flags

# What is decided about a request: who takes its socket over, or None for the ordinary way.
Decision = TakeOver | Later | None
Admit = Callable[[str, str | None], Decision]
Caller = tuple[_socket.socket, Address, bytes]


class Door(StreamServer):  # type: ignore[misc]
    """Accepts; takes plain stream requests aside and leaves all other connections to gunicorn."""

    def __init__(self, listener: Any, handle: Any, spawn: Any, admit: Admit) -> None:
        super().__init__(listener, handle=handle, spawn=spawn)
        self._admit = admit
        self._kind = int(listener.family), int(listener.type) & KINDS, int(listener.proto)
        self._pages: SimpleQueue[tuple[_socket.socket, Address]] = SimpleQueue()
        self._streams: SimpleQueue[Caller] = SimpleQueue()
        self._crowds: dict[Asked, tuple[list[Caller], float]] = {}
        self._lobby = Lobby(self._receive)

    def start(self) -> None:
        super().start()
        self._lobby.open()
        gevent.spawn(self._attend)
        gevent.spawn(self._welcome)
        gevent.spawn(self._ask_for_crowds)

    def close(self) -> None:
        super().close()
        self._lobby.close()

    def do_read(self) -> None:
        """Called in the event loop, where nothing may wait. A crowd that overflows the kernel's queue would knock again
        after one second, and after three; so accepting has most of the time."""
        accept, came, until = self.socket._accept, [], monotonic() + ACCEPT_SECONDS
        try:
            while monotonic() < until:
                came.append(accept())
        except BlockingIOError:
            return
        finally:
            # Not each at once: a request comes a moment after its connection.
            for number, address in came:
                self._lobby.enter(_socket.socket(*self._kind, number), address)

    def _receive(self, connection: _socket.socket, address: Address, head: bytes) -> None:
        """Also called in the event loop."""
        if head.startswith(STREAM):
            self._streams.put((connection, address, head))
        elif head:
            self._pages.put((connection, address))
        else:
            connection.close()

    def _attend(self) -> None:
        """Nobody's page stands in a line of streams."""
        for number in count(1):
            self._leave_to_gunicorn(*self._pages.get())
            if number % PAGES_AT_ONCE == 0:
                gevent.idle(IN_EVERY_TURN)

    def _welcome(self) -> None:
        """A crowd of streams comes in a few at a time: a page comes back to the loop with each of its statements, and
        waits for all that is done in that turn."""
        while True:
            self._streams.peek()
            few: dict[Asked, list[Caller]] = {}
            most = STREAMS_BESIDE_A_PAGE if len(self.pool) else STREAMS_AT_ONCE
            for _ in range(min(self._streams.qsize(), most)):
                caller = self._streams.get()
                if asked := asked_in(caller[2]):
                    few.setdefault(asked, []).append(caller)
                else:
                    self._leave_to_gunicorn(*caller[:2])
            for asked, callers in few.items():
                self._answer(asked, callers)
            gevent.idle(IN_EVERY_TURN)

    def _answer(self, asked: Asked, callers: list[Caller]) -> None:
        """All who ask for the same come in together; for those who go the ordinary way each is decided anew."""
        while callers and not self.closed:
            decision = self._decide(asked)
            if isinstance(decision, Later):
                self._crowds.setdefault(asked, ([], monotonic()))[0].extend(callers)
                return
            if decision is not None:
                self._hand_over(callers, decision)
                return
            self._leave_to_gunicorn(*callers.pop(0)[:2])
        for caller in callers:
            caller[0].close()

    def _ask_for_crowds(self) -> None:
        """One question for all who wait for the same; who would wait too long is told otherwise."""
        while True:
            gevent.sleep(ASK_AGAIN_SECONDS)
            for asked, (callers, came_at) in list(self._crowds.items()):
                decision = self._decide(asked)
                if isinstance(decision, Later) and monotonic() - came_at < CROWD_SECONDS:
                    continue
                del self._crowds[asked]
                if isinstance(decision, Later):
                    self._hand_over(callers, decision.otherwise)
                    continue
                if decision is None:
                    self._leave_to_gunicorn(*callers.pop(0)[:2])
                for caller in callers:
                    self._streams.put(caller)

    def _decide(self, asked: Asked) -> Decision:
        try:
            return self._admit(*asked)
        except Exception:
            log.exception("the second door could not decide; the first one will")
            return None

    def _hand_over(self, callers: Sequence[Caller], take_over: TakeOver) -> None:
        """The requests have only been looked at; who answers them reads them off."""
        connections = [connection for connection, *_ in callers]
        try:
            take_over(connections)
        except Exception:
            log.exception("streams could not be welcomed")
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
    """The gevent worker whose listening sockets have the second door, and which lets its streams end before it does."""

    def run(self) -> None:
        hub = self.wsgi.extensions["live"]
        self.wsgi.extensions["start_sockets"]()
        self.server_class = self._door
        super().run()
        while hub is not None and hub.count():
            self.notify()
            gevent.sleep(0.1)
        if hub is not None:
            hub.journal.tell()

    def is_already_handled(self, respiter: Any) -> bool:
        """A connection that was taken over has no next request; gunicorn's own method foresees this answer."""
        if super().is_already_handled(respiter):
            raise StopIteration
        return False

    def _door(self, listener: Any, spawn: Any, ssl_context: Any = None, **ignored: Any) -> StreamServer:
        hope_no_longer(listener)
        handle = partial(self.handle, listener)
        if ssl_context:
            return HandshakeServer(listener, handle, spawn=spawn, ssl_context=ssl_context)
        return Door(listener, handle, spawn, self.wsgi.extensions["admit"])
