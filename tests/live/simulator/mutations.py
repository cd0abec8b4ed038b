"""The live core with one of its rules broken: the simulator must notice each."""

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial
from unittest.mock import patch

from flask import Flask

from live import feed, hub, wire
from live.announcement import Announcement, State
from live.audience import Audience
from live.feed import Feed
from live.hub import Hub
from live.listener import Listener, Ticket
from live.registry import EventView, Topic, View, kind_of_part
from live.store import PartRow
from tests.live.simulator import process
from tests.live.simulator.bus import ProcessBus
from tests.live.simulator.database import Database, Place, Transaction


class NewestFirst(Feed):
    """Parts are not sent in ascending order of versions."""

    def _newer(self, view: str, language: str, cursor: int) -> bytes:
        self._load_newer_states(cursor)
        newer = {version for version in self._versions.values() if version > cursor}
        return b"".join(self._frame(version, view, language) for version in sorted(newer, reverse=True))


class WithoutGaps(Feed):
    """A gap in the versions is not noticed."""

    def apply(self, announcement: Announcement) -> bool:
        self.known = max(self.known, announcement.version - 1)
        return super().apply(announcement)


class Hasty(Feed):
    """Announcements arrive during a query, and its result is taken to be newer than they are."""

    def catch_up(self) -> None:
        with self._app.app_context():
            rows = self._store.parts_newer_than(self.topic.key, self.known)
        self.known, known = 0, self.known
        self.load(rows)
        self.known = max(self.known, known)


class TwoTransactions(Transaction):
    """The version is raised in a second transaction after the change."""

    def _write_versions(self, topic: str, version: int, due: dict[str, datetime], claimed: Collection[Place]) -> None:
        self.database.statement()
        super()._write_versions(topic, version, due, claimed)


def loaded_before_subscription(self: Hub, filled: Feed) -> None:
    try:
        filled.catch_up()
        self._bus.follow(filled.topic.key)
    finally:
        filled.ready.set()
    self._inbox.put(None)


def counted_late(
    self: Hub, topic: Topic, view: str, language: str, cursor: int | None, ticket: Ticket, count: int
) -> list[Listener]:
    """A feed may be dropped while somebody still waits for it."""
    listeners, is_first = self._join(topic, view, language, cursor, ticket, count)
    for listener in listeners:
        self._listeners[topic.key].pop(listener)
    self._prepare(listeners, is_first)
    self._listeners.setdefault(topic.key, {}).update(dict.fromkeys(listeners))
    return listeners


def not_asked_for_those_ahead(self: Hub, listeners: Sequence[Listener], is_first: bool) -> None:
    """A listener with a newer cursor than this process gets this process's state without a database check."""
    if is_first:
        self._subscribe(listeners[0].feed)
    else:
        listeners[0].feed.ready.wait(timeout=self._check_seconds)


def acknowledged_in_silence(self: ProcessBus, topic: str) -> None:
    """A subscription acknowledged after its topic's first load does not cause another load."""
    if topic in self.followed:
        if self.followed[topic].is_set():
            self._resubscribed(topic)
        self.followed[topic].set()


def newer_without_moments(self: Database, topic: str, version: int) -> list[PartRow]:
    rows = [(part, *row) for (of, part), row in self.read().rows.items() if of == topic and row[0] > version]
    return sorted(rows, key=lambda row: row[1])


def bearing_its_id_everywhere(
    app: Flask, view: View, language: str, version: int, changed: Iterable[tuple[str, State]]
) -> bytes:
    """Each of several events of one version has its id."""
    assert isinstance(view, EventView)
    said = [pair for part, state in changed for pair in view.events(kind_of_part(part), state)]
    return b"".join(wire.message(f"{data}".replace("'", '"'), event=name, version=version) for name, data in said)


def planned_by_nobody(self: Hub, followed: Feed) -> None:
    followed.is_planned = True


class Forgetful(Audience):
    """A failed permission check counts as permitted."""

    def _check_all(self) -> None:
        for group in self._unchecked_groups():
            self._check(group)


def nothing(*ignored: object) -> None:
    """Does nothing."""


Mutation = Callable[[], AbstractContextManager[object]]

MUTATIONS: dict[str, Mutation] = {
    "versions do not ascend": partial(patch.object, hub, "Feed", NewestFirst),
    "no gap check": partial(patch.object, hub, "Feed", WithoutGaps),
    "no load after a resubscription": partial(patch.object, Hub, "resubscribed", nothing),
    "version raised in a second transaction": partial(patch.object, process, "Transaction", TwoTransactions),
    "loaded before subscribed": partial(patch.object, Hub, "_subscribe", loaded_before_subscription),
    "no periodic check": partial(patch.object, Hub, "_check", nothing),
    "database asked without the lock": partial(patch.object, hub, "Feed", Hasty),
    "states read later than versions": partial(patch.object, Database, "begin_snapshot", nothing),
    "listeners counted late": partial(patch.object, Hub, "listen_together", counted_late),
    "no look for those ahead": partial(patch.object, Hub, "_prepare", not_asked_for_those_ahead),
    "a late subscription loads nothing": partial(patch.object, ProcessBus, "_acknowledge", acknowledged_in_silence),
    "every event bears the id": partial(patch.object, feed, "frame", bearing_its_id_everywhere),
    "later moments are forgotten": partial(patch.object, Database, "next_moments", lambda *ignored: {}),
    "news of withdrawals is not looked at": partial(patch.object, Audience, "notify", nothing),
    "withdrawn before the first byte": partial(patch.object, Audience, "admit", nothing),
    "asked once only": partial(patch.object, hub, "Audience", Forgetful),
    "nobody plans midnight": partial(patch.object, Hub, "_plan", planned_by_nobody),
    "moments come only with changes": partial(patch.object, Database, "parts_newer_than", newer_without_moments),
}
