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

from live.head import STREAM, Asked, asked_in, is_read_off, is_unfinished, said
from live.lobby import Address, Later, Lobby, TakeOver

log = logging.getLogger("tablo.live")

ACCEPTS_AT_ONCE = 1024
LOOKS_AT_ONCE = 512
STREAMS_AT_ONCE = 64
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
        self._callers: SimpleQueue[tuple[_socket.socket, Address, bool]] = SimpleQueue()
        self._streams: SimpleQueue[Caller] = SimpleQueue()
        self._crowds: dict[Asked, tuple[list[Caller], float]] = {}
        self._lobby = Lobby(lambda connection, address: self._callers.put((connection, address, False)))

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
        """Called in the event loop, where nothing may wait: only accepts, `_attend` does the rest.

        As many as are looked at in the same turn, so that nobody's page stands in a line of streams; and many, for a
        crowd that overflows the kernel's queue would knock again after one second, and after three.
        """
        accept, call, kind = self.socket._accept, self._callers.put, self._kind
        for _ in range(ACCEPTS_AT_ONCE):
            try:
                number, address = accept()
            except BlockingIOError:
                return
            call((_socket.socket(*kind, number), address, True))

    def _attend(self) -> None:
        for number in count(1):
            connection, address, is_new = self._callers.get()
            try:
                if is_new or self._lobby.holds(connection):
                    self._receive(connection, address)
            except Exception:
                log.exception("a connection could not be received")
                connection.close()
            if number % LOOKS_AT_ONCE == 0:
                gevent.idle(IN_EVERY_TURN)

    def _receive(self, connection: _socket.socket, address: Address) -> None:
        head = said(connection)
        if head is None or is_unfinished(head):
            self._lobby.wait(connection, address)
            return
        self._lobby.leave(connection)
        if not head:
            connection.close()
        elif head.startswith(STREAM):
            self._streams.put((connection, address, head))
        else:
            self._leave_to_gunicorn(connection, address)

    def _welcome(self) -> None:
        """A crowd of streams comes in a few at a time; pages that are asked for meanwhile wait for those few only."""
        while True:
            self._streams.peek()
            few: dict[Asked, list[Caller]] = {}
            for _ in range(min(self._streams.qsize(), STREAMS_AT_ONCE)):
                connection, address, head = self._streams.get()
                if (asked := asked_in(head)) and not self.closed:
                    few.setdefault(asked, []).append((connection, address, head))
                else:
                    self._leave_to_gunicorn(connection, address)
            for asked, callers in few.items():
                self._answer(asked, callers)
            gevent.idle(IN_EVERY_TURN)

    def _answer(self, asked: Asked, callers: list[Caller]) -> None:
        """All who ask for the same come in together; for those who go the ordinary way each is decided anew."""
        while callers:
            decision = self._decide(asked)
            if isinstance(decision, Later):
                self._crowds.setdefault(asked, ([], monotonic()))[0].extend(callers)
                return
            if decision is not None:
                self._hand_over(callers, decision)
                return
            self._leave_to_gunicorn(*callers.pop(0)[:2])

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
        """The requests are read off when it is sure who answers them."""
        present = [connection for connection, _, head in callers if is_read_off(connection, head)]
        try:
            take_over(present)
        except Exception:
            log.exception("streams could not be welcomed")
            for connection in present:
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
        if not self.cfg.is_ssl:
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

    def _door(self, listener: Any, spawn: Any, **ignored: Any) -> Door:
        return Door(listener, partial(self.handle, listener), spawn, self.wsgi.extensions["admit"])
