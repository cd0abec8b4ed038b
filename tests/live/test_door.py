"""The stream endpoint: access, and the first bytes."""

import json

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from live.hub import Hub
from tests.live.conftest import Board

BOARD = "/live/board/one?view=json"


def knock(app: Flask, path: str, **headers: str) -> TestResponse:
    return app.test_client().get(path, headers=headers, buffered=False)


def first(answer: TestResponse, count: int) -> list[str]:
    """The first chunks of an endless stream; then the client disconnects."""
    chunks = answer.iter_encoded()
    received = [next(chunks).decode() for _ in range(count)]
    answer.close()
    return received


def fields(event: str) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in event.strip().splitlines())


def test_the_first_word_is_hello_with_a_random_return_and_the_time(board: Board) -> None:
    hello = [fields(first(knock(board.app, BOARD), 1)[0]) for _ in range(20)]
    assert {each["event"] for each in hello} == {"hello"}
    assert all(1_000 <= int(each["retry"]) <= 4_000 for each in hello)
    assert len({each["retry"] for each in hello}) > 1
    assert set(json.loads(hello[0]["data"])) == {"now", "clock"}


def test_nothing_on_the_way_may_keep_or_change_the_stream(board: Board) -> None:
    answer = knock(board.app, BOARD)
    headers = answer.headers
    answer.close()
    assert headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert headers["Cache-Control"] == "no-store, no-transform"
    assert headers["X-Accel-Buffering"] == "no"
    assert "Content-Encoding" not in headers


def test_the_address_says_what_the_page_already_has(board: Board) -> None:
    board.write("one", "старое")
    board.write("two", "новое")
    _, missed = first(knock(board.app, BOARD + "&since=1"), 2)
    assert "новое" in missed
    assert "старое" not in missed


def test_the_header_of_one_who_returns_counts_more_than_the_address(board: Board) -> None:
    for word in ("раз", "два", "три"):
        board.write(word, word)
    _, missed = first(knock(board.app, BOARD + "&since=1", **{"Last-Event-ID": "2"}), 2)
    assert "три" in missed
    assert "два" not in missed


@pytest.mark.parametrize("cursor", ["", "-1", "nonsense", "99999999999999999", "9" * 5_000, "٩"])
def test_a_cursor_that_means_nothing_gets_everything(board: Board, cursor: str) -> None:
    board.write("one", "сәлем")
    _, everything = first(knock(board.app, BOARD + "&since=" + cursor), 2)
    assert "сәлем" in everything


@pytest.mark.parametrize("path", ["/live/nothing/1", "/live/board/", "/live/board/one?view=tv", "/live/BOARD/one"])
def test_what_is_not_there_is_not_found(board: Board, path: str) -> None:
    assert knock(board.app, path).status_code == 404


def test_one_who_may_not_listen_gets_an_empty_refusal(board: Board) -> None:
    answer = knock(board.app, "/live/board/secret?view=json")
    assert (answer.status_code, answer.data) == (401, b"")


def test_only_get_opens_it(board: Board) -> None:
    assert board.app.test_client().post(BOARD).status_code == 405


def test_a_process_that_stops_asks_to_wait(board: Board) -> None:
    hub: Hub = board.app.extensions["live"]
    hub.close()
    answer = knock(board.app, BOARD)
    event = fields(answer.text)
    assert (answer.status_code, event["event"]) == (200, "wait")
    assert 1_000 <= int(event["retry"]) <= 4_000


def test_with_live_off_it_asks_to_wait(board: Board) -> None:
    board.app.extensions["live"] = None
    assert fields(knock(board.app, BOARD).text)["event"] == "wait"


def test_one_who_goes_away_is_forgotten(board: Board) -> None:
    hub: Hub = board.app.extensions["live"]
    answer = knock(board.app, BOARD)
    assert hub.count() == 1
    answer.close()
    assert hub.count() == 0


def test_one_whom_no_stream_reaches_is_told_what_is_new_in_one_answer(board: Board) -> None:
    board.write("one", "старое")
    board.write("two", "новое")
    answer = knock(board.app, "/live/once/board/one?view=json&since=1")
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert "event: hello" in answer.text
    assert "новое" in answer.text
    assert "старое" not in answer.text
    hub: Hub = board.app.extensions["live"]
    assert hub.count() == 0


def test_nothing_new_is_a_short_answer(board: Board) -> None:
    board.write("one", "старое")
    answer = knock(board.app, "/live/once/board/one?view=json", **{"Last-Event-ID": "1"})
    assert len(answer.data) < 150


def test_asking_once_needs_the_same_right(board: Board) -> None:
    assert knock(board.app, "/live/once/board/secret?view=json").status_code == 401
    assert knock(board.app, "/live/once/nothing/1").status_code == 404
