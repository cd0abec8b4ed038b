"""Work that would keep a process from everybody else, in a thread of its own."""

from collections.abc import Callable
from typing import TypeVar

import gevent
from gevent import monkey

Result = TypeVar("Result")


def aside(work: Callable[[], Result]) -> Result:
    """What the work answers; whoever asks waits, and the others do not.

    It neither asks the database nor raises what it expects: gevent prints whatever leaves its threads.
    """
    if not monkey.is_module_patched("threading"):
        return work()
    result: Result = gevent.get_hub().threadpool.apply(work)
    return result
