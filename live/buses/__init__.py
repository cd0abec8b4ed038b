"""How a change is told to the other processes. A bus may lose messages: the hub's check finds what was lost."""

from collections.abc import Callable
from typing import Protocol

from live.announcement import Announcement


class Bus(Protocol):
    """What the hub needs of a bus. No call raises because of the network, and `announce` never waits for it."""

    def start(self, receive: Callable[[Announcement], None], resubscribed: Callable[[str], None]) -> None:
        """Begins to listen; called once, in the process that will serve listeners.

        resubscribed(topic) is called whenever announcements come for sure from now on and may not have come before.
        """

    def follow(self, topic: str) -> None:
        """Asks for this topic's announcements; returns when they are sure to come, or after a short wait."""

    def unfollow(self, topic: str) -> None:
        """Asks for them no longer."""

    def announce(self, announcement: Announcement) -> None:
        """Tells every process that follows the topic, this one included."""

    def close(self) -> None:
        """Stops for good."""
