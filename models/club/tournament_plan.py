"""What a tournament is before it begins: who takes part, how they meet, by which law and at how many tables."""

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
    """Who meets whom."""

    ROUND_ROBIN = "round-robin"
    KNOCKOUT = "knockout"
    GROUPS = "groups"


# A table of more, or a bracket of more, is played in no evening.
MOST = {System.ROUND_ROBIN: 16, System.KNOCKOUT: 32, System.GROUPS: 32}
LEAST = {System.ROUND_ROBIN: 3, System.KNOCKOUT: 2, System.GROUPS: 6}
LEAST_IN_GROUP = 3
MOST_GROUPS, MOST_TO_ADVANCE = 8, 4
MOST_TABLES = 20


@dataclass(frozen=True)
class TournamentPlan:
    """`sides` in the order of the draw, the strongest first: one player each, or two.

    groups, advance: in how many groups they begin, and how many of each go on; only where they begin in groups.
    """

    name: str
    system: System
    sides: Sides
    format: str = TO_ELEVEN.format
    best_of: int = 3
    tables: int = 1
    has_third: bool = False
    groups: int = 2
    advance: int = 2

    @property
    def ruleset(self) -> Ruleset:
        """The law of a plan without faults."""
        return MatchPlan((), (), self.best_of, format=self.format).ruleset

    def faults(self) -> dict[str, Fault]:
        """What is wrong, by form field: players, groups, format, best_of, kind."""
        if not LEAST[self.system] <= len(self.sides) <= MOST[self.system]:
            return {"players": Fault.TOO_FEW if len(self.sides) < LEAST[self.system] else Fault.TOO_MANY}
        if len({len(side) for side in self.sides}) > 1:
            return {"players": Fault.ODD}
        smallest = len(self.sides) // self.groups
        if self.system is System.GROUPS and smallest < max(LEAST_IN_GROUP, self.advance + 1):
            return {"groups": Fault.SMALL_GROUPS}
        return MatchPlan(self.sides[0], self.sides[1], self.best_of, format=self.format).faults()


def drawn_sides(players: Sequence[Player], seeds: Mapping[int, int], chance: Random, *, in_pairs: bool) -> Sides:
    """The draw: by seeds, which players' numbers name, and by lot. Of pairs the strongest plays with the weakest."""
    known = {player.id: player for player in players}
    order = [known[number] for number in drawn(list(known), seeds, chance)]
    if not in_pairs:
        return tuple((player,) for player in order)
    half = (len(order) + 1) // 2
    weakest_first = order[half:][::-1]
    return tuple((player, *weakest_first[place : place + 1]) for place, player in enumerate(order[:half]))
