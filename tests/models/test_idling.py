"""Abandoned matches: asked about after ten minutes, closed after an hour, reopened by a tap."""

from datetime import datetime, timedelta

import pytest

from extensions import db
from models.accounts import Role, User
from models.club import Club, Match, MatchEnded, MayNotScore, System, Tournament, TournamentPlan
from models.live_topic import touched_parts
from tests.support.people import person
from tests.support.players import NOW, match, play

SOON, LATER, MUCH_LATER = NOW + timedelta(minutes=9), NOW + timedelta(minutes=10), NOW + timedelta(hours=1)


def going_on(ours: Club) -> list[Match]:
    return list(db.session.scalars(Match.live_in(ours)))


def quiet(ours: Club, now: datetime) -> list[Match]:
    return list(db.session.scalars(Match.quiet_in(ours, now)))


def test_after_ten_minutes_it_is_asked_and_a_tap_is_the_answer(ours: Club, madina: User) -> None:
    begun = match(ours, madina)
    assert [begun.is_quiet(moment) for moment in (SOON, LATER)] == [False, True]
    play(begun, "A", madina, LATER)
    assert not begun.is_quiet(LATER)
    assert begun.asks_at == LATER + timedelta(minutes=10)


def test_the_club_is_told_of_the_quiet_ones_and_when_to_ask_next(ours: Club, madina: User) -> None:
    first, second = match(ours, madina), match(ours, madina, now=SOON)
    assert quiet(ours, LATER) == [first]
    assert Match.next_question(ours, LATER) == SOON + timedelta(minutes=10)
    second.abandon(madina, LATER)
    assert Match.next_question(ours, LATER) is None


def test_they_say_that_they_play_and_are_left_alone(ours: Club, madina: User) -> None:
    begun = match(ours, madina)
    begun.still_goes_on(madina, LATER)
    assert not begun.is_quiet(LATER)
    assert begun.log_length == 0


def test_where_it_was_to_be_asked_late_a_tap_brings_the_question_forward(ours: Club, madina: User) -> None:
    begun = match(ours, madina)
    begun.still_goes_on(madina, NOW + timedelta(hours=8))
    db.session.commit()
    assert Match.forgotten(MUCH_LATER) == []
    play(begun, "A", madina, SOON)
    assert "idle" in touched_parts(begun.topic)
    assert begun.asks_at == SOON + timedelta(minutes=10)


def test_a_tap_in_time_is_no_news_for_those_who_ask(ours: Club, madina: User) -> None:
    begun = match(ours, madina)
    db.session.commit()
    play(begun, "A", madina, SOON)
    assert "idle" not in touched_parts(ours.topic)
    play(begun, "A", madina, SOON + timedelta(minutes=10))
    assert "idle" in touched_parts(ours.topic)


def test_after_an_hour_it_is_closed_and_a_tap_takes_it_up_again(ours: Club, madina: User) -> None:
    begun = match(ours, madina)
    play(begun, "AB", madina)
    assert Match.forgotten(MUCH_LATER - timedelta(seconds=1)) == []
    assert Match.forgotten(MUCH_LATER) == [begun.id]
    assert begun.close_if_forgotten(MUCH_LATER)
    assert (begun.goes_on, begun.is_finished, begun.winner, going_on(ours)) == (False, False, None, [])
    assert not begun.close_if_forgotten(MUCH_LATER)
    play(begun, "A", madina, MUCH_LATER)
    assert (begun.goes_on, begun.points_a, going_on(ours)) == (True, 2, [begun])


def test_who_tapped_while_it_was_being_closed_is_heard(ours: Club, madina: User) -> None:
    begun = match(ours, madina)
    play(begun, "A", madina, SOON)
    assert not begun.close_if_forgotten(MUCH_LATER)


def test_who_may_not_score_neither_closes_nor_answers(ours: Club, madina: User) -> None:
    begun, timur = match(ours, madina), person("Timur", Role.MEMBER, ours.organization)
    for verb in (begun.abandon, begun.still_goes_on):
        with pytest.raises(MayNotScore):
            verb(timur, LATER)


def test_a_match_that_was_won_cannot_be_abandoned(ours: Club, madina: User) -> None:
    begun = match(ours, madina)
    play(begun, "A" * 11, madina)
    with pytest.raises(MatchEnded):
        begun.abandon(madina, LATER)


def test_in_a_tournament_an_abandoned_meeting_may_be_played_anew(ours: Club, madina: User) -> None:
    sides = tuple((player,) for player in ours.players[:2])
    plan = TournamentPlan("Турнир", System.KNOCKOUT, sides, best_of=1)
    tournament = Tournament.open(ours, plan, madina, NOW)
    tournament.start_tie(1, 1, madina, NOW).abandon(madina, LATER)
    assert (tournament.contest().free_tables, list(tournament.contest().startable)) == ([1], [1])
    play(tournament.start_tie(1, 1, madina, LATER), "B" * 11, madina, LATER)
    assert tournament.contest().champion == 2
