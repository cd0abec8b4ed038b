"""A match read back from the API's JSON equals the original, for every law and every log."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.scoring.engine import State
from rules.scoring.match_json import MOST_LINES, NotReadable, Wrong, line_to_json, parse_match
from rules.scoring.wire import Facts, GameUpdate, game_update
from tests.rules.scoring.test_properties import EVERYTHING, Game, games_of, in_every_sport, logs

BEGUN = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
Told = dict[str, Any]


def told(code: str = "table-tennis-friendly-1", rallies: str = "AB", **match: Any) -> Told:
    """Иван against Петр, a line a rally."""
    lines = [
        {"seq": seq, "kind": "rally", "side": side, "target": None, "at": BEGUN.isoformat()}
        for seq, side in enumerate(rallies, start=1)
    ]
    facts = {"ruleset": code, "handicap": [0, 0], "first_server": "A", "table": 4, "started_at": BEGUN.isoformat()}
    return {"version": 1, "match": {**facts, "sides": {"A": ["Иван"], "B": ["Петр"]}, **match}, "log": lines}


def read(content: Told) -> Any:
    return parse_match(json.dumps(content).encode())


def wire(game: Game, state: State) -> GameUpdate:
    return game_update(game.law, state, Facts(match_id=7, seq=8), "double" if game.pairs else "single", "Иван", "Петр")


@in_every_sport
@settings(max_examples=20)
@given(st.data())
def test_whatever_was_written_down_is_the_same_match_and_the_same_game_update_again(
    sport: str, data: st.DataObject
) -> None:
    game = data.draw(games_of(sport))
    log = data.draw(logs(game, EVERYTHING))
    state = game.state(log)
    names = {"A": ["Иван", "Әлия"], "B": ["Петр", "Болат"]} if game.pairs else {"A": ["Иван"], "B": ["Петр"]}
    content = told(game.law.code, "", sides=names, handicap=list(game.law.handicap), first_server=game.first.value)
    content["log"] = [line_to_json(entry, BEGUN + timedelta(seconds=entry.seq)) for entry in log]
    content["match"] |= {"points": state.points, "games": state.games, "winner": state.winner}
    again = read(content)
    assert again.state == state
    assert [line.entry for line in again.lines] == log
    assert wire(game, again.state) == wire(game, state)


def change(**changes: Any) -> Callable[[Told], None]:
    return lambda content: content["match"].update(changes)


def line(**changes: Any) -> Callable[[Told], None]:
    return lambda content: content["log"][1].update(changes)


def lines(*changes: Told) -> Callable[[Told], None]:
    return lambda content: [said.update(change) for said, change in zip(content["log"], changes, strict=True)].clear()


def whole(**changes: Any) -> Callable[[Told], None]:
    return lambda content: content.update(changes)


@pytest.mark.parametrize(
    ("spoil", "wrong", "number"),
    [
        (whole(version=2), Wrong.VERSION, None),
        (whole(match=[]), Wrong.FORM, None),
        (whole(log={}), Wrong.FORM, None),
        (whole(log=[{}] * (MOST_LINES + 1)), Wrong.TOO_LONG, None),
        (change(ruleset="chess"), Wrong.LAW, None),
        (change(ruleset=["chess"]), Wrong.LAW, None),
        (change(handicap=[99, 0]), Wrong.LAW, None),
        (change(handicap="0:0"), Wrong.LAW, None),
        (change(sides={"A": ["Иван"]}), Wrong.SIDES, None),
        (change(sides={"A": ["Иван"], "B": ["Иван"]}), Wrong.SIDES, None),
        (change(sides={"A": ["Иван", "Әлия"], "B": ["Петр"]}), Wrong.SIDES, None),
        (change(sides={"A": ["Иван"], "B": [{"name": "Петр"}]}), Wrong.SIDES, None),
        (change(sides={"A": ["И" * 201], "B": ["Петр"]}), Wrong.SIDES, None),
        (change(sides={"A": ["Иван\x00"], "B": ["Петр"]}), Wrong.SIDES, None),
        (change(sides={"A": ["Иван"], "B": ["Петр\ud800"]}), Wrong.SIDES, None),
        (change(sides={"A": ["Иван\nПетр"], "B": ["Петр"]}), Wrong.SIDES, None),
        (change(first_server="C"), Wrong.FACTS, None),
        (change(table=0), Wrong.FACTS, None),
        (change(started_at="2026-11-21T12:00:00"), Wrong.FACTS, None),
        (change(started_at="0001-01-02T00:00:00+00:00"), Wrong.FACTS, None),
        (change(started_at="1989-12-31T23:59:59+00:00"), Wrong.FACTS, None),
        (change(started_at="0001-01-01T00:00:00+14:00"), Wrong.FACTS, None),
        (line(seq=5), Wrong.LINE, 2),
        (line(kind="smash"), Wrong.LINE, 2),
        (line(side="C"), Wrong.LINE, 2),
        (line(side=["A"]), Wrong.LINE, 2),
        (line(target="1"), Wrong.LINE, 2),
        (line(target=1), Wrong.LINE, 2),
        (line(kind="undo"), Wrong.LINE, 2),
        (line(kind="undo", target=0), Wrong.LINE, 2),
        (line(kind="undo", target=2), Wrong.LINE, 2),
        (line(kind="undo", target=10**30), Wrong.LINE, 2),
        (line(kind="amend", target=True), Wrong.LINE, 2),
        (line(at="вчера"), Wrong.LINE, 2),
        (line(at="0001-01-02T00:00:00+00:00"), Wrong.LINE, 2),
        (line(at=(BEGUN - timedelta(seconds=1)).isoformat()), Wrong.LINE, 2),
        (lines({"at": (BEGUN + timedelta(seconds=1)).isoformat()}, {}), Wrong.LINE, 2),
        (line(points=1000), Wrong.LINE, 2),
        (line(in_play=1), Wrong.LINE, 2),
        (line(server=3), Wrong.LINE, 2),
        (line(side=None), Wrong.LOG, None),
        (lines({"kind": "let", "side": None}, {"kind": "amend", "target": 1}), Wrong.LOG, None),
        (change(points=[5, 5]), Wrong.SCORE, None),
        (change(winner="A"), Wrong.SCORE, None),
    ],
)
def test_what_is_wrong_is_named(spoil: Callable[[Told], None], wrong: Wrong, number: int | None) -> None:
    content = told()
    spoil(content)
    with pytest.raises(NotReadable) as refused:
        read(content)
    assert (refused.value.wrong, refused.value.line) == (wrong, number)


@pytest.mark.parametrize("text", [b"", b"\xff\xfe", b"[]", b"null", b"[" * 100_000, b'{"version": 1}'])
def test_what_is_no_match_at_all_is_said_so(text: bytes) -> None:
    with pytest.raises(NotReadable) as refused:
        parse_match(text)
    assert refused.value.wrong is Wrong.FORM


def test_a_rally_after_the_end_is_no_log() -> None:
    with pytest.raises(NotReadable) as refused:
        read(told(rallies="A" * 12))
    assert refused.value.wrong is Wrong.LOG
