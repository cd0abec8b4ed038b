"""The drill's listener detects what must never happen."""

import pytest

from tests.faults.listener import Listener, Refused
from tests.faults.said import Board

HELLO = b"HTTP/1.1 200 OK\r\nServer: nginx\r\n\r\nretry: 7000\nevent: hello\ndata: {}\n\n"
WAIT = b"HTTP/1.1 200 OK\r\n\r\nretry: 9000\nevent: wait\ndata: later\n\n"
AWAY = b"HTTP/1.1 502 Bad Gateway\r\n\r\n<html>\n\n"


def score(version: int, number: int) -> bytes:
    return f'id: {version}\nevent: game_update\ndata: {{"player1": "Иван {number}", "player2": "Петр"}}\n\n'.encode()


@pytest.fixture
def anna() -> Listener:
    """A listener that has received the fifth change, with the number 5 in the name."""
    anna = Listener(0, Board("club/1", "json", 0))
    assert heard_by(anna, score(5, 5)) == ""
    return anna


def heard_by(listener: Listener, text: bytes) -> str:
    return listener.take(listener.board.said(text))


def test_what_is_newer_is_in_order(anna: Listener) -> None:
    assert heard_by(anna, score(7, 8) + score(9, 11)) == ""
    assert (anna.cursor, anna.order) == (9, (11, 0))


def test_an_id_that_comes_again_is_a_fault(anna: Listener) -> None:
    assert "id 5 after 5" in heard_by(anna, score(5, 6))


def test_older_content_under_a_newer_id_is_a_fault(anna: Listener) -> None:
    assert "(4, 0) is shown after (5, 0)" in heard_by(anna, score(6, 4))


def test_older_content_within_one_piece_is_a_fault(anna: Listener) -> None:
    assert "(7, 0) is shown after (8, 0)" in heard_by(anna, score(6, 8) + score(7, 7))


def test_a_hello_says_when_to_return(anna: Listener) -> None:
    assert anna.open(HELLO + score(6, 6), 1.0).endswith(score(6, 6))
    assert (anna.is_open, anna.retry) == (True, 7.0)


def test_who_is_asked_to_wait_waits_as_long_as_asked(anna: Listener) -> None:
    with pytest.raises(Refused, match="wait"):
        anna.open(WAIT, 1.0)
    assert (anna.is_open, anna.retry) == (False, 9.0)


@pytest.mark.parametrize("answer", [AWAY, score(6, 6)])
def test_an_answer_that_is_no_stream_is_refused(anna: Listener, answer: bytes) -> None:
    with pytest.raises(Refused):
        anna.open(answer, 1.0)
