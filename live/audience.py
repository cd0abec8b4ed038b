"""Permission follows: when a right may have been withdrawn, those who listen are asked again, and the refused go."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from threading import Event, RLock, Thread
from typing import Any

from flask import Flask

from live.feed import Feed
from live.listener import Listener
from live.registry import Topic
from live.tally import Tally

log = logging.getLogger("tablo.live")

ASK_AGAIN_SECONDS = 1.0
NOT_FOLLOWED = -1

# holder, topic, view
Question = tuple[Any, str, str]


@dataclass(frozen=True)
class Permission:
    """Who decides. topic: touched whenever something is withdrawn, its parts name whom that concerns;
    still_holds(holder, topic, view): whether this holder of a ticket may listen now; needs an application context.
    """

    topic: Topic
    still_holds: Callable[[Any, Topic, str], bool]


class Audience:
    """Everybody who listens in one process, as far as their permission goes.

    The hub follows the topic of withdrawals as it follows any other, so gaps, lost channels and the periodic check are
    all seen to; `look` is how it wakes us. Questions are asked in a thread of our own: neither news nor those who
    connect wait for them, nor for the topic being followed; those who came before it was are asked once more.
    """

    def __init__(
        self, app: Flask, permission: Permission, feed: Feed, listeners: Callable[[], Iterable[Listener]], tally: Tally
    ) -> None:
        self.feed = feed
        self._tally = tally
        self._is_followed = False
        self._app = app
        self._permission = permission
        self._listeners = listeners
        self._lock = RLock()
        self._news = Event()
        self._seen = 0
        self._doubted: dict[Listener, None] = {}
        self._is_closed = False

    @property
    def version(self) -> int:
        """How much of the withdrawals is known here; read before permission is asked, it dates the answer."""
        return self.feed.known if self._is_followed else NOT_FOLLOWED

    def start(self, follow: Callable[[], None]) -> None:
        """Begins; follow: subscribes to the topic and loads it, which may wait and may fail."""
        self._news.set()
        Thread(target=partial(self._run, follow), name="audience", daemon=True).start()

    def look(self) -> None:
        """There may be news."""
        self._news.set()

    def admit(self, listeners: Sequence[Listener]) -> None:
        """Who was just counted on one ticket: what was withdrawn since permission was asked for may concern it.

        Never waits.
        """
        if self.version > listeners[0].ticket.asked_at:
            self._doubt(listeners)
            self._news.set()

    def close(self) -> None:
        self._is_closed = True
        self._news.set()

    def _doubt(self, listeners: Iterable[Listener]) -> None:
        with self._lock:
            self._doubted.update(dict.fromkeys(listeners))

    def _run(self, follow: Callable[[], None]) -> None:
        while not self._is_closed:
            self._news.wait(timeout=ASK_AGAIN_SECONDS if self._doubted or not self._is_followed else None)
            self._news.clear()
            try:
                self._follow(follow)
                self._take_in()
                self._ask_all()
            except Exception:
                log.exception("permission could not be asked for; asking again")

    def _follow(self, follow: Callable[[], None]) -> None:
        if not self._is_followed:
            follow()
            self._is_followed = True
            self._doubt(each for each in self._listeners() if each.ticket.asked_at < self.version)

    def _take_in(self) -> None:
        parts, self._seen = self.feed.changed_after(self._seen)
        if parts:
            self._doubt(each for each in self._listeners() if not parts.isdisjoint(each.ticket.parts))

    def _ask_all(self) -> None:
        """One question for all streams of the same holder, topic and view; who could not be asked about is so later,
        last of all: a question that always fails must hold up nobody else's."""
        groups = self._doubted_groups()
        try:
            while groups:
                self._ask(groups[0])
                del groups[0]
        finally:
            self._doubt(each for group in groups[1:] + groups[:1] for each in group)

    def _doubted_groups(self) -> list[list[Listener]]:
        with self._lock:
            doubted, self._doubted = self._doubted, {}
        questions: dict[Question, list[Listener]] = {}
        for listener in doubted:
            asked = (listener.ticket.holder, listener.feed.topic.key, listener.view)
            questions.setdefault(asked, []).append(listener)
        return list(questions.values())

    def _ask(self, group: list[Listener]) -> None:
        if not self._still_holds(group[0]):
            self._end(group)

    def _still_holds(self, listener: Listener) -> bool:
        with self._app.app_context():
            return self._permission.still_holds(listener.ticket.holder, listener.feed.topic, listener.view)

    def _end(self, listeners: list[Listener]) -> None:
        self._tally.no_longer_permitted += len(listeners)
        log.info("%d streams of %s are ended: no longer permitted", len(listeners), listeners[0].feed.topic.kind.name)
        for listener in listeners:
            listener.close()
