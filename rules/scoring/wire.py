"""The messages of the club's first version, unchanged: keys may be added after the old ones, never removed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypedDict

from rules.scoring.calls import calls
from rules.scoring.engine import State
from rules.scoring.log import Side
from rules.scoring.ruleset import Ruleset

GameType = Literal["single", "double"]
Status = Literal["live", "completed", "retired", "abandoned"]


@dataclass(frozen=True)
class Facts:
    """What a message says of a match besides its score.

    seq: the length of the log. table, table_name: None and "" if unknown. ended_at: ISO 8601 with the offset.
    is_undo: the newest log entry is an undo.
    """

    match_id: int
    seq: int
    table: int | None = None
    table_name: str = ""
    ended_at: str | None = None
    is_abandoned: bool = False
    is_undo: bool = False


class ScoreData(TypedDict):
    game_type: GameType
    score1: int
    score2: int
    player1: str
    player2: str
    is_finished: bool
    server: int
    games1: int
    games2: int
    sport: str
    call1: str
    call2: str
    set_games1: int | None
    set_games2: int | None


class FactsData(TypedDict):
    table: int | None
    table_name: str
    match_id: int
    seq: int
    game_no: int
    receiver: int
    server_player: int
    receiver_player: int
    ends_swapped: bool
    status: Status
    ended_at: str | None
    undo: bool


class GameUpdateData(ScoreData, FactsData):
    pass


class GameUpdate(TypedDict):
    type: Literal["game_update"]
    game_data: GameUpdateData


class GameEndData(TypedDict):
    game_type: GameType
    score1: int
    score2: int
    player1: str
    player2: str
    winner: str
    games1: int
    games2: int
    match_id: int
    seq: int
    status: Status
    ended_at: str | None


class GameEnd(TypedDict):
    type: Literal["game_end"]
    game_data: GameEndData


def side_name(players: Sequence[str]) -> str:
    """One player's name, a pair's as «Иван Иванов / Петр Петров»."""
    return " / ".join(players)


def game_update(
    ruleset: Ruleset, state: State, facts: Facts, game_type: GameType, player1: str, player2: str
) -> GameUpdate:
    """The current score; players are given by `side_name`, side A first.

    `score1` and `score2` are points of the current game (the last one once finished), `games1` and `games2` the games
    won, in tennis the sets. `server` is 1 or 2; after the end it is the last server. `call1` and `call2`
    are the points as they are called, "40" and "AD" in tennis; `set_games1` and `set_games2` are None without sets.
    `receiver` is the other side; `server_player` and `receiver_player` are the places in the pair, in singles 1.
    """
    score = _score(ruleset, state, game_type, player1, player2)
    return {"type": "game_update", "game_data": {**score, **_facts(ruleset, state, facts)}}


def _score(ruleset: Ruleset, state: State, game_type: GameType, player1: str, player2: str) -> ScoreData:
    (call1, call2), set_games = calls(ruleset, state), state.set_games or (None, None)
    return {
        "game_type": game_type,
        "score1": state.points[0],
        "score2": state.points[1],
        "player1": player1,
        "player2": player2,
        "is_finished": state.is_finished,
        "server": _number(state.service.side),
        "games1": state.games_won[0],
        "games2": state.games_won[1],
        "sport": ruleset.sport,
        "call1": call1,
        "call2": call2,
        "set_games1": set_games[0],
        "set_games2": set_games[1],
    }


def _facts(ruleset: Ruleset, state: State, facts: Facts) -> FactsData:
    return {
        "table": facts.table,
        "table_name": facts.table_name,
        "match_id": facts.match_id,
        "seq": facts.seq,
        "game_no": state.game_number,
        "receiver": _number(state.service.side.other),
        "server_player": state.service.server,
        "receiver_player": state.service.receiver,
        "ends_swapped": state.ends_swapped,
        "status": _status(ruleset, state, facts),
        "ended_at": facts.ended_at,
        "undo": facts.is_undo,
    }


def _number(side: Side) -> int:
    return 1 if side is Side.A else 2


def _status(ruleset: Ruleset, state: State, facts: Facts) -> Status:
    if not state.is_finished:
        return "abandoned" if facts.is_abandoned else "live"
    return "completed" if max(state.games_won) == ruleset.games_to_win else "retired"


def game_end(ruleset: Ruleset, state: State, facts: Facts, game_type: GameType, player1: str, player2: str) -> GameEnd:
    """The final score with the winner's name; raises ValueError while nobody has won."""
    if state.winner is None:
        raise ValueError("a match that goes on has no winner to announce")
    return {
        "type": "game_end",
        "game_data": {
            "game_type": game_type,
            "score1": state.points[0],
            "score2": state.points[1],
            "player1": player1,
            "player2": player2,
            "winner": player1 if state.winner is Side.A else player2,
            "games1": state.games_won[0],
            "games2": state.games_won[1],
            "match_id": facts.match_id,
            "seq": facts.seq,
            "status": _status(ruleset, state, facts),
            "ended_at": facts.ended_at,
        },
    }
