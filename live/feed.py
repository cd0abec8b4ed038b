"""One process's view of one followed topic, and the bytes rendered from it, once per view and language."""

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cached_property
from threading import Event, RLock
from time import monotonic
from zoneinfo import ZoneInfo

from flask import Flask

from live import wire
from live.announcement import Announcement, State
from live.registry import Topic
from live.render import frame
from live.store import PartRow, Store

FrameKey = tuple[str, str, int]
MakeBytes = Callable[[str, str, int], bytes]

NOTHING = -1
CURSORS_CACHED = 200


class Feed:
    """The parts of one topic with the version at which each last changed. Thread-safe.

    A frame is rendered when the first listener needs it and cached until one of its parts changes again. It shows its
    parts exactly as they were at its version, because states and versions are read in one snapshot.

    known: the newest version loaded; notified: the newest version listeners were woken for; is_planned: whether the
    changes that its parts will make by themselves are scheduled.
    """

    def __init__(self, app: Flask, topic: Topic, store: Store) -> None:
        self.topic = topic
        self.known = 0
        self.notified = 0
        self.is_planned = False
        self.watching = b""
        self.due_at: datetime | None = None
        self.ready = Event()
        self._app = app
        self._store = store
        self._lock = RLock()
        self._versions: dict[str, int] = {}
        self._states: dict[str, State | None] = {}
        self._frames: dict[FrameKey, tuple[list[str], bytes]] = {}
        self._sent: dict[FrameKey, tuple[bytes, int]] = {}
        self._second = 0
        self._clocks: dict[str, bytes] = {}

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone of the people who watch."""
        with self._app.app_context():
            return self.topic.zone()

    @property
    def has_zone(self) -> bool:
        """Whether `zone` is loaded, so that reading it does not block."""
        return "zone" in vars(self)

    def clock(self, event: str) -> bytes:
        """A message with the viewers' local time; the same bytes for everybody within one second."""
        second = int(monotonic())
        if self._second != second:
            self._second, self._clocks = second, {}
        if event not in self._clocks:
            now = datetime.now(UTC).astimezone(self.zone)
            said = {"now": now.isoformat(timespec="seconds"), "clock": f"{now:%H:%M}"}
            self._clocks[event] = wire.message(json.dumps(said), event=event)
        return self._clocks[event]

    def set_viewer_count(self, count: int | None) -> bool:
        """Sets the number of viewers, None if unknown; returns whether it changed. It is sent without a version."""
        said = wire.message(json.dumps({"count": count}), event="watching")
        is_news, self.watching = said != self.watching, said
        return is_news

    def apply(self, announcement: Announcement) -> bool:
        """Applies the next version; False if versions in between are missing and `catch_up` is needed."""
        with self._lock:
            if announcement.version <= self.known:
                return True
            if announcement.version > self.known + 1:
                return False
            rows = [(part, announcement.version, announcement.due_at) for part in announcement.parts]
            self.load(rows)
            if self.topic.kind.public:
                self._states.update(announcement.parts)
            return True

    def catch_up(self) -> None:
        """Loads from the database what is newer than `known`; no announcement is applied meanwhile."""
        with self._lock, self._app.app_context():
            self._load_newer_versions()

    def load(self, rows: Iterable[PartRow]) -> None:
        """Applies rows: parts newer than `known`, and the due time of every part."""
        with self._lock:
            known = self.known
            for part, version, due_at in rows:
                self.expect(due_at)
                if version > known:
                    self._versions[part] = version
                    self._states.pop(part, None)
                    self.known = max(self.known, version)
            self._sent.clear()
            current = set(self._versions.values())
            self._frames = {key: rendered for key, rendered in self._frames.items() if key[2] in current}

    def expect(self, due_at: datetime | None) -> None:
        """One of the parts will change by itself at this time."""
        with self._lock:
            self.due_at = min((due for due in (self.due_at, due_at) if due), default=None)

    def changed_after(self, version: int) -> tuple[set[str], int]:
        """The parts that changed after this version, and the version known now."""
        with self._lock:
            return self._parts_after(version), self.known

    def retry_at_next_check(self) -> bool:
        """Wakes the listeners again at the next check, after a failed render; False if that was already scheduled."""
        was_notified, self.notified = self.notified != NOTHING, NOTHING
        return was_notified

    def after(self, cursor: int, view: str, language: str) -> tuple[bytes, int]:
        """The bytes for a listener at this version, in ascending order of versions, and its new cursor."""
        if cursor >= self.known:
            return b"", cursor
        return self._cached(view, language, cursor, self._newer)

    def everything(self, view: str, language: str) -> tuple[bytes, int]:
        """The whole topic as it is now, for a listener without a usable cursor, and its new cursor."""
        return self._cached(view, language, NOTHING, self._everything)

    def is_ready_for(self, view: str, language: str, cursor: int | None) -> bool:
        """Whether the bytes for a listener at this cursor can be produced without blocking."""
        place = NOTHING if cursor is None else cursor
        if place == self.known or (view, language, place) in self._sent:
            return True
        if place == NOTHING or place > self.known or not self._lock.acquire(blocking=False):
            return False
        try:
            return self._states.keys() >= self._parts_after(place)
        finally:
            self._lock.release()

    def _cached(self, view: str, language: str, cursor: int, make: MakeBytes) -> tuple[bytes, int]:
        """Caches the bytes per view, language and cursor until the topic changes again."""
        key = (view, language, cursor)
        if cached := self._sent.get(key):
            return cached
        with self._lock:
            if key not in self._sent:
                if len(self._sent) >= CURSORS_CACHED:
                    self._sent.clear()
                self._sent[key] = make(view, language, cursor), self.known
            return self._sent[key]

    def _newer(self, view: str, language: str, cursor: int) -> bytes:
        if not self._states.keys() >= self._parts_after(cursor):
            self._load_newer_states(cursor)
        newer = sorted({version for version in self._versions.values() if version > cursor})
        return b"".join(self._frame(version, view, language) for version in newer)

    def _everything(self, view: str, language: str, cursor: int) -> bytes:
        with self._app.app_context():
            self._store.begin_snapshot()
            self._load_newer_versions()
            states = [(part, self.topic.load(part)) for part in self.topic.parts()]
            return self._rendered(self.known, view, language, states)

    def _load_newer_states(self, cursor: int) -> None:
        """Reads versions and states in one snapshot: a state newer than its version would seem to go back."""
        with self._app.app_context():
            self._store.begin_snapshot()
            self._load_newer_versions()
            for part in sorted(self._parts_after(cursor) - self._states.keys()):
                self._states[part] = self.topic.load(part)

    def _load_newer_versions(self) -> None:
        self.load(self._store.parts_newer_than(self.topic.key, self.known))

    def _parts_after(self, cursor: int) -> set[str]:
        return {part for part, version in self._versions.items() if version > cursor}

    def _frame(self, version: int, view: str, language: str) -> bytes:
        parts = sorted(part for part, changed_at in self._versions.items() if changed_at == version)
        cached_parts, cached = self._frames.get((view, language, version), ([], b""))
        if cached_parts != parts:
            with self._app.app_context():
                cached = self._rendered(version, view, language, [(part, self._states[part]) for part in parts])
            self._frames[view, language, version] = (parts, cached)
        return cached

    def _rendered(self, version: int, view: str, language: str, states: list[tuple[str, State | None]]) -> bytes:
        there = [(part, state) for part, state in states if state is not None]
        return frame(self._app, self.topic.view(view), language, version, there)
