"""How much is measured: everything, what fits into two minutes, and what proves that the bench still runs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """crowds: listeners of the fan-out; small: of what is measured beside peers that cannot have more; storm: how many
    connect at once; rounds and changes (in each round) of everything; games: what a club has played when it is old;
    busy: how many changes come one after the other without a pause; cards: of a clinic of many years; visits: of each
    of twenty practitioners on one day; alone: whether nothing but Tablo on SQLite is started."""

    name: str
    crowds: tuple[int, ...]
    small: int
    held: int
    storm: int
    rounds: int
    changes: int
    games: int
    rallies: int
    busy: int
    cards: int
    visits: int
    alone: bool = False


FULL = Size("full", (1_000, 5_000, 10_000, 15_000), 1_000, 10_000, 10_000, 5, 10, 100_000, 1_000, 100, 100_000, 30)
SHORT = Size("short", (1_000, 5_000), 1_000, 2_000, 2_000, 2, 4, 1_000, 60, 15, 20_000, 30)
TINY = Size("tiny", (50,), 50, 50, 50, 1, 2, 20, 20, 5, 300, 2, alone=True)
