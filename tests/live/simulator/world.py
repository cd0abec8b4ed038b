"""Time and chance: tasks that take turns, one at a time, in an order that only the seed decides.

A task is a greenlet; it gives way wherever real code would wait (for a lock, the database, the network, the clock) and
goes on when its moment comes. Two moments that are equal are ordered by chance.
"""

from collections.abc import Callable
from heapq import heappop, heappush
from random import Random

from greenlet import GreenletExit, getcurrent, greenlet

HASTE = 0.004
PATIENCE = 0.8


class Task(greenlet):  # type: ignore[misc]
    """Something that goes on at some place (a process, or a listener's home) until it ends or its place dies."""

    def __init__(self, world: "World", place: object, name: str, work: Callable[[], object]) -> None:
        super().__init__(work, world.main)
        self.place = place
        self.name = name
        self.waits = 0
        self.is_over = False


class World:
    """One run. now: seconds since it began; chance: every decision of the run; trace: what happened, if wanted."""

    def __init__(self, seed: int, trace: Callable[[str], None] | None = None) -> None:
        self.chance = Random(seed)
        self.now = 0.0
        self.main = getcurrent()
        self.steps = 0
        self.slowness = 0.0
        self._trace = trace
        self._moments: list[tuple[float, float, int, Callable[[], object]]] = []
        self._tasks: dict[object, list[Task]] = {}

    def say(self, what: str, *details: object) -> None:
        """Adds a line to the trace."""
        if self._trace:
            task = getcurrent()
            who = task.name if isinstance(task, Task) else "world"
            self._trace(f"{self.now:9.4f}  {who:<16} {what % details}")

    def later(self, seconds: float, work: Callable[[], object]) -> None:
        """Does something at a moment; it must not wait for anything."""
        self.steps += 1
        heappush(self._moments, (self.now + seconds, self.chance.random(), self.steps, work))

    def start(self, place: object, name: str, work: Callable[[], object]) -> Task:
        task = Task(self, place, name, work)
        here = [each for each in self._tasks.get(place, ()) if not each.dead]
        self._tasks[place] = [*here, task]
        self.later(0, lambda: self._go_on(task, 0))
        return task

    def delay(self) -> float:
        """How long an answer takes: mostly hardly at all, in a storm now and then long."""
        longest = PATIENCE if self.chance.random() < self.slowness else HASTE
        return self.chance.random() * longest

    def pause(self) -> None:
        """A place where others may come in between."""
        self.wait(self.delay())

    def wait(self, seconds: float | None) -> None:
        """Until the time is over or somebody wakes this task."""
        task = getcurrent()
        if not isinstance(task, Task):
            return
        if task.is_over:
            raise GreenletExit
        task.waits += 1
        turn = task.waits
        if seconds is not None:
            self.later(seconds, lambda: self._go_on(task, turn))
        self.main.switch()

    def wake(self, task: Task) -> None:
        """Ends a task's waiting."""
        turn = task.waits
        self.later(0, lambda: self._go_on(task, turn))

    def kill(self, place: object) -> None:
        """Everything at this place ends where it stands; not to be called by a task that lives there."""
        for task in self._tasks.pop(place, ()):
            task.is_over = True
            task.parent = getcurrent()
            task.throw(GreenletExit)

    def end(self) -> None:
        """Nothing goes on."""
        for place in list(self._tasks):
            self.kill(place)

    def run(self, until: float) -> None:
        """Lets everything happen up to a moment."""
        while self._moments and self._moments[0][0] <= until:
            self.now, _, _, work = heappop(self._moments)
            work()
        self.now = until

    def _go_on(self, task: Task, turn: int) -> None:
        """A wait that is over already, and a task that is dead, are left alone."""
        if not task.is_over and not task.dead and task.waits == turn:
            task.waits += 1
            task.switch()
