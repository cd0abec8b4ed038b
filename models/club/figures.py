"""Totals over a player's matches."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, cast, func, select
from sqlalchemy.orm import aliased

from extensions import db
from models.club.discipline import Discipline
from models.club.match import Match
from models.club.plan import TALLY, MatchPlayer
from models.club.player import Player
from rules.scoring.tally import Tally

OPPONENTS = 10


@dataclass(frozen=True)
class Figures:
    """The totals of the player's matches of one discipline; of runs, the longest."""

    discipline: Discipline
    matches: int
    won: int
    tally: Tally


@dataclass(frozen=True)
class Meeting:
    """How often a player met an opponent, and won."""

    other: Player
    matches: int
    won: int


def figures_of(player: Player, against: Player | None = None) -> list[Figures]:
    """By discipline, the most played first; with `against`, only matches against that player."""
    sums = [func.max(column) if name == "longest_run" else func.sum(column) for name, column in TALLY.items()]
    columns = (Match.sport, Match.is_doubles, func.count(), _won(), *sums)
    own = _played(select(*columns), player)
    if against:
        other = aliased(MatchPlayer)
        across = (other.match_id == Match.id) & (other.player_id == against.id) & (other.side != MatchPlayer.side)
        own = own.join(other, across)
    rows = db.session.execute(own.group_by(Match.sport, Match.is_doubles).order_by(func.count().desc(), Match.sport))
    return [
        Figures(Discipline(sport, is_doubles), matches, won, Tally(*tally))
        for sport, is_doubles, matches, won, *tally in rows
    ]


def meetings_of(player: Player) -> list[Meeting]:
    """The most frequent opponents of the player, over all disciplines."""
    other = aliased(MatchPlayer)
    across = (other.match_id == Match.id) & (other.side != MatchPlayer.side)
    met = _played(select(other.player_id, func.count().label("matches"), _won().label("won")), player).join(
        other, across
    )
    often = met.group_by(other.player_id).order_by(func.count().desc(), other.player_id).limit(OPPONENTS).subquery()
    rows = db.session.execute(
        select(Player, often.c.matches, often.c.won)
        .join(often, often.c.player_id == Player.id)
        .order_by(often.c.matches.desc(), Player.sort_key)
    )
    return [Meeting(other_player, matches, won) for other_player, matches, won in rows]


def _played(columns: Select[*tuple[Any, ...]], player: Player) -> Select[*tuple[Any, ...]]:
    """Joins the player's rows with those of their matches that were won."""
    of_player = columns.select_from(MatchPlayer).join(Match, Match.id == MatchPlayer.match_id)
    return of_player.where(MatchPlayer.player_id == player.id, Match.winner.is_not(None))


def _won() -> ColumnElement[int]:
    return func.sum(cast(Match.winner == MatchPlayer.side, Integer))
