"""A stream begins with its head and its hello, whatever happens while they are being made."""

import socket
from collections.abc import Callable, Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from live.buses.local import LocalBus
from live.hub import Hub
from live.listener import Listener
from live.sockets import HEAD, Sockets
from tests.live.conftest import ANYBODY, Board, MakeHub
from tests.support.waiting import wait_until

ALMATY = ZoneInfo("Asia/Almaty")


@pytest.fixture
def hub(make_hub: MakeHub) -> Hub:
    return make_hub(LocalBus())


def listener_where(zone_is_found: Callable[[], ZoneInfo], hub: Hub, board: Board) -> Listener:
    """A listener to a board whose local time is determined by this function."""

    def zone(ids: Mapping[str, str]) -> ZoneInfo:
        return zone_is_found()

    kind = replace(board.kind(), name="clock", pattern=r"clock/(?P<name>\w+)", zone=zone)
    registry = board.app.extensions["registry"]
    registry.add(kind)
    return hub.listen(registry.topic("clock/one"), "json", "ru", 0, ANYBODY)


def received_by(listener: Listener, hub: Hub) -> bytes:
    """The first bytes from a socket that was given to the listener."""
    ours, theirs = socket.socketpair()
    with ours:
        Sockets(hub).take_over(theirs, listener)
        return ours.recv(65536)


def test_news_that_comes_while_the_hello_is_made_waits_for_it(hub: Hub, board: Board) -> None:
    def zone_is_found() -> ZoneInfo:
        board.write("greeting", "сәлем", "clock/one")
        wait_until(lambda: anna.feed.notified == 1)
        return ALMATY

    anna = listener_where(zone_is_found, hub, board)
    received = received_by(anna, hub)
    assert received.startswith(HEAD + b"retry: ")
    assert "сәлем" in received.decode()


def test_a_listener_who_cannot_be_greeted_is_not_kept(hub: Hub, board: Board) -> None:
    def zone_is_found() -> ZoneInfo:
        raise ConnectionError("the database is away")

    anna = listener_where(zone_is_found, hub, board)
    assert received_by(anna, hub) == b""
    assert hub.count() == 0
