"""Two players who turn out to be one."""

from collections.abc import Iterator

from sqlalchemy import Column, Select, delete, func, select, update

from extensions import db
from models.club.discipline import Discipline
from models.club.match import Match
from models.club.plan import MatchPlayer
from models.club.player import Player
from models.club.standing import Standing
from models.club.tournament import Entrant
from models.club.unsettled import UnsettledMatch
from models.errors import Conflict, as_refusals

IN_ONE_MATCH = "uq_match_player_match_id_player_id"


def merge_players(kept: Player, gone: Player) -> None:
    """Everything the second did is the first's from now on, flushed; what they were called in matches stays.

    Raises Conflict("user_id") when both have an account, Conflict("other") when they stood in one match, and
    Conflict("tournament") when they entered one tournament. The caller rolls back.
    """
    if kept.user_id and gone.user_id:
        raise Conflict("user_id")
    if db.session.scalar(_entered_by(kept).intersect(_entered_by(gone)).limit(1)):
        raise Conflict("tournament")
    account, gone.user_id, gone.name_key = kept.user_id or gone.user_id, None, None
    gone.is_hidden, gone.merged_into_id = True, kept.id
    _unsettle(gone)
    db.session.flush()
    kept.user_id = account
    for key in _references():
        _move(key, gone.id, kept.id)
    db.session.flush()
    db.session.expire_all()


def _entered_by(player: Player) -> Select[int]:
    return select(Entrant.tournament_id).where((Entrant.player_id == player.id) | (Entrant.partner_id == player.id))


def _unsettle(gone: Player) -> None:
    """The second's ratings are nobody's, and all are reckoned anew from the weeks in which their matches began."""
    db.session.execute(delete(Standing).filter_by(player_id=gone.id))
    played = select(Match.sport, Match.is_doubles, func.min(Match.started_at)).join(Match.players)
    played = played.where(MatchPlayer.player_id == gone.id).group_by(Match.sport, Match.is_doubles)
    for sport, is_doubles, began_at in db.session.execute(played):
        UnsettledMatch.note(gone.club_id, None, Discipline(sport, is_doubles), began_at)


def _references() -> Iterator[Column[int]]:
    """Every column that says whose a record is, also of those who were merged into the second before."""
    for table in db.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.references(Player.__table__):  # type: ignore[arg-type]
                yield key.parent


def _move(key: Column[int], giver: int, taker: int) -> None:
    own = update(key.table).where(key == giver).values({key.name: taker})
    with as_refusals({IN_ONE_MATCH: "other"}):
        db.session.execute(own)
