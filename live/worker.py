"""gunicorn's gevent worker with its second door: a plain stream request is recognized at accept, before any parser.

Everything else, and everything in doubt, goes the ordinary way with nothing read off: a miss is slower, never wrong.
What this file knows of gunicorn's and gevent's insides is held by tests/live/test_worker.py; gunicorn is pinned.

gunicorn's master imports this file before its workers patch the standard library: nothing of Tablo is imported here.
"""

import _socket
import logging
import re
import socket
from collections.abc import Callable
from functools import partial
from select import EPOLLET, EPOLLIN, EPOLLRDHUP
from time import monotonic
from typing import Any

import gevent
import gevent.socket
from gevent import monkey
from gevent.queue import SimpleQueue
from gevent.server import StreamServer
from gunicorn.workers.ggevent import GeventWorker

log = logging.getLogger("tablo.live")

ACCEPTS_AT_ONCE = 64
EVENTS_AT_ONCE = 1024
LONGEST_HEAD = 8192
HEAD_SECONDS = 5

# Plain field lines, no body, nothing to negotiate, and nothing after the blank line.
PLAIN = re.compile(
    rb"GET (?P<target>/live/[\x21-\x7e]{1,500}) HTTP/1\.[01]\r\n"
    rb"(?P<fields>(?:(?!(?i:content-length|transfer-encoding|expect|upgrade)\s*:)[!#-'*+.^-z|~\-0-9A-Z]+:[^\r\n\x00]*\r\n)+)\r\n\Z"
)
LAST_EVENT_ID = re.compile(rb"(?im)^last-event-id:[ \t]*([^\r]*?)[ \t]*\r$")

# (target, last event id or None) -> a function that takes the socket over, or None for the ordinary way.
Admit = Callable[[str, str | None], Callable[[_socket.socket], None] | None]
Address = Any


class Lobby:
    """Connections that have not said a whole head yet: no greenlet each, one epoll, and HEAD_SECONDS for all of it."""

    def __init__(self, look_at: Callable[[_socket.socket, Address], None]) -> None:
        """look_at is called in the event loop whenever one who waits has said more."""
        self._look_at = look_at
        self._waiting: dict[int, tuple[_socket.socket, Address, float]] = {}  # in the order in which they came
        self._epoll = monkey.get_original("select", "epoll")()
        self._watcher = gevent.get_hub().loop.io(self._epoll.fileno(), 1)

    def open(self) -> None:
        self._watcher.start(self._hear)
        gevent.spawn(self._keep_time)

    def close(self) -> None:
        """Lets everybody go who waits."""
        for connection, *_ in list(self._waiting.values()):
            self.leave(connection)
            connection.close()

    def holds(self, connection: _socket.socket) -> bool:
        return connection.fileno() in self._waiting

    def wait(self, connection: _socket.socket, address: Address) -> None:
        if not self.holds(connection):
            self._waiting[connection.fileno()] = connection, address, monotonic()
            self._epoll.register(connection.fileno(), EPOLLIN | EPOLLRDHUP | EPOLLET)

    def leave(self, connection: _socket.socket) -> None:
        """Forgotten before it is closed or handed on: the number of a closed one soon belongs to somebody else."""
        if self._waiting.pop(connection.fileno(), None):
            self._epoll.unregister(connection.fileno())

    def _hear(self) -> None:
        for number, _ in self._epoll.poll(0, EVENTS_AT_ONCE):
            connection, address, _ = self._waiting[number]
            self._look_at(connection, address)

    def _keep_time(self) -> None:
        while True:
            gevent.sleep(1)
            too_late = monotonic() - HEAD_SECONDS
            for connection, _, came_at in list(self._waiting.values()):
                if came_at > too_late:
                    break
                self.leave(connection)
                _said(connection)  # what is left unread would make the end a reset
                connection.close()


class Door(StreamServer):  # type: ignore[misc]
    """Accepts; takes plain stream requests aside and leaves all other connections to gunicorn."""

    def __init__(self, listener: Any, handle: Any, spawn: Any, admit: Admit) -> None:
        super().__init__(listener, handle=handle, spawn=spawn)
        self._admit = admit
        self._callers: SimpleQueue[tuple[_socket.socket, Address, bool]] = SimpleQueue()
        self._lobby = Lobby(lambda connection, address: self._callers.put((connection, address, False)))

    def start(self) -> None:
        super().start()
        self._lobby.open()
        gevent.spawn(self._attend)

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
            self._callers.put((_socket.socket(fileno=number), address, True))

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
        head = _said(connection, socket.MSG_PEEK)
        if head is None or _is_unfinished(head):
            self._lobby.wait(connection, address)
            return
        self._lobby.leave(connection)
        if not head or self.closed:
            connection.close()
        elif not self._is_taken(connection, head):
            family, kind, protocol = connection.family, connection.type, connection.proto
            self.do_handle(gevent.socket.socket(family, kind, protocol, fileno=connection.detach()), address)

    def _is_taken(self, connection: _socket.socket, head: bytes) -> bool:
        """Only looks until it is sure; then reads the request off and answers it for good."""
        asked = PLAIN.match(head)
        if asked is None:
            return False
        last_event_ids = b",".join(LAST_EVENT_ID.findall(asked["fields"])).decode("latin-1")
        try:
            take_over = self._admit(asked["target"].decode(), last_event_ids or None)
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
        if hub is not None:
            hub.journal.tell()

    def is_already_handled(self, respiter: Any) -> bool:
        """A connection that was taken over has no next request; gunicorn's own method foresees this answer."""
        if super().is_already_handled(respiter):
            raise StopIteration
        return False

    def _door(self, listener: Any, spawn: Any, **ignored: Any) -> Door:
        return Door(listener, partial(self.handle, listener), spawn, self.wsgi.extensions["admit"])


def _said(connection: _socket.socket, how: int = 0) -> bytes | None:
    """What has been said so far; None for nothing yet, empty for one who is gone."""
    try:
        return connection.recv(LONGEST_HEAD, how | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return None
    except OSError:
        return b""


def _is_unfinished(head: bytes) -> bool:
    """Whether this may become a request's head; of anything else gunicorn shall judge."""
    return len(head) < LONGEST_HEAD and b"A" <= head[:1] <= b"Z" and b"\r\n\r\n" not in head
