"""Runs blocking or CPU-bound work in a real thread, so that it does not block the gevent process."""

from collections.abc import Callable
from typing import TypeVar

import gevent
from gevent import monkey

Result = TypeVar("Result")


def in_thread(work: Callable[[], Result]) -> Result:
    """The result of `work`, run in a thread while other greenlets continue.

    `work` must not use the database, and must catch the exceptions it expects: gevent prints those that leave a thread.
    """
    if not monkey.is_module_patched("threading"):
        return work()
    result: Result = gevent.get_hub().threadpool.apply(work)
    return result
