"""A row of numbers as a small line, in the coordinates of an SVG."""

from collections.abc import Sequence

WIDTH, HEIGHT, MARGIN = 72, 28, 4
# So that a few points more do not look like a climb.
LEAST_RANGE = 60.0


def spark(values: Sequence[float]) -> list[tuple[float, float]]:
    """The points of the line from left to right; of one number alone its last point."""
    middle = (min(values) + max(values)) / 2
    scale = (HEIGHT - 2 * MARGIN) / max(max(values) - min(values), LEAST_RANGE)
    step = (WIDTH - MARGIN) / max(len(values) - 1, 1)
    first = WIDTH - MARGIN - step * (len(values) - 1)
    return [
        (round(first + step * place, 1), round(HEIGHT / 2 - (value - middle) * scale, 1))
        for place, value in enumerate(values)
    ]
