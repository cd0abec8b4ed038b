"""Time and chance: tasks that take turns, one at a time, in an order that only the seed decides.

A task is a greenlet; it yields wherever real code would block (on a lock, the database, the network, the clock) and
resumes at its time. Tasks with equal times are ordered randomly.
"""

from collections.abc import Callable
from heapq import heappop, heappush
from random import Random

from greenlet import GreenletExit, getcurrent, greenlet

HASTE = 0.004
PATIENCE = 0.8


class Task(greenlet):  # type: ignore[misc]
    """Something that runs at some place (a process, or a listener's machine) until it ends or its place dies."""

    def __init__(self, world: "World", place: object, name: str, work: Callable[[], object]) -> None:
        super().__init__(work, world.main)
        self.place = place
        self.name = name
        self.waits = 0
        self.is_over = False


class World:
    """One run. now: seconds since its start; chance: source of all decisions; trace: the events, if enabled."""

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
        """Schedules a callback, which must not block."""
        self.steps += 1
        heappush(self._moments, (self.now + seconds, self.chance.random(), self.steps, work))

    def start(self, place: object, name: str, work: Callable[[], object]) -> Task:
        task = Task(self, place, name, work)
        here = [each for each in self._tasks.get(place, ()) if not each.dead]
        self._tasks[place] = [*here, task]
        self.later(0, lambda: self._go_on(task, 0))
        return task

    def delay(self) -> float:
        """A response time: mostly very short, in a storm sometimes long."""
        longest = PATIENCE if self.chance.random() < self.slowness else HASTE
        return self.chance.random() * longest

    def pause(self) -> None:
        """A point at which other tasks may run."""
        self.wait(self.delay())

    def wait(self, seconds: float | None) -> None:
        """Blocks until the timeout or until this task is woken."""
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
        """Wakes a waiting task."""
        turn = task.waits
        self.later(0, lambda: self._go_on(task, turn))

    def kill(self, place: object) -> None:
        """Kills all tasks at this place at once; not to be called by one of them."""
        for task in self._tasks.pop(place, ()):
            task.is_over = True
            task.parent = getcurrent()
            task.throw(GreenletExit)

    def end(self) -> None:
        """Ends all tasks."""
        for place in list(self._tasks):
            self.kill(place)

    def run(self, until: float) -> None:
        """Runs all tasks up to a time."""
        while self._moments and self._moments[0][0] <= until:
            self.now, _, _, work = heappop(self._moments)
            work()
        self.now = until

    def _go_on(self, task: Task, turn: int) -> None:
        """Resumes a task, unless its wait is already over or it is dead."""
        if not task.is_over and not task.dead and task.waits == turn:
            task.waits += 1
            task.switch()
