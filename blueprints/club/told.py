"""A match as programs read it, in the API and in the export of the history."""

from flask import url_for

from blueprints.club.states import where
from live.announcement import State
from models.club import Match
from rules.scoring.log import Side
from rules.scoring.match_json import line_to_json


def told_match(match: Match) -> State:
    return {
        "id": match.id,
        "club": match.club_id,
        "page": url_for("club.match", match_id=match.id),
        "kind": match.kind.value,
        "sport": match.ruleset.sport,
        "ruleset": match.ruleset_code,
        "handicap": [match.handicap_a, match.handicap_b],
        "best_of": match.ruleset.best_of,
        **where(match),
        "started_at": match.started_at.isoformat(),
        "ended_at": match.ended_at.isoformat() if match.ended_at else None,
        "abandoned_at": match.abandoned_at.isoformat() if match.abandoned_at else None,
        "sides": {side.value: match.names(side) for side in Side},
        "first_server": match.first_server.value,
        "server": match.server,
        "points": [match.points_a, match.points_b],
        "games": match.games,
        "winner": match.winner,
        "log_length": match.log_length,
    }


def told_log(match: Match) -> list[State]:
    """Every entry of the log, from which the rules compute the same score."""
    return [line_to_json(line.entry, line.at) for line in match.log]
