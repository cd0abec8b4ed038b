"""What the correction pages show: the rallies to choose from, and the effect of each possible correction."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from live.announcement import State
from models.club import LawForbids, Match
from rules.scoring import engine
from rules.scoring.calls import calls, calls_after
from rules.scoring.log import EntryKind, Side
from rules.scoring.play import Rally
from rules.scoring.wire import side_name

WAYS = (
    ("amend", EntryKind.AMEND),
    ("undo", EntryKind.UNDO),
    ("insert-A", EntryKind.INSERT),
    ("insert-B", EntryKind.INSERT),
)


def games_state(match: Match) -> list[State]:
    """The games, the newest first, each with its rallies in order of play."""
    by_game = groupby(match.state.live, key=lambda rally: rally.game_number)
    games = [{"number": number, "rallies": _numbered(match, rallies)} for number, rallies in by_game]
    return games[::-1]


def rally_state(match: Match, seq: int) -> State | None:
    """One rally with the number of its game; None if it is not a counted rally."""
    found = [(game, rally) for game in games_state(match) for rally in game["rallies"] if rally["seq"] == seq]
    return {**found[0][1], "game": found[0][0]["number"]} if found else None


def ways_state(match: Match, rally: State) -> list[State]:
    """The possible corrections of the rally, each with the resulting score."""
    return list(_ways(match, rally["seq"], Side(rally["side"])))


def score_after(match: Match, state: engine.State) -> State:
    """A score in one line: the finished games and the score of the current one, None once the match is over."""
    return {
        "games": state.games,
        "set_games": None if state.is_finished else state.set_games,
        "calls": None if state.is_finished else calls(match.ruleset, state),
        "winner": side_name(match.names(state.winner)) if state.winner else None,
        "server": side_name(match.names(state.server)) if state.server else None,
    }


def corrections_state(match: Match) -> list[State]:
    """The corrections made, the newest first: when, by whom and why."""
    zone = match.club.organization.zone
    lines = [line for line in reversed(match.log) if line.reason]
    said: dict[tuple[Any, ...], State] = {}
    for line in lines:
        who, clock = line.actor.name if line.actor else "", f"{line.at.astimezone(zone):%H:%M}"
        said[line.at, line.reason] = {"clock": clock, "who": who, "reason": line.reason}
    return list(said.values())


def side_of(way: str, rally: State) -> Side | None:
    """The winner of the rally that this correction records."""
    if way == "amend":
        return Side(rally["side"]).other
    return Side(way[-1]) if way.startswith("insert") else None


def _ways(match: Match, seq: int, winner: Side) -> Iterator[State]:
    for way, kind in WAYS:
        side = side_of(way, {"side": winner})
        try:
            found = match.corrected(kind, seq, side)
        except LawForbids:
            continue
        again = match.is_finished and not found.state.is_finished
        after = {**score_after(match, found.state), "surplus": found.surplus, "goes_on_again": again}
        yield {"way": way, "name": side_name(match.names(side)) if side else "", "after": after}


def _numbered(match: Match, rallies: Iterator[Rally]) -> list[State]:
    return [
        {
            "number": number,
            "seq": rally.seq,
            "side": rally.side.value,
            "name": side_name(match.names(rally.side)),
            "called": calls_after(match.ruleset, rally) if rally.points_after != rally.points_before else None,
        }
        for number, rally in enumerate(rallies, 1)
    ]
