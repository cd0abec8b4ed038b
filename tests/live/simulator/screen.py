"""Somebody who watches a topic: opens the page, listens, is cut off, returns with the last id, and misses nothing."""

import json
from collections.abc import Callable
from functools import partial

from tests.live.simulator.database import PARTS, Database
from tests.live.simulator.network import Connection
from tests.live.simulator.process import Process
from tests.live.simulator.transports import Caller, TakenOver, Transport, iterate, serve
from tests.live.simulator.world import World

STRANGE = (None, 10**6)


class BrokenPromise(AssertionError):
    """A guarantee of the live core was violated."""


class Screen:
    """One listener's display. `shown` by part; `streamed` only from streams, which never goes back."""

    def __init__(self, name: str, topic: str, database: Database, processes: Callable[[], list[Process]]) -> None:
        self.name = name
        self.topic = topic
        self.shown: dict[str, int] = {}
        self.streamed: dict[str, int] = {}
        self.cursor: int | None = None
        self.newest_id = 0
        self.is_restless = True
        self.is_leaving = False
        self.connection: Connection | None = None
        self._database = database
        self._processes = processes
        self._world: World = database.world
        self._received = b""
        self._said: list[tuple[str, int]] = []

    def __str__(self) -> str:
        return self.name

    def live(self) -> None:
        """Listens until told to stop."""
        self._open_page()
        while not self.is_leaving:
            if processes := self._processes():
                self._connect(self._world.chance.choice(processes))
            self._world.wait(self._world.chance.random() * 0.5)
            if self.is_restless and self._world.chance.random() < 0.15:
                self._return_strangely()

    @property
    def is_barred(self) -> bool:
        return self.name in self._database.truth.barred

    @property
    def is_listening(self) -> bool:
        return self.connection is not None and self.connection.is_served and not self.connection.is_cut

    def differs(self) -> dict[str, tuple[int, int]]:
        """The parts that differ from the database."""
        contents = self._database.truth.contents
        pairs = {part: (self.shown.get(part, 0), contents.get((self.topic, part), 0)) for part in PARTS}
        return {part: pair for part, pair in pairs.items() if pair[0] != pair[1]}

    def _open_page(self) -> None:
        """Like a view: reads the version first, then the data, which may already be newer."""
        truth = self._database.truth
        self.cursor = truth.versions.get(self.topic, 0)
        for part in PARTS:
            self._world.pause()
            self.shown[part] = self._database.truth.contents.get((self.topic, part), 0)

    def _return_strangely(self) -> None:
        if self._world.chance.random() < 0.5:
            self.cursor = self._world.chance.choice(STRANGE)
        else:
            self._open_page()

    def _connect(self, process: Process) -> None:
        self._received, self._said = b"", []
        connection = self.connection = Connection(self._world, self._receive)
        process.connections.append(connection)
        transport: Transport = self._world.chance.choice((iterate, TakenOver))
        self._world.say("%s connects to %s with %s", self.name, process, self.cursor)
        work = partial(serve, process, connection, Caller(self.name, self.topic, self.cursor), transport)
        self._world.start(process, f"{process} {self.name}", work)
        if self.is_restless:
            self._world.later(self._world.chance.expovariate(0.7), connection.cut)
        connection.ended.wait()

    def _receive(self, piece: bytes) -> None:
        *events, self._received = (self._received + piece).split(b"\n\n")
        for event in events:
            self._dispatch(dict(line.split(": ", 1) for line in event.decode().splitlines()))

    def _dispatch(self, fields: dict[str, str]) -> None:
        if fields.get("event") == "said":
            said = json.loads(fields["data"])
            self._said.append((said["part"], said["content"]))
        if "id" in fields:
            self._show(int(fields["id"]))

    def _show(self, version: int) -> None:
        """Applies a complete frame."""
        self._world.say("%s shows %s: %s", self.name, version, self._said)
        if version < self.newest_id or (version == self.newest_id and self.cursor not in STRANGE):
            raise BrokenPromise(f"{self} went from {self.newest_id} back to {version}")
        for part, content in self._said:
            was = self._database.shown_at((self.topic, part), version)
            if content != was:
                raise BrokenPromise(f"{self} is shown {content} of {part} at {version}, when it was {was}")
            if content < self.streamed.get(part, 0):
                raise BrokenPromise(f"{self} is shown {content} of {part} after {self.streamed[part]}")
            self.streamed[part] = self.shown[part] = content
        self.cursor = self.newest_id = version
        self._said = []
