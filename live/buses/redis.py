"""Redis publish/subscribe: one connection subscribes, one publishes, only the channels of followed topics.

Redis only makes delivery faster. While it is away announcements are dropped and the hub's check finds the changes.
When it is back every followed channel is subscribed again, and the hub loads what it may have missed.
"""

import logging
import random
from collections.abc import Callable
from contextlib import suppress
from queue import Full, Queue
from threading import Event, RLock, Thread
from time import sleep
from typing import Any

from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.client import PubSub
from redis.retry import Retry

from live.announcement import Announcement

log = logging.getLogger("tablo.live")

ACKNOWLEDGE_SECONDS = 1.0
RETURN_SECONDS = (0.2, 0.6)
WAITING_AT_MOST = 1_000


class RedisBus:
    """A bus over one Redis; url as redis-py takes it. Different databases of one Redis are separate buses."""

    def __init__(self, url: str) -> None:
        retry = Retry(NoBackoff(), 0)
        self._subscriber = Redis.from_url(url, socket_timeout=None, socket_connect_timeout=1, retry=retry)
        self._publisher = Redis.from_url(url, socket_timeout=0.5, socket_connect_timeout=0.5, retry=retry)
        self._prefix = f"tablo:{self._publisher.get_connection_kwargs().get('db', 0)}:"
        self._lock = RLock()
        self._acknowledged: dict[str, Event] = {}
        self._late: set[str] = set()
        self._channels: PubSub | None = None
        self._outbox: Queue[Announcement | None] = Queue(WAITING_AT_MOST)
        self._publishing: Thread | None = None
        self._closed = False

    def start(self, receive: Callable[[Announcement], None], resubscribed: Callable[[str], None]) -> None:
        self._receive, self._resubscribed = receive, resubscribed
        Thread(target=self._listen, name="redis listener", daemon=True).start()

    def follow(self, topic: str) -> None:
        with self._lock:
            acknowledged = self._acknowledged.setdefault(topic, Event())
            self._send_command("subscribe", topic)
        if not acknowledged.wait(timeout=ACKNOWLEDGE_SECONDS):
            self._late.add(topic)

    def unfollow(self, topic: str) -> None:
        with self._lock:
            self._acknowledged.pop(topic, None)
            self._late.discard(topic)
            self._send_command("unsubscribe", topic)

    def announce(self, announcement: Announcement) -> None:
        """Delivers to this process directly; the copy that comes back from Redis is then an old version and ignored.

        Beyond WAITING_AT_MOST announcements are dropped: an unresponsive Redis must not fill the memory.
        """
        if announcement.topic in self._acknowledged:
            self._receive(announcement)
        with suppress(Full):
            self._outbox.put_nowait(announcement)
        with self._lock:
            if self._publishing is None:
                self._publishing = Thread(target=self._publish_all, name="redis publisher", daemon=True)
                self._publishing.start()

    def close(self) -> None:
        self._closed = True
        with suppress(Full):
            self._outbox.put_nowait(None)
        if self._channels:
            self._channels.close()

    def _send_command(self, command: str, topic: str) -> None:
        """A failure is harmless: after reconnecting, the listener subscribes to everything again."""
        try:
            if self._channels:
                getattr(self._channels, command)(self._prefix + topic)
        except RedisError as error:
            log.info("Redis is away: %s", error)

    def _listen(self) -> None:
        is_away = False
        while not self._closed:
            try:
                self._subscribe_to_all()
                is_away = False
                while not self._closed and self._channels:
                    self._handle(self._channels.get_message(timeout=1.0))
            except (RedisError, OSError, ValueError) as error:
                if not self._closed and not is_away:
                    log.warning("Redis is away, looking into the database instead: %s", error)
                is_away = True
                sleep(random.uniform(*RETURN_SECONDS))

    def _subscribe_to_all(self) -> None:
        """The first channel belongs to no topic: it keeps the connection open while nothing is followed."""
        with self._lock:
            channels = self._subscriber.pubsub()  # type: ignore[no-untyped-call]
            channels.subscribe(self._prefix, *(self._prefix + topic for topic in self._acknowledged))
            self._channels = channels

    def _handle(self, message: dict[str, Any] | None) -> None:
        if message is None:
            return
        topic = message["channel"].decode().removeprefix(self._prefix)
        if message["type"] == "subscribe":
            self._acknowledge(topic)
        elif message["type"] == "message":
            self._receive(Announcement.from_json(message["data"]))

    def _acknowledge(self, topic: str) -> None:
        acknowledged = self._acknowledged.get(topic)
        if acknowledged is None:
            return
        if acknowledged.is_set() or topic in self._late:
            self._late.discard(topic)
            self._resubscribed(topic)
        acknowledged.set()

    def _publish_all(self) -> None:
        is_away = False
        while not self._closed and (announcement := self._outbox.get()):
            try:
                self._publisher.publish(self._prefix + announcement.topic, announcement.to_json())
                is_away = False
            except (RedisError, OSError) as error:
                if not is_away:
                    log.warning("Redis is away, nothing is announced until it is back: %s", error)
                is_away = True
