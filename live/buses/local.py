"""The bus of a single process."""

from collections.abc import Callable

from live.announcement import Announcement


class LocalBus:
    """Hands each announcement straight to this process's hub."""

    def __init__(self) -> None:
        self._receive: Callable[[Announcement], None] | None = None
        self._followed: set[str] = set()

    def start(self, receive: Callable[[Announcement], None], resubscribed: Callable[[str], None]) -> None:
        self._receive = receive

    def follow(self, topic: str) -> None:
        self._followed.add(topic)

    def unfollow(self, topic: str) -> None:
        self._followed.discard(topic)

    def announce(self, announcement: Announcement) -> None:
        if self._receive and announcement.topic in self._followed:
            self._receive(announcement)

    def close(self) -> None:
        self._receive = None
