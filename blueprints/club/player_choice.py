"""Choosing a player while typing: whom the typed name may mean, who is at hand before that, or somebody new."""

from dataclasses import dataclass
from functools import cached_property

from extensions import db
from models.club import Club, Match, Player
from rules.names import search_key

OFFERED = 6
NEW = "new"
LONGEST_NAME = 100


@dataclass(frozen=True)
class Choice:
    """What one place of the form offers. chosen: the number of the player who is marked, NEW, or nothing."""

    place: str
    typed: str
    players: list[Player]
    chosen: str
    may_be_new: bool


class Offers:
    """Who is offered in the places of one form."""

    def __init__(self, club: Club) -> None:
        self._club = club

    def choice(self, place: str, typed: str, marked: Player | None = None, *, is_new: bool = False) -> Choice:
        """For what was typed so far; the only one who is found is marked, and where nobody is, the new one."""
        players = self._found(typed) if typed else self._at_hand
        if marked and marked not in players:
            players = [marked, *players][:OFFERED]
        key = search_key(typed)
        exact = next((player for player in players if key and search_key(player.name) == key), None)
        marked = marked or exact or (players[0] if typed and len(players) == 1 else None)
        may_be_new = bool(key) and not exact
        chosen = NEW if may_be_new and (is_new or not players) else str(marked.id) if marked else ""
        return Choice(place, typed, players, chosen, may_be_new)

    def _found(self, typed: str) -> list[Player]:
        fitting = Player.matching(self._club.id, typed).limit(OFFERED)
        return list(db.session.scalars(fitting)) if search_key(typed) else []

    @cached_property
    def _at_hand(self) -> list[Player]:
        """Who played last, then the others by name."""
        recent = Match.last_players(self._club, OFFERED)
        others = db.session.scalars(Player.matching(self._club.id, "").limit(OFFERED)) if len(recent) < OFFERED else ()
        return [*recent, *(player for player in others if player not in recent)][:OFFERED]


def meant(club: Club, typed: str, sent: str) -> Player | None:
    """Who is meant by what was typed and marked; a new player is enrolled, flushed. None where it is not clear.

    What was marked before the name was typed on does not hold. Raises what Player.enrol raises.
    """
    if sent == NEW and search_key(typed):
        return Player.welcome(club.id, typed)
    marked = _marked(club, sent)
    if marked and all(key in (marked.name_key or "") for key in search_key(typed).split()):
        return marked
    return Player.called(club.id, typed) if typed else None


def _marked(club: Club, sent: str) -> Player | None:
    if not (sent.isascii() and sent.isdigit() and len(sent) < 10):
        return None
    return db.session.scalar(Player.numbered(club.id, [int(sent)]))
