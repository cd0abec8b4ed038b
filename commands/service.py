"""The main loop of the background services."""

import signal
from collections.abc import Callable
from logging import Logger
from threading import Event
from types import FrameType

from extensions import db


def run_periodically(once: Callable[[Event], object], seconds: float, log: Logger) -> None:
    """Calls `once(stopped)`, then waits `seconds`, until SIGTERM or SIGINT; `once` may check the event to stop early.

    A pass that raises is logged, and the loop continues.
    """
    stopped = Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopped.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    while not stopped.is_set():
        try:
            once(stopped)
        except Exception:
            log.exception("this round failed, another follows")
            db.session.rollback()
        stopped.wait(seconds)
