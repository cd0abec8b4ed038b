"""gunicorn's gevent worker with its second door: a plain stream request is recognized at accept, before any parser.

Everything else, and everything in doubt, goes the ordinary way with nothing read off: a miss is slower, never wrong.
What this file knows of gunicorn's and gevent's insides is held by tests/live/test_worker.py; gunicorn is pinned.

gunicorn's master imports this file before its workers patch the standard library: of Tablo only the lobby is imported.
"""

import _socket
import logging
import re
import socket
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import count
from typing import Any

import gevent
import gevent.socket
from gevent.queue import SimpleQueue
from gevent.server import StreamServer
from gunicorn.workers.ggevent import GeventWorker

from live.lobby import LONGEST_HEAD, Address, Lobby

log = logging.getLogger("tablo.live")

ACCEPTS_AT_ONCE = 512
STREAMS_AT_ONCE = 64
KINDS = 0xF  # the rest of a socket's type are flags
LOOK = int(socket.MSG_PEEK | socket.MSG_DONTWAIT)

# Plain field lines, no body, nothing to negotiate, and nothing after the blank line.
PLAIN = re.compile(
    rb"GET (?P<target>/live/[\x21-\x7e]{1,500}) HTTP/1\.[01]\r\n"
    rb"(?P<fields>(?:(?!(?i:content-length|transfer-encoding|expect|upgrade)\s*:)[!#-'*+.^-z|~\-0-9A-Z]+:[^\r\n\x00]*\r\n)+)\r\n\Z"
)
LAST_EVENT_ID = re.compile(rb"(?im)^last-event-id:[ \t]*([^\r]*?)[ \t]*\r$")

# (target, last event id or None) -> a function that takes the socket over, or None for the ordinary way.
Admit = Callable[[str, str | None], Callable[[_socket.socket], None] | None]


class Door(StreamServer):  # type: ignore[misc]
    """Accepts; takes plain stream requests aside and leaves all other connections to gunicorn."""

    def __init__(self, listener: Any, handle: Any, spawn: Any, admit: Admit) -> None:
        super().__init__(listener, handle=handle, spawn=spawn)
        self._admit = admit
        self._kind = int(listener.family), int(listener.type) & KINDS, int(listener.proto)
        self._callers: SimpleQueue[tuple[_socket.socket, Address, bool]] = SimpleQueue()
        self._streams: SimpleQueue[tuple[_socket.socket, Address, re.Match[bytes]]] = SimpleQueue()
        self._lobby = Lobby(lambda connection, address: self._callers.put((connection, address, False)))

    def start(self) -> None:
        super().start()
        self._lobby.open()
        gevent.spawn(self._attend)
        gevent.spawn(self._welcome)

    def close(self) -> None:
        super().close()
        self._lobby.close()

    def do_read(self) -> None:
        """Called in the event loop, where nothing may wait: only accepts, `_attend` does the rest."""
        for _ in range(ACCEPTS_AT_ONCE):
            try:
                number, address = self.socket._accept()
            except BlockingIOError:
                return
            self._callers.put((_socket.socket(*self._kind, fileno=number), address, True))

    def _attend(self) -> None:
        while True:
            connection, address, is_new = self._callers.get()
            try:
                if is_new or self._lobby.holds(connection):
                    self._receive(connection, address)
            except Exception:
                log.exception("a connection could not be received")
                connection.close()

    def _receive(self, connection: _socket.socket, address: Address) -> None:
        head = _said(connection)
        if head is None or _is_unfinished(head):
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
            connection, address, asked = self._streams.get()
            try:
                if not self._is_taken(connection, asked):
                    self._leave_to_gunicorn(connection, address)
            except Exception:
                log.exception("a stream could not be welcomed")
                connection.close()
            if number % STREAMS_AT_ONCE == 0:
                gevent.sleep(0)

    def _leave_to_gunicorn(self, connection: _socket.socket, address: Address) -> None:
        if self.closed:
            connection.close()
            return
        family, kind, protocol = connection.family, connection.type, connection.proto
        self.do_handle(gevent.socket.socket(family, kind, protocol, fileno=connection.detach()), address)

    def _is_taken(self, connection: _socket.socket, asked: re.Match[bytes]) -> bool:
        """Only looks until it is sure; then reads the request off and answers it for good."""
        last_event_ids = _last_event_ids(asked["fields"])
        try:
            take_over = self._admit(asked["target"].decode(), last_event_ids)
        except Exception:
            log.exception("the second door could not decide; the first one will")
            return False
        if take_over is None:
            return False
        with suppress(OSError):
            connection.recv(asked.end())
        take_over(connection)
        return True


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


def _said(connection: _socket.socket) -> bytes | None:
    """What has been said so far; None for nothing yet, empty for one who is gone."""
    try:
        return connection.recv(LONGEST_HEAD, LOOK)
    except BlockingIOError:
        return None
    except OSError:
        return b""


def _last_event_ids(fields: bytes) -> str | None:
    if b"last-event-id:" not in fields.lower():
        return None
    return b",".join(LAST_EVENT_ID.findall(fields)).decode("latin-1") or None


def _is_unfinished(head: bytes) -> bool:
    """Whether this may become a request's head; of anything else gunicorn shall judge."""
    return len(head) < LONGEST_HEAD and b"A" <= head[:1] <= b"Z" and b"\r\n\r\n" not in head
