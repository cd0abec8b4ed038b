"""The players of a club: names are unique, and two records of one player are merged."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from extensions import db
from models.accounts import Role, User
from models.club import (
    Club,
    HistoryQuestion,
    Match,
    MatchPlan,
    Player,
    PlayerChange,
    PlayerDeed,
    System,
    Tournament,
    TournamentPlan,
    merge_players,
    part_players,
)
from models.errors import Conflict, Stale
from tests.support.people import club_house, person
from tests.support.players import NAMES, NOW, club, match, play, player


def found(of: Club, typed: str) -> list[str]:
    return [each.name for each in db.session.scalars(Player.matching(of.id, typed))]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("кожах", ["Әлия Қожахметова"]),
        ("алия кож", ["Әлия Қожахметова"]),
        ("ИВАН", ["Иван Иванов"]),
        ("%", ["Әлия Қожахметова", "Болат Ахметов", "Иван Иванов", "Петр Петров"]),
        ("Марат", []),
        ("и в а н " * 500, ["Иван Иванов"]),
    ],
)
def test_any_part_of_a_name_finds_a_player_in_whatever_letters(ours: Club, typed: str, names: list[str]) -> None:
    assert found(ours, typed) == names


def test_a_name_is_one_players_in_the_club_and_free_in_another(ours: Club) -> None:
    with pytest.raises(Conflict, match="name"):
        Player.enrol(ours.id, "алия  ҚОЖАХМЕТОВА")
    db.session.rollback()
    assert Player.enrol(club(club_house("Другой клуб"), names=()).id, NAMES[0])


def test_somebody_hidden_is_found_by_nobody_and_offered_again_when_they_come(ours: Club, madina: User) -> None:
    petr = player(ours, "Петр Петров")
    petr.revise(petr.name, is_hidden=True, actor=madina, now=NOW)
    assert found(ours, "Петр") == []
    assert Player.find_or_enrol(ours.id, "петр петров") is petr
    assert found(ours, "Петр") == ["Петр Петров"]
    petr.revise(petr.name, is_hidden=True, actor=madina, now=NOW)
    petr.revise(petr.name, is_hidden=False, actor=madina, now=NOW)
    changes = [deed.change for deed in db.session.scalars(PlayerDeed.of(petr))]
    assert changes == [PlayerChange.OFFERED, PlayerChange.HIDDEN, PlayerChange.HIDDEN]


def test_a_renamed_player_keeps_the_name_they_played_with(ours: Club, madina: User) -> None:
    played = match(ours, madina)
    player(ours, "Иван Иванов").revise("Иван Грозный", is_hidden=False, actor=madina, now=NOW)
    assert [one.name for one in played.players] == ["Иван Иванов", "Петр Петров"]
    assert found(ours, "грозный") == ["Иван Грозный"]


def test_an_account_is_a_members_and_one_players(ours: Club, madina: User) -> None:
    ivan, petr = (player(ours, name) for name in NAMES[:2])
    ivan.sign_in_with(madina.id)
    db.session.commit()
    for whose in (madina, person("Stranger")):
        with pytest.raises(Conflict, match="user_id"):
            petr.sign_in_with(whose.id)
        db.session.rollback()
    ivan.sign_in_with(None)
    petr.sign_in_with(madina.id)
    assert (ivan.user_id, petr.user_id) == (None, madina.id)


def test_two_players_become_one_with_all_their_matches(ours: Club, madina: User) -> None:
    twice, other = Player.enrol(ours.id, "Ваня"), Player.enrol(ours.id, "Ваня И.")
    ivan = player(ours, "Иван Иванов")
    played = match(ours, madina)
    play(played, "A" * 11, madina)
    merge_players(other, ivan, madina, NOW)
    merge_players(twice, other, madina, NOW)
    assert HistoryQuestion(ours.id, twice.id).page(None, 9) == [played]
    assert played.players[0].name == "Иван Иванов"
    assert (ivan.merged_into_id, other.merged_into_id) == (twice.id, twice.id)
    assert Player.enrol(ours.id, "Иван Иванов")


def test_who_played_against_each_other_are_two(ours: Club, madina: User) -> None:
    match(ours, madina)
    db.session.commit()
    with pytest.raises(Conflict, match="other"):
        merge_players(player(ours, NAMES[0]), player(ours, NAMES[1]), madina, NOW)


def test_who_were_drawn_into_one_tournament_are_two(ours: Club, madina: User) -> None:
    ivan, petr, aliya, bolat = (player(ours, name) for name in NAMES)
    pairs = ((ivan, petr), (aliya, bolat))
    Tournament.open(ours, TournamentPlan("Пары", System.KNOCKOUT, pairs, best_of=1), madina, NOW)
    db.session.commit()
    for gone in (petr, bolat):
        with pytest.raises(Conflict, match="tournament"):
            merge_players(ivan, gone, madina, NOW)
    merge_players(ivan, Player.enrol(ours.id, "Ваня"), madina, NOW)


def test_an_account_goes_along_and_two_are_one_too_many(ours: Club, madina: User) -> None:
    ivan, petr, aliya = (player(ours, name) for name in NAMES[:3])
    aliya.sign_in_with(madina.id)
    petr.sign_in_with(person("Petr", Role.MEMBER, ours.organization).id)
    merge_players(ivan, aliya, madina, NOW)
    assert ivan.user_id == madina.id
    with pytest.raises(Conflict, match="user_id"):
        merge_players(ivan, petr, madina, NOW)


def test_two_who_were_taken_for_one_are_two_again_with_what_was_theirs(ours: Club, madina: User) -> None:
    ivan, petr, aliya = (player(ours, name) for name in NAMES[:3])
    earlier = Player.enrol(ours.id, "Ваня")
    merge_players(ivan, earlier, madina, NOW)
    ivan.sign_in_with(madina.id)
    played = match(ours, madina)
    play(played, "A" * 11, madina)
    merging = merge_players(aliya, ivan, madina, NOW)
    since = Match.start(ours, MatchPlan((aliya,), (petr,)), madina, NOW)
    play(since, "A" * 11, madina)
    part_players(merging, madina, NOW)
    assert HistoryQuestion(ours.id, ivan.id).page(None, 9) == [played]
    assert HistoryQuestion(ours.id, aliya.id).page(None, 9) == [since]
    assert (ivan.user_id, aliya.user_id, ivan.merged_into_id, ivan.is_hidden) == (madina.id, None, None, False)
    assert earlier.merged_into_id == ivan.id
    assert Player.called(ours.id, "иван иванов") is ivan
    with pytest.raises(Stale):
        part_players(merging, madina, NOW)
    told = db.session.scalars(PlayerDeed.of(ivan).with_only_columns(PlayerDeed.change))
    assert list(told) == ["parted", "merged", "merged"]


def test_they_are_not_parted_while_the_name_is_another_players(ours: Club, madina: User) -> None:
    ivan, aliya = player(ours, NAMES[0]), player(ours, NAMES[2])
    merging = merge_players(aliya, ivan, madina, NOW)
    Player.enrol(ours.id, NAMES[0])
    db.session.commit()
    with pytest.raises(Conflict, match="name"):
        part_players(merging, madina, NOW)


@pytest.mark.both_databases
def test_of_two_opposite_mergings_at_once_one_is_told_that_it_was_too_late(
    app: Flask, ours: Club, madina: User
) -> None:
    ivan, petr, actor = player(ours, NAMES[0]).id, player(ours, NAMES[1]).id, madina.id
    db.session.commit()

    def merge(both: tuple[int, int]) -> bool:
        with app.app_context():
            kept, gone = (db.session.get_one(Player, number) for number in both)
            try:
                merge_players(kept, gone, db.session.get_one(User, actor), NOW)
                db.session.commit()
            except Stale:
                db.session.rollback()
                return False
            return True

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(merge, [(ivan, petr), (petr, ivan)] * 4)) == [False] * 7 + [True]
