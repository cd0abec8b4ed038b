"""Admission control: caps the open streams of a process, and the rate of new ones, so that its pages stay fast."""

import resource
from time import monotonic

# The remaining file descriptors are left to pages, files, the database and connections in transit.
SHARE_OF_DESCRIPTORS = 0.75


class Admission:
    """A cap on open streams, and a token bucket of connects; one second's worth may come at once.

    The caller passes the number of open streams each time, so this count can never drift.
    """

    def __init__(self, streams: int, connects_per_second: int) -> None:
        self.streams = streams
        self._connects_per_second = connects_per_second
        self._connects_left = float(connects_per_second)
        self._refilled_at = monotonic()

    def fit_descriptors(self) -> bool:
        """Lowers the cap to fit this process's file descriptor limit; False if it had to be lowered."""
        allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        fitting = int(allowed * SHARE_OF_DESCRIPTORS)
        fits = allowed == resource.RLIM_INFINITY or self.streams <= fitting
        self.streams = self.streams if fits else fitting
        return fits

    def room(self, open_streams: int) -> int:
        """How many more streams may be opened now."""
        return max(0, min(self.streams - open_streams, int(self._connects())))

    def enter(self, count: int) -> None:
        """Accounts for streams that were just opened, within `room`."""
        self._connects_left -= count

    def _connects(self) -> float:
        now = monotonic()
        refilled = self._connects_left + (now - self._refilled_at) * self._connects_per_second
        self._connects_left, self._refilled_at = min(refilled, self._connects_per_second), now
        return self._connects_left
