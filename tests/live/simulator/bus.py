"""Publish and subscribe, with everything that a network does to it."""

from collections.abc import Callable

from live.announcement import Announcement
from tests.live.simulator.standins import Event
from tests.live.simulator.world import World

ACKNOWLEDGE_SECONDS = 1.0
AFTERWARDS = 1e-6


class Line:
    """A connection with latency that delivers in order."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._last = 0.0

    def carry(self, arrive: Callable[[], object]) -> None:
        self._last = max(self._world.now + self._world.delay(), self._last + AFTERWARDS)
        self._world.later(self._last - self._world.now, arrive)


class Broker:
    """Redis. loss: the share of announcements lost; muddle: the share duplicated or reordered."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.loss = 0.0
        self.muddle = 0.3
        self.buses: list[ProcessBus] = []

    def publish(self, announcement: Announcement) -> None:
        if self.world.chance.random() < self.loss:
            self.world.say("%s at %s is lost", announcement.topic, announcement.version)
            return
        text = announcement.to_json()
        self.world.later(self.world.delay(), lambda: self._spread(announcement.topic, text))

    def _spread(self, topic: str, text: str) -> None:
        for bus in self.buses:
            for _ in range(1 + (self.world.chance.random() < self.muddle)):
                bus.send(topic, text)


class ProcessBus:
    """One process's bus (live.buses.Bus), on one connection that can be cut and reconnects."""

    def __init__(self, broker: Broker, name: str) -> None:
        self._broker = broker
        self._world = broker.world
        self._name = name
        self._line: Line | None = Line(self._world)
        self._subscribed: list[str] = []
        self._receive: Callable[[Announcement], None] = lambda announcement: None
        self._resubscribed: Callable[[str], None] = lambda topic: None
        self.followed: dict[str, Event] = {}
        self._late: list[str] = []
        broker.buses.append(self)

    def start(self, receive: Callable[[Announcement], None], resubscribed: Callable[[str], None]) -> None:
        self._receive, self._resubscribed = receive, resubscribed

    def follow(self, topic: str) -> None:
        acknowledged = self.followed.setdefault(topic, Event(self._world))
        self._subscribe(topic)
        if not acknowledged.wait(ACKNOWLEDGE_SECONDS):
            self._late.append(topic)

    def unfollow(self, topic: str) -> None:
        self.followed.pop(topic, None)
        if self._line:
            self._on(self._line, lambda: self._subscribed.remove(topic) if topic in self._subscribed else None)

    def announce(self, announcement: Announcement) -> None:
        if announcement.topic in self.followed:
            self._receive(announcement)
        self._broker.publish(announcement)

    def close(self) -> None:
        self.cut()
        if self in self._broker.buses:
            self._broker.buses.remove(self)

    def cut(self) -> None:
        """Messages in transit are lost, and the broker drops our subscriptions."""
        self._world.say("%s is cut off from the bus", self._name)
        self._line = None
        self._subscribed.clear()

    def mend(self) -> None:
        if self._line is None and self in self._broker.buses:
            self._world.say("%s is on the bus again", self._name)
            self._line = Line(self._world)
            for topic in self.followed:
                self._subscribe(topic)

    def send(self, topic: str, text: str) -> None:
        """Sends from the broker to the process, possibly out of order."""
        line = self._line
        if line is None or topic not in self._subscribed:
            return
        if self._world.chance.random() < self._broker.muddle:
            self._world.later(self._world.delay(), lambda: self._arrive(line, text))
        else:
            line.carry(lambda: self._arrive(line, text))

    def _arrive(self, line: Line, text: str) -> None:
        if line is self._line:
            self._world.say("%s hears %s", self._name, text)
            self._receive(Announcement.from_json(text))

    def _subscribe(self, topic: str) -> None:
        if line := self._line:
            self._on(line, lambda: self._note(line, topic))

    def _note(self, line: Line, topic: str) -> None:
        self._subscribed.append(topic)
        self._on(line, lambda: self._acknowledge(topic))

    def _acknowledge(self, topic: str) -> None:
        if topic in self.followed:
            if self.followed[topic].is_set() or topic in self._late:
                self._resubscribed(topic)
            self.followed[topic].set()

    def _on(self, line: Line, arrive: Callable[[], object]) -> None:
        line.carry(lambda: arrive() if line is self._line else None)
