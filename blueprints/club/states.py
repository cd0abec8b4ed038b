"""What each live fragment of the club shows, as JSON-able values in no language."""

from datetime import date, datetime

from extensions import db
from live.announcement import State
from models.club import Club, Match
from rules.scoring import engine
from rules.scoring.calls import calls, calls_before
from rules.scoring.engine import Scorebook
from rules.scoring.log import Side
from rules.scoring.play import Rally
from rules.scoring.ruleset import Ruleset
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

    `version` is the length of the log; in `sides`, A first, `call` is the points as they are called, `serve` what this
    side serves, or None. `after` is the calls once A or B has won the next rally, where that is not simply one more.
    """
    book, law = match.scorebook, match.ruleset
    state = book.state
    return {
        "dom_id": f"match-{match.id}-score",
        "match": match.id,
        "club": match.club_id,
        "version": match.log_length,
        "table": match.table_number,
        "is_pair": match.is_doubles,
        **_law(law),
        "sides": [_side(match, state, side) for side in Side],
        "after": _after(law, book),
        "games": [list(game) for game in state.games],
        "games_won": list(state.games_won),
        "set_games": state.set_games,
        "game_number": state.game_number,
        "word": _word(state),
        "has_two_digits": max(map(len, calls(law, state))) > 1,
        "ends_change_due": state.ends_change_due,
        "interval": state.interval,
        "is_finished": state.is_finished,
        "undo": _undo(match, engine.latest_rally(state)),
        "wire": game_update(law, state, *_wire_names(match)),
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
        **_law(match.ruleset),
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
        "sport": match.ruleset.sport,
        "is_finished": state.is_finished,
        "games": [_game(match.ruleset, state, number) for number in numbers],
    }


def _side(match: Match, state: engine.State, side: Side) -> State:
    place = list(Side).index(side)
    return {
        "side": side.value,
        "names": match.names(side),
        "points": state.points[place],
        "call": calls(match.ruleset, state)[place],
        "serve": _serve(state, place) if state.server is side else None,
        "server": state.service.server if state.server is side else None,
        "receiver": state.service.receiver if state.server is side.other else None,
        "has_won": state.winner is side,
    }


def _serve(state: engine.State, place: int) -> State:
    """Which serve, out of how many in the turn; from which court and by which of a team, where that is laid down."""
    service = state.service
    rotation = service.rotation[place] if service.rotation else None
    return {"number": service.number, "of": service.in_turn, "court": service.court, "rotation": rotation}


def _law(law: Ruleset) -> State:
    return {"sport": law.sport, "format": law.format, "best_of": law.best_of, "target": law.game.target}


def _after(law: Ruleset, book: Scorebook) -> State | None:
    """What a phone shows at once for a tap that the server has not answered yet."""
    if law.counts_every_rally or book.state.is_finished:
        return None
    return {side.value: list(calls(law, book.after_rally(side))) for side in Side}


def _word(state: engine.State) -> str | None:
    """What is said of the score besides its numbers; the greatest thing that can be said."""
    if state.is_finished:
        return None
    said = {
        "decides": state.decides,
        "match_point": state.match_point,
        "set_point": state.set_point,
        "deuce": state.at_deuce,
        "advantage": state.set_games and not state.is_tie_break and min(state.points) > 2,
        "tie_break": state.is_tie_break,
    }
    return next((word for word, holds in said.items() if holds), None)


def _undo(match: Match, rally: Rally | None) -> State | None:
    """Which rally would be taken back, and what its game would then stand at."""
    if rally is None:
        return None
    return {"name": side_name(match.names(rally.side)), "points": list(calls_before(match.ruleset, rally))}


def _wire_names(match: Match) -> tuple[GameType, str, str]:
    return "double" if match.is_doubles else "single", side_name(match.names(Side.A)), side_name(match.names(Side.B))


def _game(law: Ruleset, state: engine.State, number: int) -> State:
    """`rallies` are those that gave a point; `points` what the game, in tennis the set, ended with or stands at."""
    scored = [each for each in state.live if each.game_number == number and each.points_after != each.points_before]
    points = state.games[number - 1] if number <= len(state.games) else state.set_games or state.points
    return {
        "number": number,
        "rallies": "".join(rally.side for rally in scored),
        "begun_at": law.handicap if law.counts_every_rally else (0, 0),
        "points": points,
        "goes_on": not state.is_finished and number == state.game_number,
    }


def _result(match: Match, today: date) -> State:
    """`days_ago` counts calendar days: 0 for today, 1 for yesterday."""
    ended = _moment(match, match.ended_at or match.started_at)
    return {
        "match": match.id,
        "ended": ended,
        "days_ago": (today - date.fromisoformat(ended["day"])).days,
        "is_pair": match.is_doubles,
        "sport": match.ruleset.sport,
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
