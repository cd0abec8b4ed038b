"""Badminton beyond the vectors: the law by date, choices before a game, misconduct."""

from datetime import date

import pytest

from rules.scoring.badminton import BADMINTON, TO_FIFTEEN, TO_TWENTY_ONE
from rules.scoring.engine import fold
from rules.scoring.log import EntryKind, Side
from rules.scoring.ruleset import Ruleset
from tests.rules.scoring.logs import order, rallies, say, service

THREE = TO_TWENTY_ONE.of_length(3)
SHORT = TO_FIFTEEN.of_length(3)


def test_the_law_follows_the_day_and_an_old_match_keeps_its_own() -> None:
    assert BADMINTON.default_on(date(2027, 1, 3)).law is TO_TWENTY_ONE
    assert BADMINTON.default_on(date(2027, 1, 4)).law is TO_FIFTEEN


@pytest.mark.parametrize(("law", "at"), [(THREE, 11), (SHORT, 8)])
def test_ends_change_after_each_game_and_in_the_third_at_the_middle(law: Ruleset, at: int) -> None:
    game = law.game.target
    assert fold(law, rallies("A" * game)).ends_change_due
    inside_first = fold(law, rallies("A" * at))
    assert (inside_first.ends_change_due, inside_first.interval) == (False, 60)
    third = "A" * game + "B" * game + "A" * at
    state = fold(law, rallies(third))
    assert (state.game_number, state.ends_change_due, state.interval) == (3, True, 60)
    assert fold(law, rallies(third + "B" * at)).ends_change_due is False


def test_before_each_game_the_pairs_choose_who_serves_and_who_receives() -> None:
    log = order(rallies("A" * 21), Side.A, 2, server=2, receiver=2)
    assert service(fold(THREE, log, pairs=True)) == "A2>B2 R"


def test_a_point_for_misconduct_gives_the_serve() -> None:
    state = fold(THREE, say(rallies("A"), EntryKind.AWARD, Side.B))
    assert (state.points, state.server) == ((1, 1), Side.B)
