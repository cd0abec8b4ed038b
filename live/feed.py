"""What one process knows of one followed topic, and the bytes made of it, once per view and language."""

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
PLACES_KEPT = 200


class Feed:
    """The parts of one topic with the version at which each last changed. Safe to use from several threads.

    Frames are made when the first listener needs them and kept until one of their parts changes again. A frame shows
    its parts exactly as they were at its version: what is read from the database is read together with the versions.
    """

    def __init__(self, app: Flask, topic: Topic, store: Store) -> None:
        self.topic = topic
        self.known = 0
        self.told = 0
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
        """The wall clock of those who watch."""
        with self._app.app_context():
            return self.topic.zone()

    @property
    def has_zone(self) -> bool:
        """Whether it is known already what time it is where they watch."""
        return "zone" in vars(self)

    def clock(self, event: str) -> bytes:
        """A message that says what time it is where they watch; the same bytes to all within a second."""
        second = int(monotonic())
        if self._second != second:
            self._second, self._clocks = second, {}
        if event not in self._clocks:
            now = datetime.now(UTC)
            said = {"now": now.isoformat(timespec="seconds"), "clock": f"{now.astimezone(self.zone):%H:%M}"}
            self._clocks[event] = wire.message(json.dumps(said), event=event)
        return self._clocks[event]

    def say_watching(self, count: int | None) -> bool:
        """How many watch, None where that is not known; whether it is news. No version: it is told beside them."""
        said = wire.message(json.dumps({"count": count}), event="watching")
        is_news, self.watching = said != self.watching, said
        return is_news

    def apply(self, announcement: Announcement) -> bool:
        """Takes the next version in; False when versions between are missing and the parts must be loaded."""
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
        """Asks the database for what is newer than known; no announcement can come in between."""
        with self._lock, self._app.app_context():
            self._ask_for_newer()

    def load(self, rows: Iterable[PartRow]) -> None:
        """Takes in parts newer than known, and every part's moment."""
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
            self._frames = {key: made for key, made in self._frames.items() if key[2] in current}

    def expect(self, due_at: datetime | None) -> None:
        """One of the parts will change by itself at this moment."""
        with self._lock:
            self.due_at = min((due for due in (self.due_at, due_at) if due), default=None)

    def changed_after(self, version: int) -> tuple[set[str], int]:
        """The parts that changed after this version, and the version that is known now."""
        with self._lock:
            return self._parts_after(version), self.known

    def tell_again(self) -> bool:
        """What could not be made for a listener is tried again with the next check; False when that was known."""
        was_told, self.told = self.told != NOTHING, NOTHING
        return was_told

    def after(self, cursor: int, view: str, language: str) -> tuple[bytes, int]:
        """What a listener at this version must be sent, in ascending order of versions, and where it then is."""
        if cursor >= self.known:
            return b"", cursor
        return self._kept(view, language, cursor, self._newer)

    def everything(self, view: str, language: str) -> tuple[bytes, int]:
        """All that the topic now shows, for a listener who has nothing or something unknown."""
        return self._kept(view, language, NOTHING, self._whole)

    def has_at_hand(self, view: str, language: str, cursor: int | None) -> bool:
        """Whether somebody at this place can be told what comes next without any waiting."""
        place = NOTHING if cursor is None else cursor
        if place == self.known or (view, language, place) in self._sent:
            return True
        if place == NOTHING or place > self.known or not self._lock.acquire(blocking=False):
            return False
        try:
            return self._states.keys() >= self._parts_after(place)
        finally:
            self._lock.release()

    def _kept(self, view: str, language: str, cursor: int, make: MakeBytes) -> tuple[bytes, int]:
        """The same bytes for all who stand at the same place, until the topic changes again."""
        key = (view, language, cursor)
        if kept := self._sent.get(key):
            return kept
        with self._lock:
            if key not in self._sent:
                if len(self._sent) >= PLACES_KEPT:
                    self._sent.clear()
                self._sent[key] = make(view, language, cursor), self.known
            return self._sent[key]

    def _newer(self, view: str, language: str, cursor: int) -> bytes:
        if not self._states.keys() >= self._parts_after(cursor):
            self._read_newer(cursor)
        newer = sorted({version for version in self._versions.values() if version > cursor})
        return b"".join(self._frame(version, view, language) for version in newer)

    def _whole(self, view: str, language: str, cursor: int) -> bytes:
        with self._app.app_context():
            self._store.begin_snapshot()
            self._ask_for_newer()
            states = [(part, self.topic.load(part)) for part in self.topic.parts()]
            return self._made(self.known, view, language, states)

    def _read_newer(self, cursor: int) -> None:
        """Versions and states of one moment: a state newer than its version could be followed by an older one."""
        with self._app.app_context():
            self._store.begin_snapshot()
            self._ask_for_newer()
            for part in sorted(self._parts_after(cursor) - self._states.keys()):
                self._states[part] = self.topic.load(part)

    def _ask_for_newer(self) -> None:
        self.load(self._store.parts_newer_than(self.topic.key, self.known))

    def _parts_after(self, cursor: int) -> set[str]:
        return {part for part, version in self._versions.items() if version > cursor}

    def _frame(self, version: int, view: str, language: str) -> bytes:
        parts = sorted(part for part, changed_at in self._versions.items() if changed_at == version)
        kept_parts, kept = self._frames.get((view, language, version), ([], b""))
        if kept_parts != parts:
            with self._app.app_context():
                kept = self._made(version, view, language, [(part, self._states[part]) for part in parts])
            self._frames[view, language, version] = (parts, kept)
        return kept

    def _made(self, version: int, view: str, language: str, states: list[tuple[str, State | None]]) -> bytes:
        there = [(part, state) for part, state in states if state is not None]
        return frame(self._app, self.topic.view(view), language, version, there)
