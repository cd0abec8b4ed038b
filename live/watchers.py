"""The number of people who watch a page, over all processes; sent separately from changes, which never wait for it.

Every LOOK_SECONDS each process publishes its own counts and reads those of the others. Published counts expire after
LIFE_SECONDS, so a dead process soon stops counting without any cleanup.
"""

import json
import logging
import secrets
from collections import Counter
from collections.abc import Mapping
from threading import Event, Thread
from typing import Protocol

from redis import Redis, RedisError

from live.hub import Hub

log = logging.getLogger("tablo.live")

LOOK_SECONDS = 5.0
LIFE_SECONDS = 12.0


class Counts(Protocol):
    """Where processes exchange their numbers of viewers, by topic."""

    def exchange(self, own: Mapping[str, int]) -> Mapping[str, int] | None:
        """Publishes this process's counts and returns the totals; None while they cannot be read. Never raises."""

    def withdraw(self) -> None:
        """Removes this process's counts."""


class OwnCounts:
    """A single process, whose counts are the totals."""

    def exchange(self, own: Mapping[str, int]) -> Mapping[str, int] | None:
        return own

    def withdraw(self) -> None:
        """Nothing was published."""


class SharedCounts:
    """One Redis key per process, which expires by itself, and a set of the processes' names."""

    def __init__(self, url: str, life_seconds: float = LIFE_SECONDS) -> None:
        self._redis = Redis.from_url(url, socket_timeout=0.5, socket_connect_timeout=0.5)
        self._prefix = f"tablo:{self._redis.get_connection_kwargs().get('db', 0)}:watching"
        self._life = int(life_seconds * 1000)
        self._name = secrets.token_hex(8)
        self._is_away = False

    def exchange(self, own: Mapping[str, int]) -> Mapping[str, int] | None:
        try:
            said = self._exchanged(json.dumps(own))
        except (RedisError, OSError) as error:
            if not self._is_away:
                log.warning("Redis is away, the number of viewers is unknown until it is back: %s", error)
            self._is_away = True
            return None
        self._is_away = False
        return sum((Counter(json.loads(counts)) for counts in said), Counter())

    def withdraw(self) -> None:
        self.exchange({})

    def _exchanged(self, own: str) -> list[bytes]:
        with self._redis.pipeline(transaction=False) as together:
            together.sadd(self._prefix, self._name)
            together.set(self._key(self._name), own, px=self._life)
            together.smembers(self._prefix)
            names = [name.decode() for name in together.execute()[-1]]
        said = dict(zip(names, self._redis.mget([self._key(name) for name in names]), strict=True))
        if gone := [name for name, counts in said.items() if counts is None]:
            self._redis.srem(self._prefix, *gone)
        return [counts for counts in said.values() if counts is not None]

    def _key(self, name: str) -> str:
        return f"{self._prefix}:{name}"


class Watchers:
    """Exchanges the counts of one process periodically, and passes the totals to the hub."""

    def __init__(self, hub: Hub, counts: Counts) -> None:
        self._hub = hub
        self._counts = counts
        self._closed = Event()

    def start(self) -> None:
        Thread(target=self._run, name="watchers", daemon=True).start()

    def update(self) -> None:
        """One exchange."""
        self._hub.send_viewer_counts(self._counts.exchange(self._hub.viewer_counts()))

    def close(self) -> None:
        """The process stops; its viewers will be counted where they reconnect."""
        self._closed.set()
        self._counts.withdraw()

    def _run(self) -> None:
        while not self._closed.wait(LOOK_SECONDS):
            try:
                self.update()
            except Exception:
                log.exception("the number of viewers could not be sent; trying again")
