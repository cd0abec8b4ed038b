"""Statistics of a match by side: rallies won and lost, on serve and on receive, and the longest run."""

from collections.abc import Sequence
from dataclasses import dataclass

from rules.scoring.log import Points, Side
from rules.scoring.play import Rally


@dataclass(slots=True)
class Tally:
    """One side's statistics of a match, or the sum of several. longest_run: consecutive rallies won within a game."""

    games_won: int = 0
    games_lost: int = 0
    serve_won: int = 0
    serve_lost: int = 0
    receive_won: int = 0
    receive_lost: int = 0
    longest_run: int = 0

    @property
    def won(self) -> int:
        return self.serve_won + self.receive_won

    @property
    def lost(self) -> int:
        return self.serve_lost + self.receive_lost

    def _count(self, *, serves: bool, wins: bool) -> None:
        if serves:
            self.serve_won, self.serve_lost = self.serve_won + wins, self.serve_lost + (not wins)
        else:
            self.receive_won, self.receive_lost = self.receive_won + wins, self.receive_lost + (not wins)


def tallies(rallies: Sequence[Rally], games: Sequence[Points]) -> tuple[Tally, Tally]:
    """For sides A and B. games: the finished ones."""
    both = Tally(), Tally()
    for rally in rallies:
        for tally, side in zip(both, Side, strict=True):
            tally._count(serves=side is rally.server[0], wins=side is rally.side)
    for tally, side in zip(both, Side, strict=True):
        tally.longest_run = _longest_run(rallies, side)
        tally.games_won = sum((a > b) is (side is Side.A) for a, b in games)
        tally.games_lost = len(games) - tally.games_won
    return both


def _longest_run(rallies: Sequence[Rally], side: Side) -> int:
    longest = run = game = 0
    for rally in rallies:
        run = run if rally.stretch == game else 0
        run, game = run + 1 if rally.side is side else 0, rally.stretch
        longest = max(longest, run)
    return longest
