"""One per process: what is followed here, who listens to it, and one thread that takes news in."""

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
WAKES_BESIDE_THE_NEWS = 100
ENDED_A_SECOND = 20


class HubClosed(Exception):
    """The process is about to stop and takes no more listeners."""


class Hub:
    """Follows the topics that somebody in this process watches.

    News comes in through `receive` and `resubscribed` (from the bus) and from a check of the database every
    check_seconds, which finds whatever the bus has lost. Listeners are woken and take their bytes themselves.
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
        self._audience = Audience(app, permission, Feed(app, permission.topic, store), self._everybody, self.tally)
        self._thread: Thread | None = None
        self._draining = False
        self._closed = False

    def receive(self, announcement: Announcement) -> None:
        """Takes a bus's message; never blocks."""
        self._inbox.put(announcement)

    def resubscribed(self, key: str) -> None:
        """The bus lost this topic's channel and has it again: whatever was said meanwhile must be loaded."""
        self._inbox.put(key)

    def listen(self, topic: Topic, view: str, language: str, cursor: int | None, ticket: Ticket) -> Listener:
        """A new listener of a topic, to whom it was permitted; it is ended as soon as that holds no longer.

        Raises UnknownTopic for a view it has not, HubClosed when stopping, and what the database raises.
        """
        return self.listen_together(topic, view, language, cursor, ticket, 1)[0]

    def listen_together(
        self, topic: Topic, view: str, language: str, cursor: int | None, ticket: Ticket, count: int
    ) -> list[Listener]:
        """So many listeners who have all in common; raises what `listen` raises, and then there is none of them."""
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
        """Forgets a listener, and the topic with the last of them."""
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
        """Takes nobody any more and ends the streams one by one at random, so that they do not return all at once.

        within: seconds that this may last; a few streams are gone sooner, at ENDED_A_SECOND.
        """
        self._draining = True
        ending = self._everybody()
        random.shuffle(ending)
        pause = min(1 / ENDED_A_SECOND, within / max(1, len(ending)))
        for listener in ending:
            listener.close()
            sleep(pause)

    def close(self) -> None:
        """Ends every stream at once and stops for good."""
        self._closed = True
        self._inbox.put(None)
        self._audience.close()
        for listener in self._everybody():
            listener.close()
        self._bus.close()
        self.journal.tell()

    def has_at_hand(self, key: str, view: str, language: str, cursor: int | None) -> bool:
        """Whether somebody here watches this topic already and one more in this place costs no waiting."""
        feed = self._feeds.get(key)
        if feed is None or not feed.ready.is_set() or not feed.has_zone or view not in feed.topic.kind.views:
            return False
        return feed.has_at_hand(view, language, cursor)

    def audience_version(self) -> int:
        """How much is known here of what was withdrawn from whom; belongs on a ticket."""
        return self._audience.version

    def count(self) -> int:
        """How many listen in this process."""
        return self._count

    def count_by_view(self) -> Counter[tuple[str, str]]:
        """How many listen in this process, by kind of topic and view."""
        return Counter((listener.feed.topic.kind.name, listener.view) for listener in self._everybody())

    def watching(self) -> dict[str, int]:
        """How many watch in this process, by topic."""
        return Counter(each.feed.topic.key for each in self._everybody() if each.watches)

    def tell_watching(self, counts: Mapping[str, int] | None) -> None:
        """Tells those who watch how many they are in all processes, by topic; None: nobody can know now."""
        with self._lock:
            feeds = {key: feed for key, feed in self._feeds.items() if counts is None or key in counts}
        for key, feed in feeds.items():
            if feed.say_watching(None if counts is None else counts[key]):
                with self._lock:
                    listeners = [each for each in self._listeners.get(key, ()) if each.watches]
                _wake_all(listeners, WAKES_BESIDE_THE_NEWS)

    def drain_left(self) -> int:
        """How many are still to be let go by a hub that stops; 0 for any other."""
        return self._count if self._draining else 0

    def _join(
        self, topic: Topic, view: str, language: str, cursor: int | None, ticket: Ticket, count: int
    ) -> tuple[list[Listener], bool]:
        """Listeners, counted from now on so that their feed stays, and whether they are the first, who fill it."""
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
            self._audience.start(partial(self._begin, self._audience.feed))
            self._thread = Thread(target=self._run, name="hub", daemon=True)
            self._thread.start()

    def _everybody(self) -> list[Listener]:
        with self._lock:
            return [listener for group in self._listeners.values() for listener in group]

    def _prepare(self, listeners: Sequence[Listener], is_first: bool) -> None:
        feed, cursor = listeners[0].feed, listeners[0].cursor
        if is_first:
            self._begin(feed)
        elif not feed.ready.is_set():
            feed.ready.wait(timeout=self._check_seconds)
        if cursor is not None and cursor > feed.known:
            feed.catch_up()  # who comes from another process may have heard what this one has not
        if any(listener.closed for listener in listeners):
            raise HubClosed
        self.tally.resumed[_kind_of_resume(cursor, feed.known)] += len(listeners)

    def _begin(self, feed: Feed) -> None:
        """Subscribed first, loaded afterwards: what is said in between is heard or already loaded."""
        try:
            self._bus.follow(feed.topic.key)
            feed.catch_up()
        finally:
            feed.ready.set()
        self._inbox.put(None)  # its parts may have a moment that comes before the next check

    def _run(self) -> None:
        next_check = datetime.now(UTC).timestamp() + self._check_seconds
        while not self._closed:
            try:
                self._take_in(self._inbox.get(timeout=self._seconds_to_sleep(next_check)))
            except Empty:
                pass
            except Exception:
                log.exception("a message could not be taken in; the next check will find what it said")
            if datetime.now(UTC).timestamp() >= next_check:
                next_check = datetime.now(UTC).timestamp() + self._check_seconds
                self._guarded(self._check)
                self.journal.tell()
            self._guarded(self._change_due_parts)

    def _seconds_to_sleep(self, next_check: float) -> float:
        with self._lock:
            moments = [feed.due_at.timestamp() for feed in self._feeds.values() if feed.due_at]
        return max(0.001, min([next_check, *moments]) - datetime.now(UTC).timestamp())

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception:
            log.exception("the database could not be asked; trying again")

    def _asked(self, question: Callable[..., Answer], *details: object) -> Answer:
        """Asks the store in a transaction that is over when the answer is here: no lock is waited for inside it."""
        with self._app.app_context():
            return question(*details)

    def _take_in(self, news: Announcement | str | None) -> None:
        feed = self._feeds.get(news.topic if isinstance(news, Announcement) else news or "")
        if feed is None:
            return
        if not isinstance(news, Announcement):
            self.tally.resubscriptions += 1
            feed.catch_up()
        elif not feed.apply(news):
            self.tally.gaps += 1
            feed.catch_up()
        if feed.known <= feed.told:
            return
        self._wake(feed)
        if isinstance(news, Announcement) and news.committed_at is not None:
            COMMIT_TO_WRITE.observe(max(0.0, datetime.now(UTC).timestamp() - news.committed_at))

    def _check(self) -> None:
        with self._lock:
            feeds = dict(self._feeds)
        versions = self._asked(self._store.newest_versions, list(feeds))
        for key, feed in feeds.items():
            if versions.get(key, 0) > feed.known:
                self.tally.found_by_check += 1
                feed.catch_up()
            if feed.known > feed.told:
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
            moments = self._asked(self._store.change_due_parts, list(due), now)
        finally:
            for key, feed in due.items():
                feed.expect(moments.get(key))

    def _wake(self, feed: Feed) -> None:
        feed.told = feed.known
        if feed is self._audience.feed:
            self._audience.look()
        with self._lock:
            listeners = list(self._listeners.get(feed.topic.key, ()))
        _wake_all(listeners, WAKES_BEFORE_OTHERS)


def _wake_all(listeners: Iterable[Listener], before_others: int) -> None:
    for number, listener in enumerate(listeners, start=1):
        listener.wake()
        if number % before_others == 0:
            sleep(0)


def _kind_of_resume(cursor: int | None, known: int) -> str:
    """What a listener who brings this cursor is sent first."""
    if cursor is None or cursor > known:
        return "everything"
    return "tail" if cursor < known else "none"
