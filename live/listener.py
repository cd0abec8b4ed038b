"""One open stream, whatever transports its bytes."""

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
    """How long a client should wait before it reconnects, in milliseconds; random, so that a crowd spreads out."""
    return int(random.uniform(*RETRY_MILLISECONDS))


@dataclass(frozen=True, slots=True)
class Ticket:
    """On whose behalf a stream is opened.

    holder: whose permission is checked, None for the public; parts: the parts of the audience topic that concern them;
    asked_at: the version of that topic known (Hub.audience_version) before permission was checked.
    """

    holder: Any
    parts: tuple[str, ...]
    asked_at: int


class Listener:
    """One stream's state: feed, view, language, ticket, and the cursor, the version up to which everything was sent.

    There is no queue. Connecting, falling behind and reconnecting are the same: `take` returns what is newer than the
    cursor. The transport sets the callbacks `wake` (there may be new bytes) and `end` (the stream is over), calls
    `take` when it can write, and adds to `sent` (bytes). `door` is how the request came in.
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
        self.wake: Callable[[], None] = do_nothing
        self.end: Callable[[], None] = do_nothing
        self.opened = monotonic()
        self.next_beat = self.opened + BEAT_SECONDS
        self.door = ""
        self.watching = b""
        self.sent = 0

    def hello(self) -> bytes:
        """The first bytes: the reconnection delay and the viewers' local time."""
        return wire.returning(random_retry()) + self.feed.clock("hello")

    def take(self) -> bytes:
        """The bytes to send now; empty if the listener is up to date and no heartbeat is due."""
        said = b"" if self.cursor == self.feed.known else self._newer_bytes()
        if self.watching != self.feed.watching:
            said += self._viewer_count_bytes() + self._beat()
        return said or self._beat()

    def copy_position(self, other: "Listener") -> None:
        """Copies the cursor of an identical listener, whose bytes were sent to this one too."""
        self.cursor, self.watching = other.cursor, other.watching

    @property
    def watches(self) -> bool:
        """Whether it counts as a viewer and is sent the number of viewers."""
        return self.view in self.feed.topic.kind.watched_from

    def is_ready(self) -> bool:
        """Whether `take` will not block now."""
        return self.feed.is_ready_for(self.view, self.language, self.cursor)

    def seconds_to_beat(self) -> float:
        return max(0.0, self.next_beat - monotonic())

    def close(self) -> None:
        """Ends the stream."""
        self.closed = True
        self.end()

    def release(self) -> None:
        """Drops the transport's callbacks, so that the two no longer keep each other in memory."""
        self.wake = self.end = do_nothing

    def _newer_bytes(self) -> bytes:
        feed, cursor = self.feed, self.cursor
        if cursor is None or cursor > feed.known:
            said, self.cursor = feed.everything(self.view, self.language)
        else:
            said, self.cursor = feed.after(cursor, self.view, self.language)
        return said

    def _viewer_count_bytes(self) -> bytes:
        """The number of viewers, if this is one of them; sent along with whatever else is."""
        self.watching = self.feed.watching
        return self.watching if self.watches else b""

    def _beat(self) -> bytes:
        if monotonic() < self.next_beat:
            return b""
        self.next_beat = monotonic() + BEAT_SECONDS
        return self.feed.clock("beat")


def do_nothing() -> None:
    """A callback that no transport has set."""
