"""A notice board of words, followed through the real hub, the real database and either bus."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Event, Thread
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from app import announcement_of, live_store
from blueprints.audience import still_holds
from extensions import db
from live.audience import Permission
from live.buses import Bus
from live.buses.local import LocalBus
from live.buses.redis import RedisBus
from live.hub import Hub
from live.listener import Listener, Ticket
from live.registry import EventView, Registry, TopicKind
from models.accounts import AUDIENCE
from models.live_topic import Outbox, touch
from tests.support.databases import Database, Fresh

PATIENCE = 15
ANYBODY = Ticket(None, ("everybody",), asked_at=0)


@dataclass
class Board:
    """The topic `board/<name>` with a word per part; `loads` counts the loads from the database."""

    app: Flask
    words: dict[str, str] = field(default_factory=dict)
    next_changes: dict[str, datetime] = field(default_factory=dict)
    loads: int = 0
    is_public: bool = False
    is_closed: bool = False

    def kind(self) -> TopicKind:
        return TopicKind(
            name="board",
            pattern=r"board/(?P<name>\w+)",
            public=self.is_public,
            views={
                "json": EventView(lambda kind, state: [("said", state)]),
            },
            may_listen=lambda person, view, ids: not self.is_closed and ids["name"] != "secret",
            zone=lambda ids: ZoneInfo("Asia/Almaty"),
            parts=lambda ids: sorted(self.words),
            load=self._load,
            next_change=lambda part, ids, now: self.next_changes.get(part),
        )

    def _load(self, part: str, ids: Mapping[str, str]) -> dict[str, str] | None:
        self.loads += 1
        return {"part": part, "word": self.words[part]} if part in self.words else None

    def write(self, part: str, word: str, topic: str = "board/one") -> None:
        """Changes one part in a transaction of its own, as a request would."""
        with self.app.app_context():
            self.words[part] = word
            touch(topic, part)
            db.session.commit()


@pytest.fixture
def database(fresh_databases: Fresh, tmp_path: Path) -> Iterator[Database]:
    """At an address of its own: the threads of a hub that was killed outlive its test."""
    with fresh_databases(tmp_path) as database:
        yield database


@pytest.fixture
def application(own_application: Flask) -> Flask:
    """Not reused: tests here register topic kinds and replace the hub."""
    return own_application


@pytest.fixture
def board(application: Flask) -> Board:
    board = Board(application)
    registry: Registry = application.extensions["registry"]
    registry.add(board.kind())
    return board


@pytest.fixture(params=["local", "redis"])
def make_bus(request: pytest.FixtureRequest) -> Iterator[Callable[[], Bus]]:
    """Creates the bus of one process; local ones hear only themselves."""
    buses: list[Bus] = []
    url = request.getfixturevalue("redis_server").url if request.param == "redis" else ""

    def make() -> Bus:
        buses.append(RedisBus(url) if url else LocalBus())
        return buses[-1]

    yield make
    for bus in buses:
        bus.close()


MakeHub = Callable[..., Hub]


@pytest.fixture
def make_hub(application: Flask, request: pytest.FixtureRequest) -> Iterator[MakeHub]:
    """Creates the hub of one process on a bus; changes are made in another process, if the bus allows one."""
    hubs: list[Hub] = []

    def make(bus: Bus, check_seconds: float = 60, telling: Bus | None = None) -> Hub:
        registry: Registry = application.extensions["registry"]
        permission = Permission(registry.topic(AUDIENCE), still_holds)
        hub = Hub(application, live_store(registry), bus, permission, check_seconds)
        state_of = application.extensions["outbox"].state_of
        tells = telling or (RedisBus(request.getfixturevalue("redis_server").url) if isinstance(bus, RedisBus) else bus)
        application.extensions["outbox"] = Outbox(state_of, lambda change: tells.announce(announcement_of(change)))
        hubs.append(hub)
        return hub

    yield make
    for hub in hubs:
        hub.close()


class Receiver:
    """A listener and everything that its stream has sent so far."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.received = ""
        self._woken = Event()
        listener.wake = listener.end = self._woken.set
        Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while not self.listener.closed:
            self._woken.clear()
            if taken := self.listener.take():
                self.received += taken.decode()
            else:
                self._woken.wait(timeout=PATIENCE)

    def ids(self) -> list[int]:
        """The versions in the order of sending."""
        return [int(line.removeprefix("id: ")) for line in self.received.splitlines() if line.startswith("id: ")]
