"""How much is measured: the full run, one of two minutes, and a tiny one that tests the bench itself."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """crowds: listeners in the fan-out; small: listeners where peers cannot take more; held: listeners for memory;
    storm: simultaneous connections; rounds, and changes in each round; games: matches added to the club for growth;
    rallies: of the long match; busy: changes at ten a second; cards: added to the clinic; visits: per practitioner
    on one day; alone: whether only Tablo on SQLite is started."""

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
