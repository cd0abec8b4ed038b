"""Counters of one process's live core since it started."""

from collections import Counter
from dataclasses import dataclass, field

from prometheus_client import Histogram

DELAY_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
COMMIT_TO_WRITE = Histogram(
    "tablo_commit_to_write_seconds",
    "From the commit of an announced change until its listeners here were written to",
    buckets=DELAY_BUCKETS,
)


@dataclass
class Tally:
    """Plain numbers, since they are incremented where every microsecond counts; docs/live.md describes each."""

    opened: Counter[str] = field(default_factory=Counter)  # by door
    resumed: Counter[str] = field(default_factory=Counter)  # by what was sent first: none, tail or everything
    turned_away: int = 0
    refused: int = 0
    no_longer_permitted: int = 0
    gaps: int = 0
    found_by_check: int = 0
    resubscriptions: int = 0
    conflated: int = 0
    stalled: int = 0
