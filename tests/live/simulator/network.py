"""From a process to a listener: connections that take a few bytes at a time, stall, and are cut in the middle."""

from collections.abc import Callable

from tests.live.simulator.bus import Line
from tests.live.simulator.standins import Event
from tests.live.simulator.world import World

UNNOTICED = 1.0


class Connection:
    """Both ends of one stream. The listener notices a cut at once, the process some time later."""

    def __init__(self, world: World, hear: Callable[[bytes], None]) -> None:
        self.world = world
        self.ended = Event(world)
        self.is_gone = False
        self.is_served = False
        self.on_gone: Callable[[], None] = lambda: None
        self._hear = hear
        self._line = Line(world)
        self._room = Event(world)

    @property
    def is_cut(self) -> bool:
        return self.ended.is_set()

    def send(self, said: bytes) -> int:
        """The number of these bytes that the socket accepts now."""
        self.is_gone = self.is_gone or (self.is_cut and self.world.chance.random() < 0.5)
        taken = said if self.world.chance.random() < 0.7 else said[: self.world.chance.randrange(len(said))]
        if taken:
            self._line.carry(lambda: None if self.is_cut else self._hear(taken))
        return len(taken)

    def cut(self) -> None:
        if not self.is_cut:
            self.ended.set()
            self.world.later(self.world.chance.random() * UNNOTICED, self._notice)

    def _notice(self) -> None:
        self.is_gone = True
        self.on_gone()
