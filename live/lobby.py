"""Where connections wait that have been accepted and have not said what they want."""

import _socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from select import EPOLLET, EPOLLIN, EPOLLRDHUP
from time import monotonic
from typing import Any

import gevent
from gevent import monkey

from live.head import LONGEST_HEAD

EVENTS_AT_ONCE = 1024
HEAD_SECONDS = 5

Address = Any
TakeOver = Callable[[Sequence[_socket.socket]], None]


@dataclass(frozen=True)
class Later:
    """For a crowd who shall ask again in a moment; otherwise: what becomes of those who wait too long."""

    otherwise: TakeOver


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
                _let_go(connection)


def _let_go(connection: _socket.socket) -> None:
    """What is left unread would make the end a reset."""
    with suppress(OSError):
        connection.setblocking(False)
        connection.recv(LONGEST_HEAD)
    connection.close()
