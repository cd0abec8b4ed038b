import json

import pytest

from rules.scoring.engine import Side, fold
from rules.scoring.table_tennis import ruleset
from rules.scoring.wire import game_end, game_update, side_name
from tests.rules.scoring.logs import end, rallies, to_score, undo

IVAN = "Иван Иванов"
PETR = "Петр Петров"
GAINED = {"games1", "games2"}

SEED_UPDATE = """
{
  "type": "game_update",
  "game_data": {
    "game_type": "single",
    "score1": 5,
    "score2": 3,
    "player1": "Иван Иванов",
    "player2": "Петр Петров",
    "is_finished": false,
    "server": 1
  }
}
"""
SEED_END = """
{
  "type": "game_end",
  "game_data": {
    "game_type": "single",
    "score1": 11,
    "score2": 7,
    "player1": "Иван Иванов",
    "player2": "Петр Петров",
    "winner": "Иван Иванов"
  }
}
"""


def without_gains(message: object) -> str:
    """The message as JSON, the keys it has gained since its first version left out; the order of keys counts."""
    plain = json.loads(json.dumps(message))
    assert set(list(plain["game_data"])[-2:]) == GAINED
    plain["game_data"] = {key: value for key, value in plain["game_data"].items() if key not in GAINED}
    return json.dumps(plain)


def test_an_update_is_the_seed_example_to_the_letter() -> None:
    state = fold(ruleset(1), rallies(to_score(5, 3)))
    assert without_gains(game_update(state, "single", IVAN, PETR)) == json.dumps(json.loads(SEED_UPDATE))


def test_an_end_is_the_seed_example_to_the_letter() -> None:
    state = fold(ruleset(1), rallies(to_score(11, 7)))
    assert without_gains(game_end(state, "single", IVAN, PETR)) == json.dumps(json.loads(SEED_END))


def test_a_pair_is_two_names_with_a_slash() -> None:
    assert (side_name([IVAN]), side_name([IVAN, PETR])) == (IVAN, "Иван Иванов / Петр Петров")


@pytest.mark.parametrize(("first", "server"), [(Side.A, 1), (Side.B, 2)])
def test_the_server_is_one_or_two(first: Side, server: int) -> None:
    data = game_update(fold(ruleset(1), [], first), "double", IVAN, PETR)["game_data"]
    assert (data["server"], data["game_type"]) == (server, "double")


def test_after_the_end_the_server_is_who_served_last() -> None:
    data = game_update(fold(ruleset(1), rallies(to_score(12, 10))), "single", IVAN, PETR)["game_data"]
    assert (data["is_finished"], data["server"], data["score1"], data["score2"]) == (True, 2, 12, 10)


def test_in_a_longer_match_the_score_is_that_of_the_current_game() -> None:
    data = game_update(fold(ruleset(3), rallies("B" * 11 + "AAB")), "single", IVAN, PETR)["game_data"]
    assert (data["score1"], data["score2"], data["games1"], data["games2"]) == (2, 1, 0, 1)
    over = game_end(fold(ruleset(3), rallies("B" * 22)), "single", IVAN, PETR)["game_data"]
    assert (over["score1"], over["score2"], over["games1"], over["games2"]) == (0, 11, 0, 2)


def test_the_winner_is_named_even_when_the_other_retired() -> None:
    retired = fold(ruleset(1), end(rallies("AAA"), Side.A))
    assert game_end(retired, "single", IVAN, PETR)["game_data"]["winner"] == PETR


def test_an_undo_after_the_end_is_an_update_that_is_not_finished() -> None:
    log = rallies("A" * 11)
    state = fold(ruleset(1), undo(log, 11))
    assert game_update(state, "single", IVAN, PETR)["game_data"]["is_finished"] is False
    with pytest.raises(ValueError, match="no winner"):
        game_end(state, "single", IVAN, PETR)


def test_names_of_any_letters_survive_the_trip() -> None:
    name = 'Ұлан "Тор" <b>🏓</b>'
    message = game_update(fold(ruleset(1), []), "single", name, PETR)
    assert json.loads(json.dumps(message))["game_data"]["player1"] == name
