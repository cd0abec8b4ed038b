"""Stored matches: every score follows from the log, and a tap is counted once."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random

import pytest
from flask import Flask
from sqlalchemy import select

from extensions import db
from models.accounts import Role, User
from models.base import utc_now
from models.club import (
    BadPlan,
    Club,
    EndsEarlier,
    Fault,
    LogEntry,
    Match,
    MatchEnded,
    MatchPlan,
    MayNotScore,
    NothingToVoid,
    Player,
    TapOutdated,
)
from models.live_topic import LivePart
from rules.scoring.engine import fold
from rules.scoring.log import Side
from tests.support.people import club_house, person
from tests.support.players import NAMES, NOW, match, play, player, to_score
from tests.support.queries import recorded_queries

DEUCE = to_score(10, 10)


def kept(of: Match) -> tuple[object, ...]:
    return of.points_a, of.points_b, of.games, of.server, of.winner, of.is_finished


def parts(topic: str) -> dict[str, int]:
    rows = db.session.execute(select(LivePart.part, LivePart.version).filter_by(topic=topic))
    return {part: version for part, version in rows}


def test_a_match_begins_at_nothing_and_ivan_serves(ours: Club, madina: User) -> None:
    assert kept(match(ours, madina)) == (0, 0, [], Side.A, None, False)


@pytest.mark.parametrize(
    ("rallies", "expected"),
    [
        (to_score(5, 3), (5, 3, [], Side.A, None, False)),
        (to_score(11, 7), (11, 7, [[11, 7]], None, Side.A, True)),
        (DEUCE, (10, 10, [], Side.A, None, False)),
        (DEUCE + "A", (11, 10, [], Side.B, None, False)),
        (DEUCE + "ABBB", (11, 13, [[11, 13]], None, Side.B, True)),
        (DEUCE + "AA", (12, 10, [[12, 10]], None, Side.A, True)),
        (DEUCE + "AAu", (11, 10, [], Side.B, None, False)),
        (DEUCE + "Ab", (11, 9, [[11, 9]], None, Side.A, True)),
        ("AABa", (1, 1, [], Side.B, None, False)),
        ("AABuuu", (0, 0, [], Side.A, None, False)),
    ],
)
def test_the_score_by_the_law(ours: Club, madina: User, rallies: str, expected: tuple[object, ...]) -> None:
    played = match(ours, madina)
    play(played, rallies, madina)
    assert kept(played) == expected


def test_the_best_of_three_ends_with_the_second_game_won(ours: Club, madina: User) -> None:
    played = match(ours, madina, best_of=3)
    play(played, "A" * 11 + "B" * 11 + "A" * 10, madina)
    assert (played.is_finished, played.games) == (False, [[11, 0], [0, 11]])
    play(played, "A", madina, NOW + timedelta(minutes=9))
    assert (played.winner, played.ended_at) == (Side.A, NOW + timedelta(minutes=9))


def test_a_handicap_stands_from_the_first_moment_and_in_every_game(ours: Club, madina: User) -> None:
    played = match(ours, madina, best_of=3, handicap=(4, 0))
    assert (played.points_a, played.points_b) == (4, 0)
    play(played, "A" * 7, madina)
    assert (played.games, played.points_a) == ([[11, 0]], 4)


@pytest.mark.parametrize(("law", "pairs"), [("squash", True), ("volleyball", True), ("padel", False)])
def test_a_game_is_played_by_as_many_as_it_is_for(ours: Club, madina: User, law: str, pairs: bool) -> None:
    with pytest.raises(BadPlan) as refused:
        match(ours, madina, pairs=pairs, law=law)
    assert refused.value.faults == {"kind": Fault.PLAYERS}


def test_a_match_is_played_by_its_own_law_for_ever(ours: Club, madina: User) -> None:
    for law, rallies, games in (("badminton-15", "A" * 15, [[15, 0]]), ("tennis", "AAAA" * 6, [[6, 0]])):
        played = match(ours, madina, law=law)
        play(played, rallies, madina)
        assert (played.ruleset.format, played.winner, played.games) == (law, Side.A, games)


def test_undoing_the_last_point_goes_back_into_the_game_before(ours: Club, madina: User) -> None:
    played = match(ours, madina, best_of=3)
    play(played, "A" * 11 + "u", madina)
    assert kept(played)[:3] == (10, 0, [])


def test_what_is_kept_is_what_the_log_says_whatever_was_tapped(ours: Club, madina: User) -> None:
    laws = ["table-tennis", "table-tennis", "tennis", "pickleball", "badminton-21"]
    for seed, law in enumerate(laws):
        played = match(ours, madina, best_of=3, law=law, pairs=law == "pickleball")
        for letter in Random(seed).choices("AABBuab", k=60):
            db.session.commit()
            try:
                play(played, letter, madina)
            except (NothingToVoid, MatchEnded, EndsEarlier):
                db.session.rollback()
        stored = db.session.scalars(select(LogEntry).filter_by(match_id=played.id).order_by(LogEntry.seq)).all()
        state = fold(played.ruleset, [line.entry for line in stored], played.first_server, pairs=played.is_doubles)
        assert played.state == state
        assert (played.points_a, played.points_b) == state.points
        assert (played.winner, played.log_length) == (state.winner, len(stored))


@pytest.mark.parametrize("side", ["a", "b"])
def test_minus_one_is_refused_where_the_side_has_no_point_in_this_game(ours: Club, madina: User, side: str) -> None:
    played = match(ours, madina, best_of=3)
    play(played, "A" * 11, madina)
    with pytest.raises(NothingToVoid):
        play(played, side, madina)


def test_minus_one_is_refused_where_the_match_would_have_been_over_before(ours: Club, madina: User) -> None:
    played = match(ours, madina)
    play(played, DEUCE + "AA", madina)
    with pytest.raises(EndsEarlier):
        play(played, "b", madina)


def test_undo_is_refused_before_the_first_point(ours: Club, madina: User) -> None:
    with pytest.raises(NothingToVoid):
        play(match(ours, madina), "u", madina)


def test_a_tap_after_the_end_is_refused(ours: Club, madina: User) -> None:
    played = match(ours, madina)
    with pytest.raises(MatchEnded):
        play(played, "A" * 12, madina)
    assert played.points_a == 11


def test_a_tap_that_comes_twice_is_one_point(ours: Club, madina: User) -> None:
    played = match(ours, madina)
    for _ in range(3):
        played.record_rally(Side.A, "the same", 0, madina, NOW)
    assert (played.points_a, played.log_length) == (1, 1)


def test_a_tap_that_was_not_kept_leaves_nothing_in_the_score(ours: Club, madina: User) -> None:
    played = match(ours, madina)
    db.session.commit()
    played.record_rally(Side.A, "lost", 0, madina, NOW)
    assert played.state.points == (1, 0)
    db.session.rollback()
    assert played.state.points == (0, 0)
    played.record_rally(Side.B, "kept", 0, madina, NOW)
    assert (played.state.points, played.points_a) == ((0, 1), 0)


def test_a_tap_on_an_old_score_is_refused_and_names_who_was_first(ours: Club, madina: User) -> None:
    ruslan = person("Ruslan", Role.SCORER, ours.organization)
    played = match(ours, madina)
    played.record_rally(Side.A, "Madina's", 0, madina, NOW)
    with pytest.raises(TapOutdated) as refused:
        played.record_rally(Side.A, "Ruslan's", 0, ruslan, NOW)
    assert refused.value.latest is not None
    assert refused.value.latest.actor is madina
    played.record_rally(Side.A, "Ruslan's", 1, ruslan, NOW)
    assert played.points_a == 2


def test_an_undo_on_an_old_score_is_refused_too(ours: Club, madina: User) -> None:
    played = match(ours, madina)
    play(played, "AAB", madina)
    with pytest.raises(TapOutdated):
        played.void_latest(None, "late", 2, madina, NOW)


def chosen(*names: str | None) -> Callable[[Club], tuple[Player | None, ...]]:
    return lambda of: tuple(player(of, name) if name else None for name in names)


@pytest.mark.parametrize(
    ("side_a", "side_b", "best_of", "faults"),
    [
        (chosen(None), chosen(None), 1, {"a1": Fault.NOBODY, "b1": Fault.NOBODY}),
        (chosen(NAMES[0]), chosen(NAMES[0]), 1, {"b1": Fault.TWICE}),
        (chosen(NAMES[0], NAMES[0]), chosen(NAMES[1], NAMES[2]), 1, {"a2": Fault.TWICE}),
        (chosen(NAMES[0], NAMES[1]), chosen(NAMES[2]), 1, {"b2": Fault.NOBODY}),
        (chosen(), chosen(NAMES[0]), 1, {"a1": Fault.NOBODY}),
        (chosen(NAMES[0]), chosen(NAMES[1]), 2, {"best_of": Fault.LENGTH}),
        (chosen(NAMES[0]), chosen(NAMES[1]), -1, {"best_of": Fault.LENGTH}),
        (chosen(NAMES[0]), chosen(NAMES[1]), 9, {"best_of": Fault.LENGTH}),
    ],
)
def test_a_match_that_cannot_be(
    ours: Club,
    madina: User,
    side_a: Callable[[Club], tuple[Player | None, ...]],
    side_b: Callable[[Club], tuple[Player | None, ...]],
    best_of: int,
    faults: dict[str, Fault],
) -> None:
    with pytest.raises(BadPlan) as refused:
        Match.start(ours, MatchPlan(side_a(ours), side_b(ours), best_of), madina, NOW)
    assert refused.value.faults == faults


def test_a_player_starts_and_scores_their_own_match_and_no_other(ours: Club) -> None:
    ivan = person("Ivan", Role.MEMBER, ours.organization)
    player(ours, "Иван Иванов").user_id = ivan.id
    own = match(ours, ivan)
    play(own, "AB", ivan)
    with pytest.raises(BadPlan) as refused:
        Match.start(ours, MatchPlan((player(ours, NAMES[2]),), (player(ours, NAMES[3]),)), ivan, NOW)
    assert refused.value.faults == {"a1": Fault.NOT_YOURS}


def test_a_player_who_left_the_club_neither_sees_nor_scores(ours: Club, madina: User) -> None:
    ivan, owner = person("Ivan", Role.MEMBER, ours.organization), person("Olga", Role.OWNER, ours.organization)
    player(ours, "Иван Иванов").user_id, ours.is_public = ivan.id, False
    own = match(ours, ivan)
    assert (ours.may_be_seen_by(ivan), ours.may_be_played_by(ivan), own.may_be_scored_by(ivan)) == (True,) * 3
    ivan.memberships[0].remove(owner.memberships[0])
    db.session.commit()
    assert (ours.may_be_seen_by(ivan), ours.may_be_played_by(ivan), own.may_be_scored_by(ivan)) == (False,) * 3
    with pytest.raises(BadPlan):
        match(ours, ivan)


def test_a_member_who_does_not_play_may_not_score(ours: Club, madina: User) -> None:
    played = match(ours, madina)
    with pytest.raises(MayNotScore):
        play(played, "A", person("Timur", Role.MEMBER, ours.organization))
    with pytest.raises(MayNotScore):
        play(played, "A", person("Stranger", Role.OWNER, club_house("Чужой клуб")))


def test_names_stay_as_they_were_played(ours: Club, madina: User) -> None:
    played = match(ours, madina, pairs=True)
    player(ours, "Иван Иванов").name = "Иван Сидоров"
    assert (played.names(Side.A), played.is_doubles) == (["Иван Иванов", "Әлия Қожахметова"], True)


def test_the_end_is_told_at_once_and_again_after_three_seconds(ours: Club, madina: User) -> None:
    played = match(ours, madina)
    play(played, "A" * 10, madina)
    db.session.commit()
    section = parts(ours.topic)["section"]
    play(played, "A", madina)
    db.session.commit()
    told = parts(ours.topic)
    due = db.session.scalar(select(LivePart.due_at).filter_by(topic=ours.topic, part="section"))
    assert (due, told["section"]) == (NOW + timedelta(seconds=3), section)
    assert told["history"] == told[f"score/{played.id}"] == told[f"winner/{played.id}"] > section


def test_an_undo_after_the_end_brings_the_match_back_into_the_section(ours: Club, madina: User) -> None:
    played = match(ours, madina)
    play(played, "A" * 11, madina)
    db.session.commit()
    play(played, "u", madina)
    db.session.commit()
    told = parts(ours.topic)
    assert (played.ended_at, played.winner) == (None, None)
    assert told["section"] == told["history"] == told[f"score/{played.id}"]


def test_scores_of_matches_long_ended_are_forgotten(ours: Club, madina: User) -> None:
    yesterday = NOW - timedelta(days=1)
    old, recent = match(ours, madina, now=yesterday), match(ours, madina)
    play(old, "A" * 11, madina, yesterday)
    play(recent, "A" * 11, madina, NOW - timedelta(minutes=59))
    db.session.commit()
    given_up = match(ours, madina, now=yesterday)
    given_up.abandon(madina, yesterday)
    db.session.commit()
    match(ours, madina)
    db.session.commit()
    kept_of = {part.partition("/")[2] for part in parts(ours.topic) if "/" in part}
    assert not {str(old.id), str(given_up.id)} & kept_of
    assert str(recent.id) in kept_of


def test_a_tap_asks_the_database_as_often_after_many_matches(ours: Club, madina: User) -> None:
    def queries_of_a_tap() -> int:
        number = match(ours, madina).id
        db.session.commit()
        played = db.session.get_one(Match, number)
        with recorded_queries(db.engine) as queries:
            play(played, "A", madina)
            db.session.commit()
        return len(queries)

    first = queries_of_a_tap()
    for _ in range(12):
        play(match(ours, madina), "A" * 11, madina)
    assert queries_of_a_tap() == first


def test_a_tap_walks_through_no_table_that_grows_with_the_matches(ours: Club, madina: User) -> None:
    played = match(ours, madina)
    db.session.commit()
    with recorded_queries(db.engine) as queries:
        play(played, "A", madina)
        db.session.commit()
    connection = db.session.connection()
    plans = [connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", (None,) * asked.count("?")) for asked in queries]
    steps = [step.detail for plan in plans for step in plan]
    assert any("SEARCH club_match" in step for step in steps)
    walks = re.compile(r"MATERIALIZE|SCAN (club_match|match_player|player|log_entry)")
    assert not [step for step in steps if walks.match(step)]


@pytest.mark.both_databases
@pytest.mark.parametrize(("tap_ids", "points"), [(["one"] * 20, 1), ([f"tap {number}" for number in range(20)], 1)])
def test_twenty_taps_at_once_on_one_score_are_one_point(
    app: Flask, ours: Club, madina: User, tap_ids: list[str], points: int
) -> None:
    number, scorer = match(ours, madina).id, madina.id
    db.session.commit()

    def tap(tap_id: str) -> bool:
        with app.app_context():
            try:
                found = db.session.get_one(Match, number)
                found.record_rally(Side.A, tap_id, 0, db.session.get_one(User, scorer), utc_now())
                db.session.commit()
            except TapOutdated:
                db.session.rollback()
                return False
            return True

    with ThreadPoolExecutor(20) as crowd:
        counted = list(crowd.map(tap, tap_ids))
    assert db.session.get_one(Match, number, populate_existing=True).points_a == points
    assert sum(counted) == (20 if len(set(tap_ids)) == 1 else 1)
