"""Many storms, one after the other."""

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from tests.live.simulator.screen import BrokenPromise
from tests.live.simulator.storm import play

SEEDS_BETWEEN_SWEEPS = 50


def broken_promises(seeds: Iterable[int]) -> Iterator[tuple[int, BrokenPromise]]:
    """The seeds whose storm broke a promise."""
    with _swept_now_and_then():
        for count, seed in enumerate(seeds, start=1):
            try:
                play(seed)
            except BrokenPromise as broken:
                yield seed, broken
            if count % SEEDS_BETWEEN_SWEEPS == 0:
                gc.collect()


@contextmanager
def _swept_now_and_then() -> Iterator[None]:
    """Storms leave many reference cycles; continuous garbage collection costs a fifth of the drill."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
