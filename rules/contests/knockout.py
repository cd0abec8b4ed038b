"""Knockout: the strongest meet as late as possible and get the byes."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from rules.contests.ties import Tie, Winners, decided

LEAST_FOR_THIRD = 4


def seeding(size: int) -> list[int]:
    """The seeds from the top of the bracket for a power of two: 1, 8, 5, 4, 3, 6, 7, 2; 1 and 2 in different halves."""
    order = [1]
    while len(order) < size:
        total = 2 * len(order) + 1
        pairs = [(seed, total - seed) for seed in order]
        order = [seed for place, pair in enumerate(pairs) for seed in (pair if place % 2 == 0 else pair[::-1])]
    return order


def bracket_size(entrants: int) -> int:
    """The smallest power of two that is large enough."""
    return 1 << max(1, (entrants - 1).bit_length())


def knockout(
    entrants: Sequence[int], winners: Winners, withdrawn: Collection[int] = (), *, has_third: bool = False
) -> list[Tie]:
    """All ties, round by round and from the top of the bracket down; entrants come strongest first.

    The winner of a tie is in the next one, and leaves it when that result is undone. The tie for the third place,
    if any, comes last.
    """
    latest = _first_round(entrants, winners, withdrawn)
    ties = list(latest)
    while len(latest) > 1:
        semifinals = latest
        latest = _next_round(latest, len(ties), winners, withdrawn)
        ties += latest
    if has_third and len(entrants) >= LEAST_FOR_THIRD:
        a, b = (tie.loser for tie in semifinals)
        third = decided(len(ties) + 1, latest[0].round, a, b, winners, withdrawn)
        ties.append(replace(third, is_third=True))
    return ties


def _first_round(entrants: Sequence[int], winners: Winners, withdrawn: Collection[int]) -> list[Tie]:
    order = seeding(bracket_size(len(entrants)))
    standing = [entrants[seed - 1] if seed <= len(entrants) else None for seed in order]
    pairs = list(zip(standing[::2], standing[1::2], strict=True))
    return [_first_tie(number, *pair, winners, withdrawn) for number, pair in enumerate(pairs, start=1)]


def _first_tie(number: int, a: int | None, b: int | None, winners: Winners, withdrawn: Collection[int]) -> Tie:
    alone = a if b is None else b if a is None else None
    if alone is not None:
        return Tie(number, 1, alone, None, winner=alone, is_bye=True)
    return decided(number, 1, a, b, winners, withdrawn)


def _next_round(before: list[Tie], played: int, winners: Winners, withdrawn: Collection[int]) -> list[Tie]:
    pairs = zip(before[::2], before[1::2], strict=True)
    return [
        decided(played + place, before[0].round + 1, upper.winner, lower.winner, winners, withdrawn)
        for place, (upper, lower) in enumerate(pairs, start=1)
    ]
