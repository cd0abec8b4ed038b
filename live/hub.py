"""One hub per process: the topics followed here, their listeners, and one thread that applies changes."""

import logging
import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from queue import Empty, SimpleQueue
from threading import RLock, Thread
from time import sleep
from typing import TypeVar

from flask import Flask

from live.announcement import Announcement
from live.audience import Audience, Permission
from live.buses import Bus
from live.feed import Feed
from live.journal import Journal
from live.listener import Listener, Ticket
from live.registry import Topic
from live.store import Store
from live.tally import COMMIT_TO_WRITE, Tally

log = logging.getLogger("tablo.live")

Answer = TypeVar("Answer")
WAKES_BEFORE_OTHERS = 1_000
MOST_WOKEN_FOR_COUNT = 100
ENDED_A_SECOND = 20


class HubClosed(Exception):
    """The process is stopping and accepts no more listeners."""


class Hub:
    """Follows the topics that have listeners in this process.

    Changes arrive through `receive` and `resubscribed` (from the bus) and through a check of the database every
    check_seconds, which finds whatever the bus lost. Listeners are woken and fetch their bytes themselves.
    """

    def __init__(self, app: Flask, store: Store, bus: Bus, permission: Permission, check_seconds: float) -> None:
        self._app = app
        self._store = store
        self._bus = bus
        self._check_seconds = check_seconds
        self._lock = RLock()
        self._feeds: dict[str, Feed] = {}
        self._listeners: dict[str, dict[Listener, None]] = {}  # in the order in which they came
        self._count = 0
        self.journal = Journal()
        self.tally = Tally()
        self._inbox: SimpleQueue[Announcement | str | None] = SimpleQueue()
        self._audience = Audience(app, permission, Feed(app, permission.topic, store), self._all_listeners, self.tally)
        self._thread: Thread | None = None
        self._draining = False
        self._closed = False

    def receive(self, announcement: Announcement) -> None:
        """Accepts an announcement from the bus; never blocks."""
        self._inbox.put(announcement)

    def resubscribed(self, key: str) -> None:
        """The bus lost this topic's channel and has it again, so missed changes must be loaded; never blocks."""
        self._inbox.put(key)

    def listen(self, topic: Topic, view: str, language: str, cursor: int | None, ticket: Ticket) -> Listener:
        """Adds a listener whose permission was checked; it is ended once the permission is withdrawn.

        Raises UnknownTopic for a view the topic does not have, HubClosed when stopping, and database errors.
        """
        return self.listen_together(topic, view, language, cursor, ticket, 1)[0]

    def listen_together(
        self, topic: Topic, view: str, language: str, cursor: int | None, ticket: Ticket, count: int
    ) -> list[Listener]:
        """Adds `count` identical listeners, all or none; raises what `listen` raises."""
        topic.view(view)
        listeners, is_first = self._join(topic, view, language, cursor, ticket, count)
        try:
            self._prepare(listeners, is_first)
            self._audience.admit(listeners)
        except Exception:
            for listener in listeners:
                self.leave(listener)
            raise
        return listeners

    def leave(self, listener: Listener) -> None:
        """Removes a listener, and unfollows the topic with its last one."""
        key = listener.feed.topic.key
        with self._lock:
            listeners = self._listeners.get(key, {})
            if listener in listeners:
                del listeners[listener]
                self._count -= 1
                self.journal.note_end(listener)
            if not listeners and key in self._feeds:
                del self._feeds[key]
                self._listeners.pop(key, None)
                self._bus.unfollow(key)

    def drain(self, within: float) -> None:
        """Accepts no more listeners and ends the streams one by one in random order, so that clients do not all
        reconnect at once.

        within: the most seconds this may take; a few streams end sooner, at ENDED_A_SECOND.
        """
        self._draining = True
        ending = self._all_listeners()
        random.shuffle(ending)
        pause = min(1 / ENDED_A_SECOND, within / max(1, len(ending)))
        for listener in ending:
            listener.close()
            sleep(pause)

    def close(self) -> None:
        """Ends every stream at once and stops the hub."""
        self._closed = True
        self._inbox.put(None)
        self._audience.close()
        for listener in self._all_listeners():
            listener.close()
        self._bus.close()
        self.journal.write()

    def is_ready_for(self, key: str, view: str, language: str, cursor: int | None) -> bool:
        """Whether the topic is followed here and another listener at this cursor can be served without blocking."""
        feed = self._feeds.get(key)
        if feed is None or not feed.ready.is_set() or not feed.has_zone or view not in feed.topic.kind.views:
            return False
        return feed.is_ready_for(view, language, cursor)

    def audience_version(self) -> int:
        """The version of the withdrawals known here, to be recorded on a ticket."""
        return self._audience.version

    def count(self) -> int:
        """The number of listeners in this process."""
        return self._count

    def count_by_view(self) -> Counter[tuple[str, str]]:
        """The number of listeners in this process, by kind of topic and view."""
        return Counter((listener.feed.topic.kind.name, listener.view) for listener in self._all_listeners())

    def viewer_counts(self) -> dict[str, int]:
        """The number of viewers in this process, by topic."""
        return Counter(each.feed.topic.key for each in self._all_listeners() if each.watches)

    def send_viewer_counts(self, counts: Mapping[str, int] | None) -> None:
        """Sends viewers their number across all processes, by topic; None: it is unknown at present.

        Up to MOST_WOKEN_FOR_COUNT listeners of a topic get it at once, a crowd with its next change or heartbeat:
        a write to everybody for the number alone would cost as much as a score.
        """
        with self._lock:
            feeds = {key: feed for key, feed in self._feeds.items() if counts is None or key in counts}
        for key, feed in feeds.items():
            listeners = self._listeners_of(key)
            if (
                feed.set_viewer_count(None if counts is None else counts[key])
                and len(listeners) <= MOST_WOKEN_FOR_COUNT
            ):
                _wake_all(listeners)

    def drain_left(self) -> int:
        """How many streams a stopping hub has still to end; 0 for any other."""
        return self._count if self._draining else 0

    def _join(
        self, topic: Topic, view: str, language: str, cursor: int | None, ticket: Ticket, count: int
    ) -> tuple[list[Listener], bool]:
        """New listeners, registered so that their feed is kept, and whether they are its first and must load it."""
        with self._lock:
            if self._draining or self._closed:
                raise HubClosed
            self._start()
            is_first = topic.key not in self._feeds
            feed = Feed(self._app, topic, self._store) if is_first else self._feeds[topic.key]
            self._feeds[topic.key] = feed
            listeners = [Listener(feed, view, language, cursor, ticket) for _ in range(count)]
            self._listeners.setdefault(topic.key, {}).update(dict.fromkeys(listeners))
            self._count += count
            return listeners, is_first

    def _start(self) -> None:
        if self._thread is None:
            self._bus.start(self.receive, self.resubscribed)
            self._feeds[self._audience.feed.topic.key] = self._audience.feed
            self._audience.start(partial(self._subscribe, self._audience.feed))
            self._thread = Thread(target=self._run, name="hub", daemon=True)
            self._thread.start()

    def _all_listeners(self) -> list[Listener]:
        with self._lock:
            return [listener for group in self._listeners.values() for listener in group]

    def _prepare(self, listeners: Sequence[Listener], is_first: bool) -> None:
        feed, cursor = listeners[0].feed, listeners[0].cursor
        if is_first:
            self._subscribe(feed)
        elif not feed.ready.is_set():
            feed.ready.wait(timeout=self._check_seconds)
        if cursor is not None and cursor > feed.known:
            feed.catch_up()  # a client from another process may be ahead of this one
        if any(listener.closed for listener in listeners):
            raise HubClosed
        self.tally.resumed[_kind_of_resume(cursor, feed.known)] += len(listeners)

    def _subscribe(self, feed: Feed) -> None:
        """Subscribes before loading, so that a change in between is either announced or already loaded."""
        try:
            self._bus.follow(feed.topic.key)
            self._plan(feed)
            feed.catch_up()
        finally:
            feed.ready.set()
        self._inbox.put(None)  # one of its parts may be due before the next check

    def _plan(self, feed: Feed) -> None:
        """Before the first load of its due times. Nobody touches a part because the day is over."""
        self._query(self._store.plan, feed.topic.key, datetime.now(UTC))
        feed.is_planned = True

    def _run(self) -> None:
        next_check = datetime.now(UTC).timestamp() + self._check_seconds
        while not self._closed:
            try:
                self._apply(self._inbox.get(timeout=self._seconds_to_sleep(next_check)))
            except Empty:
                pass
            except Exception:
                log.exception("a message could not be applied; the next check will find the change")
            if datetime.now(UTC).timestamp() >= next_check:
                next_check = datetime.now(UTC).timestamp() + self._check_seconds
                self._run_logged(self._check)
                self.journal.write()
            self._run_logged(self._change_due_parts)

    def _seconds_to_sleep(self, next_check: float) -> float:
        with self._lock:
            moments = [feed.due_at.timestamp() for feed in self._feeds.values() if feed.due_at]
        return max(0.001, min([next_check, *moments]) - datetime.now(UTC).timestamp())

    def _run_logged(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception:
            log.exception("the database could not be asked; trying again")

    def _query(self, question: Callable[..., Answer], *details: object) -> Answer:
        """Queries the store in a transaction of its own, which is over before any lock is taken."""
        with self._app.app_context():
            return question(*details)

    def _apply(self, message: Announcement | str | None) -> None:
        feed = self._feeds.get(message.topic if isinstance(message, Announcement) else message or "")
        if feed is None:
            return
        if not isinstance(message, Announcement):
            self.tally.resubscriptions += 1
            feed.catch_up()
        elif not feed.apply(message):
            self.tally.gaps += 1
            feed.catch_up()
        if feed.known <= feed.notified:
            return
        self._wake(feed)
        if isinstance(message, Announcement) and message.committed_at is not None:
            COMMIT_TO_WRITE.observe(max(0.0, datetime.now(UTC).timestamp() - message.committed_at))

    def _check(self) -> None:
        with self._lock:
            feeds = dict(self._feeds)
        versions = self._query(self._store.newest_versions, list(feeds))
        for key, feed in feeds.items():
            if not feed.is_planned and feed.ready.is_set():
                self._plan(feed)  # failed with the first listener
                feed.catch_up()
            if versions.get(key, 0) > feed.known:
                self.tally.found_by_check += 1
                feed.catch_up()
            if feed.known > feed.notified:
                self._wake(feed)

    def _change_due_parts(self) -> None:
        now = datetime.now(UTC)
        with self._lock:
            due = {key: feed for key, feed in self._feeds.items() if feed.due_at and feed.due_at <= now}
        if not due:
            return
        for feed in due.values():
            feed.due_at = None
        moments = dict.fromkeys(due, now + timedelta(seconds=self._check_seconds))
        try:
            moments = self._query(self._store.change_due_parts, list(due), now)
        finally:
            for key, feed in due.items():
                feed.expect(moments.get(key))

    def _wake(self, feed: Feed) -> None:
        feed.notified = feed.known
        if feed is self._audience.feed:
            self._audience.notify()
        _wake_all(self._listeners_of(feed.topic.key))

    def _listeners_of(self, key: str) -> list[Listener]:
        with self._lock:
            return list(self._listeners.get(key, ()))


def _wake_all(listeners: Iterable[Listener]) -> None:
    for number, listener in enumerate(listeners, start=1):
        listener.wake()
        if number % WAKES_BEFORE_OTHERS == 0:
            sleep(0)


def _kind_of_resume(cursor: int | None, known: int) -> str:
    """What a listener with this cursor is sent first."""
    if cursor is None or cursor > known:
        return "everything"
    return "tail" if cursor < known else "none"
