"""One of the server's processes: a real hub of its own, until it dies."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Flask

from live.audience import Permission
from live.hub import Hub
from live.registry import EventView, Registry, Topic, TopicKind
from live.store import Store
from tests.live.simulator.bus import Broker, ProcessBus
from tests.live.simulator.database import AUDIENCE, PARTS, Database, Transaction
from tests.live.simulator.network import Connection
from tests.live.simulator.standins import BEGIN

APP = Flask("simulator")
STOP_SECONDS = 0.5
ALMATY = ZoneInfo("Asia/Almaty")
WITHDRAWALS = TopicKind(
    name=AUDIENCE,
    pattern=AUDIENCE,
    public=False,
    views={},
    may_listen=lambda person, view, ids: False,
    zone=lambda ids: ALMATY,
    parts=lambda ids: [],
    load=lambda part, ids: None,
)

NextChange = Callable[[datetime], datetime | None]


class Process:
    """A process: its hub, its bus and its requests."""

    def __init__(
        self,
        name: str,
        database: Database,
        broker: Broker,
        check_seconds: float,
        next_change: NextChange = lambda now: None,
        midnight: datetime = BEGIN,
    ) -> None:
        self.name = name
        self.is_alive = True
        self.connections: list[Connection] = []
        self._world = database.world
        self._database = database
        self._next_change = next_change
        self._midnight = midnight
        self.bus = ProcessBus(broker, name)
        kinds = [self._kind("open", is_public=True), self._kind("closed", is_public=False)]
        self.registry = Registry([*kinds, WITHDRAWALS])
        permission = Permission(self.registry.topic(AUDIENCE), self.still_holds)
        self.hub = Hub(APP, self._store(), self.bus, permission, check_seconds)

    def __str__(self) -> str:
        return self.name

    def change(self, topic: str, parts: Collection[str], due: dict[str, timedelta], now: datetime) -> None:
        """A request that changes something: one transaction, then its announcements."""
        with Transaction(self._database) as transaction:
            for part in parts:
                transaction.touch(topic, part)
            for part, after in due.items():
                transaction.touch_later(topic, part, now + after)
            announcements = transaction.commit()
        for announcement in announcements:
            self.bus.announce(announcement)

    def withdraw(self, holders: Collection[str]) -> None:
        """A request that withdraws the permission of one or several people."""
        with Transaction(self._database) as transaction:
            if len(holders) == 1:
                transaction.bar(*holders)
            else:
                transaction.bar_all(holders)
            announcements = transaction.commit()
        for announcement in announcements:
            self.bus.announce(announcement)

    def still_holds(self, holder: str, topic: Topic, view: str) -> bool:
        return self._database.permits(holder)

    def die(self) -> None:
        self._world.say("%s dies", self.name)
        self.is_alive = False
        self._world.kill(self)
        self.bus.close()
        for connection in self.connections:
            connection.cut()

    def stop(self) -> None:
        """Like SIGTERM: ends the streams, then the process."""
        self._world.say("%s stops", self.name)
        self.is_alive = False
        self._world.start(self, f"{self} stop", self.hub.close)
        self._world.later(STOP_SECONDS, self.die)

    def _store(self) -> Store:
        database = self._database
        return Store(
            database.newest_versions,
            database.parts_newer_than,
            self._plan,
            self._change_due_parts,
            database.begin_snapshot,
        )

    def _plan(self, topic: str, now: datetime) -> None:
        """At midnight every part changes by itself."""
        scheduled = {part for part, _, due_at in self._database.parts_newer_than(topic, 0) if due_at}
        if now < self._midnight and topic != AUDIENCE:
            self._database.schedule(topic, {part: self._midnight for part in PARTS if part not in scheduled})

    def _next_moment(self, now: datetime) -> datetime | None:
        moments = (self._next_change(now), self._midnight)
        return min((moment for moment in moments if moment and moment > now), default=None)

    def _change_due_parts(self, topics: Collection[str], now: datetime) -> dict[str, datetime]:
        with Transaction(self._database) as transaction:
            claimed = transaction.claim_due(topics, now)
            for topic, part in claimed:
                if due_at := self._next_moment(now):
                    transaction.touch_later(topic, part, due_at)
            announcements = transaction.commit(claimed)
        for announcement in announcements:
            self.bus.announce(announcement)
        return self._database.next_moments(topics)

    def _kind(self, name: str, is_public: bool) -> TopicKind:
        return TopicKind(
            name=name,
            pattern=rf"{name}/(?P<number>\d+)",
            public=is_public,
            views={"json": EventView(lambda kind, state: [("said", state)])},
            may_listen=lambda person, view, ids: True,
            zone=lambda ids: ALMATY,
            parts=lambda ids: list(PARTS),
            load=lambda part, ids: self._database.load(f"{name}/{ids['number']}", part),
        )
