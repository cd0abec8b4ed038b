"""Sparklines: a series of numbers as an SVG polyline."""

from collections.abc import Sequence

WIDTH, HEIGHT, MARGIN = 72, 28, 4
# So that a few points more do not look like a climb.
LEAST_RANGE = 60.0


def spark(values: Sequence[float]) -> list[tuple[float, float]]:
    """The points from left to right; at least two numbers."""
    middle = (min(values) + max(values)) / 2
    scale = (HEIGHT - 2 * MARGIN) / max(max(values) - min(values), LEAST_RANGE)
    step = (WIDTH - MARGIN) / (len(values) - 1)
    return [
        (round(step * place, 1), round(HEIGHT / 2 - (value - middle) * scale, 1)) for place, value in enumerate(values)
    ]
