"""Bar charts by week, as coordinates; the template draws them in the page's colours."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log10

LEFT, RIGHT, TOP, BASE, HEIGHT = 40, 8, 12, 168, 192
WIDTHS = {"wide": 540, "narrow": 340}
# Room for a date such as 16.11.
LABEL_WIDTH = 44
GAP = 0.28


@dataclass(frozen=True)
class Bar:
    """One week; height 0 and is_known False where there is no data."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    is_known: bool
    is_labelled: bool


@dataclass(frozen=True)
class Chart:
    """width and height of the drawing; grid: (y, value) of its lines, from the bottom up."""

    width: int
    bars: list[Bar]
    grid: list[tuple[float, float]]
    height: int = HEIGHT
    left: int = LEFT
    base: int = BASE


def chart(values: Sequence[float | None], kind: str) -> Chart:
    """kind: a key of WIDTHS."""
    width = WIDTHS[kind]
    step = (width - LEFT - RIGHT) / len(values)
    top = _round_up(max((value for value in values if value is not None), default=0))
    every = ceil(LABEL_WIDTH / step)
    bars = []
    for number, value in enumerate(values):
        height = round((BASE - TOP) * (value or 0) / top, 1)
        x = LEFT + step * (number + GAP / 2)
        is_labelled = (len(values) - 1 - number) % every == 0
        middle = round(x + step * (1 - GAP) / 2, 1)
        width_of_bar = round(step * (1 - GAP), 1)
        bars.append(Bar(round(x, 1), BASE - height, width_of_bar, height, middle, value is not None, is_labelled))
    return Chart(width, bars, [(BASE - (BASE - TOP) * part, top * part) for part in (0.0, 0.5, 1.0)])


def _round_up(value: float) -> float:
    """The next of 1, 2, 5, 10, 20, …, half of which is also a round number."""
    if value <= 0:
        return 1
    power = 10.0 ** ceil(log10(value) - 1)
    return next(power * factor for factor in (1, 2, 4, 6, 8, 10, 20) if power * factor >= value)
