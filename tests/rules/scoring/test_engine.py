import dataclasses
from collections.abc import Sequence
from datetime import date

import pytest

from rules.scoring.engine import Scorebook, State, fold, latest_rally
from rules.scoring.log import BadEntry, Entry, EntryKind, Side
from rules.scoring.play import MatchIsOver, Newest, Rally
from rules.scoring.ruleset import Count, Ruleset
from rules.scoring.serving.service import Service
from rules.scoring.serving.turns import Turns
from rules.scoring.table_tennis import TO_ELEVEN
from tests.rules.scoring.logs import amend, end, order, rallies, say, to_score, undo

FRIENDLY = TO_ELEVEN.of_length(1)
BEST_OF_THREE = TO_ELEVEN.of_length(3)
GAME_A = "A" * 11
GAME_B = "B" * 11

WITH_CAP = Ruleset("capped", "test", date(2026, 1, 1), Count(21, cap=30), 3, Turns(2), ends_change_at=11)


def test_an_empty_log_is_the_start_of_the_match() -> None:
    assert fold(BEST_OF_THREE, []) == State(
        games=(),
        points=(0, 0),
        set_games=None,
        games_won=(0, 0),
        game_number=1,
        stretch=1,
        service=Service(Side.A, Side.A, in_turn=2, order=((Side.A, 1), (Side.B, 1))),
        is_expedite=False,
        is_tie_break=False,
        at_deuce=False,
        decides=False,
        game_point=None,
        set_point=None,
        match_point=None,
        ends_swapped=False,
        ends_change_due=False,
        interval=0,
        time_outs_left=(1, 1),
        is_finished=False,
        winner=None,
        live=(),
        newest=None,
    )


def test_each_rally_carries_its_game_the_points_after_it_and_who_served() -> None:
    state, petr = fold(BEST_OF_THREE, rallies(GAME_A + "BA")), (Side.B, 1)
    assert state.live[10:] == (
        Rally(11, Side.A, 1, (10, 0), (11, 0), 1, server=petr),
        Rally(12, Side.B, 2, (0, 0), (0, 1), 2, server=petr),
        Rally(13, Side.A, 2, (0, 1), (1, 1), 2, server=petr),
    )


def test_a_cap_ends_a_game_without_the_lead() -> None:
    assert fold(WITH_CAP, rallies(to_score(29, 29))).game_point is None
    assert fold(WITH_CAP, rallies(to_score(29, 28))).games == ()
    assert fold(WITH_CAP, rallies(to_score(30, 29))).games == ((30, 29),)
    assert fold(WITH_CAP, rallies(to_score(22, 20))).games == ((22, 20),)


def test_at_nine_all_in_a_game_to_ten_the_serve_goes_on_in_turn() -> None:
    to_ten = dataclasses.replace(FRIENDLY, game=Count(10))
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
    newest = state.newest
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
        Rally(1, Side.A, 1, (0, 0), (1, 0), 1),
        Rally(2, Side.A, 1, (1, 0), (2, 0), 1),
        Rally(4, Side.A, 1, (2, 0), (3, 0), 1, server=(Side.B, 1)),
    )


def test_undo_that_would_leave_a_rally_behind_the_end_is_refused() -> None:
    log = rallies("AB" * 9 + "A" + "B" + "AA")
    assert fold(FRIENDLY, log).points == (12, 10)
    with pytest.raises(MatchIsOver):
        fold(FRIENDLY, undo(log, 20))


def test_amend_gives_the_rally_to_the_other_side_in_place() -> None:
    log = amend(rallies("AAB"), 1, Side.B)
    state = fold(FRIENDLY, log)
    assert (state.points, state.live[0]) == ((1, 2), Rally(1, Side.B, 1, (0, 0), (0, 1), 1))
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
    assert (state.server, state.service.side, state.game_number) == (None, Side.A, 2)
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
        Entry(4, EntryKind.TIME_OUT),
        Entry(4, EntryKind.AWARD),
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
    state = fold(BEST_OF_THREE, log)
    line = latest_rally(state, side) if side else state.newest
    return line and line.seq


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


def test_one_line_more_is_the_whole_log_read_again() -> None:
    log = end(undo(rallies("AB" * 9 + "BBA"), 21), Side.A)
    book = Scorebook(BEST_OF_THREE)
    for length, entry in enumerate(log, start=1):
        book.read([entry])
        assert book.state == fold(BEST_OF_THREE, log[:length])


def test_a_look_ahead_changes_nothing() -> None:
    book = Scorebook(BEST_OF_THREE)
    book.read(rallies("A" * 10))
    before = book.state
    assert (book.after_rally(Side.A).games, book.after_rally(Side.B).points) == (((11, 0),), (10, 1))
    assert book.state == before


def test_the_newest_line_is_known_whatever_it_says() -> None:
    log = say(rallies("AB"), EntryKind.TIME_OUT, Side.B)
    assert fold(FRIENDLY, log).newest == Newest(3, EntryKind.TIME_OUT, Side.B)
    assert fold(FRIENDLY, undo(log, 3)).newest == Newest(2, EntryKind.RALLY, Side.B)
    assert fold(FRIENDLY, amend(rallies("AB"), 2, Side.A)).newest == Newest(3, EntryKind.AMEND, Side.A)
    assert fold(FRIENDLY, order(rallies("AB"), Side.B)).newest == Newest(3, EntryKind.ORDER, Side.B)


@pytest.mark.parametrize("handicap", [(-1, 0), (0, 10), (11, 0)])
def test_a_handicap_that_leaves_no_game_is_refused(handicap: tuple[int, int]) -> None:
    with pytest.raises(ValueError):
        FRIENDLY.with_handicap(handicap)


def test_every_game_begins_with_the_handicap() -> None:
    laws = BEST_OF_THREE.with_handicap((3, 0))
    assert fold(laws, []).points == (3, 0)
    state = fold(laws, rallies("A" * 8))
    assert (state.games, state.points) == (((11, 0),), (3, 0))


def test_points_awarded_beyond_the_end_of_a_game_count_in_the_next() -> None:
    log = say(rallies("A" * 10), EntryKind.AWARD, Side.A, points=2)
    state = fold(BEST_OF_THREE, log)
    assert (state.games, state.points, state.server) == (((11, 0),), (1, 0), Side.B)
    assert fold(FRIENDLY, log).games == ((11, 0),)
    assert fold(BEST_OF_THREE, undo(log, 11)) == fold(BEST_OF_THREE, rallies("A" * 10))


def test_a_let_changes_nothing_but_the_newest_line() -> None:
    before, after = fold(FRIENDLY, rallies("AB")), fold(FRIENDLY, say(rallies("AB"), EntryKind.LET))
    assert dataclasses.replace(after, newest=before.newest) == before
