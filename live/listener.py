"""One open stream, whatever carries its bytes."""

import json
import random
from datetime import UTC, datetime
from threading import Event
from time import monotonic

from live import wire
from live.feed import Feed

BEAT_SECONDS = 20
RETRY_MILLISECONDS = (5_000, 10_000)


def random_retry() -> int:
    """How long a listener shall wait before it returns, in milliseconds; random, so that a crowd spreads out."""
    return random.randint(*RETRY_MILLISECONDS)


class Listener:
    """Who listens: a topic's feed, a view, a language, and the cursor: the version up to which all was sent.

    There is no queue. Connecting, falling behind and reconnecting are the same: `take` gives what is newer than the
    cursor. Whatever writes the bytes asks for them when it can write, and sleeps on `woken` when there are none.
    """

    def __init__(self, feed: Feed, view: str, language: str, cursor: int | None) -> None:
        self.feed = feed
        self.view = view
        self.language = language
        self.cursor = cursor if cursor is not None and cursor <= feed.known else None
        self.woken = Event()
        self.closed = False
        self._zone = feed.topic.zone()
        self._next_beat = monotonic() + BEAT_SECONDS

    def hello(self) -> bytes:
        """The first bytes: when to return after a cut, and what time it is here."""
        return wire.message(self._clock(), event="hello", retry=random_retry())

    def take(self) -> bytes:
        """The bytes to send now; empty when the listener has everything and its heart need not beat yet."""
        if self.cursor is None:
            sent, self.cursor = self.feed.everything(self.view, self.language)
        else:
            sent, self.cursor = self.feed.after(self.cursor, self.view, self.language)
        return sent or self._beat()

    def seconds_to_beat(self) -> float:
        return max(0.0, self._next_beat - monotonic())

    def close(self) -> None:
        """Ends the stream at its next turn."""
        self.closed = True
        self.woken.set()

    def _beat(self) -> bytes:
        if monotonic() < self._next_beat:
            return b""
        self._next_beat = monotonic() + BEAT_SECONDS
        return wire.message(self._clock(), event="beat")

    def _clock(self) -> str:
        now = datetime.now(UTC)
        return json.dumps({"now": now.isoformat(timespec="seconds"), "clock": f"{now.astimezone(self._zone):%H:%M}"})
