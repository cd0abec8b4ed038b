"""Who keeps the score of a match: advisory, shown to all, never blocking."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from extensions import db
from models.accounts import Role, User
from models.club import Club, MayNotScore
from models.club.lease import LEASE
from models.live_topic import LivePart
from tests.support.people import person
from tests.support.players import NOW, match, play


@pytest.fixture
def ruslan(ours: Club) -> User:
    return person("Ruslan", Role.SCORER, ours.organization)


def test_who_taps_first_keeps_the_score_and_another_tap_counts_all_the_same(
    ours: Club, madina: User, ruslan: User
) -> None:
    playing = match(ours, madina)
    assert not playing.is_leased(NOW)
    play(playing, "A", madina)
    play(playing, "B", ruslan)
    assert (playing.holder, playing.is_leased(NOW)) == (madina, True)
    assert (playing.points_a, playing.points_b) == (1, 1)


def test_a_lease_is_renewed_by_its_holder_and_ends_by_itself(ours: Club, madina: User, ruslan: User) -> None:
    playing = match(ours, madina)
    play(playing, "A", madina)
    play(playing, "A", madina, NOW + LEASE / 2)
    assert playing.is_leased(NOW + LEASE)
    late = NOW + LEASE * 2
    assert not playing.is_leased(late)
    play(playing, "A", ruslan, late)
    assert playing.holder is ruslan


def test_one_tap_takes_over_and_back(ours: Club, madina: User, ruslan: User) -> None:
    playing = match(ours, madina)
    play(playing, "A", madina)
    playing.take_over(ruslan, NOW)
    assert playing.is_held_by(ruslan)
    play(playing, "A", madina)
    assert (playing.points_a, playing.is_held_by(ruslan)) == (2, True)
    playing.take_over(madina, NOW)
    assert playing.is_held_by(madina)


def test_a_guest_holds_by_the_pass_and_no_other_match(ours: Club, madina: User) -> None:
    playing, other = match(ours, madina), match(ours, madina)
    given = playing.give_pass(madina, NOW)
    playing.record_rally(playing.first_server, "first", 0, given, NOW)
    assert (playing.is_held_by(given), playing.is_held_by(madina)) == (True, False)
    with pytest.raises(MayNotScore):
        other.take_over(given, NOW)


def test_phones_are_told_when_it_changes_and_not_with_every_tap(ours: Club, madina: User) -> None:
    playing = match(ours, madina)
    play(playing, "A", madina)
    db.session.commit()
    told = select(LivePart.version, LivePart.due_at).filter_by(topic=playing.topic, part="holder")
    first = db.session.execute(told).one()
    assert first.due_at == NOW + LEASE
    play(playing, "AB", madina, NOW + timedelta(seconds=20))
    db.session.commit()
    assert db.session.execute(told).one() == first
