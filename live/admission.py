"""Who comes in: not more streams than a process is sure to serve beside its pages, and not all in one moment."""

import resource
from time import monotonic

# Of the descriptors a process may open the rest stays for pages, files, the database and connections in between.
SHARE_OF_DESCRIPTORS = 0.75


class Admission:
    """A cap on open streams and a bucket of connects that refills steadily; one full bucket may come at once.

    Counts connects, not streams: how many are open is asked anew each time, so nothing can be forgotten here.
    """

    def __init__(self, streams: int, connects_per_second: int) -> None:
        self.streams = streams
        self._connects_per_second = connects_per_second
        self._connects_left = float(connects_per_second)
        self._refilled_at = monotonic()

    def fit_descriptors(self) -> bool:
        """Lowers the cap to what this process may open; False when it had to."""
        allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        fitting = int(allowed * SHARE_OF_DESCRIPTORS)
        fits = allowed == resource.RLIM_INFINITY or self.streams <= fitting
        self.streams = self.streams if fits else fitting
        return fits

    def room(self, open_streams: int) -> int:
        """How many more may come now."""
        return max(0, min(self.streams - open_streams, int(self._connects())))

    def enter(self, count: int) -> None:
        """So many have come in, for whom there was room."""
        self._connects_left -= count

    def _connects(self) -> float:
        now = monotonic()
        refilled = self._connects_left + (now - self._refilled_at) * self._connects_per_second
        self._connects_left, self._refilled_at = min(refilled, self._connects_per_second), now
        return self._connects_left
