"""Streams whose sockets were taken over from the server: no greenlet each, no queue, one epoll, the same bytes to all.

Works under gevent only. What the kernel does not accept at once stays in `Stream.rest`; newer frames wait until it is
sent, so a slow client skips frames and converges. One that accepts nothing for STALL_SECONDS is disconnected.
"""

import _socket
import logging
import os
import random
import socket
from collections.abc import Sequence
from contextlib import suppress
from itertools import cycle
from select import EPOLLET, EPOLLIN, EPOLLOUT, EPOLLRDHUP
from time import monotonic

import gevent
from gevent import monkey

from live import wire
from live.hub import Hub
from live.listener import Listener, random_retry
from live.request_head import LONGEST_HEAD
from live.stream import WsgiStream

log = logging.getLogger("tablo.live")

STALL_SECONDS = 15
# How much the kernel buffers for a client that does not read.
SEND_BUFFER = int(socket.SOL_SOCKET), int(socket.SO_SNDBUF), 64 * 1024
EVENTS_AT_ONCE = 64
AT_ONCE = int(socket.MSG_DONTWAIT)
STREAMS_BEFORE_OTHERS = 500
NOT_STARTED = "a stream could not be started; the client will reconnect"

HEAD = (
    b"HTTP/1.1 200 OK\r\n"
    b"Content-Type: text/event-stream; charset=utf-8\r\n"
    b"Cache-Control: no-store, no-transform\r\n"
    b"X-Accel-Buffering: no\r\n"
    b"X-Content-Type-Options: nosniff\r\n"
    b"Connection: close\r\n\r\n"
)
HEAD_FOR_ANY_ORIGIN = HEAD.replace(b"\r\n", b"\r\nAccess-Control-Allow-Origin: *\r\n", 1)
HEADS = cycle([HEAD + wire.returning(random_retry()) for _ in range(1_024)])
DISCARDED = bytearray(LONGEST_HEAD)
# Prepared in advance, since turning a client away must cost less than admitting it.
NO_ROOM = [HEAD + wire.message("later", event="wait", retry=random_retry()) for _ in range(256)]


class Stream:
    """One socket with its listener, the bytes the kernel has not yet accepted (`rest`), since when it is stalled."""

    __slots__ = ("is_written", "listener", "rest", "socket", "sockets", "stalled")

    def __init__(self, sockets: "Sockets", taken: _socket.socket, listener: Listener) -> None:
        self.sockets = sockets
        self.socket = taken
        self.listener = listener
        self.is_written = False
        self.rest = b""
        self.stalled: float | None = None
        listener.wake = self.write
        listener.end = self.drop

    def write(self, first: bytes = b"") -> None:
        """Writes until the listener is up to date or the kernel accepts no more; changes may arrive meanwhile."""
        if self.is_written or self.rest:
            self.sockets.tally.conflated += 1
            return
        self.is_written = True
        try:
            while not self.rest and (taken := first + self.listener.take()):
                first = b""
                self.send(taken)
        except Exception:
            if first:
                self.send(first)
            # Usually the database is away: a crowd disconnected now would reconnect at once and get no further.
            if self.listener.feed.retry_at_next_check():
                log.exception("a frame could not be rendered for a listener; retrying")
        finally:
            self.is_written = False

    def begin(self, first: bytes) -> None:
        """Sends the response head, with the first frame if that is ready: the head must not wait for the database."""
        if self.listener.is_ready():
            self.write(first)
        else:
            self.send(first)
            self.write()

    def resume(self) -> None:
        """The kernel accepts bytes again."""
        self.send(self.rest)
        self.write_without_blocking()

    def write_without_blocking(self) -> None:
        """Writes without blocking the other streams while this one's bytes are being produced."""
        if self.rest:
            return
        if self.listener.is_ready():
            self.write()
        else:
            gevent.spawn(self.write)

    def drop(self) -> None:
        self.sockets.forget(self)

    def send(self, wanted: bytes) -> None:
        try:
            count = self.socket.send(wanted, AT_ONCE)
        except BlockingIOError:
            count = 0
        except OSError:
            self.drop()
            return
        self.listener.sent += count
        self.rest = wanted[count:]
        if self.rest or self.stalled is not None:
            self._track_stall(count)

    def _track_stall(self, count: int) -> None:
        was_stalled = self.stalled is not None
        if not self.rest:
            self.stalled = None
        elif count or not was_stalled:
            self.stalled = monotonic()
        if was_stalled != (self.stalled is not None):
            self.sockets.set_events(self, EPOLLIN | EPOLLOUT if self.rest else EPOLLIN)


class Sockets:
    """All streams of one worker. Created and started in that worker, never before its fork.

    It also monitors the connections whose streams the server iterates, for clients that disconnect or stop reading.
    """

    def __init__(self, hub: Hub) -> None:
        self.tally = hub.tally
        self._hub = hub
        self._streams: dict[int, Stream] = {}
        self._watched: dict[int, WsgiStream] = {}
        # gevent removes epoll from the patched module, since polling it would block all greenlets; this one is polled
        # only when it is known to have events.
        self._epoll = monkey.get_original("select", "epoll")()

    def start(self) -> None:
        """Starts serving the streams."""
        gevent.spawn(self._poll)
        gevent.spawn(self._run_timers)

    def take_over(self, taken: _socket.socket, listener: Listener, head: bytes = HEAD) -> None:
        """Serves the listener on this socket, which is now owned, and eventually closed, here."""
        try:
            # Before any frame can be written ahead of the head: the first hello of a topic blocks on loading its zone.
            first = head + listener.hello()
            stream = self._register(taken, listener)
        except Exception:
            log.exception(NOT_STARTED)
            self._reject(taken, listener)
            return
        if listener.closed:
            stream.drop()
        else:
            stream.begin(first)

    def take_over_together(self, taken: Sequence[_socket.socket], listeners: Sequence[Listener]) -> None:
        """The same for many identical listeners that need not wait: their first bytes are assembled once.

        Their requests are still unread. They are read last: reading them before the response would cost a separate
        acknowledgement packet.
        """
        try:
            first = listeners[0].feed.clock("hello") + b"".join(iter(listeners[0].take, b""))
        except Exception:
            log.exception("the first bytes could not be assembled for all at once; trying one by one")
            first = b""
        for each, listener in zip(taken, listeners, strict=True):
            if first:
                listener.copy_position(listeners[0])
                self._start_stream(each, listener, next(HEADS) + first)
            else:
                self.take_over(each, listener)
            if not _drain_input(each):
                listener.close()

    def discard(self, listener: Listener) -> None:
        """Removes a listener whose socket could not be taken over."""
        self._hub.leave(listener)

    def watch(self, connection: socket.socket, stream: WsgiStream) -> None:
        """Ends the stream when its client disconnects, and the connection when the client stops reading."""
        number = connection.fileno()

        def unwatch() -> None:
            if self._watched.pop(number, None):
                self._epoll.unregister(number)

        connection.setsockopt(*SEND_BUFFER)
        self._epoll.register(number, EPOLLRDHUP | EPOLLET)
        self._watched[number] = stream
        stream.on_close = unwatch

    def set_events(self, stream: Stream, events: int) -> None:
        """Sets the epoll events the stream waits for."""
        self._epoll.modify(stream.socket.fileno(), events)

    def forget(self, stream: Stream) -> None:
        """Removes and closes a stream, in this order, since the descriptor number of a closed socket is soon reused."""
        number = stream.socket.fileno()
        if number == -1 or self._streams.pop(number, None) is None:
            return
        self._epoll.unregister(number)
        stream.socket.close()
        self._hub.leave(stream.listener)
        stream.listener.release()

    def _start_stream(self, taken: _socket.socket, listener: Listener, first: bytes) -> None:
        try:
            stream = self._register(taken, listener)
        except Exception:
            log.exception(NOT_STARTED)
            self._reject(taken, listener)
            return
        stream.send(first)

    def _register(self, taken: _socket.socket, listener: Listener) -> Stream:
        taken.setsockopt(*SEND_BUFFER)
        number = taken.fileno()
        self._epoll.register(number, EPOLLIN)
        stream = self._streams[number] = Stream(self, taken, listener)
        return stream

    def _reject(self, taken: _socket.socket, listener: Listener) -> None:
        self._hub.leave(listener)
        taken.close()

    def _poll(self) -> None:
        """One greenlet for the events of all sockets: disconnected, readable, writable again."""
        watcher = gevent.get_hub().loop.io(self._epoll.fileno(), 1)
        while True:
            gevent.get_hub().wait(watcher)
            for number, event in self._epoll.poll(0, EVENTS_AT_ONCE):
                if stream := self._streams.get(number):
                    if event != EPOLLOUT and not _drain_input(stream.socket):
                        stream.drop()
                    elif event & EPOLLOUT:
                        stream.resume()
                elif watched := self._watched.get(number):
                    watched.listener.close()

    def _run_timers(self) -> None:
        """Once a second: sends heartbeats that are due, and disconnects stalled clients."""
        while True:
            gevent.sleep(1)
            now = monotonic()
            for number, stream in enumerate(list(self._streams.values()), start=1):
                if stream.stalled is not None and now - stream.stalled > STALL_SECONDS:
                    self.tally.stalled += 1
                    stream.drop()
                elif stream.listener.next_beat <= now:
                    stream.write_without_blocking()
                if number % STREAMS_BEFORE_OTHERS == 0:
                    gevent.sleep(0)
            for number, watched in list(self._watched.items()):
                if watched.sending_since is not None and now - watched.sending_since > STALL_SECONDS:
                    self.tally.stalled += 1
                    _shut_down(number)


def turn_away(caller: _socket.socket) -> None:
    """Asks a client to try again later, and closes the connection."""
    with suppress(OSError):
        caller.send(random.choice(NO_ROOM), AT_ONCE)
    _drain_input(caller)
    caller.close()


def _shut_down(number: int) -> None:
    """Shuts the connection down, so that a blocked writer gets an error."""
    with suppress(OSError):
        connection = _socket.socket(fileno=os.dup(number))
        connection.shutdown(socket.SHUT_RDWR)
        connection.close()


def _drain_input(taken: _socket.socket) -> bool:
    """Discards unread input, so that closing does not cause a reset; False if the client has disconnected."""
    try:
        return taken.recv_into(DISCARDED, 0, AT_ONCE) != 0
    except BlockingIOError:
        return True
    except OSError:
        return False
