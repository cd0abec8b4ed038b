"""The draw: seeds in their order, all others by lot."""

from collections.abc import Mapping, Sequence
from random import Random


def drawn(entrants: Sequence[int], seeds: Mapping[int, int], chance: Random) -> list[int]:
    """The strongest first; entrants with the same seed, or none, are ordered by lot."""
    order = chance.sample(entrants, len(entrants))
    return sorted(order, key=lambda entrant: seeds.get(entrant, len(entrants) + max(seeds.values(), default=0)))
