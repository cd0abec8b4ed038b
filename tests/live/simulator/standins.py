"""What the live core takes from the standard library, on the simulated clock: as gevent does it for the real server."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from logging import getLogger
from queue import Empty
from types import ModuleType, SimpleNamespace
from typing import Generic, TypeVar
from unittest.mock import patch

from greenlet import getcurrent

from live import audience, feed, hub, listener
from tests.live.simulator.world import Task, World

BEGIN = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
CONTENTION = 0.1

Item = TypeVar("Item")


def moment(world: World) -> datetime:
    return BEGIN + timedelta(seconds=world.now)


class Waiting:
    """Tasks that wait for the same event."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._tasks: list[Task] = []

    def wait(self, seconds: float | None) -> None:
        task = getcurrent()
        if isinstance(task, Task):
            self._tasks.append(task)
            try:
                self._world.wait(seconds)
            finally:
                self._tasks.remove(task)

    def wake(self) -> None:
        for task in self._tasks:
            self._world.wake(task)


class Lock:
    """threading.RLock. Another thread may run before it is acquired."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._owner: object = None
        self._depth = 0
        self._waiting = Waiting(world)

    def acquire(self) -> None:
        me = getcurrent()
        if self._owner is not me and self._world.chance.random() < CONTENTION:
            self._world.pause()
        while self._owner not in (None, me):
            self._waiting.wait(None)
        self._owner = me
        self._depth += 1

    def release(self) -> None:
        self._depth -= 1
        if not self._depth:
            self._owner = None
            self._waiting.wake()

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(self, *error: object) -> None:
        self.release()


class Event:
    """threading.Event."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._is_set = False
        self._waiting = Waiting(world)

    def is_set(self) -> bool:
        return self._is_set

    def set(self) -> None:
        self._is_set = True
        self._waiting.wake()

    def clear(self) -> None:
        self._is_set = False

    def wait(self, timeout: float | None = None) -> bool:
        if not self._is_set:
            self._waiting.wait(timeout)
        return self._is_set


class Queue(Generic[Item]):
    """queue.SimpleQueue."""

    def __init__(self, world: World) -> None:
        self._items: deque[Item] = deque()
        self._waiting = Waiting(world)

    def put(self, item: Item) -> None:
        self._items.append(item)
        self._waiting.wake()

    def get(self, timeout: float | None = None) -> Item:
        if not self._items:
            self._waiting.wait(timeout)
        if not self._items:
            raise Empty
        return self._items.popleft()


class Thread:
    """threading.Thread; it belongs to the place of the task that starts it."""

    def __init__(self, world: World, target: Callable[[], object], name: str, daemon: bool) -> None:
        self._world = world
        self._target = target
        self._name = name

    def start(self) -> None:
        task = getcurrent()
        assert isinstance(task, Task)
        self._world.start(task.place, f"{task.place} {self._name}", self._target)


@contextmanager
def standing_in(world: World) -> Iterator[None]:
    """Runs the live core's modules on this world within the context."""

    def now(zone: tzinfo) -> datetime:
        return moment(world).astimezone(zone)

    clock = SimpleNamespace(now=now)
    seconds = {"monotonic": lambda: world.now}
    places: dict[ModuleType, dict[str, object]] = {
        audience: {
            "Event": lambda: Event(world),
            "RLock": lambda: Lock(world),
            "Thread": lambda **thread: Thread(world, **thread),
        },
        feed: {"Event": lambda: Event(world), "RLock": lambda: Lock(world), "datetime": clock, **seconds},
        hub: {
            "RLock": lambda: Lock(world),
            "SimpleQueue": lambda: Queue[object](world),
            "Thread": lambda **thread: Thread(world, **thread),
            "datetime": clock,
            "random": world.chance,
            "sleep": world.wait,
        },
        listener: {"random": world.chance, **seconds},
    }
    with ExitStack() as stack:
        stack.enter_context(patch.object(getLogger("tablo.live"), "disabled", True))
        for module, names in places.items():
            stack.enter_context(patch.dict(vars(module), names))
        yield
