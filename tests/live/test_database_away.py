"""While the database is down streams stay open; when it is back they catch up."""

import socket
from collections.abc import Mapping
from dataclasses import replace

import pytest
from flask import Flask

from live.buses.local import LocalBus
from live.hub import Hub
from live.sockets import Sockets
from tests.live.conftest import ANYBODY, Board, MakeHub
from tests.support.waiting import wait_until


class LockedBoard(Board):
    """A board whose reads sometimes fail."""

    is_away = False

    def _load(self, part: str, ids: Mapping[str, str]) -> dict[str, str] | None:
        if self.is_away:
            raise ConnectionError("the database is away")
        return super()._load(part, ids)


@pytest.fixture
def board(application: Flask) -> LockedBoard:
    board = LockedBoard(application)
    application.extensions["registry"].add(replace(board.kind(), name="locked", pattern=r"locked/(?P<name>\w+)"))
    return board


class Screen:
    """An open stream; `receives` fails if it is cut."""

    def __init__(self, hub: Hub, board: Board, cursor: int | None) -> None:
        self._hub = hub
        self._listener = hub.listen(board.app.extensions["registry"].topic("locked/one"), "json", "ru", cursor, ANYBODY)
        self.socket, self._theirs = socket.socketpair()
        self.socket.settimeout(15)

    def open(self) -> None:
        Sockets(self._hub).take_over(self._theirs, self._listener)

    def receives(self, word: str) -> bool:
        received = b""
        while word not in received.decode(errors="replace"):
            piece = self.socket.recv(65536)
            assert piece, "the stream was cut"
            received += piece
        return True


def test_a_change_that_could_not_be_read_is_said_later_on_the_same_stream(
    board: LockedBoard, make_hub: MakeHub, caplog: pytest.LogCaptureFixture
) -> None:
    anna = Screen(make_hub(LocalBus(), check_seconds=0.2), board, cursor=0)
    anna.open()
    with anna.socket:
        board.is_away = True
        board.write("greeting", "сәлем", "locked/one")
        wait_until(lambda: "could not be rendered" in caplog.text)
        board.is_away = False
        assert anna.receives("сәлем")


def test_a_first_look_that_could_not_be_had_comes_later_on_the_same_stream(
    board: LockedBoard, make_hub: MakeHub, caplog: pytest.LogCaptureFixture
) -> None:
    board.words["greeting"] = "сәлем"
    anna = Screen(make_hub(LocalBus(), check_seconds=0.2), board, cursor=None)
    board.is_away = True
    anna.open()
    with anna.socket:
        assert "could not be rendered" in caplog.text
        board.is_away = False
        assert anna.receives("сәлем")
