"""Round robin by the circle method: the first entrant is fixed, the others rotate."""

from collections.abc import Collection, Iterator, Sequence

from rules.contests.ties import Tie, Winners, decided

Pairing = tuple[int, int]


def rounds(entrants: Sequence[int]) -> Iterator[list[Pairing]]:
    """Each round's pairings; the first two entrants meet in the last one. With an odd number one rests each round."""
    places: list[int | None] = [*entrants, *([None] if len(entrants) % 2 else [])]
    first, circle = places[:1], places[1:]
    for turned in range(len(circle)):
        line = first + circle[len(circle) - turned :] + circle[: len(circle) - turned]
        opposite = zip(line[: len(line) // 2], reversed(line), strict=False)
        yield [(a, b) for a, b in opposite if a is not None and b is not None]


def round_robin(entrants: Sequence[int], winners: Winners, withdrawn: Collection[int] = ()) -> list[Tie]:
    """All ties, round by round."""
    pairings = [(number, *pair) for number, each in enumerate(rounds(entrants), start=1) for pair in each]
    return [
        decided(number, round_number, a, b, winners, withdrawn)
        for number, (round_number, a, b) in enumerate(pairings, start=1)
    ]
