"""The course of a drill: the audience sits down, changes flow, one part after the other is killed and started again."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from time import monotonic, sleep

from tests.faults.audience import Audience, Course
from tests.faults.changes import Corrector, Scorer, Work
from tests.faults.colleague import Colleague
from tests.faults.figures import Made, Spread, delays, most_in_one_second, spread
from tests.faults.house import House

PATIENCE = 60


class NotReached(AssertionError):
    """An expected state was not reached in time."""


@dataclass(frozen=True)
class Endured:
    """One fault of a part that was down for `away` seconds, and its effect on the streams.

    converged: seconds from the fault's end until each listener showed what the database then had; cut: how many streams
    ended; returns: the most reconnects in any one second.
    """

    name: str
    away: float
    converged: Spread
    cut: int
    returns: int


@dataclass(frozen=True)
class Kept:
    """The resources of a live process: streams, open files, megabytes."""

    listeners: float
    files: float
    megabytes: float


@dataclass
class Drill:
    """A running site with its audience and its writers."""

    house: House
    audience: Colleague
    writers: list[Colleague]
    endured: list[Endured] = field(default_factory=list)
    calm: list[tuple[float, float]] = field(default_factory=list)

    def begin(self) -> None:
        """Connects all listeners, then begins the changes."""
        self._must_come(self.all_listen, "all streams are open")
        for writer in self.writers:
            writer.ask("go_on")

    def rest(self, seconds: float) -> None:
        """Waits for some seconds without faults, in which delays are measured."""
        begins = monotonic()
        sleep(seconds)
        self.calm.append((begins, monotonic()))

    def endure(self, name: str, seconds: float) -> Endured:
        """Kills a part and restarts it later; returns when all show what the database then had."""
        part, before, begins = self.house.parts[name], self.course(), monotonic()
        part.kill()
        sleep(max(0.0, seconds - (monotonic() - begins)))
        part.start()
        ended = monotonic()
        self.all_must_show_the_newest()
        arrivals, after = self.audience.ask("arrivals"), self.course()
        converged = spread([max(0.0, arrived - ended) for arrived in arrivals])
        returns = most_in_one_second(after.returns[len(before.returns) :])
        self.endured.append(Endured(name, ended - begins, converged, after.cuts - before.cuts, returns))
        return self.endured[-1]

    def restart(self, names: Sequence[str]) -> int:
        """Restarts live processes one after the other; returns the most reconnects in any one second."""
        before = len(self.course().returns)
        for process in self.house.site.live:
            if process.name in names:
                process.stop(patience=2 * self.house.load.grace)
                process.start()
        self._must_come(self.all_listen, "everybody listens again")
        return most_in_one_second(self.course().returns[before:])

    def quiet(self) -> None:
        """Stops the changes and waits until all show the newest."""
        for writer in self.writers:
            writer.ask("pause")
        self.all_must_show_the_newest()

    def all_must_show_the_newest(self) -> None:
        """Waits until every listener is connected and shows at least what the database has now."""
        goals = self.house.truth()
        self.audience.ask("aim", goals)
        self._must_come(lambda: self.audience.ask("missing") == 0, f"everybody shows at least {goals}")

    def all_listen(self) -> bool:
        return bool(self.audience.ask("open_streams") >= self.house.load.listeners)

    def leave(self) -> None:
        """Disconnects all listeners and waits until no live process counts any."""
        self.audience.ask("leave")
        self._must_come(lambda: self.house.site.listeners() == 0, "nobody is counted")

    def kept(self) -> dict[str, Kept]:
        """The resources of each live process."""
        return {
            process.name: Kept(
                process.metric("tablo_listeners"),
                process.metric("process_open_fds"),
                process.metric("process_resident_memory_bytes") / 1e6,
            )
            for process in self.house.site.live
        }

    def course(self) -> Course:
        course: Course = self.audience.ask("course")
        return course

    def work(self) -> list[Work]:
        """The work of the corrector and of the scorer."""
        return [writer.ask("so_far") for writer in self.writers]

    def delays(self) -> Spread:
        """The delays from a change to each of its deliveries, in the seconds without faults."""
        made: Made = {}
        for work in self.work():
            made |= work.made
        deliveries = self.audience.ask("deliveries")
        return spread([delay for since, until in self.calm for delay in delays(deliveries, made, since, until)])

    def _must_come(self, happens: Callable[[], bool], what: str) -> None:
        deadline = monotonic() + PATIENCE
        while not happens():
            if monotonic() > deadline:
                course = self.course()
                raise NotReached(f"after {PATIENCE} s not: {what}; {course.refusals}, {course.faults}")
            sleep(0.05)


@contextmanager
def drill(house: House) -> Iterator[Drill]:
    """Starts the audience and the writers, each in its own process, and dismisses them at the end."""
    load, settings, folder = house.load, house.settings, house.folder
    with ExitStack() as stack:
        corrections = load.changes - load.taps
        writers = [
            Colleague(folder / "corrector.log", Corrector, settings, house.corrected, corrections),
            Colleague(folder / "scorer.log", Scorer, settings, house.tapped, load.taps, house.port, house.email),
        ]
        for writer in writers:
            stack.callback(writer.dismiss)
            writer.ask("so_far")
        audience = Colleague(folder / "audience.log", Audience, house.port, house.seats())
        stack.callback(audience.dismiss)
        yield Drill(house, audience, writers)
