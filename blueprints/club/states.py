"""What each live fragment of the club shows, as JSON-able values in no language."""

from datetime import date, datetime

from extensions import db
from live.announcement import State
from models.club import Club, Match
from models.club.match import score_after_undo
from rules.scoring import engine
from rules.scoring.engine import Rally, Side
from rules.scoring.wire import GameType, game_end, game_update, side_name

HISTORY = 20


def section_state(club: Club, now: datetime | None = None) -> State:
    """The live section: the matches that go on; with `now` also those that take their leave after the end.

    Only a push is told `now`: it comes to pages that saw the match go on, and static/js/club-live.js keeps it from
    those that did not.
    """
    matches = [score_state(match) for match in db.session.scalars(Match.live_in(club, now))]
    return {"dom_id": f"club-{club.id}-live", "matches": matches}


def history_state(club: Club, now: datetime) -> State:
    """The latest finished matches, the newest first."""
    today = club.organization.today(now)
    matches = [_result(match, today) for match in db.session.scalars(Match.played_in(club).limit(HISTORY))]
    return {"dom_id": f"club-{club.id}-history", "matches": matches}


def score_state(match: Match) -> State:
    """The score of one match, for every board that shows it, and the message of the club's first version.

    `version` is the length of the log; in `sides`, A first, `serve` is [which serve, of how many] or None.
    """
    state = match.state
    return {
        "dom_id": f"match-{match.id}-score",
        "match": match.id,
        "club": match.club_id,
        "version": match.log_length,
        "table": match.table_number,
        "is_pair": match.is_doubles,
        "best_of": match.ruleset.best_of,
        "target": match.ruleset.target,
        "sides": [_side(match, state, side) for side in Side],
        "games": [list(game) for game in state.games],
        "games_won": list(state.games_won),
        "game_number": state.game_number,
        "at_deuce": state.at_deuce,
        "has_two_digits": max(state.points) > 9,
        "ends_change_due": state.ends_change_due,
        "is_finished": state.is_finished,
        "undo": _undo(match, engine.latest_rally(state)),
        "wire": game_update(state, *_wire_names(match)),
    }


def winner_state(match: Match) -> State:
    """The other message of the club's first version, None while nobody has won."""
    state = match.state
    return {"end": game_end(state, *_wire_names(match)) if state.winner else None}


def head_state(match: Match) -> State:
    """Whether the match goes on, and at which table."""
    return {
        "dom_id": f"match-{match.id}-head",
        "is_finished": match.is_finished,
        "table": match.table_number,
        "is_pair": match.is_doubles,
        "best_of": match.ruleset.best_of,
        "target": match.ruleset.target,
        "ended": _moment(match, match.ended_at) if match.ended_at else None,
    }


def course_state(match: Match) -> State:
    """The games with who won each rally ("A" or "B" a rally), the current or last one first."""
    state = match.state
    numbers = range(len(state.games) + (0 if state.is_finished else 1), 0, -1)
    return {
        "dom_id": f"match-{match.id}-course",
        "match": match.id,
        "names": [side_name(match.names(side)) for side in Side],
        "is_finished": state.is_finished,
        "games": [_game(state, number) for number in numbers],
    }


def _side(match: Match, state: engine.State, side: Side) -> State:
    serves = state.server is side
    return {
        "side": side.value,
        "names": match.names(side),
        "points": state.points[0 if side is Side.A else 1],
        "serve": [state.serve_number, state.serves_in_turn] if serves else None,
        "has_won": state.winner is side,
    }


def _undo(match: Match, rally: Rally | None) -> State | None:
    """Which rally would be taken back, and what its game would then stand at."""
    if rally is None:
        return None
    return {"name": side_name(match.names(rally.side)), "points": list(score_after_undo(rally))}


def _wire_names(match: Match) -> tuple[GameType, str, str]:
    return "double" if match.is_doubles else "single", side_name(match.names(Side.A)), side_name(match.names(Side.B))


def _game(state: engine.State, number: int) -> State:
    rallies = [rally for rally in state.live if rally.game_number == number]
    points = list(rallies[-1].points_after) if rallies else [0, 0]
    goes_on = not state.is_finished and number == state.game_number
    return {"number": number, "rallies": "".join(rally.side for rally in rallies), "points": points, "goes_on": goes_on}


def _result(match: Match, today: date) -> State:
    """`days_ago` counts calendar days: 0 for today, 1 for yesterday."""
    ended = _moment(match, match.ended_at or match.started_at)
    return {
        "match": match.id,
        "ended": ended,
        "days_ago": (today - date.fromisoformat(ended["day"])).days,
        "is_pair": match.is_doubles,
        "games": match.games,
        "sides": [
            {"name": ", ".join(match.names(side)), "has_won": match.winner is side, "place": place}
            for place, side in enumerate(Side)
        ],
    }


def _moment(match: Match, instant: datetime) -> State:
    """Day and time on the club's wall clock."""
    local = instant.astimezone(match.club.organization.zone)
    return {"day": local.date().isoformat(), "clock": f"{local:%H:%M}"}
