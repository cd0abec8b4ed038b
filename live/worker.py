"""gunicorn's gevent worker with its second door: a plain stream request is recognized at accept, before any parser.

Everything else, and everything in doubt, goes the ordinary way with nothing read off: a miss is slower, never wrong.
What this file knows of gunicorn's and gevent's insides is held by tests/live/test_sockets.py; gunicorn is pinned.

gunicorn's master imports this file before its workers patch the standard library: nothing of Tablo is imported here.
"""

import _socket
import logging
import re
import socket
from collections.abc import Callable
from functools import partial
from typing import Any

import gevent
import gevent.socket
from gevent.queue import SimpleQueue
from gevent.server import StreamServer
from gunicorn.workers.ggevent import GeventWorker

log = logging.getLogger("tablo.live")

ACCEPTS_AT_ONCE = 64
LONGEST_HEAD = 8192

# Plain field lines, no body, nothing to negotiate, and nothing after the blank line.
PLAIN = re.compile(
    rb"GET (?P<target>/live/[\x21-\x7e]{1,500}) HTTP/1\.[01]\r\n"
    rb"(?P<fields>(?:(?!(?i:content-length|transfer-encoding|expect|upgrade)\s*:)[!#-'*+.^-z|~\-0-9A-Z]+:[^\r\n\x00]*\r\n)+)\r\n\Z"
)
LAST_EVENT_ID = re.compile(rb"(?im)^last-event-id:[ \t]*([0-9]{1,18})[ \t]*\r$")

# (target, last event id or None) -> a function that takes the socket over, or None for the ordinary way.
Admit = Callable[[str, str | None], Callable[[_socket.socket], None] | None]


class Door(StreamServer):  # type: ignore[misc]
    """Accepts; takes plain stream requests aside and leaves all other connections to gunicorn."""

    def __init__(self, listener: Any, handle: Any, spawn: Any, admit: Admit) -> None:
        super().__init__(listener, handle=handle, spawn=spawn)
        self._admit = admit
        self._accepted: SimpleQueue[tuple[_socket.socket, Any]] = SimpleQueue()

    def start(self) -> None:
        super().start()
        gevent.spawn(self._attend)

    def do_read(self) -> None:
        """Called in the event loop, where nothing may wait: only accepts, `_attend` does the rest."""
        for _ in range(ACCEPTS_AT_ONCE):
            try:
                number, address = self.socket._accept()
            except BlockingIOError:
                return
            self._accepted.put((_socket.socket(fileno=number), address))

    def _attend(self) -> None:
        while True:
            connection, address = self._accepted.get()
            if not self._is_taken(connection):
                family, kind, protocol = connection.family, connection.type, connection.proto
                self.do_handle(gevent.socket.socket(family, kind, protocol, fileno=connection.detach()), address)

    def _is_taken(self, connection: _socket.socket) -> bool:
        """Only looks until it is sure; then reads the request off and answers it for good."""
        head = _peek(connection)
        asked = PLAIN.match(head)
        if asked is None:
            return False
        last_event_id = LAST_EVENT_ID.search(asked["fields"])
        try:
            take_over = self._admit(asked["target"].decode(), last_event_id[1].decode() if last_event_id else None)
        except Exception:
            log.exception("the second door could not decide; the first one will")
            return False
        if take_over is None:
            return False
        connection.recv(len(head))
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

    def is_already_handled(self, respiter: Any) -> bool:
        """A connection that was taken over has no next request; gunicorn's own method foresees this answer."""
        if super().is_already_handled(respiter):
            raise StopIteration
        return False

    def _door(self, listener: Any, spawn: Any, **ignored: Any) -> Door:
        return Door(listener, partial(self.handle, listener), spawn, self.wsgi.extensions["admit"])


def _peek(connection: _socket.socket) -> bytes:
    try:
        return connection.recv(LONGEST_HEAD, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except OSError:
        return b""
