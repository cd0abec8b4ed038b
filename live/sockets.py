"""Streams whose sockets were taken over from the server: no greenlet each, no queue, one epoll, the same bytes to all.

Works under gevent only. What the kernel does not take at once stays in `Stream.rest`; newer frames wait until it has
gone, so a slow listener skips frames and converges, and one that takes nothing for STALL_SECONDS is closed.
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
from live.head import LONGEST_HEAD
from live.hub import Hub
from live.listener import Listener, random_retry
from live.stream import WsgiStream

log = logging.getLogger("tablo.live")

STALL_SECONDS = 15
# What the kernel keeps for one who does not read.
SEND_BUFFER = int(socket.SOL_SOCKET), int(socket.SO_SNDBUF), 64 * 1024
EVENTS_AT_ONCE = 1024
AT_ONCE = int(socket.MSG_DONTWAIT)
STREAMS_BEFORE_OTHERS = 500
NOT_GREETED = "a listener could not be greeted; it will come again"

HEAD = (
    b"HTTP/1.1 200 OK\r\n"
    b"Content-Type: text/event-stream; charset=utf-8\r\n"
    b"Cache-Control: no-store, no-transform\r\n"
    b"X-Accel-Buffering: no\r\n"
    b"X-Content-Type-Options: nosniff\r\n"
    b"Connection: close\r\n\r\n"
)
HEADS = cycle([HEAD + wire.returning(random_retry()) for _ in range(1_024)])
NOBODY_READS_THIS = bytearray(LONGEST_HEAD)
# Ready beforehand, since turning away must cost less than letting in.
NO_ROOM = [HEAD + wire.message("later", event="wait", retry=random_retry()) for _ in range(256)]


class Stream:
    """One socket with its listener, the bytes that the kernel has not taken yet, and since when it takes none."""

    __slots__ = ("house", "is_written", "listener", "rest", "socket", "stalled")

    def __init__(self, house: "Sockets", taken: _socket.socket, listener: Listener) -> None:
        self.house = house
        self.socket = taken
        self.listener = listener
        self.is_written = False
        self.rest = b""
        self.stalled: float | None = None
        listener.wake = self.write
        listener.end = self.drop

    def write(self, first: bytes = b"") -> None:
        """Until the listener has everything or the kernel takes no more; news may come while this waits."""
        if self.is_written or self.rest:
            self.house.tally.conflated += 1
            return
        self.is_written = True
        try:
            while not self.rest and (taken := first + self.listener.take()):
                first = b""
                self.say(taken)
        except Exception:
            if first:
                self.say(first)
            # The database is away, as a rule: a crowd cut off now would return all at once and find no more than here.
            if self.listener.feed.tell_again():
                log.exception("nothing could be made for a listener; it is tried again")
        finally:
            self.is_written = False

    def begin(self, first: bytes) -> None:
        """Together with what is at hand; nobody waits for the head of an answer because the database is slow."""
        if self.listener.has_at_hand():
            self.write(first)
        else:
            self.say(first)
            self.write()

    def write_on(self) -> None:
        """The kernel takes bytes again."""
        self.say(self.rest)
        self.write_soon()

    def write_soon(self) -> None:
        """Nobody else waits while one stream's bytes are looked for."""
        if self.rest:
            return
        if self.listener.has_at_hand():
            self.write()
        else:
            gevent.spawn(self.write)

    def drop(self) -> None:
        self.house.forget(self)

    def say(self, wanted: bytes) -> None:
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
            self._mind_the_rest(count)

    def _mind_the_rest(self, count: int) -> None:
        was_stalled = self.stalled is not None
        if not self.rest:
            self.stalled = None
        elif count or not was_stalled:
            self.stalled = monotonic()
        if was_stalled != (self.stalled is not None):
            self.house.listen_for(self, EPOLLIN | EPOLLOUT if self.rest else EPOLLIN)


class Sockets:
    """All streams of one worker. Made and started in the worker that owns them, never before its fork.

    It also watches over the connections whose streams are carried by the server: who hangs up or takes nothing is told.
    """

    def __init__(self, hub: Hub) -> None:
        self.tally = hub.tally
        self._hub = hub
        self._streams: dict[int, Stream] = {}
        self._watched: dict[int, WsgiStream] = {}
        # gevent takes epoll out of the patched module, since polling it would stop all greenlets; ours is asked only
        # when it is known to have something.
        self._epoll = monkey.get_original("select", "epoll")()

    def start(self) -> None:
        """Begins to look after the streams."""
        gevent.spawn(self._look)
        gevent.spawn(self._keep_time)

    def take_over(self, taken: _socket.socket, listener: Listener) -> None:
        """Answers on this socket from now on; it is closed here whatever happens."""
        try:
            # Before news can come, which must not stand before the head: the first hello of a topic waits for its zone.
            first = HEAD + listener.hello()
            stream = self._kept(taken, listener)
        except Exception:
            log.exception(NOT_GREETED)
            self._let_go(taken, listener)
            return
        if listener.closed:
            stream.drop()
        else:
            stream.begin(first)

    def take_over_together(self, taken: Sequence[_socket.socket], listeners: Sequence[Listener]) -> None:
        """The same for many who have all in common and need not wait: what they hear first is put together once.

        Their requests are still to be read off. That comes last: before the answer it would be acknowledged by a packet
        of its own.
        """
        try:
            first = listeners[0].feed.clock("hello") + b"".join(iter(listeners[0].take, b""))
        except Exception:
            log.exception("nothing could be made for many at once; it is tried for each")
            first = b""
        for each, listener in zip(taken, listeners, strict=True):
            if first:
                listener.stand_beside(listeners[0])
                self._tell(each, listener, next(HEADS) + first)
            else:
                self.take_over(each, listener)
            if not _hears_more(each):
                listener.close()

    def give_up(self, listener: Listener) -> None:
        """There is no socket for this listener after all."""
        self._hub.leave(listener)

    def watch(self, connection: socket.socket, carried: WsgiStream) -> None:
        """Ends the stream when its client has gone, and the connection when the client takes nothing for too long."""
        number = connection.fileno()

        def unwatch() -> None:
            if self._watched.pop(number, None):
                self._epoll.unregister(number)

        connection.setsockopt(*SEND_BUFFER)
        self._epoll.register(number, EPOLLRDHUP | EPOLLET)
        self._watched[number] = carried
        carried.on_close = unwatch

    def listen_for(self, stream: Stream, events: int) -> None:
        """Which news of the socket the stream shall be told."""
        self._epoll.modify(stream.socket.fileno(), events)

    def forget(self, stream: Stream) -> None:
        """Forgotten before it is closed: the number of a closed socket soon belongs to somebody else."""
        number = stream.socket.fileno()
        if number == -1 or self._streams.pop(number, None) is None:
            return
        self._epoll.unregister(number)
        stream.socket.close()
        self._hub.leave(stream.listener)
        stream.listener.release()

    def _tell(self, taken: _socket.socket, listener: Listener, first: bytes) -> None:
        try:
            stream = self._kept(taken, listener)
        except Exception:
            log.exception(NOT_GREETED)
            self._let_go(taken, listener)
            return
        stream.say(first)

    def _kept(self, taken: _socket.socket, listener: Listener) -> Stream:
        taken.setsockopt(*SEND_BUFFER)
        number = taken.fileno()
        self._epoll.register(number, EPOLLIN)
        stream = self._streams[number] = Stream(self, taken, listener)
        return stream

    def _let_go(self, taken: _socket.socket, listener: Listener) -> None:
        self._hub.leave(listener)
        taken.close()

    def _look(self) -> None:
        """One greenlet for every socket's news: gone, readable, writable again."""
        watcher = gevent.get_hub().loop.io(self._epoll.fileno(), 1)
        while True:
            gevent.get_hub().wait(watcher)
            for number, event in self._epoll.poll(0, EVENTS_AT_ONCE):
                if stream := self._streams.get(number):
                    if event != EPOLLOUT and not _hears_more(stream.socket):
                        stream.drop()
                    elif event & EPOLLOUT:
                        stream.write_on()
                elif carried := self._watched.get(number):
                    carried.listener.close()
            gevent.sleep(0)

    def _keep_time(self) -> None:
        """Beats that are due, and those who have taken nothing for too long; once a second."""
        while True:
            gevent.sleep(1)
            now = monotonic()
            for number, stream in enumerate(list(self._streams.values()), start=1):
                if stream.stalled is not None and now - stream.stalled > STALL_SECONDS:
                    self.tally.stalled += 1
                    stream.drop()
                elif stream.listener.next_beat <= now:
                    stream.write_soon()
                if number % STREAMS_BEFORE_OTHERS == 0:
                    gevent.sleep(0)
            for number, carried in list(self._watched.items()):
                if carried.handed_on_at is not None and now - carried.handed_on_at > STALL_SECONDS:
                    self.tally.stalled += 1
                    _hang_up(number)


def turn_away(caller: _socket.socket) -> None:
    """Asks somebody to come again in a while."""
    with suppress(OSError):
        caller.send(random.choice(NO_ROOM), AT_ONCE)
    _hears_more(caller)
    caller.close()


def _hang_up(number: int) -> None:
    """Whoever writes to this connection is told that it is gone."""
    with suppress(OSError):
        connection = _socket.socket(fileno=os.dup(number))
        connection.shutdown(socket.SHUT_RDWR)
        connection.close()


def _hears_more(taken: _socket.socket) -> bool:
    """Reads away what a client still says, so that closing is no reset; False when it has said its last."""
    try:
        return taken.recv_into(NOBODY_READS_THIS, 0, AT_ONCE) != 0
    except BlockingIOError:
        return True
    except OSError:
        return False
