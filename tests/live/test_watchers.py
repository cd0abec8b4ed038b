"""The number of watchers: equal in every process, people only, and soon without those who left."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from flask import Flask

from extensions import db
from live.buses.local import LocalBus
from live.hub import MOST_WOKEN_FOR_COUNT, Hub
from live.listener import Listener
from live.registry import EventView
from live.watchers import OwnCounts, SharedCounts, Watchers
from tests.live.conftest import ANYBODY, Board, MakeHub, Receiver
from tests.live.doors.connections import Connection, request
from tests.support.databases import Database
from tests.support.players import club
from tests.support.redis_server import RedisServer
from tests.support.server import Server
from tests.support.waiting import wait_until

PAGE = "/live/club/1?view=page&language=ru&since=0"
MANY_SECONDS = 60.0


def watching(count: int | str) -> str:
    return f'event: watching\ndata: {{"count": {count}}}\n\n'


@pytest.fixture
def hub(board: Board, make_hub: MakeHub) -> Hub:
    return make_hub(LocalBus())


def listener(hub: Hub, board: Board, view: str) -> Listener:
    """A listener to a board that people watch as a page and programs as JSON."""
    views = {"page": EventView(lambda kind, state: []), "json": EventView(lambda kind, state: [])}
    kind = replace(board.kind(), name="watched", pattern=r"watched/(?P<name>\w+)", views=views, watched_from={"page"})
    registry = board.app.extensions["registry"]
    registry.add(kind)
    return hub.listen(registry.topic("watched/one"), view, "ru", 0, ANYBODY)


def receiver(hub: Hub, board: Board, view: str) -> Receiver:
    return Receiver(listener(hub, board, view))


def test_those_who_watch_are_told_how_many_they_are_and_programs_are_not(board: Board, hub: Hub) -> None:
    anna, bek, program = (receiver(hub, board, view) for view in ("page", "page", "json"))
    Watchers(hub, OwnCounts()).update()
    wait_until(lambda: watching(2) in anna.received and watching(2) in bek.received)
    latecomer = receiver(hub, board, "page")
    wait_until(lambda: watching(2) in latecomer.received)
    assert program.received == ""
    assert "id: " not in anna.received


def test_what_has_not_changed_is_not_said_again(board: Board, hub: Hub) -> None:
    anna, watchers = receiver(hub, board, "page"), Watchers(hub, OwnCounts())
    watchers.update()
    wait_until(lambda: anna.received == watching(1))
    watchers.update()
    hub.leave(receiver(hub, board, "page").listener)
    watchers.update()
    receiver(hub, board, "page")
    watchers.update()
    wait_until(lambda: watching(2) in anna.received)
    assert anna.received == watching(1) + watching(2)


def test_a_crowd_hears_the_number_with_the_next_score_and_not_for_itself(board: Board, hub: Hub) -> None:
    crowd = [listener(hub, board, "page") for _ in range(MOST_WOKEN_FOR_COUNT + 1)]
    woken: list[Listener] = []
    for each in crowd:
        each.wake = partial(woken.append, each)
    Watchers(hub, OwnCounts()).update()
    assert woken == []
    board.write("greeting", "Hello", topic="watched/one")
    wait_until(lambda: woken == crowd)
    assert {each.take() for each in crowd} == {f"id: 1\n\n{watching(len(crowd))}".encode()}


def test_processes_are_added_up_until_one_says_nothing_more(redis_server: RedisServer) -> None:
    near, far, dying = (SharedCounts(redis_server.url, life) for life in (MANY_SECONDS, MANY_SECONDS, 0.2))
    dying.exchange({"club/1": 10})
    far.exchange({"club/1": 2, "match/7": 1})
    assert near.exchange({"club/1": 3}) in ({"club/1": 15, "match/7": 1}, {"club/1": 5, "match/7": 1})
    wait_until(lambda: near.exchange({"club/1": 3}) == {"club/1": 5, "match/7": 1})
    far.withdraw()
    assert near.exchange({"club/1": 3}) == {"club/1": 3}


def test_nobody_guesses_while_redis_is_away(board: Board, hub: Hub, redis_server: RedisServer) -> None:
    counts = SharedCounts(redis_server.url)
    anna, watchers = receiver(hub, board, "page"), Watchers(hub, counts)
    watchers.update()
    wait_until(lambda: anna.received == watching(1))
    redis_server.kill()
    watchers.update()
    wait_until(lambda: anna.received == watching(1) + watching("null"))
    redis_server.start()
    watchers.update()
    wait_until(lambda: anna.received.endswith(watching(1)))


@pytest.fixture
def servers(
    application: Flask, database: Database, redis_server: RedisServer, tmp_path: Path
) -> Iterator[list[Server]]:
    """Two servers of one public club, connected only through Redis."""
    with application.app_context():
        club()
        db.session.commit()
    with ExitStack() as stack:
        both = [Server(tmp_path, database.url, redis_server.url) for _ in range(2)]
        for server in both:
            server.start()
            stack.callback(server.kill)
        yield both


def test_two_processes_say_one_number_and_forget_the_one_that_is_killed(servers: list[Server]) -> None:
    near, far = servers
    with ExitStack() as calls:
        anna, bek, guest = (Connection(server, request(PAGE)) for server in (near, near, far))
        for each in (anna, bek, guest):
            calls.callback(each.close)
            each.socket.settimeout(MANY_SECONDS)
        assert all(each.receives('{"count": 3}') for each in (anna, bek, guest))
        far.kill()
        assert anna.receives('{"count": 2}')
