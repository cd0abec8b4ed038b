"""The states of a tournament's live fragments, as language-neutral JSON values."""

from collections.abc import Sequence
from datetime import datetime

from blueprints.club.states import where
from extensions import db
from live.announcement import State
from models.club import Club, Contest, Match, System, Tournament
from rules.contests.results import Result
from rules.contests.standings import Row
from rules.contests.ties import Tie
from rules.scoring.calls import calls
from rules.scoring.log import Points, Side
from rules.scoring.wire import side_name

SHOWN_NEXT = 10
SHOWN_ROUNDS = 3
SHOWN_TOURNAMENTS = 3


def tournaments_state(club: Club, now: datetime) -> State:
    """The club's newest tournaments, for its page; independent of time."""
    return {"dom_id": f"club-{club.id}-tournaments", "club": club.id, "tournaments": listed(club, SHOWN_TOURNAMENTS)}


def listed(club: Club, most: int) -> list[State]:
    """The newest tournaments, one line each; `champion` once there is one."""
    newest = db.session.scalars(Tournament.of(club).limit(most)).all()
    return [_line(*each) for each in zip(newest, Tournament.contests(newest), strict=True)]


def _line(tournament: Tournament, contest: Contest) -> State:
    opened = tournament.opened_at.astimezone(tournament.club.organization.zone)
    return {
        "id": tournament.id,
        "name": tournament.name,
        "system": tournament.system.value,
        "day": opened.date().isoformat(),
        "entrants": len(tournament.entrants),
        "is_over": contest.is_over,
        "champion": _name(tournament, contest.champion),
    }


def part_states(tournament: Tournament) -> dict[str, State]:
    """Both parts of a tournament's pages, by the names the templates know them by."""
    contest = tournament.contest()
    return {"play": play_state(tournament, contest), "results": results_state(tournament, contest)}


def play_state(tournament: Tournament, contest: Contest) -> State:
    """The matches in progress, and those that can start, with their free tables."""
    waiting = sorted(contest.waiting, key=lambda tie: tie.number not in contest.startable)
    return {
        "dom_id": f"tournament-{tournament.id}-play",
        "tournament": tournament.id,
        "sport": tournament.ruleset.sport,
        "running": [
            {**_tie(tournament, contest, tie), **where(match), "now": now_state(match)}
            for tie, match in contest.running
        ],
        "waiting": [
            {**_tie(tournament, contest, tie), **_places(tournament, contest, tie)} for tie in waiting[:SHOWN_NEXT]
        ],
        "later": max(0, len(waiting) - SHOWN_NEXT),
        "is_over": contest.is_over,
        "champion": _name(tournament, contest.champion),
        "draw": _draw(tournament, contest),
        "strays": [
            {"match": match.id, "names": [side_name(match.names(side)) for side in Side]} for match in contest.strays
        ],
    }


def _draw(tournament: Tournament, contest: Contest) -> State | None:
    """Whether the bracket can be drawn, is drawn, and still agrees with the groups."""
    if not tournament.groups:
        return None
    is_drawn, has_begun = bool(tournament.bracket), contest.bracket_has_begun
    drift = {"has_drifted": is_drawn and contest.has_drifted, "has_begun": has_begun}
    return {"may_be": contest.may_be_drawn, "is_drawn": is_drawn, **drift}


def _places(tournament: Tournament, contest: Contest, tie: Tie) -> State:
    """The free tables for the tie; `called` is the one to which its players have been called."""
    free = {table: {"number": table, "name": tournament.club.name_of_court(table)} for table in contest.free_tables}
    tables = list(free.values()) if tie.number in contest.startable else []
    return {"tables": tables, "called": free.get(contest.called.get(tie.number, 0))}


def now_state(match: Match) -> State:
    """The score of a match in progress, in one line."""
    state, law = match.state, match.ruleset
    return {
        "dom_id": f"match-{match.id}-now",
        "calls": list(calls(law, state)),
        "games_won": list(state.games_won) if law.best_of > 1 else None,
    }


def results_state(tournament: Tournament, contest: Contest) -> State:
    """The standings or the bracket, with all ties round by round; `groups` precede a bracket.

    `open_rounds` are for small screens: the three rounds played next, or last.
    """
    rounds: dict[int, list[State]] = {}
    for tie in (each for each in contest.ties if not each.group):
        rounds.setdefault(tie.round + tie.is_third, []).append(_tie(tournament, contest, tie))
    open_from = [place for place, ties in enumerate(rounds.values()) if not all(map(_is_decided, ties))]
    is_group = tournament.system is System.ROUND_ROBIN
    return {
        "dom_id": f"tournament-{tournament.id}-results",
        "system": tournament.system.value,
        "sport": tournament.ruleset.sport,
        "rounds": list(rounds.values()),
        "open_rounds": list(rounds.values())[max(0, min([*open_from, len(rounds) - SHOWN_ROUNDS])) :][:SHOWN_ROUNDS],
        "rows": _rows(tournament, contest, contest.rows) if is_group else [],
        "groups": [_group(tournament, contest, group) for group in range(1, len(tournament.groups) + 1)],
        "tournament": tournament.id,
        "may_be_regrouped": contest.may_be_regrouped,
    }


def _is_decided(tie: State) -> bool:
    return tie["is_bye"] or any(side["has_won"] for side in tie["sides"])


def _group(tournament: Tournament, contest: Contest, number: int) -> State:
    """One group's standings and ties in order of play; `through`: who qualified."""
    rows = _rows(tournament, contest, contest.groups[number - 1])
    ties = [_tie(tournament, contest, tie) for tie in contest.ties if tie.group == number]
    through = [row["entrant"] for row in rows if row["entrant"] in tournament.bracket]
    return {"number": number, "rows": rows, "ties": ties, "through": through}


def _rows(tournament: Tournament, contest: Contest, rows: Sequence[Row]) -> list[State]:
    return [_row(tournament, contest, row, rows) for row in rows]


def _row(tournament: Tournament, contest: Contest, row: Row, rows: Sequence[Row]) -> State:
    """`cells`, in the order of the rows: the entrant's result against each, None against themself."""
    tally = row.tally
    return {
        "entrant": row.entrant,
        "name": _name(tournament, row.entrant),
        "has_left": row.entrant in contest.withdrawn,
        "place": row.place,
        "is_shared": row.is_shared,
        "played": sum(tally.matches),
        "matches": tally.matches,
        "match_points": tally.match_points,
        "games": tally.games,
        "points": tally.points,
        "cells": [_cell(tournament, contest, row.entrant, other.entrant) for other in rows],
    }


def _cell(tournament: Tournament, contest: Contest, entrant: int, other: int) -> State | None:
    tie = next((tie for tie in contest.ties if {tie.a, tie.b} == {entrant, other}), None)
    if tie is None:
        return None
    match, result = contest.match_of(tie), contest.results.get(tie.number)
    return {
        "match": match.id if match else None,
        "score": _score(tournament, result, from_b=tie.b == entrant),
        "has_won": tie.winner == entrant,
        "goes_on": match is not None and match.goes_on,
    }


def _tie(tournament: Tournament, contest: Contest, tie: Tie) -> State:
    match, score = contest.match_of(tie), _score(tournament, contest.results.get(tie.number))
    return {
        "tie": tie.number,
        "label": _label(tournament, contest, tie),
        "match": match.id if match else None,
        "is_bye": tie.is_bye,
        "is_cut_short": tie.number in contest.results and not contest.results[tie.number].is_full,
        "goes_on": match is not None and match.goes_on,
        "sides": [
            {
                "name": _name(tournament, entrant),
                "score": score[place] if score else None,
                "has_won": entrant is not None and tie.winner == entrant,
            }
            for place, entrant in enumerate((tie.a, tie.b))
        ],
    }


def _score(tournament: Tournament, result: Result | None, *, from_b: bool = False) -> Points | None:
    """The games won by each, or the points in matches of one game; None while undecided."""
    if result is None:
        return None
    score = result.points if tournament.ruleset.best_of == 1 else result.games
    return score[::-1] if from_b else score


def _label(tournament: Tournament, contest: Contest, tie: Tie) -> State:
    """A round by its number, or in a bracket by its number of ties: 1 is the final, 2 are semifinals."""
    if tournament.system is System.ROUND_ROBIN:
        return {"kind": "round", "number": tie.round}
    if tie.group:
        return {"kind": "group", "number": tie.round, "group": tie.group}
    if tie.is_third:
        return {"kind": "third", "number": 1}
    return {"kind": "bracket", "number": 2 ** (contest.ties[-1].round - tie.round)}


def _name(tournament: Tournament, entrant: int | None) -> str | None:
    return tournament.entrants[entrant - 1].name if entrant else None
