"""A tie: two entrants who meet, or places that are not yet filled, and its winner."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

# The winner by tie number and entrants. A tie played by others than those now due in it is not decided.
Winners = Mapping[tuple[int, frozenset[int]], int]


@dataclass(frozen=True, slots=True)
class Tie:
    """`number` and `round` count from 1 in the order of play; `a` and `b` are None while not yet known.

    is_bye      `a` has no opponent and advances without playing
    is_third    for the third place
    is_walkover decided without play because somebody withdrew
    group       in which of the groups before a bracket, from 1; 0 elsewhere
    """

    number: int
    round: int
    a: int | None
    b: int | None
    winner: int | None = None
    is_bye: bool = False
    is_third: bool = False
    is_walkover: bool = False
    group: int = 0

    @property
    def loser(self) -> int | None:
        return None if self.winner is None or self.is_bye else self.b if self.winner == self.a else self.a

    @property
    def is_open(self) -> bool:
        """Both entrants are known and neither has won."""
        return self.a is not None and self.b is not None and self.winner is None


def decided(
    number: int, round_number: int, a: int | None, b: int | None, winners: Winners, withdrawn: Collection[int]
) -> Tie:
    """The tie with its winner: by play, else whoever has not withdrawn."""
    if a is None or b is None:
        return Tie(number, round_number, a, b)
    played = winners.get((number, frozenset((a, b))))
    if played is not None or not {a, b} & set(withdrawn):
        return Tie(number, round_number, a, b, played)
    return Tie(number, round_number, a, b, b if a in withdrawn else a, is_walkover=True)
