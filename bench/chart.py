"""The page's chart: the p99 of all with the smallest crowd, and how it grows. Plain SVG, light or dark."""

from collections.abc import Iterator, Mapping, Sequence
from math import ceil, log10
from xml.sax.saxutils import escape

from bench.figures import milliseconds
from bench.row import Bar

WIDTH, HEIGHT = 860, 330
LEFT, BASE, TOP = 200, 270, 70
BAR_WIDTH, LINE_LEFT, LINE_RIGHT = 180, 520, 700
ROW_HEIGHT, TEXT_HEIGHT = 40, 15
COLOURS = {"Tablo (SQLite)": "a", "Tablo (PostgreSQL, Redis)": "b", "nchan": "c"}

STYLE = """
text { font: 13px system-ui, sans-serif; fill: #24292f }
.title { font-weight: 600 } .soft { fill: #57606a } .axis { stroke: #8c959f; fill: none }
.a { fill: #0969da; stroke: #0969da } .b { fill: #1a7f37; stroke: #1a7f37 } .c { fill: #bc4c00; stroke: #bc4c00 }
.d { fill: #8250df; stroke: #8250df } polyline { fill: none !important; stroke-width: 2 }
rect, text { stroke: none !important }
@media (prefers-color-scheme: dark) {
 text { fill: #e6edf3 } .soft { fill: #9198a1 } .axis { stroke: #656c76 }
 .a { fill: #4493f8; stroke: #4493f8 } .b { fill: #3fb950; stroke: #3fb950 } .c { fill: #f0883e; stroke: #f0883e }
 .d { fill: #ab7df8; stroke: #ab7df8 }
}"""


def drawn(bars: Sequence[Bar]) -> str:
    """One SVG document from the `bars` of one row."""
    smallest = min(bar.listeners for bar in bars)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<style>{STYLE}</style>",
        *_everybody([bar for bar in bars if bar.listeners == smallest], smallest),
        *_growing(bars),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _everybody(bars: Sequence[Bar], listeners: int) -> Iterator[str]:
    """Horizontal bars on a logarithmic scale."""
    yield _text(20, 28, f"p99 at {listeners:,} listeners, ms (each line: ten times)", "title")
    top = ceil(log10(max(bar.milliseconds for bar in bars)))
    for power in range(top + 1):
        x = LEFT + BAR_WIDTH * power / top
        yield f'<path class="axis" stroke-dasharray="2 4" d="M{x:.0f} {TOP - 16}V{BASE}"/>'
        yield _text(x, BASE + 20, f"{10**power:,}", "soft", "middle")
    for place, bar in enumerate(sorted(bars, key=lambda bar: bar.milliseconds)):
        y = TOP + place * ROW_HEIGHT
        length = max(2.0, BAR_WIDTH * log10(max(1.0, bar.milliseconds)) / top)
        yield _text(LEFT - 10, y + 14, bar.who, anchor="end")
        yield f'<rect class="{_colour(bar.who)}" x="{LEFT}" y="{y}" width="{length:.1f}" height="20" rx="3"/>'
        yield _text(LEFT + length + 6, y + 14, milliseconds(bar.milliseconds), "soft")


def _growing(bars: Sequence[Bar]) -> Iterator[str]:
    """Lines for the subjects that were measured with every crowd."""
    crowds = sorted({bar.listeners for bar in bars})
    whole = [
        who for who in dict.fromkeys(bar.who for bar in bars) if sum(bar.who == who for bar in bars) == len(crowds)
    ]
    highest = max(bar.milliseconds for bar in bars if bar.who in whole)
    yield _text(LINE_LEFT - 40, 28, "p99 against the listeners, ms", "title")
    yield f'<path class="axis" d="M{LINE_LEFT} {TOP - 16}V{BASE}H{LINE_RIGHT}"/>'
    yield _text(LINE_LEFT - 6, TOP, f"{highest:.0f}", "soft", "end")
    yield _text(LINE_LEFT - 6, BASE, "0", "soft", "end")
    for crowd in crowds:
        yield _text(_x(crowd, crowds), BASE + 20, f"{crowd / 1000:g} k", "soft", "middle")
    ends: dict[str, float] = {}
    for who in whole:
        points = [(_x(bar.listeners, crowds), _y(bar.milliseconds, highest)) for bar in bars if bar.who == who]
        shown = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        yield f'<polyline class="{_colour(who)}" points="{shown}"/>'
        ends[who] = points[-1][1]
    yield from _names(ends)


def _names(ends: Mapping[str, float]) -> Iterator[str]:
    """Each name at the end of its line, or as near as the one above it allows."""
    free = 0.0
    for who, y in sorted(ends.items(), key=lambda end: end[1]):
        free = max(free, y + 4)
        yield _text(LINE_RIGHT + 6, free, who.replace("PostgreSQL, Redis", "PG, Redis"))
        free += TEXT_HEIGHT


def _x(listeners: int, crowds: Sequence[int]) -> float:
    return LINE_LEFT + (LINE_RIGHT - LINE_LEFT) * listeners / max(crowds)


def _y(value: float, highest: float) -> float:
    return BASE - (BASE - TOP) * value / highest


def _colour(who: str) -> str:
    return COLOURS.get(who, "d")


def _text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    return f'<text class="{kind}" x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}">{escape(words)}</text>'
