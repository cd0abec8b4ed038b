"""A tournament before it starts: entrants, system, ruleset and number of tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from models.club.plan import Fault, MatchPlan
from models.club.player import Player
from rules.contests.draw import drawn
from rules.scoring.ruleset import Ruleset
from rules.scoring.table_tennis import TO_ELEVEN

Sides = tuple[tuple[Player, ...], ...]


class System(StrEnum):
    """The tournament format: who meets whom."""

    ROUND_ROBIN = "round-robin"
    KNOCKOUT = "knockout"
    GROUPS = "groups"


# More cannot be played in one evening.
MOST = {System.ROUND_ROBIN: 16, System.KNOCKOUT: 32, System.GROUPS: 32}
LEAST = {System.ROUND_ROBIN: 3, System.KNOCKOUT: 2, System.GROUPS: 6}
LEAST_IN_GROUP = 3
MOST_GROUPS, MOST_TO_ADVANCE = 8, 4
MOST_TABLES = 20


@dataclass(frozen=True)
class TournamentPlan:
    """`sides` in the order of the draw, the strongest first: one player each, or two.

    groups, advance: the number of groups and how many of each qualify; only for systems with groups.
    """

    name: str
    system: System
    sides: Sides
    format: str = TO_ELEVEN.format
    best_of: int = 3
    tables: tuple[int, ...] = (1,)
    has_third: bool = False
    groups: int = 2
    advance: int = 2

    @property
    def ruleset(self) -> Ruleset:
        """The ruleset; only for a plan without faults."""
        return MatchPlan((), (), self.best_of, format=self.format).ruleset

    def faults(self) -> dict[str, Fault]:
        """Faults by form field: players, groups, format, best_of, kind."""
        if not LEAST[self.system] <= len(self.sides) <= MOST[self.system]:
            return {"players": Fault.TOO_FEW if len(self.sides) < LEAST[self.system] else Fault.TOO_MANY}
        if len({len(side) for side in self.sides}) > 1:
            return {"players": Fault.ODD}
        smallest = len(self.sides) // self.groups
        if self.system is System.GROUPS and smallest < smallest_group(self.advance):
            return {"groups": Fault.SMALL_GROUPS}
        return MatchPlan(self.sides[0], self.sides[1], self.best_of, format=self.format).faults()


def smallest_group(advance: int) -> int:
    """The fewest entrants of a group from which so many advance."""
    return max(LEAST_IN_GROUP, advance + 1)


def drawn_sides(players: Sequence[Player], seeds: Mapping[int, int], chance: Random, *, in_pairs: bool) -> Sides:
    """The draw: seeded players (by player id) first, the others by lot. Pairs join the strongest with the weakest."""
    known = {player.id: player for player in players}
    order = [known[number] for number in drawn(list(known), seeds, chance)]
    if not in_pairs:
        return tuple((player,) for player in order)
    half = (len(order) + 1) // 2
    weakest_first = order[half:][::-1]
    return tuple((player, *weakest_first[place : place + 1]) for place, player in enumerate(order[:half]))
