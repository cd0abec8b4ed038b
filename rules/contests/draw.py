"""Who stands where before the first match: seeds as they were named, all others by lot."""

from collections.abc import Mapping, Sequence
from random import Random


def drawn(entrants: Sequence[int], seeds: Mapping[int, int], chance: Random) -> list[int]:
    """The strongest first; who was given the same seed, or none, is put in order by lot."""
    order = chance.sample(entrants, len(entrants))
    return sorted(order, key=lambda entrant: seeds.get(entrant, len(entrants) + max(seeds.values(), default=0)))
