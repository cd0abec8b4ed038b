"""The result of a tie as the standings count it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from rules.scoring.log import Points, Side
from rules.scoring.ruleset import Ruleset


@dataclass(frozen=True, slots=True)
class Result:
    """What `a` and `b` won of games and of points; in tennis and padel of sets and of games.

    is_full: False if somebody retired or did not come, and so lost without playing to the end.
    """

    a: int
    b: int
    winner: int
    games: Points
    points: Points
    is_full: bool = True

    @classmethod
    def of(cls, law: Ruleset, a: int, b: int, winner: Side, games: Iterable[Sequence[int]] = ()) -> "Result":
        """From the finished games. Whoever retired loses the remaining games to nothing."""
        played = [(game[0], game[1]) for game in games]
        won = sum(x > y for x, y in played), sum(y > x for x, y in played)
        left = law.games_to_win - won[list(Side).index(winner)]
        target = law.sets.games.target if law.sets else law.game.target
        awarded = [(target, 0) if winner is Side.A else (0, target)] * left
        points = tuple(sum(game[place] for game in played + awarded) for place in (0, 1))
        total = (won[0] + left, won[1]) if winner is Side.A else (won[0], won[1] + left)
        return cls(a, b, a if winner is Side.A else b, total, (points[0], points[1]), is_full=left == 0)


@dataclass(frozen=True, slots=True)
class Tally:
    """One entrant's totals, overall or against some of the others; pairs of numbers are (won, lost)."""

    matches: Points = (0, 0)
    match_points: int = 0
    games: Points = (0, 0)
    points: Points = (0, 0)

    def plus(self, matches: Points, match_points: int, games: Points, points: Points) -> "Tally":
        return Tally(
            _sum(self.matches, matches),
            self.match_points + match_points,
            _sum(self.games, games),
            _sum(self.points, points),
        )


def ratio(won_and_lost: Points) -> Fraction:
    """The share won: orders like the ratio of won to lost, without division by zero."""
    won, lost = won_and_lost
    return Fraction(won, won + lost) if won + lost else Fraction(0)


def difference(won_and_lost: Points) -> Fraction:
    return Fraction(won_and_lost[0] - won_and_lost[1])


def _sum(one: Points, other: Points) -> Points:
    return one[0] + other[0], one[1] + other[1]
