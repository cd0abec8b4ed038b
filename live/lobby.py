"""Where accepted connections wait until they have sent a request head."""

import _socket
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from select import EPOLLET, EPOLLIN, EPOLLRDHUP
from time import monotonic
from typing import Any

import gevent
from gevent import monkey

from live.request_head import LONGEST_HEAD, is_unfinished, peek_head

EVENTS_AT_ONCE = 128
VANISHED = socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 20_000
HEAD_SECONDS = 5

Address = Any
TakeOver = Callable[[Sequence[_socket.socket]], None]


@dataclass(frozen=True)
class Later:
    """The callers should be asked about again in a moment; otherwise: called for those who have waited too long."""

    otherwise: TakeOver


class Lobby:
    """Connections without a complete request head: no greenlet each, one epoll, and HEAD_SECONDS to send it."""

    def __init__(self, receive: Callable[[_socket.socket, Address, bytes], None]) -> None:
        """receive is called in the event loop with the bytes received, once they are a head or cannot become one, or
        with none if the client has gone."""
        self._receive = receive
        self._waiting: dict[int, tuple[_socket.socket, Address, float]] = {}  # in the order in which they came
        self._epoll = monkey.get_original("select", "epoll")()
        self._watcher = gevent.get_hub().loop.io(self._epoll.fileno(), 1)

    def open(self) -> None:
        self._watcher.start(self._poll)
        gevent.spawn(self._drop_late)

    def close(self) -> None:
        """Closes all waiting connections."""
        for connection, *_ in list(self._waiting.values()):
            self._leave(connection)
            connection.close()

    def enter(self, connection: _socket.socket, address: Address) -> None:
        """Takes a new connection; one that has already sent a complete head is passed on at once."""
        head = peek_head(connection)
        if head is None or is_unfinished(head):
            self._waiting[connection.fileno()] = connection, address, monotonic()
            self._epoll.register(connection.fileno(), EPOLLIN | EPOLLRDHUP | EPOLLET)
        else:
            self._receive(connection, address, head)

    def _poll(self) -> None:
        for number, _ in self._epoll.poll(0, EVENTS_AT_ONCE):
            connection, address, _ = self._waiting[number]
            head = peek_head(connection)
            if head is not None and not is_unfinished(head):
                self._leave(connection)
                self._receive(connection, address, head)

    def _leave(self, connection: _socket.socket) -> None:
        """Called before it is closed or handed on, since the descriptor number of a closed socket is soon reused."""
        del self._waiting[connection.fileno()]
        self._epoll.unregister(connection.fileno())

    def _drop_late(self) -> None:
        while True:
            gevent.sleep(1)
            too_late = monotonic() - HEAD_SECONDS
            for connection, _, came_at in list(self._waiting.values()):
                if came_at > too_late:
                    break
                self._leave(connection)
                _close_cleanly(connection)


def drop_vanished_clients(listening: _socket.socket) -> None:
    """Limits how long the kernel retransmits to clients that vanished; accepted sockets inherit it."""
    if listening.family in (socket.AF_INET, socket.AF_INET6):
        listening.setsockopt(*VANISHED)


def _close_cleanly(connection: _socket.socket) -> None:
    """Unread bytes would turn the close into a reset."""
    with suppress(OSError):
        connection.setblocking(False)
        connection.recv(LONGEST_HEAD)
    connection.close()
