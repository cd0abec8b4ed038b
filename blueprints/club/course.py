"""The course of a game as an SVG drawing of the lead after each rally."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate, groupby

from rules.scoring.calls import GAME

Points = tuple[int, int]
Spot = tuple[float, float]
MARK_EVERY = 5
LONG_RUN = 3
HALF_A_LABEL = 42


@dataclass(frozen=True)
class Canvas:
    """A drawing's size, line scale and margins; y grows downwards, side A's lead is drawn upwards."""

    width: int
    height: int
    left: int
    rallies: int
    highest: int
    right: int = 10
    top: int = 26

    @property
    def bottom(self) -> int:
        return self.height - self.top

    @property
    def middle(self) -> float:
        return self.height / 2

    def x(self, rally: int) -> float:
        return round(self.left + rally * (self.width - self.left - self.right) / self.rallies, 1)

    def y(self, lead: int) -> float:
        return round(self.middle - lead * (self.middle - self.top) / self.highest, 1)


@dataclass(frozen=True)
class Drawing:
    """The values for the template.

    grid: (y, lead) of the lines; marks: (x, rally) along the middle; ends: (x, games by then) where a game of a set
    ended; run: the longest run, if at least LONG_RUN rallies, as (x of its start, of its end, of its label, length).
    """

    canvas: Canvas
    path: str
    above: str
    below: str
    ball: Spot
    grid: list[tuple[float, int]]
    marks: list[tuple[float, int]]
    ends: list[tuple[float, str]]
    run: tuple[float, float, float, int] | None


def course_drawing(rallies: str, kind: str, begun_at: Points, calls: list[str] | None = None) -> Drawing:
    """Draws rallies, given as the letters of their winners ("ABBA"), on a wide or narrow canvas.

    calls: the score as called after each rally, in a sport of sets, where games are marked.
    """
    begun = begun_at[0] - begun_at[1]
    leads = list(accumulate((1 if winner == "A" else -1 for winner in rallies), initial=begun))
    size = (1088, 250, 40) if kind == "wide" else (358, 210, 26)
    canvas = Canvas(*size, rallies=max(20, len(rallies)), highest=_even(max(3, *map(abs, leads)) + 1))
    half = canvas.highest // 2
    return Drawing(
        canvas=canvas,
        path=_line(canvas, leads),
        above=_area(canvas, [max(0, lead) for lead in leads]),
        below=_area(canvas, [min(0, lead) for lead in leads]),
        ball=(canvas.x(len(rallies)), canvas.y(leads[-1])),
        grid=[(canvas.y(lead), abs(lead)) for lead in (-canvas.highest, -half, half, canvas.highest)],
        marks=[] if calls else [(canvas.x(at), at) for at in range(MARK_EVERY, canvas.rallies + 1, MARK_EVERY)],
        ends=_ends_of_games(canvas, rallies, calls or []),
        run=_longest_run(canvas, rallies),
    )


def sheet(rallies: str, side: str, begun_at: int, calls: list[str] | None) -> list[int | str | None]:
    """One side's row of the score sheet: its points as counted or called, None for rallies it lost."""
    counted = accumulate((int(winner == side) for winner in rallies), initial=begun_at)
    next(counted)
    points: Iterable[int | str] = calls or counted
    return [said if winner == side else None for winner, said in zip(rallies, points, strict=True)]


def _ends_of_games(canvas: Canvas, rallies: str, calls: list[str]) -> list[tuple[float, str]]:
    won, ends = {"A": 0, "B": 0}, []
    for rally, (winner, said) in enumerate(zip(rallies, calls, strict=False), start=1):
        if said == GAME:
            won[winner] += 1
            ends.append((canvas.x(rally), f"{won['A']}:{won['B']}"))
    return ends


def _even(number: int) -> int:
    return number + number % 2


def _line(canvas: Canvas, leads: list[int]) -> str:
    return "M" + " L".join(f"{canvas.x(rally)} {canvas.y(lead)}" for rally, lead in enumerate(leads))


def _area(canvas: Canvas, leads: list[int]) -> str:
    return f"{_line(canvas, leads)} L{canvas.x(len(leads) - 1)} {canvas.middle} Z"


def _longest_run(canvas: Canvas, rallies: str) -> tuple[float, float, float, int] | None:
    runs: list[tuple[int, int]] = []
    begins = 0
    for _, run in groupby(rallies):
        length = len(list(run))
        runs.append((length, begins))
        begins += length
    length, begins = max(runs, key=lambda run: run[0], default=(0, 0))
    if length < LONG_RUN:
        return None
    start, end = canvas.x(begins), canvas.x(begins + length)
    beside_the_numbers, last = canvas.left + HALF_A_LABEL, canvas.width - canvas.right - HALF_A_LABEL
    return start, end, min(max((start + end) / 2, beside_the_numbers), last), length
