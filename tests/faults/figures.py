"""From moments to figures."""

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from tests.faults.said import Order

Deliveries = list[tuple[str, Order, "array[float]"]]
Made = dict[tuple[str, Order], float]


@dataclass(frozen=True)
class Spread:
    """In seconds, or whatever the values are."""

    least: float
    middle: float
    ninety_ninth: float
    most: float
    count: int


def spread(values: Sequence[float]) -> Spread:
    """All figures are 0 if there are no values."""
    ranked = sorted(values)
    if not ranked:
        return Spread(0, 0, 0, 0, 0)
    return Spread(ranked[0], median(ranked), ranked[int(len(ranked) * 0.99)], ranked[-1], len(ranked))


def delays(deliveries: Deliveries, made: Made, since: float, until: float) -> list[float]:
    """The delays from each change made in this period to each of its deliveries."""
    found: list[float] = []
    for topic, order, heard_at in deliveries:
        moment = made.get((topic, order), 0.0)
        if since <= moment <= until:
            found += [heard - moment for heard in heard_at]
    return found


def most_in_one_second(moments: Sequence[float]) -> int:
    """The most events in any one second."""
    ranked = sorted(moments)
    return max((bisect_right(ranked, moment + 1) - place for place, moment in enumerate(ranked)), default=0)
