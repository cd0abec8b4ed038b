"""Correcting an old rally: swapped, removed, or inserted, and what then falls after the end."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.scoring.corrections import corrected
from rules.scoring.engine import fold
from rules.scoring.log import BadEntry, Entry, EntryKind, Side
from rules.scoring.play import AgainstTheLaw
from rules.scoring.ruleset import Ruleset
from rules.scoring.sports import LAWS
from rules.scoring.table_tennis import TO_ELEVEN
from tests.rules.scoring.logs import amend, rallies, say, undo
from tests.rules.scoring.test_properties import Game, until_the_end

BEST_OF_THREE = TO_ELEVEN.of_length(3)
FRIENDLY = TO_ELEVEN.of_length(1)
WAYS = [(EntryKind.UNDO, None), (EntryKind.INSERT, Side.B), (EntryKind.AMEND, Side.A)]


def insert(log: list[Entry], before: int, winner: Side) -> list[Entry]:
    return [*log, Entry(len(log) + 1, EntryKind.INSERT, winner, before)]


def winners(log: list[Entry]) -> str:
    return "".join(rally.side for rally in fold(BEST_OF_THREE, log).live)


def test_a_rally_is_put_in_where_it_was_played() -> None:
    assert winners(insert(rallies("AAB"), 2, Side.B)) == "ABAB"


def test_of_two_put_in_before_one_rally_the_later_stands_nearer_to_it() -> None:
    assert winners(insert(insert(rallies("AA"), 2, Side.B), 2, Side.A)) == "ABAA"


def test_a_rally_put_in_may_itself_be_amended_taken_out_or_be_a_place() -> None:
    log = insert(rallies("AA"), 2, Side.B)
    assert winners(amend(log, 3, Side.A)) == "AAA"
    assert winners(insert(log, 3, Side.A)) == "AABA"
    assert winners(undo(log, 3)) == "AA"
    assert winners(undo(undo(log, 3), 4)) == "ABA"


def test_what_was_put_in_stays_when_the_rally_after_it_goes() -> None:
    assert winners(undo(insert(rallies("AAB"), 2, Side.B), 2)) == "ABB"


def test_the_line_written_last_is_the_newest_wherever_it_was_played() -> None:
    newest = fold(BEST_OF_THREE, insert(rallies("AAB"), 1, Side.B)).newest
    assert newest is not None
    assert (newest.seq, newest.kind) == (4, EntryKind.INSERT)


def test_an_old_rally_taken_out_is_a_line_to_take_back_and_the_newest_one_only_leads_back() -> None:
    out = undo(rallies("AAB"), 1)
    for log, expected in (
        (out, (4, EntryKind.UNDO, Side.A)),
        (undo(out, 4), (3, EntryKind.RALLY, Side.B)),
        (undo(rallies("AAB"), 3), (2, EntryKind.RALLY, Side.A)),
        (undo(undo(out, 4), 3), (2, EntryKind.RALLY, Side.A)),
    ):
        assert fold(BEST_OF_THREE, log).newest == expected


@pytest.mark.parametrize("log", [rallies("A"), say(rallies("A"), EntryKind.LET)])
@pytest.mark.parametrize("kind", [EntryKind.INSERT, EntryKind.AMEND])
def test_only_rallies_that_stand_are_put_right(log: list[Entry], kind: EntryKind) -> None:
    for target in (None, 2, 9):
        with pytest.raises(BadEntry):
            fold(BEST_OF_THREE, [*log, Entry(len(log) + 1, kind, Side.A, target)])


def test_what_lies_behind_an_end_that_comes_earlier_is_counted_and_taken_out() -> None:
    log = rallies("AB" * 10 + "AB" + "AA")
    found = corrected(FRIENDLY, log, Entry(25, EntryKind.AMEND, Side.A, 20))
    assert (found.surplus, found.state.winner, found.state.games) == (4, Side.A, ((11, 9),))
    assert fold(FRIENDLY, [*log, *found.lines]) == found.state


def test_an_end_that_comes_later_leaves_the_match_open() -> None:
    found = corrected(FRIENDLY, rallies("A" * 11), Entry(12, EntryKind.AMEND, Side.B, 3))
    assert (found.surplus, found.state.is_finished, found.state.points) == (0, False, (10, 1))


def test_a_correction_that_the_law_forbids_is_refused() -> None:
    late = say(rallies("AB" * 9)[:17], EntryKind.EXPEDITE)
    with pytest.raises(AgainstTheLaw):
        corrected(FRIENDLY, late, Entry(19, EntryKind.INSERT, Side.A, 3))


@settings(max_examples=40)
@given(st.sampled_from(list(LAWS.values())), st.text("AB", min_size=1, max_size=120), st.data())
def test_a_correction_is_as_if_it_had_been_written_so_at_once(law: Ruleset, played: str, data: st.DataObject) -> None:
    log = until_the_end(Game(law, Side.A, pairs=False), rallies(played))
    letters, place = "".join(str(entry.side) for entry in log), data.draw(st.integers(1, len(log)))
    kind, side = data.draw(st.sampled_from(WAYS))
    rest = letters[place - 1 :] if kind is EntryKind.INSERT else letters[place:]
    wanted = letters[: place - 1] + (side or "") + rest
    found = corrected(law, log, Entry(len(log) + 1, kind, side, place))
    assert "".join(rally.side for rally in found.state.live) == wanted[: len(wanted) - found.surplus]
