"""The properties P1 to P6, which hold for every supported law and every log; P7 is in test_match_json.py."""

import dataclasses
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.scoring.engine import Scorebook, State, fold
from rules.scoring.log import BadEntry, Entry, EntryKind, Points, Side
from rules.scoring.play import AgainstTheLaw, MatchIsOver
from rules.scoring.ruleset import Count, Players, Ruleset
from rules.scoring.serving.service import Service
from rules.scoring.sports import LAWS, SPORTS
from tests.rules.scoring.logs import amend, order, rallies, say, undo

REFUSED = (BadEntry, MatchIsOver, AgainstTheLaw)
CORRECTIONS = "AABBABuax"
EVERYTHING = CORRECTIONS + "ABABABTtwleos"

sides = st.sampled_from(list(Side))


@dataclasses.dataclass(frozen=True)
class Game:
    """A law, who serves first, and singles or pairs."""

    law: Ruleset
    first: Side
    pairs: bool

    def state(self, log: list[Entry]) -> State:
        return fold(self.law, log, self.first, pairs=self.pairs)

    def takes(self, log: list[Entry]) -> bool:
        try:
            self.state(log)
        except REFUSED:
            return False
        return True


in_every_sport = pytest.mark.parametrize("sport", SPORTS)


def games_of(sport: str) -> st.SearchStrategy[Game]:
    """Every law of the sport; where it has handicaps, also with a head start."""
    own = list(SPORTS[sport].laws())
    if SPORTS[sport].has_handicap:
        own.append(own[0].with_handicap((4, 0)))
    return st.builds(Game, st.sampled_from(own), sides, st.booleans())


@st.composite
def logs(draw: st.DrawFn, game: Game, actions: str = CORRECTIONS, most: int = 20, lead: int = 50) -> list[Entry]:
    """Close rallies as far as the law permits, then lines of all kinds, some of them invalid."""
    log = until_the_end(game, rallies("AB" * draw(st.integers(0, lead))))
    for action in draw(st.lists(st.sampled_from(actions), max_size=most)):
        longer = _extended(log, action, game)
        log = longer if game.takes(longer) else log
    return log


def until_the_end(game: Game, log: list[Entry]) -> list[Entry]:
    """As many of these rallies as the match takes."""
    book = Scorebook(game.law, game.first, pairs=game.pairs)
    for length, entry in enumerate(log):
        try:
            book.read([entry])
        except MatchIsOver:
            return log[:length]
    return log


def _extended(log: list[Entry], action: str, game: Game) -> list[Entry]:
    live = game.state(log).live
    if action in "AB":
        return rallies(action, after=log)
    if action == "u":
        return undo(log, live[-1].seq) if live else log
    if action == "a":
        return amend(log, live[-1].seq, live[-1].side.other) if live else log
    if action == "x":
        return undo(log, log[-1].seq) if log and log[-1].kind is EntryKind.UNDO else log
    return _said(log, action)


def _said(log: list[Entry], action: str) -> list[Entry]:
    if action == "o":
        return order(log, Side.B, 1 + len(log) % 3, server=2)
    kinds = {"T": EntryKind.TIME_OUT, "w": EntryKind.AWARD, "t": EntryKind.TIME_OUT, "s": EntryKind.SERVICE}
    if action in kinds:
        return say(log, kinds[action], Side.A if action == "T" else Side.B)
    return say(log, EntryKind.LET if action == "l" else EntryKind.EXPEDITE)


@in_every_sport
@settings(max_examples=20)
@given(st.data(), sides)
def test_a_rally_taken_back_leaves_no_trace_at_any_prefix(sport: str, data: st.DataObject, winner: Side) -> None:
    game = data.draw(games_of(sport))
    log = data.draw(logs(game, most=10))
    for length in range(max(0, len(log) - 15), len(log) + 1):
        before = game.state(log[:length])
        if not before.is_finished:
            played = rallies(winner, after=log[:length])
            assert game.state(undo(played, length + 1)) == before


@in_every_sport
@settings(max_examples=20)
@given(st.data())
def test_line_by_line_or_at_once_is_the_same(sport: str, data: st.DataObject) -> None:
    game = data.draw(games_of(sport))
    log = data.draw(logs(game, EVERYTHING))
    book = Scorebook(game.law, game.first, pairs=game.pairs)
    for entry in log:
        book.read([entry])
    assert book.state == game.state(log)


@in_every_sport
@settings(max_examples=20)
@given(st.data())
def test_corrections_leave_the_same_state_as_a_log_written_right_at_once(sport: str, data: st.DataObject) -> None:
    game = data.draw(games_of(sport))
    state = game.state(data.draw(logs(game)))
    clean = [Entry(rally.seq, EntryKind.RALLY, rally.side) for rally in state.live]
    assert dataclasses.replace(game.state(clean), newest=state.newest) == state


@in_every_sport
@settings(max_examples=20)
@given(st.data(), sides, sides)
def test_a_match_ends_and_then_takes_no_rally(sport: str, data: st.DataObject, better: Side, winner: Side) -> None:
    game = data.draw(games_of(sport))
    log = until_the_end(game, rallies(better * 200, after=data.draw(logs(game))))
    assert game.state(log).is_finished
    with pytest.raises(MatchIsOver):
        game.state(rallies(winner, after=log))


@in_every_sport
@settings(max_examples=20)
@given(st.data())
def test_each_rally_goes_on_from_the_points_that_the_one_before_left(sport: str, data: st.DataObject) -> None:
    game = data.draw(games_of(sport))
    state = game.state(data.draw(logs(game, EVERYTHING)))
    points, stretch = game.law.handicap, 1
    for rally in state.live:
        if rally.stretch != stretch:
            points, stretch = game.law.handicap, rally.stretch
        assert rally.points_before == points
        gained = (1, 0) if rally.side is Side.A else (0, 1)
        points = rally.points_after
        assert points in (rally.points_before, _sum(rally.points_before, gained))
    assert state.points == (points if state.stretch == stretch else game.law.handicap)


@in_every_sport
@settings(max_examples=20)
@given(st.data())
def test_only_where_servers_score_a_rally_gives_no_point(sport: str, data: st.DataObject) -> None:
    game = data.draw(games_of(sport))
    log = data.draw(logs(game, "AB"))
    for rally in game.state(log).live[-10:]:
        served = game.state([entry for entry in log if entry.seq < rally.seq]).server
        scored = rally.points_before != rally.points_after
        assert scored is (rally.side is served or not game.law.serving.only_servers_score)


def _sum(points: Points, gained: Points) -> Points:
    return points[0] + gained[0], points[1] + gained[1]


def swapped(pair: Points) -> Points:
    return pair[1], pair[0]


def other(side: Side | None) -> Side | None:
    return side and side.other


def of_other_side(service: Service) -> Service:
    return dataclasses.replace(
        service,
        side=service.side.other,
        first=service.first.other,
        order=tuple((side.other, place) for side, place in service.order),
        stands_right=swapped(service.stands_right),
        rotation=service.rotation and swapped(service.rotation),
    )


def mirrored(state: State) -> State:
    """The same match with the sides swapped."""
    pairs = ("points", "games_won", "time_outs_left", "set_games")
    sides = ("game_point", "set_point", "match_point", "winner")
    changes: dict[str, Any] = {name: getattr(state, name) and swapped(getattr(state, name)) for name in pairs}
    changes |= {name: other(getattr(state, name)) for name in sides}
    live = tuple(
        rally._replace(
            side=rally.side.other,
            points_before=swapped(rally.points_before),
            points_after=swapped(rally.points_after),
            server=(rally.server[0].other, rally.server[1]),
        )
        for rally in state.live
    )
    changes["service"] = of_other_side(state.service)
    newest = state.newest and state.newest._replace(side=other(state.newest.side))
    return dataclasses.replace(
        state, games=tuple(swapped(game) for game in state.games), live=live, newest=newest, **changes
    )


@in_every_sport
@settings(max_examples=20)
@given(st.data())
def test_swapping_the_two_sides_swaps_the_state(sport: str, data: st.DataObject) -> None:
    game = data.draw(games_of(sport))
    log = data.draw(logs(game, EVERYTHING))
    turned = [dataclasses.replace(entry, side=other(entry.side)) for entry in log]
    law = dataclasses.replace(game.law, handicap=swapped(game.law.handicap))
    assert Game(law, game.first.other, game.pairs).state(turned) == mirrored(game.state(log))


def is_final(count: Count, points: Points) -> bool:
    """Implemented independently of the engine."""
    high, low = max(points), min(points)
    by_lead = high == count.target and low <= high - count.lead
    beyond = high > count.target and high - low == count.lead and (count.cap is None or high <= count.cap)
    at_cap = count.cap is not None and high == count.cap and low == high - 1
    return by_lead or beyond or at_cap


def count_of_game(law: Ruleset, number: int) -> Count:
    if law.last_game is not None and number == law.best_of:
        return law.last_game
    return law.sets.games if law.sets else law.game


@in_every_sport
@settings(max_examples=20)
@given(st.data())
def test_no_log_gives_a_score_the_laws_forbid(sport: str, data: st.DataObject) -> None:
    game = data.draw(games_of(sport))
    state = game.state(data.draw(logs(game, EVERYTHING, lead=100)))
    for number, points in enumerate(state.games, start=1):
        assert is_final(count_of_game(game.law, number), points)
    assert state.is_finished is (max(state.games_won) == game.law.games_to_win)
    assert sum(state.games_won) == len(state.games) == state.game_number - (not state.is_finished)
    assert (state.winner is None) is (state.server is not None) is not state.is_finished
    if state.is_finished:
        assert state.games[-1] == (state.set_games if state.set_games and sum(state.set_games) else state.points)


def test_a_sport_is_found_by_its_code_and_so_is_every_law() -> None:
    assert all(code == sport.code for code, sport in SPORTS.items())
    assert all(code == law.code for code, law in LAWS.items())
    deciding = [code for code, law in LAWS.items() if law.is_deciding]
    assert len(LAWS) - len(deciding) == sum(len(each.lengths) for sport in SPORTS.values() for each in sport.formats)
    assert deciding == [code for code, law in LAWS.items() if code.endswith("-1") and "friendly" not in code]
    assert all(law.sport in SPORTS and law.best_of % 2 for law in LAWS.values())
    assert {sport.code for sport in SPORTS.values() if sport.players is Players.PAIRS} == {"padel"}
