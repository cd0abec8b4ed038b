"""One open stream, whatever carries its bytes."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any

from live import wire
from live.feed import Feed

BEAT_SECONDS = 20
RETRY_MILLISECONDS = (1_000, 4_000)


def random_retry() -> int:
    """How long a listener shall wait before it returns, in milliseconds; random, so that a crowd spreads out."""
    return int(random.uniform(*RETRY_MILLISECONDS))


@dataclass(frozen=True, slots=True)
class Ticket:
    """On whose behalf a stream is opened.

    holder: whom permission is asked for, None for anybody at all; parts: those of the audience's topic that concern
    them; asked_at: the version of that topic which was known (Hub.audience_version) before permission was asked for.
    """

    holder: Any
    parts: tuple[str, ...]
    asked_at: int


class Listener:
    """Who listens: a topic's feed, a view, a language, a ticket, and the cursor: the version up to which all was sent.

    There is no queue. Connecting, falling behind and reconnecting are the same: `take` gives what is newer than the
    cursor. Whatever carries the bytes sets `wake` to learn of news, and `end` to learn that the stream is over; it asks
    for bytes when it can write them. It notes what it `sent`; `door` is how the request came in.
    """

    __slots__ = (
        "closed",
        "cursor",
        "door",
        "end",
        "feed",
        "language",
        "next_beat",
        "opened",
        "sent",
        "ticket",
        "view",
        "wake",
        "watching",
    )

    def __init__(self, feed: Feed, view: str, language: str, cursor: int | None, ticket: Ticket) -> None:
        self.feed = feed
        self.view = view
        self.language = language
        self.cursor = cursor
        self.ticket = ticket
        self.closed = False
        self.wake: Callable[[], None] = _nobody_asks
        self.end: Callable[[], None] = _nobody_asks
        self.opened = monotonic()
        self.next_beat = self.opened + BEAT_SECONDS
        self.door = ""
        self.watching = b""
        self.sent = 0

    def hello(self) -> bytes:
        """The first bytes: when to return after a cut, and what time it is here."""
        return wire.returning(random_retry()) + self.feed.clock("hello")

    def take(self) -> bytes:
        """The bytes to send now; empty when the listener has everything and its heart need not beat yet."""
        feed, cursor = self.feed, self.cursor
        if cursor == feed.known:
            return self._beat() if feed.watching == self.watching else self._told_watching() or self._beat()
        if cursor is None or cursor > feed.known:
            sent, self.cursor = feed.everything(self.view, self.language)
        else:
            sent, self.cursor = feed.after(cursor, self.view, self.language)
        return sent or self._beat()

    def stand_beside(self, other: "Listener") -> None:
        """It is told what the other was, who has all in common with it."""
        self.cursor, self.watching = other.cursor, other.watching

    @property
    def watches(self) -> bool:
        """Whether it is one of those who are counted, and told how many they are."""
        return self.view in self.feed.topic.kind.watched_from

    def has_at_hand(self) -> bool:
        """Whether `take` needs no waiting now."""
        return self.feed.has_at_hand(self.view, self.language, self.cursor)

    def seconds_to_beat(self) -> float:
        return max(0.0, self.next_beat - monotonic())

    def close(self) -> None:
        """Ends the stream."""
        self.closed = True
        self.end()

    def release(self) -> None:
        """Nothing carries it any more; they no longer keep each other in memory."""
        self.wake = self.end = _nobody_asks

    def _told_watching(self) -> bytes:
        """How many watch, for those who do."""
        self.watching = self.feed.watching
        return self.watching if self.watches else b""

    def _beat(self) -> bytes:
        if monotonic() < self.next_beat:
            return b""
        self.next_beat = monotonic() + BEAT_SECONDS
        return self.feed.clock("beat")


def _nobody_asks() -> None:
    """Until a carrier has taken the listener over."""
