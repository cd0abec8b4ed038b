"""The games of a match (in tennis its sets), rally by rally, as language-neutral JSON values."""

from live.announcement import State
from models.club import Match
from rules.scoring import engine
from rules.scoring.calls import call_of
from rules.scoring.log import Side
from rules.scoring.wire import side_name


def games_state(match: Match, then: engine.State | None = None) -> State:
    """The score of each game, the first one first. then: the state at another time."""
    state = then or match.state
    return {**_part(match, "games"), "games": [_told(state, number) for number in range(1, state.game_number + 1)]}


def course_state(match: Match) -> State:
    """The courses of all games, the current or last one first."""
    state = match.state
    games = [_game_state(match, state, number) for number in range(state.game_number, 0, -1)]
    return {**_part(match, "course"), "games": games}


def game_state(match: Match, number: int, then: engine.State | None = None) -> State | None:
    """The course of one game; None if the match does not have that game."""
    state = then or match.state
    return _game_state(match, state, number) if 0 < number <= state.game_number else None


def _game_state(match: Match, state: engine.State, number: int) -> State:
    """The course of one game.

    `rallies`: the winners ("A" or "B") of the rallies that scored; `serves`: their servers; `calls`: the score as
    called, in tennis.
    """
    law = match.ruleset
    scored = [each for each in state.live if each.game_number == number and each.points_after != each.points_before]
    return {
        **_part(match, f"game-{number}"),
        **_told(state, number),
        "names": [side_name(match.names(side)) for side in Side],
        "is_only": state.game_number == 1,
        "rallies": "".join(rally.side for rally in scored),
        "serves": "".join(rally.server[0] for rally in scored),
        "calls": [call_of(law, rally) for rally in scored] if law.sets else None,
        "begun_at": law.handicap,
    }


def _told(state: engine.State, number: int) -> State:
    """The points of a game, in tennis the games of a set."""
    points = state.games[number - 1] if number <= len(state.games) else state.set_games or state.points
    goes_on = not state.is_finished and number == state.game_number
    return {"number": number, "points": points, "goes_on": goes_on}


def _part(match: Match, name: str) -> State:
    ids = {"dom_id": f"match-{match.id}-{name}", "match": match.id, "version": match.log_length}
    return {**ids, "sport": match.ruleset.sport}
