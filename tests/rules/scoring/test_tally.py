"""Statistics of each side from the log alone."""

import pytest

from rules.scoring.engine import Scorebook
from rules.scoring.log import Entry, EntryKind, Points, Side
from rules.scoring.sports import LAWS
from rules.scoring.tally import Tally, tallies


def played(law: str, winners: str) -> tuple[Tally, Tally]:
    book = Scorebook(LAWS[law])
    book.read([Entry(seq, EntryKind.RALLY, Side(winner)) for seq, winner in enumerate(winners, start=1)])
    return tallies(book.state.live, book.state.games)


def serves(tally: Tally) -> tuple[Points, Points]:
    return (tally.serve_won, tally.serve_lost), (tally.receive_won, tally.receive_lost)


def test_in_table_tennis_everybody_serves_twice() -> None:
    ivan, petr = played("table-tennis-3", "ABBBAA")
    assert serves(ivan) == ((3, 1), (0, 2))
    assert serves(petr) == ((2, 0), (1, 3))


def test_in_badminton_who_wins_serves() -> None:
    ivan, petr = played("badminton-21-3", "AABBA")
    assert serves(ivan) == ((2, 1), (1, 1))
    assert serves(petr) == ((1, 1), (1, 2))


@pytest.mark.parametrize(
    ("winners", "run"), [("", 0), ("ABAAAB", 3), ("A" * 11 + "A" * 4, 11), ("B" * 3 + "A" * 8 + "B" * 8 + "A" * 3, 8)]
)
def test_a_run_ends_with_the_game(winners: str, run: int) -> None:
    assert played("table-tennis-3", winners)[0].longest_run == run


def test_games_and_rallies_are_those_of_the_log() -> None:
    ivan, petr = played("table-tennis-3", "A" * 11 + "B" * 11 + "A" * 11)
    assert (ivan.games_won, ivan.games_lost, ivan.won, ivan.lost) == (2, 1, 22, 11)
    assert (petr.games_won, petr.games_lost, petr.won, petr.lost) == (1, 2, 11, 22)
