"""Where connections wait that have been accepted and have not said what they want."""

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

from live.head import LONGEST_HEAD, is_unfinished, said

EVENTS_AT_ONCE = 1024
VANISHED = socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 20_000
HEAD_SECONDS = 5

Address = Any
TakeOver = Callable[[Sequence[_socket.socket]], None]


@dataclass(frozen=True)
class Later:
    """For a crowd who shall ask again in a moment; otherwise: what becomes of those who wait too long."""

    otherwise: TakeOver


class Lobby:
    """Connections that have not said a whole head yet: no greenlet each, one epoll, and HEAD_SECONDS for all of it."""

    def __init__(self, receive: Callable[[_socket.socket, Address, bytes], None]) -> None:
        """receive is called in the event loop when one has said a head or something else, or has gone (nothing)."""
        self._receive = receive
        self._waiting: dict[int, tuple[_socket.socket, Address, float]] = {}  # in the order in which they came
        self._epoll = monkey.get_original("select", "epoll")()
        self._watcher = gevent.get_hub().loop.io(self._epoll.fileno(), 1)

    def open(self) -> None:
        self._watcher.start(self._hear)
        gevent.spawn(self._keep_time)

    def close(self) -> None:
        """Lets everybody go who waits."""
        for connection, *_ in list(self._waiting.values()):
            self._leave(connection)
            connection.close()

    def enter(self, connection: _socket.socket, address: Address) -> None:
        """Somebody has just come; who has said a whole head already does not wait here."""
        head = said(connection)
        if head is None or is_unfinished(head):
            self._waiting[connection.fileno()] = connection, address, monotonic()
            self._epoll.register(connection.fileno(), EPOLLIN | EPOLLRDHUP | EPOLLET)
        else:
            self._receive(connection, address, head)

    def _hear(self) -> None:
        for number, _ in self._epoll.poll(0, EVENTS_AT_ONCE):
            connection, address, _ = self._waiting[number]
            head = said(connection)
            if head is not None and not is_unfinished(head):
                self._leave(connection)
                self._receive(connection, address, head)

    def _leave(self, connection: _socket.socket) -> None:
        """Forgotten before it is closed or handed on: the number of a closed one soon belongs to somebody else."""
        del self._waiting[connection.fileno()]
        self._epoll.unregister(connection.fileno())

    def _keep_time(self) -> None:
        while True:
            gevent.sleep(1)
            too_late = monotonic() - HEAD_SECONDS
            for connection, _, came_at in list(self._waiting.values()):
                if came_at > too_late:
                    break
                self._leave(connection)
                _let_go(connection)


def hope_no_longer(listening: _socket.socket) -> None:
    """What is accepted here inherits for how long the kernel hopes for one who has vanished without a word."""
    if listening.family in (socket.AF_INET, socket.AF_INET6):
        listening.setsockopt(*VANISHED)


def _let_go(connection: _socket.socket) -> None:
    """What is left unread would make the end a reset."""
    with suppress(OSError):
        connection.setblocking(False)
        connection.recv(LONGEST_HEAD)
    connection.close()
