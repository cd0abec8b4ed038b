"""Groups before a bracket: who is in which, who advances, and to which place in the bracket."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

from rules.contests.knockout import bracket_size, seeding
from rules.contests.round_robin import rounds
from rules.contests.standings import Row
from rules.contests.ties import Tie, Winners, decided

Groups = Sequence[Sequence[int]]


def snake(entrants: Sequence[int], groups: int) -> list[list[int]]:
    """Snake order: of eight in two groups 1, 4, 5, 8 and 2, 3, 6, 7."""
    found: list[list[int]] = [[] for _ in range(groups)]
    for turn in range(0, len(entrants), groups):
        row = entrants[turn : turn + groups]
        order = found if turn // groups % 2 == 0 else found[::-1]
        for group, entrant in zip(order, row, strict=False):
            group.append(entrant)
    return found


def group_ties(groups: Groups, winners: Winners, withdrawn: Collection[int] = ()) -> list[Tie]:
    """All ties of all groups, round by round; groups are counted from 1."""
    rounds_of_all = zip_longest(*(rounds(group) for group in groups), fillvalue=[])
    pairings = [
        (turn, group, a, b)
        for turn, pairings in enumerate(rounds_of_all, start=1)
        for group, each in enumerate(pairings, start=1)
        for a, b in each
    ]
    return [
        replace(decided(number, turn, a, b, winners, withdrawn), group=group)
        for number, (turn, group, a, b) in enumerate(pairings, start=1)
    ]


def going_on(rows: Sequence[Row], advance: int, withdrawn: Collection[int] = ()) -> list[Row]:
    """The first of a group who have not withdrawn, and all who share a place with one of them: a lot must decide."""
    there = [row for row in rows if row.entrant not in withdrawn]
    last = there[min(advance, len(there)) - 1].place if there else 0
    return [row for row in there if row.place <= last]


def level(rows: Sequence[Row]) -> list[list[int]]:
    """Those whom only a lot can separate, by the place that they share."""
    places: dict[int, list[int]] = {}
    for row in rows:
        places.setdefault(row.place, []).append(row.entrant)
    return [entrants for entrants in places.values() if len(entrants) > 1]


def bracket(qualified: Groups) -> list[int]:
    """The entrants who advance, in the order of the bracket's seeds; each group is given with its first place first.

    Group winners are seeded before runners-up, and so on; those of one group meet as late as possible.
    """
    order = seeding(bracket_size(sum(map(len, qualified))))
    spots = {seed: spot for spot, seed in enumerate(order)}
    taken: dict[int, list[int]] = {group: [] for group in range(len(qualified))}
    seeds, next_seed = dict[int, int](), 1
    for place in range(max(map(len, qualified))):
        groups = [group for group, entrants in enumerate(qualified) if len(entrants) > place]
        free = range(next_seed, next_seed + len(groups))
        next_seed += len(groups)
        for group, seed in _apart(groups, free, taken, spots).items():
            seeds[seed] = qualified[group][place]
            taken[group].append(spots[seed])
    return [seeds[seed] for seed in sorted(seeds)]


def _apart(
    groups: Sequence[int], seeds: Sequence[int], taken: Mapping[int, Sequence[int]], spots: Mapping[int, int]
) -> Mapping[int, int]:
    """A seed for each group such that entrants of one group meet as late as possible."""
    latest = max(spots.values()).bit_length()
    for apart in range(latest, -1, -1):
        may_have = {
            group: [seed for seed in seeds if all(_meeting(spots[seed], spot) >= apart for spot in taken[group])]
            for group in groups
        }
        if len(found := _matched(groups, may_have)) == len(groups):
            return found
    raise AssertionError("apart by nothing, everybody fits everywhere")


def _meeting(spot: int, other: int) -> int:
    """The round in which two spots of the bracket can meet."""
    return (spot ^ other).bit_length()


def _matched(groups: Sequence[int], may_have: Mapping[int, Sequence[int]]) -> Mapping[int, int]:
    """A maximum matching of groups to the seeds that each may have."""
    owner: dict[int, int] = {}
    for group in groups:
        _settle(group, may_have, owner, set())
    return {group: seed for seed, group in owner.items()}


def _settle(group: int, may_have: Mapping[int, Sequence[int]], owner: dict[int, int], asked: set[int]) -> bool:
    """Finds a seed for the group along an augmenting path: other groups may be moved to other seeds."""
    for seed in sorted(may_have[group], key=owner.__contains__):
        if seed not in asked:
            asked.add(seed)
            if seed not in owner or _settle(owner[seed], may_have, owner, asked):
                owner[seed] = group
                return True
    return False
