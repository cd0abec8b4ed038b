"""Revoking permission: when a right may have been withdrawn, listeners are checked again and the refused ones end."""

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

RETRY_SECONDS = 1.0
NOT_FOLLOWED = -1

# holder, topic, view
Question = tuple[Any, str, str]


@dataclass(frozen=True)
class Permission:
    """How permission is checked.

    topic: touched whenever something is withdrawn; its parts name the people concerned;
    still_holds(holder, topic, view): whether this ticket holder may listen now; needs an application context.
    """

    topic: Topic
    still_holds: Callable[[Any, Topic, str], bool]


class Audience:
    """Checks the permission of all listeners in one process.

    The hub follows the topic of withdrawals like any other, so gaps, lost channels and the periodic check are covered;
    it calls `notify` when there are changes. Permission is checked in a thread of its own, so neither deliveries nor
    connecting clients wait for it. Listeners that came before the topic was followed are checked once more.
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
        self._wakeup = Event()
        self._seen = 0
        self._unchecked: dict[Listener, None] = {}
        self._is_closed = False

    @property
    def version(self) -> int:
        """The version of the withdrawals known here. Read before a permission check, it dates the answer."""
        return self.feed.known if self._is_followed else NOT_FOLLOWED

    def start(self, follow: Callable[[], None]) -> None:
        """Starts the thread. follow: subscribes to the topic and loads it; it may block and may raise."""
        self._wakeup.set()
        Thread(target=partial(self._run, follow), name="audience", daemon=True).start()

    def notify(self) -> None:
        """The topic may have changed."""
        self._wakeup.set()

    def admit(self, listeners: Sequence[Listener]) -> None:
        """Checks listeners that were just added on one ticket, if anything was withdrawn since it was issued.

        Never blocks.
        """
        if self.version > listeners[0].ticket.asked_at:
            self._mark_unchecked(listeners)
            self._wakeup.set()

    def close(self) -> None:
        self._is_closed = True
        self._wakeup.set()

    def _mark_unchecked(self, listeners: Iterable[Listener]) -> None:
        with self._lock:
            self._unchecked.update(dict.fromkeys(listeners))

    def _run(self, follow: Callable[[], None]) -> None:
        while not self._is_closed:
            self._wakeup.wait(timeout=RETRY_SECONDS if self._unchecked or not self._is_followed else None)
            self._wakeup.clear()
            try:
                self._follow(follow)
                self._mark_concerned()
                self._check_all()
            except Exception:
                log.exception("permissions could not be checked; trying again")

    def _follow(self, follow: Callable[[], None]) -> None:
        if not self._is_followed:
            follow()
            self._is_followed = True
            self._mark_unchecked(each for each in self._listeners() if each.ticket.asked_at < self.version)

    def _mark_concerned(self) -> None:
        parts, self._seen = self.feed.changed_after(self._seen)
        if parts:
            self._mark_unchecked(each for each in self._listeners() if not parts.isdisjoint(each.ticket.parts))

    def _check_all(self) -> None:
        """One check for all streams of the same holder, topic and view.

        One that fails is retried later, after all others, so that it cannot block them.
        """
        groups = self._unchecked_groups()
        try:
            while groups:
                self._check(groups[0])
                del groups[0]
        finally:
            self._mark_unchecked(each for group in groups[1:] + groups[:1] for each in group)

    def _unchecked_groups(self) -> list[list[Listener]]:
        with self._lock:
            unchecked, self._unchecked = self._unchecked, {}
        questions: dict[Question, list[Listener]] = {}
        for listener in unchecked:
            question = (listener.ticket.holder, listener.feed.topic.key, listener.view)
            questions.setdefault(question, []).append(listener)
        return list(questions.values())

    def _check(self, group: list[Listener]) -> None:
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
