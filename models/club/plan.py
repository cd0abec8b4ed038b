"""A match before it starts: its players, ruleset and table."""

from dataclasses import asdict, dataclass, fields
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Identified, Model
from models.club.player import Player
from models.types import stored_by_value
from rules.scoring.log import Points, Side
from rules.scoring.ruleset import Ruleset
from rules.scoring.sports import FORMATS, SPORTS
from rules.scoring.table_tennis import TO_ELEVEN
from rules.scoring.tally import Tally

HANDICAPS = ("handicap_a", "handicap_b")
PLACES = {Side.A: ("a1", "a2"), Side.B: ("b1", "b2")}


class MatchKind(StrEnum):
    """The occasion of a match."""

    FRIENDLY = "friendly"
    COMPETITION = "competition"


class Fault(StrEnum):
    """Why a match cannot be started as planned."""

    NOBODY = "nobody stands there"
    TWICE = "the player already stands elsewhere"
    NOT_YOURS = "only a scorer may start a match of others"
    LENGTH = "not a number of games that is played"
    FORMAT = "no such way to play"
    PLAYERS = "not played by so many"
    HANDICAP = "a game cannot begin there"
    TOO_FEW = "nobody to play against"
    TOO_MANY = "more than can be played"
    NO_TABLE = "no such table in the club"
    TAKEN = "others play at that table"
    SMALL_GROUPS = "a group of too few"
    ODD = "somebody is left without a partner"


@dataclass(frozen=True)
class MatchPlan:
    """Both sides with one player each, or two each for doubles; None where nobody was chosen.

    The first player of each pair serves and receives first. `handicap` is the score at which each game starts.
    as_deciding: a single game is played as the last possible one (Ruleset.of_length).
    """

    side_a: tuple[Player | None, ...]
    side_b: tuple[Player | None, ...]
    best_of: int = 1
    first_server: Side = Side.A
    table: int | None = None
    kind: MatchKind = MatchKind.FRIENDLY
    format: str = TO_ELEVEN.format
    handicap: Points = (0, 0)
    as_deciding: bool = False

    @property
    def ruleset(self) -> Ruleset:
        """The ruleset; only for a plan without faults."""
        law = FORMATS[self.format].law.of_length(self.best_of, as_deciding=self.as_deciding)
        return law.with_handicap(self.handicap)

    @property
    def is_doubles(self) -> bool:
        return len(self.places()) > 2

    def faults(self) -> dict[str, Fault]:
        """Faults by form field: a1, a2, b1, b2, format, best_of, kind, handicap_a, handicap_b."""
        return self._faults_of_players() | self._faults_of_law()

    def _faults_of_law(self) -> dict[str, Fault]:
        chosen = FORMATS.get(self.format)
        if chosen is None:
            return {"format": Fault.FORMAT}
        sport, faults = SPORTS[chosen.law.sport], dict[str, Fault]()
        if self.best_of not in chosen.lengths:
            faults["best_of"] = Fault.LENGTH
        if self.is_doubles not in sport.players.value:
            faults["kind"] = Fault.PLAYERS
        most = chosen.law.game.deuce_from if sport.has_handicap else 1
        wrong = [field for field, points in zip(HANDICAPS, self.handicap, strict=True) if not 0 <= points < most]
        return faults | dict.fromkeys(wrong, Fault.HANDICAP)

    def _faults_of_players(self) -> dict[str, Fault]:
        faults: dict[str, Fault] = {}
        seen: set[Player] = set()
        for field, player in self.places():
            if player is None:
                faults[field] = Fault.NOBODY
            elif player in seen:
                faults[field] = Fault.TWICE
            else:
                seen.add(player)
        return faults

    def places(self) -> list[tuple[str, Player | None]]:
        """All players with the form field they were chosen in; sides of unequal size get an empty place."""
        size = max(1, len(self.side_a), len(self.side_b))
        return [
            (PLACES[side][place], chosen[place] if place < len(chosen) else None)
            for side, chosen in ((Side.A, self.side_a), (Side.B, self.side_b))
            for place in range(size)
        ]

    def line_up(self) -> "list[MatchPlayer]":
        """The players; only for a plan without faults."""
        sides = ((Side.A, self.side_a), (Side.B, self.side_b))
        return [
            MatchPlayer(side=side, place=place, player=player, name=player.name)
            for side, chosen in sides
            for place, player in enumerate(chosen, start=1)
            if player
        ]


class MatchPlayer(Identified, Model):
    """One player of one match, under the name they played it with, and their side's tally (rules.scoring.tally)."""

    __tablename__ = "match_player"
    __table_args__ = (
        UniqueConstraint("match_id", "side", "place"),
        UniqueConstraint("match_id", "player_id"),
        CheckConstraint("place IN (1, 2)", name="place"),
    )

    match_id: Mapped[int] = mapped_column(ForeignKey("club_match.id"))
    side: Mapped[Side] = mapped_column(stored_by_value(Side))
    place: Mapped[int]
    player_id: Mapped[int] = mapped_column(ForeignKey("player.id"), index=True)
    name: Mapped[str]
    games_won: Mapped[int] = mapped_column(default=0)
    games_lost: Mapped[int] = mapped_column(default=0)
    serve_won: Mapped[int] = mapped_column(default=0)
    serve_lost: Mapped[int] = mapped_column(default=0)
    receive_won: Mapped[int] = mapped_column(default=0)
    receive_lost: Mapped[int] = mapped_column(default=0)
    longest_run: Mapped[int] = mapped_column(default=0)

    player: Mapped[Player] = relationship(lazy="joined", innerjoin=True)

    def count(self, tally: Tally) -> None:
        """Stores the tally of the player's side; computed from the log once the match is won."""
        for name, number in asdict(tally).items():
            setattr(self, name, number)


TALLY = {each.name: getattr(MatchPlayer, each.name) for each in fields(Tally)}
