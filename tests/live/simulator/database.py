"""The truth: topics, parts and what they show, changed in transactions that lock the topic's row."""

from collections.abc import Collection
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime

from flask import g

from live.announcement import Announcement, State
from live.registry import Topic
from live.store import PartRow
from tests.live.simulator.standins import Lock, moment
from tests.live.simulator.world import World

Place = tuple[str, str]
AUDIENCE = "audience"
EVERYBODY = "everybody"
PARTS = ("clock", "column/1", "column/2", "rail")


class DatabaseAway(Exception):
    """There was no response; the statement may have been executed or not."""


@dataclass(frozen=True)
class Truth:
    """The committed state at one moment. contents: by topic and part a number that rises with each change; barred:
    those who may not listen."""

    versions: dict[str, int] = field(default_factory=dict)
    rows: dict[Place, tuple[int, datetime | None]] = field(default_factory=dict)
    contents: dict[Place, int] = field(default_factory=dict)
    barred: frozenset[str] = frozenset()


class Database:
    """PostgreSQL, as far as the live core uses it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.truth = Truth()
        self.is_away = False
        self.unsteadiness = 0.0
        self.changes = 0
        self.locks: dict[str, Lock] = {}
        self.changed_at: dict[Place, datetime] = {}
        self._history: dict[Place, list[tuple[int, int]]] = {}

    def statement(self) -> None:
        """Any statement takes time and may fail."""
        self.world.pause()
        if self.is_away or self.world.chance.random() < self.unsteadiness:
            raise DatabaseAway

    def read(self) -> Truth:
        """The state that a statement sees: the newest, or in a snapshot that of its first statement."""
        self.statement()
        seen: Truth = self.truth
        if "snapshot" in g:
            seen = g.snapshot = g.snapshot or seen
        self.world.pause()
        return seen

    def begin_snapshot(self) -> None:
        g.snapshot = None

    def newest_versions(self, topics: Collection[str]) -> dict[str, int]:
        versions = self.read().versions
        return {topic: versions[topic] for topic in topics if topic in versions}

    def parts_newer_than(self, topic: str, version: int) -> list[PartRow]:
        rows = [(part, *row) for (of, part), row in self.read().rows.items() if of == topic]
        return sorted((row for row in rows if row[1] > version or row[2]), key=lambda row: row[1])

    def next_moments(self, topics: Collection[str]) -> dict[str, datetime]:
        moments: dict[str, datetime] = {}
        for (topic, _), (_, due_at) in self.read().rows.items():
            if topic in topics and due_at:
                moments[topic] = min(due_at, moments.get(topic, due_at))
        return moments

    def schedule(self, topic: str, moments: dict[str, datetime]) -> None:
        """Sets due times without a change."""
        self.statement()
        rows = dict(self.truth.rows)
        for part, due_at in moments.items():
            version, kept = rows.get((topic, part), (0, None))
            rows[topic, part] = (version, min(due_at, kept or due_at))
        self.truth = replace(self.truth, rows=rows)

    def load(self, topic: Topic | str, part: str) -> State:
        key = topic if isinstance(topic, str) else topic.key
        return {"part": part, "content": self.read().contents.get((key, part), 0)}

    def permits(self, holder: str) -> bool:
        self.statement()
        answer = holder not in self.truth.barred
        self.world.pause()
        return answer

    def lock(self, topic: str) -> Lock:
        return self.locks.setdefault(topic, Lock(self.world))

    def remember(self, place: Place, version: int, content: int) -> None:
        self.changed_at[place] = moment(self.world)
        self._history.setdefault(place, []).append((version, content))

    def shown_at(self, place: Place, version: int) -> int:
        """The content of a part when its topic was at this version."""
        past = self._history.get(place, [])
        return next((content for at, content in reversed(past) if at <= version), 0)

    def overdue(self) -> list[Place]:
        """The parts that have been overdue for a while."""
        now = moment(self.world)
        return [place for place, (_, due) in self.truth.rows.items() if due and (now - due).total_seconds() > 1]


class Transaction:
    """One request's changes. `commit` works like the outbox: locks by key, raises versions, stamps parts."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.touched: dict[str, set[str]] = {}
        self.due: dict[Place, datetime] = {}
        self.barred: set[str] = set()
        self._locks = ExitStack()

    def __enter__(self) -> "Transaction":
        return self

    def __exit__(self, *error: object) -> None:
        self._locks.close()

    def touch(self, topic: str, part: str) -> None:
        self.touched.setdefault(topic, set()).add(part)

    def bar(self, holder: str) -> None:
        self.barred.add(holder)
        self.touch(AUDIENCE, person(holder))

    def bar_all(self, holders: Collection[str]) -> None:
        self.barred.update(holders)
        self.touch(AUDIENCE, EVERYBODY)

    def touch_later(self, topic: str, part: str, due_at: datetime) -> None:
        self.due[topic, part] = due_at

    def claim_due(self, topics: Collection[str], now: datetime) -> list[Place]:
        """Touches the parts that are due."""
        for topic in sorted(topics):
            self._lock(topic)
        rows = self.database.truth.rows
        claimed = [place for place, (_, due) in sorted(rows.items()) if place[0] in topics and due and due <= now]
        for topic, part in claimed:
            self.touch(topic, part)
        return claimed

    def commit(self, claimed: Collection[Place] = ()) -> list[Announcement]:
        for topic in sorted(self.touched):
            self._lock(topic)
        self.database.statement()
        announcements = [self._raise_version(topic, claimed) for topic in sorted(self.touched)]
        self._locks.close()
        self.database.statement()  # from here on it is committed, whether its process gets the response or not
        return announcements

    def _lock(self, topic: str) -> None:
        self._locks.enter_context(self.database.lock(topic))
        self.database.statement()

    def _raise_version(self, topic: str, claimed: Collection[Place]) -> Announcement:
        version = self.database.truth.versions.get(topic, 0) + 1
        due = {part: due_at for (of, part), due_at in self.due.items() if of == topic}
        shown = self._write_contents(topic, version)
        self._write_versions(topic, version, due, claimed)
        parts: dict[str, State | None] = {
            part: {"part": part, "content": content} if topic.startswith("open") else None
            for part, content in shown.items()
        }
        self.database.world.say("%s is at %s: %s due %s", topic, version, shown, sorted(due))
        return Announcement(topic, version, parts, min(due.values(), default=None))

    def _write_contents(self, topic: str, version: int) -> dict[str, int]:
        self.database.changes += 1
        shown = dict.fromkeys(sorted(self.touched[topic]), self.database.changes)
        contents = self.database.truth.contents | {(topic, part): content for part, content in shown.items()}
        barred = self.database.truth.barred | self.barred
        self.database.truth = replace(self.database.truth, contents=contents, barred=barred)
        for part, content in shown.items():
            self.database.remember((topic, part), version, content)
        return shown

    def _write_versions(self, topic: str, version: int, due: dict[str, datetime], claimed: Collection[Place]) -> None:
        truth, rows = self.database.truth, dict(self.database.truth.rows)
        for part in self.touched[topic]:
            kept = rows.get((topic, part), (0, None))[1]
            rows[topic, part] = (version, None if (topic, part) in claimed else kept)
        for part, due_at in due.items():
            rows[topic, part] = (rows.get((topic, part), (version, None))[0], due_at)
        self.database.truth = replace(truth, versions=truth.versions | {topic: version}, rows=rows)


def person(holder: str) -> str:
    """The part of `audience` for one person."""
    return f"person/{holder}"
