"""Table tennis in pairs, expedite, time-outs and handicaps, beyond the vectors."""

import pytest

from rules.scoring.engine import State, fold
from rules.scoring.log import Entry, EntryKind, Side
from rules.scoring.play import AgainstTheLaw
from rules.scoring.table_tennis import SUDDEN_DEATH, TO_ELEVEN, TO_SEVEN, TO_TWENTY_ONE
from tests.rules.scoring.logs import order, rallies, say, service, services, to_score, undo

GAME = "A" * 11
THREE = TO_ELEVEN.of_length(3)
FIVE = TO_ELEVEN.of_length(5)
LAST_GAME = GAME + "B" * 11


def pairs(log: list[Entry]) -> State:
    return fold(THREE, log, pairs=True)


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        ("AAAAA", ["A2>B1", "B1>A1", "B1>A1", "A1>B2", "A1>B2", "B2>A2"]),
        ("BAAAAA", ["B2>A2", "B2>A2", "A2>B1", "A2>B1", "B1>A1"]),
        ("ABABABABA", ["A1>B2", "B2>A2", "B2>A2", "A2>B1"]),
    ],
)
def test_at_five_in_the_last_game_the_pair_due_to_receive_changes_its_order(score: str, expected: list[str]) -> None:
    log = order(rallies(LAST_GAME), Side.A, 3)
    played = [fold(THREE, rallies(score + "BABAB"[:n], after=log), pairs=True) for n in range(len(expected))]
    assert [service(state) for state in played] == expected
    assert played[0].ends_change_due
    before = fold(THREE, undo(rallies(score, after=log), len(log) + len(score)), pairs=True)
    assert (before.ends_swapped, before.points) == (False, (score.count("A") - 1, score.count("B")))


@pytest.mark.parametrize(("is_deciding", "expected"), [(True, "A2>B1"), (False, "A2>B2")])
def test_of_a_single_game_only_the_deciding_one_changes_the_order_at_five(is_deciding: bool, expected: str) -> None:
    assert services(TO_ELEVEN.of_length(1, as_deciding=is_deciding), "AAAAA")[5] == expected


def test_an_order_found_wrong_is_put_right_and_the_points_stand() -> None:
    wrong = rallies("ABA", after=order([], Side.A))
    right = order(wrong, Side.B, server=2, receiver=2)
    assert (service(pairs(wrong)), service(pairs(right))) == ("B1>A2", "A2>B1")
    assert pairs(wrong).points == pairs(right).points


def test_the_side_of_a_later_game_is_not_chosen() -> None:
    assert pairs(order(rallies(GAME), Side.A, 2)).server is Side.B


@pytest.mark.parametrize(
    ("winners", "in_play", "servers"),
    [
        ("A", True, "ABAB"),
        ("A", False, "BABA"),
        ("AB", True, "BABA"),
        ("AB", False, "BABA"),
        ("ABA", True, "BABA"),
        ("ABA", False, "ABAB"),
    ],
)
def test_expedite_goes_on_with_the_same_server_or_with_the_last_receiver(
    winners: str, in_play: bool, servers: str
) -> None:
    log = say(rallies(winners), EntryKind.EXPEDITE, in_play=in_play)
    states = [fold(FIVE, rallies("ABAB"[:n], after=log)) for n in range(4)]
    assert "".join(str(state.server) for state in states) == servers
    assert {(state.service.number, state.service.in_turn) for state in states} == {(1, 1)}


def test_expedite_stays_to_the_end_and_the_order_of_games_does_not_change() -> None:
    log = rallies("A" * 10, after=say(rallies("A"), EntryKind.EXPEDITE))
    states = [fold(FIVE, rallies("AB"[:n], after=log)) for n in range(3)]
    assert [state.server for state in states] == [Side.B, Side.A, Side.B]
    with pytest.raises(AgainstTheLaw):
        fold(FIVE, say(log, EntryKind.EXPEDITE))
    assert fold(FIVE, undo(log, 2)) == fold(FIVE, [entry for entry in log if entry.seq != 2])


def test_each_side_has_one_time_out_in_a_match() -> None:
    log = say(rallies("A"), EntryKind.TIME_OUT, Side.B)
    state = fold(FIVE, log)
    assert (state.time_outs_left, state.points, state.server) == ((1, 0), (1, 0), Side.A)
    with pytest.raises(AgainstTheLaw):
        fold(FIVE, say(rallies(GAME, after=log), EntryKind.TIME_OUT, Side.B))
    assert fold(FIVE, say(log, EntryKind.TIME_OUT, Side.A)).time_outs_left == (0, 0)


def test_awarded_points_count_for_the_order_of_serving() -> None:
    state = fold(FIVE, say(rallies("A"), EntryKind.AWARD, Side.B, points=2))
    assert (state.points, state.server, state.service.number) == ((1, 2), Side.B, 2)


def test_with_a_handicap_the_points_played_decide_the_server_until_deuce() -> None:
    laws = FIVE.with_handicap((4, 0))
    assert [fold(laws, rallies("B" * n)).server for n in (0, 1, 2, 4)] == [Side.A, Side.A, Side.B, Side.A]
    at_deuce = fold(laws, rallies("B" * 4 + "AB" * 6))
    assert (at_deuce.points, at_deuce.at_deuce, at_deuce.service.in_turn) == ((10, 10), True, 1)


def test_between_games_there_is_a_minute() -> None:
    assert [fold(FIVE, rallies(log)).interval for log in ("", GAME, GAME + "A", GAME * 3)] == [0, 60, 0, 0]


@pytest.mark.parametrize("played", range(40))
def test_to_twenty_one_with_five_serves_each(played: int) -> None:
    state = fold(TO_TWENTY_ONE.of_length(1), rallies(("AB" * 20)[:played]))
    assert (state.server, state.service.number) == ([Side.A, Side.B][played // 5 % 2], played % 5 + 1)


def test_to_twenty_one_two_clear() -> None:
    laws = TO_TWENTY_ONE.of_length(1)
    assert [fold(laws, rallies(to_score(*score))).is_finished for score in [(21, 19), (21, 20), (22, 20)]] == [1, 0, 1]
    assert fold(laws, rallies(to_score(20, 20))).service.in_turn == 1


def test_to_seven() -> None:
    laws = TO_SEVEN.of_length(1)
    assert [fold(laws, rallies(to_score(*score))).is_finished for score in [(7, 5), (7, 6), (8, 6)]] == [1, 0, 1]


def test_sudden_death_needs_no_lead() -> None:
    laws = SUDDEN_DEATH.of_length(1)
    at_ten_all = fold(laws, rallies(to_score(10, 10)))
    assert (at_ten_all.decides, at_ten_all.game_point) == (True, None)
    assert fold(laws, rallies(to_score(11, 10))).winner is Side.A
