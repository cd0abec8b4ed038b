"""The messages of the club's first version, kept to the letter: keys may be gained after the old ones, never lost."""

from collections.abc import Sequence
from typing import Literal, TypedDict

from rules.scoring.calls import calls
from rules.scoring.engine import State
from rules.scoring.log import Side
from rules.scoring.ruleset import Ruleset

GameType = Literal["single", "double"]
Table = tuple[int | None, str]


class GameUpdateData(TypedDict):
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
    table: int | None
    table_name: str


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


class GameEnd(TypedDict):
    type: Literal["game_end"]
    game_data: GameEndData


def side_name(players: Sequence[str]) -> str:
    """One player as he is, a pair as «Иван Иванов / Петр Петров»."""
    return " / ".join(players)


def game_update(
    ruleset: Ruleset, state: State, game_type: GameType, player1: str, player2: str, table: Table = (None, "")
) -> GameUpdate:
    """The score as it stands; players are given by `side_name`, side A first.

    `score1` and `score2` are points of the current game (the last one once finished), `games1` and `games2` the games
    won, in tennis the sets. `server` is 1 or 2; after the end it stays with whoever served last. `call1` and `call2`
    are the points as they are called, "40" and "AD" in tennis; `set_games1` and `set_games2` None without sets.
    `table` is the table's number and what it is called, (None, "") where nobody said.
    """
    (call1, call2), set_games = calls(ruleset, state), state.set_games or (None, None)
    data: GameUpdateData = {
        "game_type": game_type,
        "score1": state.points[0],
        "score2": state.points[1],
        "player1": player1,
        "player2": player2,
        "is_finished": state.is_finished,
        "server": 1 if state.service.side is Side.A else 2,
        "games1": state.games_won[0],
        "games2": state.games_won[1],
        "sport": ruleset.sport,
        "call1": call1,
        "call2": call2,
        "set_games1": set_games[0],
        "set_games2": set_games[1],
        "table": table[0],
        "table_name": table[1],
    }
    return {"type": "game_update", "game_data": data}


def game_end(state: State, game_type: GameType, player1: str, player2: str) -> GameEnd:
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
        },
    }
