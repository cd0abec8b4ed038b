"""Pickleball beyond the vectors: singles, the next game, time-outs, rally scoring."""

from rules.scoring.engine import State, fold
from rules.scoring.log import EntryKind, Side
from rules.scoring.pickleball import RALLY, TO_ELEVEN
from tests.rules.scoring.logs import rallies, say, services, to_score

THREE = TO_ELEVEN.of_length(3)


def call(state: State) -> str:
    """As the referee calls it: the server's score, the other one, and which server; then the serving side."""
    a, b = state.points
    mine, theirs = (a, b) if state.service.side is Side.A else (b, a)
    return f"{mine}-{theirs}-{state.service.number} {state.service.side}"


def test_alone_the_serve_goes_over_at_once_and_the_court_follows_the_own_score() -> None:
    assert services(THREE, "ABBA", pairs=False) == ["A1>B1 R", "A1>B1 L", "B1>A1 R", "B1>A1 L", "A1>B1 L"]


def test_a_game_is_won_only_on_the_own_serve() -> None:
    at_game_point = rallies("A" * 10)
    assert fold(THREE, at_game_point).game_point is Side.A
    side_out = fold(THREE, rallies("B", after=at_game_point))
    assert (side_out.points, side_out.game_point) == ((10, 0), None)
    assert fold(THREE, rallies("A" * 11)).games == ((11, 0),)


def test_who_received_first_serves_first_in_the_next_game_again_with_one_server() -> None:
    assert call(fold(THREE, rallies("A" * 11), pairs=True)) == "0-0-2 B"


def test_ends_change_at_six_in_the_third_game() -> None:
    one_all = rallies("A" * 11 + "B" * 11 + "A" * 6)
    assert fold(THREE, one_all).ends_change_due


def test_two_time_outs_a_game() -> None:
    taken = say(say([], EntryKind.TIME_OUT, Side.A), EntryKind.TIME_OUT, Side.A)
    assert fold(THREE, taken).time_outs_left == (0, 2)
    assert fold(THREE, rallies("A" * 11, after=taken)).time_outs_left == (2, 2)


def test_with_rally_scoring_the_last_point_may_be_won_on_the_others_serve() -> None:
    law = RALLY.of_length(1)
    before = fold(law, rallies(to_score(14, 13) + ""))
    assert (before.server, before.game_point) == (Side.A, Side.A)
    on_their_serve = fold(law, rallies("AB" * 12 + "AA" + "B"))
    assert (on_their_serve.points, on_their_serve.server, on_their_serve.game_point) == ((14, 13), Side.B, Side.A)
    assert fold(law, rallies("AB" * 12 + "AA" + "BA")).games == ((15, 13),)
