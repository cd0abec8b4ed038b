"""The load client counts every delivery: a missing, duplicated or outdated one fails the run."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest

from bench.crowd import Crowd, Short, Stream

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
LISTENERS = 3


class Hall:
    """A scripted server: each connection gets the head, and then what the test sends."""

    def __init__(self, head: bytes = HEAD) -> None:
        self.guests: list[socket.socket] = []
        self._head = head
        self._door = socket.create_server(("127.0.0.1", 0))
        self.stream = Stream(self._door.getsockname()[1], "/stream")
        self._porter = Thread(target=self._let_in)
        self._porter.start()

    def _let_in(self) -> None:
        while len(self.guests) < LISTENERS:
            guest, _ = self._door.accept()
            guest.recv(4096)
            self.guests.append(guest)
            guest.sendall(self._head)

    def say(self, number: int, guests: list[socket.socket]) -> None:
        for guest in guests:
            guest.sendall(f"id: {number}\ndata: score\n\n".encode())

    def close(self) -> None:
        self._porter.join()
        for each in (*self.guests, self._door):
            each.close()


@contextmanager
def hall(head: bytes = HEAD) -> Iterator[Hall]:
    made = Hall(head)
    try:
        yield made
    finally:
        made.close()


def test_everybody_who_has_the_change_is_counted() -> None:
    with hall() as made, Crowd(made.stream, LISTENERS) as crowd:
        crowd.mark()
        made.say(1, made.guests)
        arrivals = crowd.expect()
        assert arrivals.p50 <= arrivals.p99 <= arrivals.last


def test_one_who_is_left_out_fails_the_run() -> None:
    with hall() as made, Crowd(made.stream, LISTENERS) as crowd:
        crowd.mark()
        made.say(1, made.guests[1:])
        with pytest.raises(Short, match="'short': 1"):
            crowd.expect(0.2)


def test_half_a_message_is_no_delivery() -> None:
    with hall() as made, Crowd(made.stream, LISTENERS) as crowd:
        crowd.mark()
        made.say(1, made.guests[1:])
        made.guests[0].sendall(b"id: 1\ndata: sco")
        with pytest.raises(Short, match="'short': 1"):
            crowd.expect(0.2)
        made.guests[0].sendall(b"re\n\n")
        crowd.expect()


def test_one_who_is_told_old_news_fails_the_run() -> None:
    with hall() as made, Crowd(made.stream, LISTENERS) as crowd:
        made.say(2, made.guests)
        crowd.expect()
        crowd.mark()
        made.say(1, made.guests[:1])
        made.say(3, made.guests[1:])
        with pytest.raises(Short, match="'backward': 1"):
            crowd.expect()


def test_one_who_is_told_twice_fails_the_run() -> None:
    with hall() as made, Crowd(made.stream, LISTENERS) as crowd:
        crowd.mark()
        made.say(1, [made.guests[0], *made.guests])
        with pytest.raises(Short, match="'repeated': 1"):
            crowd.expect()


def test_one_who_is_cut_off_fails_the_run() -> None:
    with hall() as made, Crowd(made.stream, LISTENERS) as crowd:
        crowd.mark()
        made.guests[0].close()
        made.say(1, made.guests[1:])
        with pytest.raises(Short, match="'lost': 1"):
            crowd.expect()


def test_who_skips_a_change_has_it_with_the_next() -> None:
    with hall() as made, Crowd(made.stream, LISTENERS) as crowd:
        made.say(1, made.guests)
        crowd.expect()
        crowd.follow(2)
        made.say(2, made.guests[1:])
        made.say(3, made.guests)
        first, second = crowd.followed()
        assert first.last <= second.last


def test_a_refusal_is_no_stream() -> None:
    with hall(b"HTTP/1.1 503 Service Unavailable\r\n\r\n") as made, pytest.raises(Short, match="3 were not opened"):
        Crowd(made.stream, LISTENERS)
