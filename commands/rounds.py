"""What a service does again and again until it is told to stop."""

import signal
from collections.abc import Callable
from logging import Logger
from threading import Event
from types import FrameType

from extensions import db


def go_round(once: Callable[[Event], object], seconds: float, log: Logger) -> None:
    """Calls `once` every so many seconds; told to stop by a signal, it ends between two rounds, or where `once` looks.

    A round that fails is noted, and another follows.
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
