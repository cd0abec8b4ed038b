"""A single game played as the deciding one: chosen where the match is started, kept by the return game."""

import pytest

from extensions import db
from models.accounts import User
from models.club import Club, Match
from tests.support.page import PageClient
from tests.support.people import sign_in
from tests.support.players import NAMES, play, player


@pytest.fixture
def scorer(client: PageClient, madina: User) -> PageClient:
    sign_in(client, madina)
    return client


def started(client: PageClient, of: Club, **changes: object) -> Match:
    """Madina starts a match of Иван and Петр."""
    ivan, petr = (player(of, name).id for name in NAMES[:2])
    data = {"kind": "singles", "a1": ivan, "b1": petr, "best_of": 1, "first_server": "A", **changes}
    location = client.post(f"/clubs/{of.id}/matches", data=data).location
    return db.session.get_one(Match, int(location.split("/")[2]))


def test_a_single_game_may_be_played_as_the_deciding_one_and_so_may_the_return_game(
    scorer: PageClient, ours: Club, madina: User
) -> None:
    playing = started(scorer, ours, as_deciding="y")
    play(playing, "AAAAA", madina)
    assert (playing.ruleset_code, playing.state.ends_change_due) == ("table-tennis-1", True)
    assert "до 11, как решающая" in scorer.get(f"/matches/{playing.id}").text
    again = scorer.get(f"/clubs/{ours.id}/matches/new?rematch={playing.id}").text
    assert 'checked id="as_deciding"' in again


def test_a_longer_match_has_its_own_last_game_whatever_was_left_ticked(scorer: PageClient, ours: Club) -> None:
    assert started(scorer, ours, best_of=3, as_deciding="y").ruleset_code == "table-tennis-3"


def test_a_set_of_volleyball_played_as_the_deciding_one_goes_to_fifteen(scorer: PageClient, ours: Club) -> None:
    for chosen, target in ({"as_deciding": "y"}, "до 15"), ({}, "до 25"):
        playing = started(scorer, ours, format="volleyball", **chosen)
        assert target in scorer.get(f"/matches/{playing.id}/score").text
