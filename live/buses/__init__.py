"""How processes announce changes to each other. A bus may lose messages: the hub's check finds what was lost."""

from collections.abc import Callable
from typing import Protocol

from live.announcement import Announcement


class Bus(Protocol):
    """What the hub needs of a bus. No method raises on network errors, and `announce` never blocks on the network."""

    def start(self, receive: Callable[[Announcement], None], resubscribed: Callable[[str], None]) -> None:
        """Starts receiving; called once, in the process that will serve listeners.

        resubscribed(topic) is called when a subscription is established after announcements may have been missed.
        """

    def follow(self, topic: str) -> None:
        """Subscribes to this topic's announcements; returns once subscribed, or after a short timeout."""

    def unfollow(self, topic: str) -> None:
        """Unsubscribes."""

    def announce(self, announcement: Announcement) -> None:
        """Sends it to every process that follows the topic, including this one."""

    def close(self) -> None:
        """Stops for good."""
