"""Each metric of /metrics rises with what it counts, and docs/live.md describes it."""

import re
from collections.abc import Callable
from contextlib import closing
from threading import Thread

import pytest
from flask import Flask

from extensions import db
from live.announcement import Announcement
from live.hub import Hub
from models.accounts.audience import recheck_everybody
from models.live_topic import Outbox
from tests.live.conftest import ANYBODY, Board
from tests.support.metrics import Metrics, read_metrics
from tests.support.page import PageClient
from tests.support.parts import ROOT
from tests.support.stream import Stream
from tests.support.waiting import wait_until

BOARD = "/live/board/one?view=json"


def metrics(app: Flask) -> Metrics:
    return read_metrics(app.test_client().get("/metrics").text)


def rise(app: Flask, name: str, event: Callable[[], object]) -> float:
    before = metrics(app).get(name, 0.0)
    event()
    wait_until(lambda: metrics(app).get(name, 0.0) > before)
    return metrics(app)[name] - before


def visit(app: Flask, path: str = BOARD, **headers: str) -> None:
    """Opens a stream, reads its first bytes and disconnects."""
    with closing(Stream(app.test_client(), path, **headers)) as stream:
        stream.next_events()


@pytest.fixture
def hub(board: Board) -> Hub:
    """The application's own hub, with one word on the board and one listener."""
    hub: Hub = board.app.extensions["live"]
    board.write("greeting", "сәлем")
    hub.listen(board.app.extensions["registry"].topic("board/one"), "json", "ru", 0, ANYBODY)
    return hub


def test_those_who_listen(board: Board, hub: Hub) -> None:
    assert metrics(board.app)["tablo_listeners"] == 1
    assert metrics(board.app)['tablo_listeners_by_view{topic="board",view="json"}'] == 1


def test_those_who_come(board: Board, hub: Hub) -> None:
    assert rise(board.app, 'tablo_streams_opened_total{door="iterator"}', lambda: visit(board.app)) == 1


def test_those_who_are_refused(board: Board, hub: Hub) -> None:
    knock = board.app.test_client().get
    assert rise(board.app, "tablo_streams_refused_total", lambda: knock("/live/board/secret?view=json")) == 1


def test_those_for_whom_there_is_no_room(board: Board, hub: Hub) -> None:
    board.app.extensions["admission"].streams = 0
    assert rise(board.app, "tablo_streams_turned_away_total", lambda: board.app.test_client().get(BOARD)) == 1


@pytest.mark.parametrize(("cursor", "sent"), [("", "everything"), ("999", "everything"), ("1", "tail"), ("2", "none")])
def test_what_they_are_sent_first(board: Board, hub: Hub, cursor: str, sent: str) -> None:
    board.write("greeting", "қош")
    wait_until(lambda: hub._feeds["board/one"].known == 2)

    def come_back() -> None:
        with closing(Stream(board.app.test_client(), f"{BOARD}&since={cursor}")):
            pass

    assert rise(board.app, f'tablo_streams_resumed_total{{sent="{sent}"}}', come_back) == 1


def test_those_who_lose_the_right(board: Board, hub: Hub) -> None:
    def withdraw() -> None:
        board.is_closed = True
        with board.app.app_context():
            recheck_everybody()
            db.session.commit()

    assert rise(board.app, "tablo_streams_no_longer_permitted_total", withdraw) == 1


def test_a_gap(board: Board, hub: Hub) -> None:
    assert rise(board.app, "tablo_gaps_total", lambda: hub.receive(Announcement("board/one", 7, {}))) == 1


def test_a_channel_that_is_back(board: Board, hub: Hub) -> None:
    assert rise(board.app, "tablo_resubscriptions_total", lambda: hub.resubscribed("board/one")) == 1


def test_what_only_the_check_finds(board: Board, hub: Hub) -> None:
    def lose() -> None:
        state_of = board.app.extensions["outbox"].state_of
        board.app.extensions["outbox"] = Outbox(state_of, lambda change: None)
        board.write("greeting", "никто не слышал")

    assert rise(board.app, "tablo_found_by_check_total", lose) == 1


def test_the_way_from_commit_to_write(board: Board, hub: Hub) -> None:
    assert rise(board.app, "tablo_commit_to_write_seconds_count", lambda: board.write("greeting", "ия")) == 1
    assert metrics(board.app)["tablo_commit_to_write_seconds_sum"] > 0


def test_those_who_are_still_to_go(board: Board, hub: Hub) -> None:
    topic = board.app.extensions["registry"].topic("board/one")
    staying = [hub.listen(topic, "json", "ru", 0, ANYBODY) for _ in range(5)]
    drain = Thread(target=hub.drain, args=(0.1,))
    assert rise(board.app, "tablo_drain_left", drain.start) >= len(staying)
    drain.join()
    for listener in hub._all_listeners():
        hub.leave(listener)
    assert metrics(board.app)["tablo_drain_left"] == 0


def test_outside_there_is_nothing_to_see(client: PageClient) -> None:
    assert client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 404


def test_with_live_off_there_is_no_metric_of_it(app: Flask, client: PageClient) -> None:
    app.extensions["live"] = None
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert "tablo_listeners" not in answer.text


def test_each_metric_is_described_and_none_that_is_not_there(board: Board, hub: Hub) -> None:
    names = {re.sub(r"_(count|sum|bucket|created)$", "", name.partition("{")[0]) for name in metrics(board.app)}
    told = set(re.findall(r"^\| `(tablo_\w+)`", (ROOT / "docs/live.md").read_text(), re.MULTILINE))
    assert told == {name for name in names if name.startswith("tablo_")}
