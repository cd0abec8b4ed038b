import json

import pytest

from rules.scoring.calls import call_of, calls, calls_before
from rules.scoring.engine import State, fold
from rules.scoring.log import Side
from rules.scoring.ruleset import Ruleset
from rules.scoring.table_tennis import TO_ELEVEN
from rules.scoring.tennis import ADVANTAGE
from rules.scoring.wire import Facts, GameType, GameUpdate, game_end, game_update, side_name
from tests.rules.scoring.logs import end, rallies, to_score, undo

IVAN = "Иван Иванов"
PETR = "Петр Петров"
GAINED = ["games1", "games2", "sport", "call1", "call2", "set_games1", "set_games2", "table", "table_name"]
GAINED += ["match_id", "seq", "game_no", "receiver", "server_player", "receiver_player", "ends_swapped", "status"]
GAINED += ["ended_at", "undo"]
GAINED_BY_ENDS = ["games1", "games2", "match_id", "seq", "status", "ended_at"]
FACTS = Facts(match_id=7, seq=8)

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
    gained = [key for key in plain["game_data"] if key in GAINED]
    assert gained == list(plain["game_data"])[-len(gained) :]
    assert gained in (GAINED, GAINED_BY_ENDS)
    plain["game_data"] = {key: value for key, value in plain["game_data"].items() if key not in GAINED}
    return json.dumps(plain)


def update(state: State, game_type: GameType, player1: str, player2: str, law: Ruleset = TO_ELEVEN) -> GameUpdate:
    return game_update(law, state, FACTS, game_type, player1, player2)


def test_an_update_is_the_seed_example_to_the_letter() -> None:
    state = fold(TO_ELEVEN.of_length(1), rallies(to_score(5, 3)))
    assert without_gains(update(state, "single", IVAN, PETR)) == json.dumps(json.loads(SEED_UPDATE))


def test_an_end_is_the_seed_example_to_the_letter() -> None:
    state = fold(TO_ELEVEN.of_length(1), rallies(to_score(11, 7)))
    assert without_gains(game_end(TO_ELEVEN.of_length(1), state, FACTS, "single", IVAN, PETR)) == json.dumps(
        json.loads(SEED_END)
    )


def test_a_pair_is_two_names_with_a_slash() -> None:
    assert (side_name([IVAN]), side_name([IVAN, PETR])) == (IVAN, "Иван Иванов / Петр Петров")


@pytest.mark.parametrize(("first", "server"), [(Side.A, 1), (Side.B, 2)])
def test_the_server_is_one_or_two(first: Side, server: int) -> None:
    data = update(fold(TO_ELEVEN.of_length(1), [], first), "double", IVAN, PETR)["game_data"]
    assert (data["server"], data["game_type"]) == (server, "double")


def test_after_the_end_the_server_is_who_served_last() -> None:
    data = update(fold(TO_ELEVEN.of_length(1), rallies(to_score(12, 10))), "single", IVAN, PETR)["game_data"]
    assert (data["is_finished"], data["server"], data["score1"], data["score2"]) == (True, 2, 12, 10)


def test_in_a_longer_match_the_score_is_that_of_the_current_game() -> None:
    data = update(fold(TO_ELEVEN.of_length(3), rallies("B" * 11 + "AAB")), "single", IVAN, PETR)["game_data"]
    assert (data["score1"], data["score2"], data["games1"], data["games2"]) == (2, 1, 0, 1)
    over = game_end(
        TO_ELEVEN.of_length(3), fold(TO_ELEVEN.of_length(3), rallies("B" * 22)), FACTS, "single", IVAN, PETR
    )["game_data"]
    assert (over["score1"], over["score2"], over["games1"], over["games2"]) == (0, 11, 0, 2)


def test_the_winner_is_named_even_when_the_other_retired() -> None:
    retired = fold(TO_ELEVEN.of_length(1), end(rallies("AAA"), Side.A))
    data = game_end(TO_ELEVEN.of_length(1), retired, FACTS, "single", IVAN, PETR)["game_data"]
    assert (data["winner"], data["status"]) == (PETR, "retired")


def test_a_program_knows_which_match_it_is_who_of_a_pair_serves_and_where_the_sides_stand() -> None:
    law = TO_ELEVEN.of_length(3)
    state = fold(law, rallies("A" * 11 + "BB"), pairs=True)
    facts = Facts(7, 13, is_abandoned=True, is_undo=True)
    data = game_update(law, state, facts, "double", IVAN, PETR)["game_data"]
    assert (data["match_id"], data["seq"], data["game_no"], data["status"], data["undo"]) == (
        7,
        13,
        2,
        "abandoned",
        True,
    )
    assert (data["server"], data["server_player"], data["receiver"], data["receiver_player"]) == (1, 1, 2, 2)
    assert data["ends_swapped"]


def test_an_undo_after_the_end_is_an_update_that_is_not_finished() -> None:
    log = rallies("A" * 11)
    state = fold(TO_ELEVEN.of_length(1), undo(log, 11))
    assert update(state, "single", IVAN, PETR)["game_data"]["is_finished"] is False
    with pytest.raises(ValueError, match="no winner"):
        game_end(TO_ELEVEN.of_length(1), state, FACTS, "single", IVAN, PETR)


def test_names_of_any_letters_survive_the_trip() -> None:
    name = 'Ұлан "Тор" <b>🏓</b>'
    message = update(fold(TO_ELEVEN.of_length(1), []), "single", name, PETR)
    assert json.loads(json.dumps(message))["game_data"]["player1"] == name


def test_in_tennis_points_are_also_called_and_the_games_of_the_set_are_told() -> None:
    law = ADVANTAGE.of_length(3)
    state = fold(law, rallies("AAAA" * 6 + "BBBB" + "ABABAB" + "B"))
    data = update(state, "single", IVAN, PETR, law)["game_data"]
    assert (data["sport"], data["call1"], data["call2"]) == ("tennis", "40", "AD")
    assert (data["games1"], data["games2"], data["set_games1"], data["set_games2"]) == (1, 0, 0, 1)
    assert (data["score1"], data["score2"]) == (3, 4)


@pytest.mark.parametrize(
    ("winners", "called"),
    [("", ("0", "0")), ("AAB", ("30", "15")), ("ABABAB", ("40", "40")), ("AAA", ("40", "0"))],
)
def test_points_of_tennis_as_they_are_called(winners: str, called: tuple[str, str]) -> None:
    law = ADVANTAGE.of_length(3)
    assert calls(law, fold(law, rallies(winners))) == called


def test_a_tie_break_is_called_in_numbers_and_a_finished_match_by_its_last_set() -> None:
    law = ADVANTAGE.of_length(1)
    at_six_all = "AAAABBBB" * 6
    assert calls(law, fold(law, rallies(at_six_all + "AAB"))) == ("2", "1")
    assert calls(law, fold(law, rallies("AAAA" * 6))) == ("6", "0")


def test_the_sheet_of_a_set_calls_what_its_winner_had_after_each_rally() -> None:
    law = ADVANTAGE.of_length(3)
    live = fold(law, rallies("ABAABB" + "A" + "B" + "AA" + "B")).live
    assert [call_of(law, rally) for rally in live] == ["15", "15", "30", "40", "30", "40", "AD", "40", "AD", "G", "15"]
    tie_break = fold(law, rallies("AAAABBBB" * 6 + "AAB")).live[-3:]
    assert [call_of(law, rally) for rally in tie_break] == ["1", "2", "1"]


def test_what_a_rally_taken_back_leaves_is_called_as_it_was() -> None:
    law = ADVANTAGE.of_length(3)
    in_game, in_tie_break = (fold(law, rallies(log)).live[-1] for log in ("AAAB" + "A", "AAAABBBB" * 6 + "AA"))
    assert (calls_before(law, in_game), calls_before(law, in_tie_break)) == (("40", "15"), ("1", "0"))
