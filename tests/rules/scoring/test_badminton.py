"""Badminton: BD1 to BD8, BWF Laws 7 to 16."""

from datetime import date

import pytest

from rules.scoring.badminton import BADMINTON, TO_FIFTEEN, TO_TWENTY_ONE
from rules.scoring.engine import fold
from rules.scoring.log import EntryKind, Side
from rules.scoring.ruleset import Ruleset
from tests.rules.scoring.logs import order, rallies, say, service, services, to_score

THREE = TO_TWENTY_ONE.of_length(3)
SHORT = TO_FIFTEEN.of_length(3)


@pytest.mark.parametrize(
    ("law", "score", "is_won"),
    [
        (THREE, (21, 19), True),
        (THREE, (21, 20), False),
        (THREE, (22, 20), True),
        (THREE, (29, 28), False),
        (THREE, (29, 29), False),
        (THREE, (30, 29), True),
        (THREE, (29, 27), True),
        (SHORT, (15, 13), True),
        (SHORT, (15, 14), False),
        (SHORT, (16, 14), True),
        (SHORT, (20, 19), False),
        (SHORT, (21, 20), True),
    ],
)
def test_a_game_is_won_two_clear_or_at_the_cap(law: Ruleset, score: tuple[int, int], is_won: bool) -> None:
    assert fold(law, rallies(to_score(*score))).games == ((score,) if is_won else ())


def test_the_law_follows_the_day_and_an_old_match_keeps_its_own() -> None:
    assert BADMINTON.default_on(date(2027, 1, 3)).law is TO_TWENTY_ONE
    assert BADMINTON.default_on(date(2027, 1, 4)).law is TO_FIFTEEN


def test_who_wins_the_rally_serves_and_who_wins_the_game_serves_first() -> None:
    assert [fold(THREE, rallies(log)).server for log in ("", "A", "AB", "ABB")] == [Side.A, Side.A, Side.B, Side.B]
    assert fold(THREE, rallies("AB" + "A" * 20)).server is Side.A
    assert fold(THREE, rallies("AB" + "B" * 20)).server is Side.B


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


def test_singles_serve_from_the_right_on_an_even_score() -> None:
    courts = [each[-1] for each in services(THREE, "AABBA", pairs=False)]
    assert courts == ["R", "L", "R", "L", "R", "L"]


def test_only_the_serving_pair_changes_courts_and_only_when_it_wins() -> None:
    expected = ["A1>B1 R", "A1>B2 L", "B2>A1 L", "A2>B1 R", "B1>A2 R", "B1>A1 L", "A1>B1 L", "A1>B2 R"]
    assert services(THREE, "ABABBAA") == expected


def test_before_each_game_the_pairs_choose_who_serves_and_who_receives() -> None:
    log = order(rallies("A" * 21), Side.A, 2, server=2, receiver=2)
    assert service(fold(THREE, log, pairs=True)) == "A2>B2 R"


def test_a_service_court_error_is_corrected_and_the_score_stands() -> None:
    played = rallies("AB", after=order([], Side.A))
    corrected = order(played, Side.A, server=2)
    assert fold(THREE, corrected, pairs=True).points == fold(THREE, played, pairs=True).points == (1, 1)
    assert service(fold(THREE, corrected, pairs=True)) == "B2>A2 L"


def test_a_minute_at_eleven_and_two_between_games() -> None:
    assert fold(THREE, rallies("A" * 10)).interval == 0
    assert fold(THREE, rallies("A" * 11)).interval == 60
    assert fold(THREE, rallies("A" * 11 + "B" * 11)).interval == 0
    assert fold(THREE, rallies("A" * 21)).interval == 120


def test_a_point_for_misconduct_gives_the_serve() -> None:
    state = fold(THREE, say(rallies("A"), EntryKind.AWARD, Side.B))
    assert (state.points, state.server) == ((1, 1), Side.B)
