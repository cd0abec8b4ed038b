"""gunicorn's gevent worker with its second door: a plain stream request is recognized at accept, before any parser.

Everything else, and everything in doubt, goes the ordinary way with nothing read off: a miss is slower, never wrong.
What this file knows of gunicorn's and gevent's insides is held by tests/live/doors/test_risks.py; gunicorn is pinned.

gunicorn's master imports this file before its workers patch the standard library: of Tablo only the lobby is imported.
"""

import _socket
import logging
import re
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import count
from time import monotonic
from typing import Any

import gevent
import gevent.socket
from gevent.queue import SimpleQueue
from gevent.server import StreamServer
from gunicorn.workers.ggevent import GeventWorker

from live.head import PLAIN, is_unfinished, last_event_ids, said
from live.lobby import Address, Later, Lobby, TakeOver

log = logging.getLogger("tablo.live")

ACCEPTS_AT_ONCE = 4096
LOOKS_AT_ONCE = 1024
STREAMS_AT_ONCE = 64
ASK_AGAIN_SECONDS = 0.02
CROWD_SECONDS = 2.0
KINDS = 0xF  # the rest of a socket's type are flags

# What is asked for: target, last event id or None. The answer: who takes the socket over, or None for the ordinary way.
Asked = tuple[str, str | None]
Admit = Callable[[str, str | None], TakeOver | Later | None]
Caller = tuple[_socket.socket, Address, re.Match[bytes]]


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

        All that the kernel has: a crowd that overflows its queue would knock again after one second, and after three.
        """
        for _ in range(ACCEPTS_AT_ONCE):
            try:
                number, address = self.socket._accept()
            except BlockingIOError:
                return
            self._callers.put((_socket.socket(*self._kind, fileno=number), address, True))

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
                gevent.sleep(0)

    def _receive(self, connection: _socket.socket, address: Address) -> None:
        head = said(connection)
        if head is None or is_unfinished(head):
            self._lobby.wait(connection, address)
            return
        self._lobby.leave(connection)
        if not head or self.closed:
            connection.close()
        elif asked := PLAIN.match(head):
            self._streams.put((connection, address, asked))
        else:
            self._leave_to_gunicorn(connection, address)

    def _welcome(self) -> None:
        """A crowd of streams comes in a few at a time; pages that are asked for meanwhile wait for those few only."""
        for number in count(1):
            caller = self._streams.get()
            asked = caller[2]["target"].decode(), last_event_ids(caller[2]["fields"])
            decision = self._decide(asked)
            if isinstance(decision, Later):
                self._crowds.setdefault(asked, ([], monotonic()))[0].append(caller)
            else:
                self._answer(caller, decision)
            if number % STREAMS_AT_ONCE == 0:
                gevent.sleep(0)

    def _ask_for_crowds(self) -> None:
        """One question for all who wait for the same; who would wait too long is told otherwise."""
        while True:
            gevent.sleep(ASK_AGAIN_SECONDS)
            for asked, (callers, came_at) in list(self._crowds.items()):
                decision = self._decide(asked)
                if not isinstance(decision, Later):
                    self._answer(callers.pop(0), decision)
                    self._let_go(asked, self._streams.put)
                elif monotonic() - came_at > CROWD_SECONDS:
                    self._let_go(asked, partial(self._answer, decision=decision.otherwise))

    def _let_go(self, asked: Asked, go: Callable[[Caller], None]) -> None:
        callers, _ = self._crowds.pop(asked)
        for caller in callers:
            go(caller)

    def _decide(self, asked: Asked) -> TakeOver | Later | None:
        try:
            return self._admit(*asked)
        except Exception:
            log.exception("the second door could not decide; the first one will")
            return None

    def _answer(self, caller: Caller, decision: TakeOver | None) -> None:
        """The request is read off when it is sure who answers it."""
        connection, address, asked = caller
        try:
            if decision is None:
                self._leave_to_gunicorn(connection, address)
                return
            with suppress(OSError):
                connection.recv(asked.end())
            decision(connection)
        except Exception:
            log.exception("a stream could not be welcomed")
            connection.close()

    def _leave_to_gunicorn(self, connection: _socket.socket, address: Address) -> None:
        if self.closed:
            connection.close()
            return
        family, kind, protocol = connection.family, connection.type, connection.proto
        self.do_handle(gevent.socket.socket(family, kind, protocol, fileno=connection.detach()), address)


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
