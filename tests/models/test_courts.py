"""A club's tables: names, order, and one match at each."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from extensions import db
from models.accounts import Role, User
from models.club import BadPlan, Club, Court, Fault, Match, MatchPlan, Tournament, TournamentPlan, rename_court
from models.club.tournament_plan import System
from models.errors import Conflict, NotAllowed
from models.live_topic import topic_version, touched_parts
from tests.support.people import person
from tests.support.players import NOW, play, player


@pytest.fixture
def marat(ours: Club) -> User:
    """The club's manager."""
    marat = person("Marat", Role.OWNER, ours.organization)
    for name in ("Стол 1", "Корт у окна"):
        Court.add(ours, name, marat)
    return marat


def begun(of: Club, scorer: User, table: int | None, names: tuple[str, str] = ("Иван Иванов", "Петр Петров")) -> Match:
    a, b = ((player(of, name),) for name in names)
    return Match.start(of, MatchPlan(a, b, table=table), scorer, NOW)


def where(match: Match) -> tuple[int | None, str]:
    return match.table, match.table_called


def test_two_matches_are_never_at_one_table(ours: Club, madina: User, marat: User) -> None:
    first = begun(ours, madina, 2)
    with pytest.raises(BadPlan) as refused:
        begun(ours, madina, 2)
    assert refused.value.faults == {"table": Fault.TAKEN}
    play(first, "A" * 11, madina)
    assert where(begun(ours, madina, 2)) == (2, "Корт у окна")


@pytest.mark.parametrize("table", [3, 99])
def test_a_table_that_is_not_in_the_list_is_refused(ours: Club, madina: User, marat: User, table: int) -> None:
    with pytest.raises(BadPlan) as refused:
        begun(ours, madina, table)
    assert refused.value.faults == {"table": Fault.NO_TABLE}
    ours.courts[0].retire(marat, NOW)
    with pytest.raises(BadPlan):
        begun(ours, madina, 1)
    ours.courts[0].bring_back(marat)
    assert where(begun(ours, madina, 1)) == (1, "Стол 1")


def test_what_goes_on_again_after_others_sat_down_is_played_nowhere(ours: Club, madina: User, marat: User) -> None:
    first = begun(ours, madina, 1)
    play(first, "A" * 11, madina)
    second = begun(ours, madina, 1)
    play(first, "u", madina)
    assert (where(first), where(second)) == ((None, ""), (1, "Стол 1"))
    play(first, "A", madina)
    assert where(first) == (1, "Стол 1")


def test_an_abandoned_match_leaves_its_table_and_finds_it_again(ours: Club, madina: User, marat: User) -> None:
    first = begun(ours, madina, 1)
    first.abandon(madina, NOW)
    assert Match.at_tables(ours) == {}
    play(first, "A", madina)
    assert Match.at_tables(ours) == {1: first}


def test_a_match_moves_to_another_table(ours: Club, madina: User, marat: User) -> None:
    first, second = begun(ours, madina, 1), begun(ours, madina, None)
    with pytest.raises(BadPlan):
        second.move_to(1, madina, NOW)
    db.session.commit()
    second.move_to(2, madina, NOW)
    assert "head" in touched_parts(second.topic)
    first.move_to(None, madina, NOW)
    second.move_to(1, madina, NOW)
    assert (where(first), where(second)) == ((None, ""), (1, "Стол 1"))


def test_who_plays_gets_the_new_name_and_what_was_played_keeps_the_old(ours: Club, madina: User, marat: User) -> None:
    played = begun(ours, madina, 1)
    play(played, "A" * 11, madina)
    playing = begun(ours, madina, 1)
    db.session.commit()
    known = topic_version(playing.topic)
    rename_court(ours.courts[0], "Главный", marat)
    db.session.commit()
    assert (where(playing), where(played)) == ((1, "Главный"), (1, "Стол 1"))
    assert topic_version(playing.topic) > known


def test_the_list_has_an_order_and_no_name_twice(ours: Club, marat: User, madina: User) -> None:
    ours.courts[1].move_up(marat)
    db.session.flush()
    db.session.expire(ours)
    assert [(court.number, court.name) for court in ours.courts] == [(2, "Корт у окна"), (1, "Стол 1")]
    ours.courts[0].move_up(marat)
    last = ours.courts[1]
    changes: list[Callable[[], object]] = [
        lambda: last.move_up(madina),
        lambda: last.retire(madina, NOW),
        lambda: last.bring_back(madina),
        lambda: rename_court(last, "Корт у двери", madina),
        lambda: Court.add(ours, "Корт у двери", madina),
    ]
    for change in changes:
        with pytest.raises(NotAllowed):
            change()
    with pytest.raises(Conflict):
        Court.add(ours, "Стол 1", marat)


def test_a_tournament_plays_at_the_tables_that_it_was_given(ours: Club, madina: User, marat: User) -> None:
    sides = tuple((each,) for each in ours.players)
    plan = TournamentPlan("Кубок", System.KNOCKOUT, sides, best_of=1, tables=(1, 2, 3, 4))
    cup = Tournament.open(ours, plan, madina, NOW)
    friendly = begun(ours, madina, 2)
    assert cup.contest().free_tables == [1]
    db.session.commit()
    known = topic_version(cup.topic)
    play(friendly, "A" * 11, madina)
    db.session.commit()
    assert (cup.contest().free_tables, topic_version(cup.topic) > known) == ([1, 2], True)
    cup.play_at([2], madina)
    assert cup.contest().free_tables == [2]
    ours.courts[1].retire(marat, NOW)
    assert cup.contest().free_tables == []


@pytest.mark.both_databases
def test_of_eight_who_sit_down_at_once_one_does(app: Flask, ours: Club, madina: User, marat: User) -> None:
    club_id, scorer = ours.id, madina.id
    db.session.commit()

    def sit_down(_: int) -> bool:
        with app.app_context():
            of, actor = db.session.get_one(Club, club_id), db.session.get_one(User, scorer)
            try:
                begun(of, actor, 1)
                db.session.commit()
            except (BadPlan, Conflict):
                db.session.rollback()
                return False
            return True

    with ThreadPoolExecutor(8) as crowd:
        assert sum(crowd.map(sit_down, range(8))) == 1
    assert len(Match.at_tables(db.session.get_one(Club, club_id))) == 1
