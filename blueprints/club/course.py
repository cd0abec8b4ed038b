"""The course of a game as a drawing: the lead after each rally, in the coordinates of an SVG."""

from dataclasses import dataclass
from itertools import accumulate, groupby

Spot = tuple[float, float]
MARK_EVERY = 5
LONG_RUN = 3


@dataclass(frozen=True)
class Frame:
    """The size of a drawing and the room around its lines."""

    width: int
    height: int
    left: int
    right: int
    top: int = 26

    @property
    def bottom(self) -> int:
        return self.height - self.top

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


FRAMES = {"wide": Frame(1088, 250, 40, 10), "narrow": Frame(358, 210, 26, 10)}


@dataclass(frozen=True)
class Drawing:
    """Everything the template writes down; y grows downwards, side A leads above the middle.

    grid: (y, lead); marks: (x, rally number); run: the longest run from LONG_RUN rallies on, as (x from, x to, length).
    """

    frame: Frame
    path: str
    above: str
    below: str
    ball: Spot
    grid: list[tuple[float, int]]
    marks: list[tuple[float, int]]
    run: tuple[float, float, int] | None


def course_drawing(rallies: str, kind: str) -> Drawing:
    """Draws the rallies, "A" or "B" for each winner, in the frame of this kind: wide or narrow."""
    frame = FRAMES[kind]
    leads = list(accumulate((1 if winner == "A" else -1 for winner in rallies), initial=0))
    last = max(20, len(rallies))
    highest = max(4, *(abs(lead) for lead in leads)) + max(leads + [-lead for lead in leads]) % 2
    step = (frame.width - frame.left - frame.right) / last
    unit = (frame.bottom - frame.middle) / highest

    def spot(rally: int, lead: float) -> Spot:
        return round(frame.left + rally * step, 1), round(frame.middle - lead * unit, 1)

    spots = [spot(rally, lead) for rally, lead in enumerate(leads)]
    return Drawing(
        frame=frame,
        path=_line(spots),
        above=_area([spot(rally, max(0, lead)) for rally, lead in enumerate(leads)], frame.middle),
        below=_area([spot(rally, min(0, lead)) for rally, lead in enumerate(leads)], frame.middle),
        ball=spots[-1],
        grid=[(spot(0, lead)[1], abs(lead)) for lead in _grid(highest)],
        marks=[(spot(rally, 0)[0], rally) for rally in range(MARK_EVERY, last + 1, MARK_EVERY)],
        run=_longest_run(rallies, lambda rally: spot(rally, 0)[0]),
    )
