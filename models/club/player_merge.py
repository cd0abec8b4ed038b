"""Merging two records of the same player, and undoing that."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Column, Select, delete, func, select, update

from extensions import db
from models.accounts import User
from models.accounts.audience import recheck_person
from models.club.discipline import Discipline
from models.club.match import Match
from models.club.plan import MatchPlayer
from models.club.player import FIELDS, Player
from models.club.player_deed import PlayerChange, PlayerDeed
from models.club.standing import Standing
from models.club.tournament import Entrant
from models.club.unsettled import UnsettledMatch
from models.errors import Conflict, Stale, as_refusals, flush

IN_ONE_MATCH = "uq_match_player_match_id_player_id"
STAYS = (PlayerDeed.__tablename__, Standing.__tablename__)


def merge_players(kept: Player, gone: Player, actor: User, now: datetime) -> PlayerDeed:
    """Moves everything of the second player to the first and flushes; names in past matches stay.

    Raises Stale when one of them was merged meanwhile, Conflict("user_id") when both have an account,
    Conflict("other") when they played in the same match, and Conflict("tournament") when they entered the same
    tournament. The caller rolls back.
    """
    _hold(kept, gone)
    if kept.merged_into_id or gone.merged_into_id:
        raise Stale
    if kept.user_id and gone.user_id:
        raise Conflict("user_id")
    if db.session.scalar(_entered_by(kept).intersect(_entered_by(gone)).limit(1)):
        raise Conflict("tournament")
    deed = PlayerDeed.note(PlayerChange.MERGED, kept, actor, now)
    deed.other, deed.other_before = gone, {"user_id": gone.user_id, "is_hidden": int(gone.is_hidden)}
    account, gone.user_id, gone.name_key = kept.user_id or gone.user_id, None, None
    gone.is_hidden, gone.merged_into_id = True, kept.id
    _unsettle(gone)
    db.session.flush()
    kept.user_id = account
    deed.moved = {name: _move(key, gone.id, kept.id) for name, key in _references()}
    db.session.flush()
    db.session.expire_all()
    return deed


def part_players(deed: PlayerDeed, actor: User, now: datetime) -> None:
    """Undoes a merge and flushes: the second gets back what was moved; what was played since stays with the first.

    Raises Stale when it was undone already or the first was merged into another, and Conflict("name") when the
    second one's name has been taken meanwhile. The caller rolls back.
    """
    kept, gone = deed.player, db.session.get_one(Player, deed.other_id)
    _hold(kept, gone)
    db.session.refresh(deed)
    if not deed.may_be_undone or kept.merged_into_id:
        raise Stale
    gone.merged_into_id, gone.name, gone.is_hidden = None, gone.name, bool(deed.other_before["is_hidden"])
    flush(FIELDS)
    _give_back_account(kept, gone, deed.other_before["user_id"])
    for name, key in _references():
        _move(key, kept.id, gone.id, deed.moved.get(name, []))
    _unsettle(gone)
    deed.undone_at = now
    PlayerDeed.note(PlayerChange.PARTED, kept, actor, now).other = gone
    db.session.flush()
    db.session.expire_all()


def _hold(*players: Player) -> None:
    """Locks the players until the commit, always in the same order, so that there are no deadlocks."""
    numbers = [player.id for player in players]
    held = select(Player).where(Player.id.in_(numbers)).order_by(Player.id).with_for_update(of=Player)
    db.session.scalars(held.execution_options(populate_existing=True)).all()


def _give_back_account(kept: Player, gone: Player, account: int | None) -> None:
    """Unless the account was unlinked since."""
    if account is None or kept.user_id != account:
        return
    recheck_person(account)
    kept.user_id = None
    db.session.flush()
    gone.user_id = account


def _entered_by(player: Player) -> Select[int]:
    return select(Entrant.tournament_id).where((Entrant.player_id == player.id) | (Entrant.partner_id == player.id))


def _unsettle(gone: Player) -> None:
    """Deletes the second player's ratings; all are recomputed from the weeks in which their matches began."""
    db.session.execute(delete(Standing).filter_by(player_id=gone.id))
    played = select(Match.sport, Match.is_doubles, func.min(Match.started_at)).join(Match.players)
    played = played.where(MatchPlayer.player_id == gone.id).group_by(Match.sport, Match.is_doubles)
    for sport, is_doubles, began_at in db.session.execute(played):
        UnsettledMatch.note(gone.club_id, None, Discipline(sport, is_doubles), began_at)


def _references() -> Iterator[tuple[str, Column[int]]]:
    """Every column that refers to a player, with its name, including merged_into of earlier merges."""
    for table in db.metadata.sorted_tables:
        for key in table.foreign_keys if table.name not in STAYS else ():
            if key.references(Player.__table__):  # type: ignore[arg-type]
                yield f"{table.name}.{key.parent.name}", key.parent


def _move(key: Column[int], giver: int, taker: int, only: list[int] | None = None) -> list[int]:
    """Moves the giver's records to the taker: all, or only those with these ids that still are the giver's."""
    number = key.table.c.id
    own = select(number).where(key == giver)
    numbers = list(db.session.scalars(own if only is None else own.where(number.in_(only))))
    with as_refusals({IN_ONE_MATCH: "other"}):
        db.session.execute(update(key.table).where(number.in_(numbers)).values({key.name: taker}))
    return numbers
