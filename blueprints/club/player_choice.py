"""Choosing a player while typing: matches of the typed name, recent players, or a new player."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from extensions import db
from models.club import Club, Match, Player
from models.club.watching import at_play
from rules.names import search_key

OFFERED = 6
NEW = "new"
LONGEST_NAME = 100


@dataclass(frozen=True)
class Choice:
    """The choices for one place. chosen: the id of the selected player, NEW, or empty.

    busy: the ids of players who are in a running match; they can be chosen all the same.
    """

    place: str
    typed: str
    players: list[Player]
    chosen: str
    may_be_new: bool
    busy: Collection[int]


class Offers:
    """The choices for all places of one form."""

    def __init__(self, club: Club) -> None:
        self._club = club

    def choice(self, place: str, typed: str, marked: Player | None = None, *, is_new: bool = False) -> Choice:
        """For the text typed so far; a single match is preselected, and the new player if there is none."""
        players = self._found(typed) if typed else self._at_hand
        if marked and marked not in players:
            players = [marked, *players][:OFFERED]
        key = search_key(typed)
        exact = next((player for player in players if key and search_key(player.name) == key), None)
        marked = marked or exact or (players[0] if typed and len(players) == 1 else None)
        may_be_new = bool(key) and not exact
        chosen = NEW if may_be_new and (is_new or not players) else str(marked.id) if marked else ""
        return Choice(place, typed, players, chosen, may_be_new, self._busy)

    def _found(self, typed: str) -> list[Player]:
        fitting = Player.matching(self._club.id, typed).limit(OFFERED)
        return list(db.session.scalars(fitting)) if search_key(typed) else []

    @cached_property
    def _busy(self) -> set[int]:
        return at_play(self._club)

    @cached_property
    def _at_hand(self) -> list[Player]:
        """Those who played last, then the others by name."""
        recent = Match.last_players(self._club, OFFERED)
        others = db.session.scalars(Player.matching(self._club.id, "").limit(OFFERED)) if len(recent) < OFFERED else ()
        return [*recent, *(player for player in others if player not in recent)][:OFFERED]


def meant(club: Club, typed: str, sent: str) -> Player | None:
    """The player meant by the typed text and the selection; a new one is created, flushed. None if ambiguous.

    A selection made before the text was changed is ignored. Raises what Player.enrol raises.
    """
    if sent == NEW and search_key(typed):
        return Player.find_or_enrol(club.id, typed)
    marked = _marked(club, sent)
    if marked and all(key in (marked.name_key or "") for key in search_key(typed).split()):
        return marked
    return Player.called(club.id, typed) if typed else None


def _marked(club: Club, sent: str) -> Player | None:
    if not (sent.isascii() and sent.isdigit() and len(sent) < 10):
        return None
    return db.session.scalar(Player.numbered(club.id, [int(sent)]))
