import dataclasses
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.scoring.engine import (
    BadEntry,
    Entry,
    EntryKind,
    MatchIsOver,
    Rally,
    Ruleset,
    Side,
    State,
    fold,
    latest_rally,
)
from rules.scoring.table_tennis import ruleset
from tests.rules.scoring.logs import amend, end, order, rallies, to_score, undo

FRIENDLY = ruleset(1)
BEST_OF_THREE = ruleset(3)
GAME_A = "A" * 11
GAME_B = "B" * 11

WITH_CAP = Ruleset("badminton-like", "test", date(2026, 1, 1), 21, 2, 30, 3, 2, 1, 11)


def test_an_empty_log_is_the_start_of_the_match() -> None:
    assert fold(BEST_OF_THREE, []) == State(
        games=(),
        points=(0, 0),
        games_won=(0, 0),
        game_number=1,
        server=Side.A,
        last_server=Side.A,
        serve_number=1,
        serves_in_turn=2,
        at_deuce=False,
        game_point=None,
        match_point=None,
        ends_swapped=False,
        ends_change_due=False,
        is_finished=False,
        winner=None,
        live=(),
    )


def test_each_rally_carries_its_game_and_the_points_after_it() -> None:
    state = fold(BEST_OF_THREE, rallies(GAME_A + "BA"))
    assert state.live[10:] == (
        Rally(11, Side.A, 1, (11, 0)),
        Rally(12, Side.B, 2, (0, 1)),
        Rally(13, Side.A, 2, (1, 1)),
    )


def test_a_cap_ends_a_game_without_the_lead() -> None:
    assert fold(WITH_CAP, rallies(to_score(29, 29))).game_point is None
    assert fold(WITH_CAP, rallies(to_score(29, 28))).games == ()
    assert fold(WITH_CAP, rallies(to_score(30, 29))).games == ((30, 29),)
    assert fold(WITH_CAP, rallies(to_score(22, 20))).games == ((22, 20),)


def test_at_nine_all_in_a_game_to_ten_the_serve_goes_on_in_turn() -> None:
    to_ten = dataclasses.replace(FRIENDLY, target=10)
    servers = [fold(to_ten, rallies(("AB" * 10)[:played])).server for played in (15, 16, 17, 18, 19, 20)]
    assert servers == [Side.B, Side.A, Side.A, Side.B, Side.A, Side.B]


def test_a_rally_after_the_end_is_refused() -> None:
    with pytest.raises(MatchIsOver):
        fold(FRIENDLY, rallies(GAME_A + "B"))


def test_undo_of_the_winning_rally_reopens_the_game_and_the_match() -> None:
    log = rallies(GAME_A + GAME_A)
    assert fold(BEST_OF_THREE, log).is_finished
    reopened = fold(BEST_OF_THREE, undo(log, 22))
    assert reopened == fold(BEST_OF_THREE, rallies(GAME_A + "A" * 10))
    assert (reopened.is_finished, reopened.points, reopened.match_point) == (False, (10, 0), Side.A)


def test_undo_at_the_start_of_a_game_goes_back_into_the_game_before() -> None:
    log = rallies(GAME_A)
    state = fold(BEST_OF_THREE, log)
    assert (state.game_number, state.points) == (2, (0, 0))
    newest = latest_rally(state)
    assert newest is not None
    back = fold(BEST_OF_THREE, undo(log, newest.seq))
    assert (back.game_number, back.points, back.ends_swapped, back.server) == (1, (10, 0), False, Side.B)


def test_undo_below_five_changes_the_ends_back() -> None:
    log = rallies(GAME_A + GAME_B + to_score(5, 4))
    assert fold(BEST_OF_THREE, log).ends_swapped
    assert fold(BEST_OF_THREE, undo(log, log[-1].seq)).ends_swapped is False


def test_undo_of_an_undo_is_redo() -> None:
    log = rallies("AAB")
    undone = undo(log, 3)
    redone = undo(undone, 4)
    undone_again = undo(redone, 5)
    points = [fold(FRIENDLY, entries).points for entries in (log, undone, redone, undone_again)]
    assert points == [(2, 1), (2, 0), (2, 1), (2, 0)]


def test_a_rally_redone_may_be_undone_by_its_own_number_too() -> None:
    log = undo(undo(undo(rallies("AB"), 2), 3), 2)
    assert fold(FRIENDLY, log).points == (1, 0)
    with pytest.raises(BadEntry):
        fold(FRIENDLY, undo(log, 4))


def test_a_very_long_quarrel_of_undo_and_redo_is_settled() -> None:
    log = undo(rallies("A"), 1)
    for _ in range(2000):
        log = undo(log, len(log))
    assert fold(FRIENDLY, log).points == (0, 0)


def test_a_rally_in_the_middle_may_be_voided() -> None:
    assert fold(FRIENDLY, undo(rallies("AABA"), 3)).live == (
        Rally(1, Side.A, 1, (1, 0)),
        Rally(2, Side.A, 1, (2, 0)),
        Rally(4, Side.A, 1, (3, 0)),
    )


def test_undo_that_would_leave_a_rally_behind_the_end_is_refused() -> None:
    log = rallies("AB" * 9 + "A" + "B" + "AA")
    assert fold(FRIENDLY, log).points == (12, 10)
    with pytest.raises(MatchIsOver):
        fold(FRIENDLY, undo(log, 20))


def test_amend_gives_the_rally_to_the_other_side_in_place() -> None:
    log = amend(rallies("AAB"), 1, Side.B)
    state = fold(FRIENDLY, log)
    assert (state.points, state.live[0]) == ((1, 2), Rally(1, Side.B, 1, (0, 1)))
    assert fold(FRIENDLY, undo(log, 4)).points == (2, 1)
    assert fold(FRIENDLY, amend(log, 1, Side.A)).points == (2, 1)


def test_amend_can_end_the_match_or_take_the_end_back() -> None:
    assert fold(FRIENDLY, amend(rallies("A" * 10 + "B"), 11, Side.A)).winner is Side.A
    assert fold(FRIENDLY, amend(rallies(GAME_A), 11, Side.B)).points == (10, 1)


def test_order_says_who_serves_first_and_may_be_mended_without_touching_the_score() -> None:
    log = order([], Side.B)
    assert fold(FRIENDLY, log).server is Side.B
    played = rallies("AAB", after=log)
    mended = order(played, Side.A)
    assert (fold(FRIENDLY, played).server, fold(FRIENDLY, mended).server) == (Side.A, Side.B)
    assert fold(FRIENDLY, mended).points == fold(FRIENDLY, played).points == (2, 1)
    assert fold(FRIENDLY, undo(mended, len(mended))) == fold(FRIENDLY, played)


def test_who_retires_loses_and_the_score_stays() -> None:
    log = end(rallies(GAME_A + "AB"), Side.A)
    state = fold(BEST_OF_THREE, log)
    assert (state.is_finished, state.winner, state.games, state.points) == (True, Side.B, ((11, 0),), (1, 1))
    assert (state.server, state.last_server, state.game_number) == (None, Side.A, 2)
    with pytest.raises(MatchIsOver):
        fold(BEST_OF_THREE, rallies("A", after=log))
    with pytest.raises(MatchIsOver):
        fold(BEST_OF_THREE, end(log, Side.B))
    assert fold(BEST_OF_THREE, undo(log, len(log))) == fold(BEST_OF_THREE, rallies(GAME_A + "AB"))


@pytest.mark.parametrize(
    "bad",
    [
        Entry(4, EntryKind.RALLY),
        Entry(4, EntryKind.ORDER),
        Entry(4, EntryKind.END),
        Entry(3, EntryKind.RALLY, Side.A),
        Entry(2, EntryKind.RALLY, Side.A),
        Entry(4, EntryKind.UNDO),
        Entry(4, EntryKind.UNDO, target=4),
        Entry(4, EntryKind.UNDO, target=5),
        Entry(4, EntryKind.UNDO, target=0),
        Entry(4, EntryKind.UNDO, target=2),
        Entry(4, EntryKind.AMEND, Side.A),
        Entry(4, EntryKind.AMEND, target=1),
        Entry(4, EntryKind.AMEND, Side.B, 2),
        Entry(4, EntryKind.AMEND, Side.B, 3),
        Entry(4, EntryKind.AMEND, Side.B, 9),
    ],
)
def test_an_entry_that_cannot_stand_is_refused(bad: Entry) -> None:
    log = undo(rallies("AB"), 2)
    assert fold(FRIENDLY, log).points == (1, 0)
    with pytest.raises(BadEntry):
        fold(FRIENDLY, [*log, bad])


def newest(log: Sequence[Entry], side: Side | None = None) -> int | None:
    rally = latest_rally(fold(BEST_OF_THREE, log), side)
    return rally and rally.seq


def test_minus_one_finds_the_latest_rally_of_that_side_in_the_current_game() -> None:
    log = rallies("ABAAB A")
    assert (newest(log, Side.A), newest(log, Side.B), newest(log)) == (6, 5, 6)
    assert newest(undo(log, 6), Side.A) == 4


def test_minus_one_does_not_reach_back_into_a_finished_game() -> None:
    log = rallies(GAME_A)
    assert (newest(log, Side.A), newest(log, Side.B), newest(log)) == (None, None, 11)
    log = rallies(GAME_A + "B")
    assert (newest(log, Side.A), newest(log, Side.B), newest(log)) == (None, 12, 12)


def test_after_the_match_minus_one_finds_the_rallies_of_the_last_game() -> None:
    log = rallies(GAME_B + "BA" + "B" * 10)
    assert fold(BEST_OF_THREE, log).is_finished
    assert (newest(log, Side.A), newest(log, Side.B), newest(log)) == (13, 23, 23)


def test_minus_one_finds_nothing_before_the_first_rally() -> None:
    assert (newest([]), newest([], Side.A)) == (None, None)


rulesets = st.sampled_from([ruleset(1), ruleset(1, change_ends_in_only_game=True), ruleset(3), ruleset(5), WITH_CAP])
sides = st.sampled_from(list(Side))


@st.composite
def logs(draw: st.DrawFn, laws: Ruleset, most: int = 70) -> list[Entry]:
    """Rallies with close scores, now and then one taken back or given to the other side, never past the end."""
    log: list[Entry] = []
    for action in draw(st.lists(st.sampled_from("AABBABuax"), max_size=most)):
        log = _extended(log, action, laws)
    return log


def _extended(log: list[Entry], action: str, laws: Ruleset) -> list[Entry]:
    state = fold(laws, log)
    if action in "AB":
        return log if state.is_finished else rallies(action, after=log)
    if not state.live:
        return log
    if action == "x":
        return undo(log, log[-1].seq) if log[-1].kind is EntryKind.UNDO else log
    latest = state.live[-1]
    return undo(log, latest.seq) if action == "u" else amend(log, latest.seq, latest.side.other)


def swapped(pair: tuple[int, int]) -> tuple[int, int]:
    return pair[1], pair[0]


def mirrored(state: State) -> State:
    return dataclasses.replace(
        state,
        games=tuple(swapped(game) for game in state.games),
        points=swapped(state.points),
        games_won=swapped(state.games_won),
        server=state.server and state.server.other,
        last_server=state.last_server.other,
        game_point=state.game_point and state.game_point.other,
        match_point=state.match_point and state.match_point.other,
        winner=state.winner and state.winner.other,
        live=tuple(
            rally._replace(side=rally.side.other, points_after=swapped(rally.points_after)) for rally in state.live
        ),
    )


@given(st.data(), rulesets, sides, sides)
def test_a_rally_taken_back_leaves_no_trace_at_any_prefix(
    data: st.DataObject, laws: Ruleset, first: Side, winner: Side
) -> None:
    log = data.draw(logs(laws))
    for length in range(len(log) + 1):
        before = fold(laws, log[:length], first)
        if not before.is_finished:
            played = rallies(winner, after=log[:length])
            assert fold(laws, undo(played, length + 1), first) == before


@given(st.data(), rulesets, sides)
def test_corrections_leave_the_same_state_as_a_log_written_right_at_once(
    data: st.DataObject, laws: Ruleset, first: Side
) -> None:
    state = fold(laws, data.draw(logs(laws)), first)
    clean = [Entry(rally.seq, EntryKind.RALLY, rally.side) for rally in state.live]
    assert fold(laws, clean, first) == state


@given(st.data(), rulesets)
def test_each_rally_adds_one_point_to_the_state_before_it(data: st.DataObject, laws: Ruleset) -> None:
    live = fold(laws, data.draw(logs(laws))).live
    for length, rally in enumerate(live):
        before = fold(laws, [Entry(item.seq, EntryKind.RALLY, item.side) for item in live[:length]])
        gained = (1, 0) if rally.side is Side.A else (0, 1)
        assert rally.points_after == (before.points[0] + gained[0], before.points[1] + gained[1])
        assert (rally.game_number, before.live) == (before.game_number, live[:length])


@given(st.data(), rulesets, sides)
def test_a_finished_match_takes_no_rally(data: st.DataObject, laws: Ruleset, winner: Side) -> None:
    log = data.draw(logs(laws, most=200))
    if fold(laws, log).is_finished:
        with pytest.raises(MatchIsOver):
            fold(laws, rallies(winner, after=log))


@given(st.data(), rulesets)
def test_the_points_of_a_game_are_its_rallies(data: st.DataObject, laws: Ruleset) -> None:
    state = fold(laws, data.draw(logs(laws, most=200)))
    played_out = len(state.games) == state.game_number
    for number, points in enumerate(state.games if played_out else [*state.games, state.points], start=1):
        won = [rally.side for rally in state.live if rally.game_number == number]
        assert points == (won.count(Side.A), won.count(Side.B))


@given(st.data(), rulesets, sides)
def test_swapping_the_two_sides_swaps_the_state(data: st.DataObject, laws: Ruleset, first: Side) -> None:
    log = data.draw(logs(laws))
    other = [dataclasses.replace(entry, side=entry.side and entry.side.other) for entry in log]
    assert fold(laws, other, first.other) == mirrored(fold(laws, log, first))


def is_final(laws: Ruleset, points: tuple[int, int]) -> bool:
    high, low = max(points), min(points)
    by_lead = high == laws.target and low <= high - laws.lead
    beyond = high > laws.target and high - low == laws.lead
    at_cap = laws.cap is not None and high == laws.cap and low >= high - laws.lead
    return by_lead or beyond or at_cap


@given(st.data(), rulesets)
def test_no_log_gives_a_score_the_laws_forbid(data: st.DataObject, laws: Ruleset) -> None:
    state = fold(laws, data.draw(logs(laws, most=200)))
    assert all(is_final(laws, points) for points in state.games)
    assert state.is_finished is is_final(laws, state.points) is (max(state.games_won) == laws.games_to_win)
    assert sum(state.games_won) == len(state.games)
    assert (state.winner is None) is (state.server is not None) is not state.is_finished
