"""Statistics of measurements, and their format."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Spread:
    """Of one change or one page, in milliseconds: the first, the median, the 99th percentile, the last."""

    first: float
    p50: float
    p99: float
    last: float

    def written(self) -> list[str]:
        return [milliseconds(value) for value in (self.first, self.p50, self.p99, self.last)]


def middle(spreads: Iterable[Spread]) -> Spread:
    """The median of each figure separately."""
    several = list(spreads)
    return Spread(*(median(getattr(each, name) for each in several) for name in ("first", "p50", "p99", "last")))


def ratio_by_round(ours: Sequence[Sequence[float]], theirs: Sequence[Sequence[float]]) -> float:
    """The median over the rounds of ours divided by theirs; both of a round were measured in the same minute."""
    return median(median(mine) / median(other) for mine, other in zip(ours, theirs, strict=True))


def milliseconds(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:,.0f}"


def times(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio < 10 else f"{ratio:,.0f}"
