"""One seed: a storm of everything that may happen, a calm, and the promises that must hold afterwards."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from tests.live.simulator.bus import Broker
from tests.live.simulator.database import AUDIENCE, PARTS, Database, DatabaseAway
from tests.live.simulator.process import Process
from tests.live.simulator.screen import BrokenPromise, Screen
from tests.live.simulator.standins import moment, standing_in
from tests.live.simulator.world import World

ROUNDS = 2
STORM_SECONDS = 1.4
LATE_CHANGES_SECONDS = 0.7
SETTLING_SECONDS = 4.0
LEAVING_SECONDS = 3.0
CHECK_SECONDS = 2.0
NEVER = 100_000.0
TOPICS = ("open/1", "closed/1")


@dataclass(frozen=True)
class Weather:
    """The faults possible in a storm, and thus what must repair them.

    If announcements are lost silently (with a process, in transit, with the database) the periodic check must find
    them. In the other weathers there is no check: subscriptions, gaps and timers must suffice.
    """

    loses_unheard: bool
    processes_die: bool
    parts_are_due: bool

    @property
    def check_seconds(self) -> float:
        return CHECK_SECONDS if self.loses_unheard else NEVER


WEATHERS = (
    Weather(loses_unheard=True, processes_die=True, parts_are_due=True),
    Weather(loses_unheard=False, processes_die=True, parts_are_due=False),
    Weather(loses_unheard=False, processes_die=False, parts_are_due=True),
)


class Storm:
    """The processes and listeners of one run."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.chance = world.chance
        self.weather = self.chance.choice(WEATHERS)
        self.is_raging = self.is_changing = True
        night = self.chance.random() * STORM_SECONDS
        self.midnight = moment(world) + timedelta(seconds=night)
        self.sleepless: set[str] = set()
        world.later(night, self.note_who_stays_up)
        self.database = Database(world)
        self.broker = Broker(world)
        # The desk has no listeners and never dies: in a weather without silent losses, changes are made there.
        self.desk = self.process("desk")
        self.processes = [self.process(f"process {number}") for number in range(self.chance.randint(1, 3))]
        self.screens = [
            Screen(f"screen {number}", self.chance.choice(TOPICS), self.database, self.alive)
            for number in range(self.chance.randint(2, 5))
        ]

    def process(self, name: str) -> Process:
        weather = self.weather
        return Process(name, self.database, self.broker, weather.check_seconds, self.next_change, self.midnight)

    def alive(self) -> list[Process]:
        return [process for process in self.processes if process.is_alive]

    def next_change(self, now: datetime) -> datetime | None:
        return now + timedelta(seconds=1) if self.is_raging and self.chance.random() < 0.5 else None

    def note_who_stays_up(self) -> None:
        """The topics that are followed at midnight, when all their parts change by themselves."""
        feeds = [feed for process in self.alive() for feed in process.hub._feeds.values()]
        self.sleepless = {feed.topic.key for feed in feeds if feed.is_planned} & {*TOPICS}

    def begin(self) -> None:
        self.world.say("%s, %s processes, %s screens", self.weather, len(self.processes), len(self.screens))
        for screen in self.screens:
            self.world.start(screen, screen.name, screen.live)

    def rage(self) -> None:
        self.is_raging = self.is_changing = True
        self.let_screens_roam(True)
        self.set_mood(self.weather.loses_unheard, self.chance.choice((0.0, 0.05, 0.3)))
        self.change_something()
        self.withdraw_something()
        self.break_something()
        self.pass_time(STORM_SECONDS)

    def set_mood(self, loses_unheard: bool, slowness: float) -> None:
        """Sets how unreliable database and bus are."""
        self.world.slowness = slowness
        self.broker.loss = self.chance.choice((0.1, 0.6)) if loses_unheard else 0
        self.database.unsteadiness = 0.01 if loses_unheard else 0

    def let_screens_roam(self, is_restless: bool) -> None:
        for screen in self.screens:
            screen.is_restless = is_restless

    def pass_time(self, seconds: float) -> None:
        self.world.run(self.world.now + seconds)

    def change_something(self) -> None:
        if not self.is_changing:
            return
        process = self.chance.choice([self.desk, *self.alive()]) if self.weather.loses_unheard else self.desk
        self.world.start(process, f"{process} request", lambda: self.request(process))
        self.world.later(self.chance.expovariate(4), self.change_something)

    def request(self, process: Process) -> None:
        parts = self.chance.sample(PARTS, self.chance.randint(1, 2))
        due = {}
        if self.weather.parts_are_due and self.chance.random() < 0.3:
            due[self.chance.choice(PARTS)] = timedelta(seconds=self.chance.uniform(0, 3))
        self.attempt(lambda: process.change(self.chance.choice(TOPICS), parts, due, moment(self.world)))

    def attempt(self, work: Callable[[], None]) -> None:
        try:
            work()
        except DatabaseAway:
            self.world.say("the request fails")

    def withdraw_something(self) -> None:
        """Those whose permission is withdrawn in one round get it back in the next."""
        self.database.truth = replace(self.database.truth, barred=frozenset())
        if self.chance.random() < 0.7:
            names = [screen.name for screen in self.screens]
            losers = self.chance.sample(names, self.chance.randint(1, 2))
            after = self.chance.random() * STORM_SECONDS
            self.world.later(after, partial(self.withdraw, losers))
            if self.weather.loses_unheard and self.chance.random() < 0.3:
                self.world.later(after + self.chance.random() * 0.1, self.lose_the_database)

    def withdraw(self, losers: list[str]) -> None:
        self.world.say("%s may no longer listen", losers)
        process = self.chance.choice([self.desk, *self.alive()]) if self.weather.loses_unheard else self.desk
        self.world.start(process, f"{process} withdrawal", lambda: self.attempt(partial(process.withdraw, losers)))

    def break_something(self) -> None:
        if not self.is_raging:
            return
        breaks = [self.cut_a_bus, self.cut_a_screen]
        if self.weather.processes_die:
            breaks += [self.lose_a_process, self.lose_a_process]
        if self.weather.loses_unheard:
            breaks.append(self.lose_the_database)
        self.chance.choice(breaks)()
        self.world.later(self.chance.expovariate(2), self.break_something)

    def cut_a_bus(self) -> None:
        bus = self.chance.choice(self.processes).bus
        bus.cut()
        self.world.later(self.chance.random() * 2, bus.mend)

    def cut_a_screen(self) -> None:
        connection = self.chance.choice(self.screens).connection
        if connection:
            connection.cut()

    def lose_a_process(self) -> None:
        place = self.chance.randrange(len(self.processes))
        process = self.processes[place]
        if process.is_alive:
            self.chance.choice((process.die, process.die, process.stop))()
            self.world.later(self.chance.random(), lambda: self.replace(place))

    def replace(self, place: int) -> None:
        if not self.processes[place].is_alive:
            self.processes[place] = self.process(self.processes[place].name)

    def lose_the_database(self) -> None:
        self.world.say("the database is away")
        self.database.is_away = True
        self.world.later(self.chance.random(), self.find_the_database)

    def find_the_database(self) -> None:
        self.database.is_away = False

    def calm_down(self) -> None:
        """Ends all faults; what is in transit still arrives, and changes continue for a short while."""
        self.world.say("calm")
        self.is_raging = False
        self.set_mood(loses_unheard=False, slowness=0.0)
        self.find_the_database()
        for place, process in enumerate(self.processes):
            self.replace(place)
            process.bus.mend()
        self.is_changing = self.chance.random() < 0.5
        self.pass_time(LATE_CHANGES_SECONDS)
        self.is_changing = False
        self.let_screens_roam(False)
        self.pass_time(SETTLING_SECONDS + (2 * CHECK_SECONDS if self.weather.loses_unheard else 0))

    def judge(self) -> None:
        for screen in self.screens:
            if screen.is_barred:
                if screen.is_listening:
                    raise BrokenPromise(f"{screen} may not listen any more and still does")
            elif differs := screen.differs():
                raise BrokenPromise(f"{screen} of {screen.topic} shows and should show {differs}")
        watched = {screen.topic for screen in self.screens if not screen.is_barred}
        if overdue := [place for place in self.database.overdue() if place[0] in watched]:
            raise BrokenPromise(f"{overdue} should have changed by themselves")
        for place in ((topic, part) for topic in watched & self.sleepless for part in PARTS):
            if self.database.changed_at.get(place, self.midnight - timedelta(seconds=1)) < self.midnight:
                raise BrokenPromise(f"{place} should have changed at midnight")

    def leave(self) -> None:
        for screen in self.screens:
            screen.is_leaving = True
            if screen.connection:
                screen.connection.cut()
        self.pass_time(LEAVING_SECONDS)
        for process in self.processes:
            if process.hub.count() or process.bus.followed.keys() - {AUDIENCE}:
                raise BrokenPromise(
                    f"{process} still counts {process.hub.count()}, follows {list(process.bus.followed)}"
                )


def play(seed: int, trace: Callable[[str], None] | None = None) -> World:
    """Runs one seed; raises BrokenPromise. The returned world contains its statistics."""
    world = World(seed, trace)
    with standing_in(world):
        storm = Storm(world)
        try:
            storm.begin()
            for _ in range(ROUNDS):
                storm.rage()
                storm.calm_down()
                storm.judge()
            storm.leave()
        finally:
            world.end()
    return world
