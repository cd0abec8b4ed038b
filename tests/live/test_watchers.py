"""How many watch: the same number in every process, of people only, and nobody who is gone is counted for long."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from extensions import db
from live.buses.local import LocalBus
from live.hub import Hub
from live.registry import EventView
from live.watchers import OwnCounts, SharedCounts, Watchers
from tests.live.conftest import ANYBODY, Board, Ear, MakeHub, must_come
from tests.live.doors.calls import Call, request
from tests.support.databases import Database
from tests.support.players import club
from tests.support.redis_server import RedisServer
from tests.support.server import Server

PAGE = "/live/club/1?view=page&language=ru&since=0"
MANY_SECONDS = 60.0


def watching(count: int | str) -> str:
    return f'event: watching\ndata: {{"count": {count}}}\n\n'


@pytest.fixture
def hub(board: Board, make_hub: MakeHub) -> Hub:
    return make_hub(LocalBus())


def ear(hub: Hub, board: Board, view: str) -> Ear:
    """Somebody at a board that people watch as a page and programs as json."""
    views = {"page": EventView(lambda kind, state: []), "json": EventView(lambda kind, state: [])}
    kind = replace(board.kind(), name="watched", pattern=r"watched/(?P<name>\w+)", views=views, watched_from={"page"})
    registry = board.app.extensions["registry"]
    registry.add(kind)
    return Ear(hub.listen(registry.topic("watched/one"), view, "ru", 0, ANYBODY))


def test_those_who_watch_are_told_how_many_they_are_and_programs_are_not(board: Board, hub: Hub) -> None:
    anna, bek, program = (ear(hub, board, view) for view in ("page", "page", "json"))
    Watchers(hub, OwnCounts()).look()
    must_come(lambda: watching(2) in anna.heard and watching(2) in bek.heard)
    latecomer = ear(hub, board, "page")
    must_come(lambda: watching(2) in latecomer.heard)
    assert program.heard == ""
    assert "id: " not in anna.heard


def test_what_has_not_changed_is_not_said_again(board: Board, hub: Hub) -> None:
    anna, watchers = ear(hub, board, "page"), Watchers(hub, OwnCounts())
    watchers.look()
    must_come(lambda: anna.heard == watching(1))
    watchers.look()
    hub.leave(ear(hub, board, "page").listener)
    watchers.look()
    ear(hub, board, "page")
    watchers.look()
    must_come(lambda: watching(2) in anna.heard)
    assert anna.heard == watching(1) + watching(2)


def test_processes_are_added_up_until_one_says_nothing_more(redis_server: RedisServer) -> None:
    near, far, dying = (SharedCounts(redis_server.url, life) for life in (MANY_SECONDS, MANY_SECONDS, 0.2))
    dying.exchange({"club/1": 10})
    far.exchange({"club/1": 2, "match/7": 1})
    assert near.exchange({"club/1": 3}) in ({"club/1": 15, "match/7": 1}, {"club/1": 5, "match/7": 1})
    must_come(lambda: near.exchange({"club/1": 3}) == {"club/1": 5, "match/7": 1})
    far.withdraw()
    assert near.exchange({"club/1": 3}) == {"club/1": 3}


def test_nobody_guesses_while_redis_is_away(board: Board, hub: Hub, redis_server: RedisServer) -> None:
    counts = SharedCounts(redis_server.url)
    anna, watchers = ear(hub, board, "page"), Watchers(hub, counts)
    watchers.look()
    must_come(lambda: anna.heard == watching(1))
    redis_server.kill()
    watchers.look()
    must_come(lambda: anna.heard == watching(1) + watching("null"))
    redis_server.start()
    watchers.look()
    must_come(lambda: anna.heard.endswith(watching(1)))


@pytest.fixture
def servers(
    application: Flask, database: Database, redis_server: RedisServer, tmp_path: Path
) -> Iterator[list[Server]]:
    """Two of one public club, which know of each other through Redis alone."""
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
        anna, bek, guest = (Call(server, request(PAGE)) for server in (near, near, far))
        for each in (anna, bek, guest):
            calls.callback(each.hang_up)
            each.socket.settimeout(MANY_SECONDS)
        assert all(each.hears('{"count": 3}') for each in (anna, bek, guest))
        far.kill()
        assert anna.hears('{"count": 2}')
