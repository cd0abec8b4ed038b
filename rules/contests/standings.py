"""The order of a group, with ties broken by the law of each sport."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from itertools import groupby

from rules.contests.results import Result, Tally, difference, ratio
from rules.scoring.log import Points


class Among(Enum):
    """Which matches a step counts."""

    ALL = "all of the group"
    TIED = "only those between the ones who are level"
    TWO = "the one between the two who are level; passed over if they are more"


@dataclass(frozen=True, slots=True)
class Step:
    """One criterion that separates level entrants: more is better."""

    measure: Callable[[Tally], Fraction]
    among: Among = Among.ALL


@dataclass(frozen=True, slots=True)
class TieLaw:
    """Criteria to be applied in turn; once one separates some entrants, those still level start over.

    match_points: the points (a, b) for a result.
    """

    steps: tuple[Step, ...]
    match_points: Callable[[Result], Points]


@dataclass(frozen=True, slots=True)
class Row:
    """One entrant's place, from 1, shared with those whom only a lot can separate. `tally` counts all their matches."""

    entrant: int
    place: int
    is_shared: bool
    tally: Tally


def standings(entrants: Sequence[int], results: Collection[Result], law: TieLaw) -> list[Row]:
    """Everybody by place; those who share a place stay in the given order."""
    totals, rows = tallies(entrants, results, law), list[Row]()
    for level in _ordered(list(entrants), results, law):
        place = len(rows) + 1
        rows += [Row(entrant, place, len(level) > 1, totals[entrant]) for entrant in level]
    return rows


def tallies(entrants: Collection[int], results: Collection[Result], law: TieLaw) -> Mapping[int, Tally]:
    """The tally of each of these from the matches between them."""
    found = {entrant: Tally() for entrant in entrants}
    for result in results:
        if result.a in found and result.b in found:
            a, b = law.match_points(result)
            won = (1, 0) if result.winner == result.a else (0, 1)
            found[result.a] = found[result.a].plus(won, a, result.games, result.points)
            found[result.b] = found[result.b].plus(won[::-1], b, result.games[::-1], result.points[::-1])
    return found


def _ordered(level: list[int], results: Collection[Result], law: TieLaw) -> list[list[int]]:
    """Level entrants separated as far as the law can; the rest needs a lot."""
    for step in law.steps:
        parted = _parted(level, results, law, step)
        if len(parted) > 1:
            return [each for part in parted for each in _ordered(part, results, law)]
    return [level]


def _parted(level: list[int], results: Collection[Result], law: TieLaw, step: Step) -> list[list[int]]:
    if len(level) == 1 or (step.among is Among.TWO and len(level) > 2):
        return [level]
    heard = results
    if step.among is not Among.ALL:
        heard = [result for result in results if result.a in level and result.b in level]
    everybody = {entrant for result in heard for entrant in (result.a, result.b)} | set(level)
    found = tallies(everybody, heard, law)
    measured = sorted(level, key=lambda entrant: -step.measure(found[entrant]))
    return [list(part) for _, part in groupby(measured, key=lambda entrant: step.measure(found[entrant]))]


def wins(tally: Tally) -> Fraction:
    return Fraction(tally.matches[0])


def match_points(tally: Tally) -> Fraction:
    return Fraction(tally.match_points)


def games_ratio(tally: Tally) -> Fraction:
    return ratio(tally.games)


def points_ratio(tally: Tally) -> Fraction:
    return ratio(tally.points)


def games_difference(tally: Tally) -> Fraction:
    return difference(tally.games)


def points_difference(tally: Tally) -> Fraction:
    return difference(tally.points)
