"""Tournaments follow from the draw and the matches, however often a result is corrected."""

from collections.abc import Mapping
from random import Random
from types import MappingProxyType

import pytest

from models.accounts import Role, User
from models.club import BadPlan, Club, Fault, LotNeeded, Match, MayNotScore, NotNow, System, Tournament, TournamentPlan
from models.club.tournament_plan import drawn_sides
from tests.support.people import person
from tests.support.players import NOW, club, play

NAMES = ("Ерлан", "Данияр", "Әлия", "Мария", "Болат")


@pytest.fixture
def ours(madina: User) -> Club:
    return club(madina.memberships[0].organization, names=NAMES)


def opened(
    ours: Club, madina: User, system: System = System.KNOCKOUT, players: int = 4, **wished: object
) -> Tournament:
    """A tournament of the first players of the list, in its order, one game each, at two tables."""
    ordered = sorted(ours.players, key=lambda player: NAMES.index(player.name))
    sides = tuple((player,) for player in ordered[:players])
    plan = TournamentPlan("Турнир", system, sides, best_of=1, tables=(1, 2), **wished)  # type: ignore[arg-type]
    return Tournament.open(ours, plan, madina, NOW)


def won(tournament: Tournament, number: int, rallies: str, madina: User) -> Match:
    """Plays the tie to its end, at the first free table."""
    match = tournament.start_tie(number, tournament.contest().free_tables[0], madina, NOW)
    play(match, rallies * 11, madina)
    return match


def standing(tournament: Tournament) -> list[tuple[str, int]]:
    return [(tournament.entrants[row.entrant - 1].name, row.place) for row in tournament.contest().rows]


def test_the_winner_goes_on_by_themself_and_goes_back_when_the_result_is_put_right(ours: Club, madina: User) -> None:
    tournament = opened(ours, madina)
    first = won(tournament, 1, "A", madina)
    won(tournament, 2, "A", madina)
    final = tournament.contest().ties[-1]
    assert (final.a, final.b) == (1, 3)
    play(first, "u", madina)
    assert tournament.contest().ties[-1].a is None
    play(first, "B" * 12, madina)
    assert tournament.contest().ties[-1].a == 4


def test_a_final_that_was_played_by_the_wrong_one_is_named_and_played_anew(ours: Club, madina: User) -> None:
    tournament = opened(ours, madina)
    first = won(tournament, 1, "A", madina)
    won(tournament, 2, "A", madina)
    final = won(tournament, 3, "A", madina)
    assert tournament.contest().champion == 1
    play(first, "u" + "B" * 12, madina)
    contest = tournament.contest()
    assert (contest.champion, contest.strays, list(contest.startable)) == (None, [final], [3])
    won(tournament, 3, "A", madina)
    assert tournament.contest().champion == 4


def test_the_third_place_is_played_for_by_those_who_lost_the_semifinals(ours: Club, madina: User) -> None:
    tournament = opened(ours, madina, has_third=True)
    for number in (1, 2, 3, 4):
        won(tournament, number, "A", madina)
    third = tournament.contest().ties[-1]
    assert (third.a, third.b, third.is_third) == (4, 2, True)
    assert tournament.contest().champion == 1


def test_everybody_meets_everybody_and_the_table_follows(ours: Club, madina: User) -> None:
    tournament = opened(ours, madina, System.ROUND_ROBIN, players=3)
    assert standing(tournament) == [("Ерлан", 1), ("Данияр", 1), ("Әлия", 1)]
    for number in (1, 2, 3):
        won(tournament, number, "A", madina)
    assert standing(tournament) == [("Ерлан", 1), ("Данияр", 2), ("Әлия", 3)]
    assert [row.tally.match_points for row in tournament.contest().rows] == [4, 3, 2]
    assert tournament.contest().champion == 1


def test_a_meeting_begins_once_and_only_at_a_free_table(ours: Club, madina: User) -> None:
    tournament = opened(ours, madina)
    started = tournament.start_tie(1, 2, madina, NOW)
    assert (started.table_number, started.kind, started.names(started.players[0].side)) == (2, "competition", ["Ерлан"])
    for number, table in ((1, 1), (2, 2), (3, 1), (2, 3), (9, 1)):
        with pytest.raises(NotNow):
            tournament.start_tie(number, table, madina, NOW)
    assert tournament.start_tie(2, 1, madina, NOW).table_number == 1


def test_a_meeting_of_somebody_with_themself_does_not_begin(ours: Club, madina: User) -> None:
    tournament = opened(ours, madina, players=2)
    tournament.entrants[1].player = tournament.entrants[0].player
    with pytest.raises(NotNow):
        tournament.start_tie(1, 1, madina, NOW)


def test_those_who_come_next_are_called_to_the_free_tables_and_nobody_to_two(ours: Club, madina: User) -> None:
    tournament = opened(ours, madina, System.ROUND_ROBIN)
    contest = tournament.contest()
    assert contest.called == {1: 1, 2: 2}
    tournament.start_tie(1, 2, madina, NOW)
    assert tournament.contest().called == {2: 1}


def test_nobody_plays_at_two_tables(ours: Club, madina: User) -> None:
    tournament = opened(ours, madina, System.ROUND_ROBIN)
    tournament.start_tie(1, 1, madina, NOW)
    assert list(tournament.contest().startable) == [2]


def test_whoever_goes_home_loses_what_is_left_and_may_come_back(ours: Club, madina: User) -> None:
    tournament = opened(ours, madina, System.ROUND_ROBIN, players=3)
    won(tournament, 1, "B", madina)
    tournament.withdraw(3, madina, NOW)
    contest = tournament.contest()
    assert [(tie.winner, tie.is_walkover) for tie in contest.ties] == [(3, False), (1, True), (None, False)]
    tournament.undo_withdrawal(3, madina)
    assert tournament.contest().ties[1].winner is None


def test_a_match_that_was_given_up_counts_as_lost_without_being_played_out(ours: Club, madina: User) -> None:
    tournament = opened(ours, madina, System.ROUND_ROBIN, players=3)
    won(tournament, 1, "A", madina)
    tournament.withdraw(3, madina, NOW)
    assert [row.tally.match_points for row in tournament.contest().rows] == [2, 2, 1]


@pytest.mark.parametrize(
    ("system", "players", "wished", "faults"),
    [
        (System.ROUND_ROBIN, 2, {}, {"players": Fault.TOO_FEW}),
        (System.KNOCKOUT, 1, {}, {"players": Fault.TOO_FEW}),
        (System.KNOCKOUT, 4, {"format": "padel"}, {"kind": Fault.PLAYERS}),
        (System.KNOCKOUT, 4, {"format": "chess"}, {"format": Fault.FORMAT}),
    ],
)
def test_what_cannot_be_played_is_refused(
    ours: Club, madina: User, system: System, players: int, wished: dict[str, object], faults: dict[str, Fault]
) -> None:
    with pytest.raises(BadPlan) as refused:
        opened(ours, madina, system, players, **wished)
    assert refused.value.faults == faults


def test_who_may_not_keep_score_may_not_run_a_tournament(ours: Club, madina: User) -> None:
    tournament, timur = opened(ours, madina), person("Timur", Role.MEMBER, ours.organization)
    for verb in (
        lambda: opened(ours, timur),
        lambda: tournament.start_tie(1, 1, timur, NOW),
        lambda: tournament.withdraw(1, timur, NOW),
        lambda: tournament.undo_withdrawal(1, timur),
    ):
        with pytest.raises(MayNotScore):
            verb()


def test_the_draw_puts_seeds_first_and_pairs_the_strongest_with_the_weakest(ours: Club) -> None:
    players = sorted(ours.players, key=lambda player: NAMES.index(player.name))[:4]
    seeds = {players[3].id: 1, players[2].id: 2, players[1].id: 3}
    singles = drawn_sides(players, seeds, Random(7), in_pairs=False)
    assert [side[0].name for side in singles] == ["Мария", "Әлия", "Данияр", "Ерлан"]
    pairs = drawn_sides(players, seeds, Random(7), in_pairs=True)
    assert [[player.name for player in pair] for pair in pairs] == [["Мария", "Ерлан"], ["Әлия", "Данияр"]]


def test_one_is_left_without_a_partner(ours: Club, madina: User) -> None:
    sides = drawn_sides(ours.players, {}, Random(7), in_pairs=True)
    plan = TournamentPlan("Пары", System.ROUND_ROBIN, sides)
    assert plan.faults() == {"players": Fault.ODD}


def test_pairs_play_as_pairs(ours: Club, madina: User) -> None:
    sides = drawn_sides(sorted(ours.players, key=lambda player: player.id)[:4], {}, Random(7), in_pairs=True)
    tournament = Tournament.open(ours, TournamentPlan("Пары", System.KNOCKOUT, sides, best_of=1), madina, NOW)
    assert len(won(tournament, 1, "B", madina).players) == 4
    assert tournament.contest().champion == 2


def in_groups(madina: User, **wished: object) -> Tournament:
    """Six players in two groups: 1, 4, 5 and 2, 3, 6. The first two of each advance."""
    ours = club(madina.memberships[0].organization, names=(*NAMES, "Виктор"))
    ordered = sorted(ours.players, key=lambda player: (*NAMES, "Виктор").index(player.name))
    sides = tuple((player,) for player in ordered)
    plan = TournamentPlan("Группы", System.GROUPS, sides, best_of=1, tables=(1, 2), **wished)  # type: ignore[arg-type]
    return Tournament.open(ours, plan, madina, NOW)


def played_out(
    tournament: Tournament, madina: User, beaten: Mapping[int, int] = MappingProxyType({})
) -> dict[frozenset[int], Match]:
    """The stronger wins all that can begin, but who is named in `beaten` wins against whom; the matches by who met."""
    met = {}
    while startable := tournament.contest().startable:
        number, pair = min(startable.items())
        winner = next((one for one in pair if beaten.get(one) in pair), min(pair))
        met[frozenset(pair)] = won(tournament, number, "A" if winner == pair[0] else "B", madina)
    return met


def test_who_is_first_and_second_of_a_group_goes_on_to_the_bracket(madina: User) -> None:
    tournament = in_groups(madina)
    assert tournament.groups == [[1, 4, 5], [2, 3, 6]]
    with pytest.raises(NotNow):
        tournament.draw_bracket({}, madina)
    played_out(tournament, madina)
    contest = tournament.contest()
    assert [[row.entrant for row in group] for group in contest.groups] == [[1, 4, 5], [2, 3, 6]]
    assert (contest.may_be_drawn, contest.is_over, contest.champion) == (True, False, None)
    tournament.draw_bracket({}, madina)
    semifinals = [(tie.a, tie.b) for tie in tournament.contest().waiting]
    assert sorted(sorted(filter(None, pair)) for pair in semifinals) == [[1, 3], [2, 4]]
    played_out(tournament, madina)
    assert tournament.contest().champion == 1


def test_before_anybody_has_played_entrants_change_groups(madina: User, ours: Club) -> None:
    tournament = in_groups(madina)
    with pytest.raises(BadPlan):
        tournament.regroup({5: 2}, madina)
    with pytest.raises(MayNotScore):
        tournament.regroup({5: 2, 2: 1}, person("Timur", Role.MEMBER, ours.organization))
    assert tournament.groups == [[1, 4, 5], [2, 3, 6]]
    tournament.regroup({5: 2, 2: 1}, madina)
    assert tournament.groups == [[1, 2, 4], [3, 5, 6]]
    won(tournament, min(tournament.contest().startable), "A", madina)
    with pytest.raises(NotNow):
        tournament.regroup({5: 1, 2: 2}, madina)


def test_a_shared_place_is_asked_of_whoever_draws(madina: User) -> None:
    tournament = in_groups(madina)
    played_out(tournament, madina, {5: 1})
    assert [row.place for row in tournament.contest().groups[0]] == [1, 1, 1]
    for lots in ({}, {1: 1, 4: 2}, {1: 1, 4: 1, 5: 2}):
        with pytest.raises(LotNeeded):
            tournament.draw_bracket(lots, madina)
    tournament.draw_bracket({5: 1, 1: 2, 4: 3}, madina)
    assert set(tournament.bracket) == {5, 1, 2, 3}
    assert not tournament.contest().has_drifted


def test_a_result_put_right_after_the_draw_is_said_and_draws_nothing_anew(madina: User) -> None:
    tournament = in_groups(madina)
    met = played_out(tournament, madina)
    tournament.draw_bracket({}, madina)
    drawn = tournament.bracket
    play(met[frozenset((4, 5))], "u" + ("B" if 4 in tournament.groups[0] else "A") * 12, madina)
    contest = tournament.contest()
    assert (contest.has_drifted, contest.may_be_drawn, tournament.bracket) == (True, True, drawn)
    won(tournament, min(contest.startable), "A", madina)
    with pytest.raises(NotNow):
        tournament.draw_bracket({}, madina)


def test_who_went_home_gives_their_place_to_the_next(madina: User) -> None:
    tournament = in_groups(madina)
    played_out(tournament, madina)
    tournament.withdraw(1, madina, NOW)
    tournament.draw_bracket({}, madina)
    assert set(tournament.bracket) == {4, 5, 2, 3}
    assert not tournament.contest().has_drifted


@pytest.mark.parametrize(("wished", "faults"), [({"groups": 3}, True), ({"advance": 3}, True), ({"advance": 1}, False)])
def test_a_group_is_never_too_small(madina: User, wished: dict[str, object], faults: bool) -> None:
    if not faults:
        assert in_groups(madina, **wished).advance == 1
        return
    with pytest.raises(BadPlan) as refused:
        in_groups(madina, **wished)
    assert refused.value.faults == {"groups": Fault.SMALL_GROUPS}
