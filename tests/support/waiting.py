"""Waiting for something that must happen."""

from collections.abc import Callable
from time import monotonic, sleep

PATIENCE = 20


def wait_until(happened: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Waits without a tight limit: the bench measures how soon."""
    deadline = monotonic() + seconds
    while not happened():
        assert monotonic() < deadline, "it never happened"
        sleep(0.01)
