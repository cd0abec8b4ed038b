"""Ratings and statistics follow from the matches, whatever was corrected, and never delay a tap."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from extensions import db
from models.accounts import User
from models.club import (
    Club,
    Discipline,
    Match,
    MatchPlan,
    Player,
    Standing,
    UnsettledMatch,
    figures_of,
    meetings_of,
    merge_players,
    part_players,
    settle,
)
from tests.support.players import NAMES, NOW, match, play, player
from tests.support.queries import recorded_queries

SINGLES, PAIRS = Discipline("table-tennis", False), Discipline("table-tennis", True)
WEEK = timedelta(days=7)
IVAN, PETR, ALIYA, BOLAT = NAMES


def won(of: Club, scorer: User, winner: str, loser: str, weeks_ago: int = 0) -> Match:
    """Eleven to nothing."""
    now = NOW - weeks_ago * WEEK
    played = Match.start(of, MatchPlan((player(of, winner),), (player(of, loser),)), scorer, now)
    play(played, "A" * 11, scorer, now)
    return played


def ladder(of: Club, discipline: Discipline = SINGLES) -> list[tuple[str, int, int]]:
    settle(of)
    db.session.commit()
    rows = db.session.scalars(Standing.ladder(of, discipline))
    return [(row.player.name, round(row.value), row.matches) for row in rows]


def everything(of: Club) -> list[tuple[object, ...]]:
    """All standings after settling."""
    settle(of)
    db.session.commit()
    columns = [column for column in Standing.__table__.c if column.name != "id"]
    return sorted(tuple(row) for row in db.session.execute(select(*columns)))


def from_scratch(of: Club) -> list[tuple[object, ...]]:
    """The same, recomputed from scratch."""
    db.session.execute(delete(Standing))
    for played in db.session.scalars(select(Match).where(Match.winner.is_not(None)).order_by(Match.started_at)):
        told = {"sport": played.sport, "is_doubles": played.is_doubles, "began_at": played.started_at}
        db.session.add(UnsettledMatch(club_id=of.id, match_id=played.id, **told))
    db.session.commit()
    return everything(of)


def test_who_wins_stands_above_who_loses(ours: Club, madina: User) -> None:
    won(ours, madina, IVAN, PETR)
    assert ladder(ours) == [(IVAN, 1662, 1), (PETR, 1338, 1)]
    assert ladder(ours, PAIRS) == []


def test_pairs_are_rated_apart_each_player_for_themselves(ours: Club, madina: User) -> None:
    play(match(ours, madina, pairs=True), "A" * 11, madina)
    assert ladder(ours) == []
    rows = ladder(ours, PAIRS)
    assert [name for name, *_ in rows] == [IVAN, ALIYA, PETR, BOLAT]
    assert rows[0][1:] == rows[1][1:]


def test_undo_after_the_end_takes_the_rating_back(ours: Club, madina: User) -> None:
    played = won(ours, madina, IVAN, PETR)
    assert len(ladder(ours)) == 2
    play(played, "u", madina)
    assert ladder(ours) == []
    play(played, "BBBBBBBBBBBB", madina)
    assert ladder(ours)[0][0] == PETR


@pytest.mark.both_databases
def test_a_match_of_long_ago_corrected_changes_all_that_came_after(ours: Club, madina: User) -> None:
    first = won(ours, madina, IVAN, PETR, weeks_ago=9)
    for weeks_ago, winner, loser in ((8, PETR, ALIYA), (8, BOLAT, IVAN), (3, ALIYA, IVAN), (0, BOLAT, PETR)):
        won(ours, madina, winner, loser, weeks_ago)
    before = everything(ours)
    play(first, "u", madina, NOW)
    after = everything(ours)
    assert len(after) == len(before) - 2
    assert before != after == from_scratch(ours)


def test_week_after_week_is_the_same_as_all_at_once(ours: Club, madina: User) -> None:
    for weeks_ago, winner, loser in (
        (5, IVAN, PETR),
        (5, ALIYA, IVAN),
        (2, PETR, BOLAT),
        (2, IVAN, ALIYA),
        (0, IVAN, PETR),
    ):
        won(ours, madina, winner, loser, weeks_ago)
        settle(ours)
    play(match(ours, madina, pairs=True), "B" * 11, madina)
    assert everything(ours) == from_scratch(ours)


def test_a_deleted_match_is_forgotten_with_its_week(ours: Club, madina: User) -> None:
    won(ours, madina, IVAN, PETR, weeks_ago=2)
    gone = won(ours, madina, BOLAT, ALIYA, weeks_ago=1)
    assert len(ladder(ours)) == 4
    told = {"sport": gone.sport, "is_doubles": gone.is_doubles, "began_at": gone.started_at}
    db.session.execute(delete(Match.log.property.mapper.class_).filter_by(match_id=gone.id))
    db.session.execute(delete(Match.players.property.mapper.class_).filter_by(match_id=gone.id))
    db.session.execute(delete(Match).filter_by(id=gone.id))
    db.session.add(UnsettledMatch(club_id=ours.id, match_id=None, **told))
    assert [name for name, *_ in ladder(ours)] == [IVAN, PETR]


@pytest.mark.both_databases
def test_two_players_who_are_one_have_one_rating(ours: Club, madina: User) -> None:
    won(ours, madina, IVAN, PETR, weeks_ago=3)
    won(ours, madina, ALIYA, PETR, weeks_ago=1)
    settle(ours)
    merging = merge_players(player(ours, IVAN), player(ours, ALIYA), madina, NOW)
    assert [(name, matches) for name, _, matches in ladder(ours)] == [(IVAN, 2), (PETR, 2)]
    assert everything(ours) == from_scratch(ours)
    part_players(merging, madina, NOW)
    assert sorted((name, matches) for name, _, matches in ladder(ours)) == [(IVAN, 1), (PETR, 2), (ALIYA, 1)]
    assert everything(ours) == from_scratch(ours)


def test_a_whole_past_is_counted_a_few_matches_at_a_time(
    ours: Club, madina: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for weeks_ago, loser in enumerate((PETR, ALIYA, BOLAT, PETR, ALIYA)):
        won(ours, madina, IVAN, loser, weeks_ago)
    with monkeypatch.context() as few:
        few.setattr("models.club.settling.AT_ONCE", 2)
        rounds = 0
        while settle(ours):
            rounds += 1
    assert rounds > 2
    assert everything(ours) == from_scratch(ours)
    assert figures_of(player(ours, IVAN))[0].won == 5


def test_who_is_hidden_is_on_no_ladder(ours: Club, madina: User) -> None:
    won(ours, madina, IVAN, PETR)
    player(ours, IVAN).revise(IVAN, is_hidden=True, actor=madina, now=NOW)
    assert [name for name, *_ in ladder(ours)] == [PETR]


def test_figures_add_up_what_the_logs_say(ours: Club, madina: User) -> None:
    won(ours, madina, IVAN, PETR)
    second = match(ours, madina, best_of=3)
    play(second, "A" * 11 + "B" * 11 + "AB" * 3 + "B" * 8, madina)
    match(ours, madina)
    settle(ours)
    (figures,) = figures_of(player(ours, IVAN))
    tally = figures.tally
    assert (figures.discipline, figures.matches, figures.won) == (SINGLES, 2, 1)
    assert (tally.games_won, tally.games_lost, tally.won, tally.lost, tally.longest_run) == (2, 2, 25, 22, 11)
    assert tally.serve_won + tally.serve_lost + tally.receive_won + tally.receive_lost == 47


@pytest.mark.both_databases
def test_head_to_head_is_of_both_sides_of_the_table(ours: Club, madina: User) -> None:
    won(ours, madina, IVAN, PETR)
    won(ours, madina, PETR, IVAN)
    won(ours, madina, IVAN, ALIYA)
    play(match(ours, madina, pairs=True), "A" * 11, madina)
    settle(ours)
    ivan, aliya = player(ours, IVAN), player(ours, ALIYA)
    assert [(each.matches, each.won) for each in figures_of(ivan, player(ours, PETR))] == [(2, 1), (1, 1)]
    assert [(each.matches, each.won) for each in figures_of(ivan, aliya)] == [(1, 1)]
    assert [(each.other.name, each.matches, each.won) for each in meetings_of(ivan)] == [
        (PETR, 3, 2),
        (ALIYA, 1, 1),
        (BOLAT, 1, 1),
    ]


def test_a_settled_club_costs_one_question(ours: Club, madina: User) -> None:
    won(ours, madina, IVAN, PETR)
    settle(ours)
    db.session.commit()
    number = ours.id
    with recorded_queries(db.engine) as statements:
        assert settle(db.session.get_one(Club, number)) is False
    assert len([statement for statement in statements if "unsettled_match" in statement]) == 1


def test_a_match_is_settled_by_as_many_questions_whatever_was_played_before(ours: Club, madina: User) -> None:
    def questions() -> int:
        won(ours, madina, IVAN, PETR)
        db.session.commit()
        with recorded_queries(db.engine) as statements:
            settle(ours)
            db.session.commit()
        return len(statements)

    first = questions()
    for weeks_ago in range(9):
        won(ours, madina, BOLAT, ALIYA, weeks_ago)
    settle(ours)
    assert questions() == first


def test_a_rally_that_ends_nothing_leaves_no_line(ours: Club, madina: User) -> None:
    playing = match(ours, madina)
    play(playing, "A" * 10, madina)
    assert db.session.scalars(UnsettledMatch.of(ours.id)).all() == []
    play(playing, "A", madina)
    assert len(db.session.scalars(UnsettledMatch.of(ours.id)).all()) == 1


def test_a_name_that_was_never_played_has_no_figures(ours: Club) -> None:
    assert figures_of(Player.enrol(ours.id, "Марат")) == []
