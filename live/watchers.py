"""How many people watch a page, in all processes together; told to them beside the news, which never waits for it.

A process says how many it has and hears what the others say, every LOOK_SECONDS; what it said is forgotten after
LIFE_SECONDS, so a process that died is no longer counted soon, and nobody has to clean up after it.
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
    """Where processes tell each other how many they have, by topic."""

    def exchange(self, own: Mapping[str, int]) -> Mapping[str, int] | None:
        """Says what this process has and hears the sums; None while the others cannot be asked. Never raises."""

    def withdraw(self) -> None:
        """This process has nobody any more."""


class OwnCounts:
    """One process that has everybody."""

    def exchange(self, own: Mapping[str, int]) -> Mapping[str, int] | None:
        return own

    def withdraw(self) -> None:
        """There is nobody to tell."""


class SharedCounts:
    """One key of Redis for each process, which expires by itself, and a set of their names."""

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
                log.warning("Redis is away, nobody is told how many watch until it is back: %s", error)
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
    """Of one process: looks every so often, and lets the hub tell whoever has not heard of the newest number."""

    def __init__(self, hub: Hub, counts: Counts) -> None:
        self._hub = hub
        self._counts = counts
        self._closed = Event()

    def start(self) -> None:
        Thread(target=self._run, name="watchers", daemon=True).start()

    def look(self) -> None:
        """Once."""
        self._hub.tell_watching(self._counts.exchange(self._hub.watching()))

    def close(self) -> None:
        """The process stops; whoever it had is counted where they go."""
        self._closed.set()
        self._counts.withdraw()

    def _run(self) -> None:
        while not self._closed.wait(LOOK_SECONDS):
            try:
                self.look()
            except Exception:
                log.exception("nobody could be told how many watch; trying again")
