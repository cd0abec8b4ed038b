"""Two players who turn out to be one."""

from collections.abc import Iterator

from sqlalchemy import Column, update
from sqlalchemy.exc import IntegrityError

from extensions import db
from models.club.player import Player
from models.errors import Conflict, violated_constraint

IN_ONE_MATCH = "uq_match_player_match_id_player_id"


def merge_players(kept: Player, gone: Player) -> None:
    """Everything the second did is the first's from now on, flushed; what they were called in matches stays.

    Raises Conflict("user_id") when both have an account, Conflict("other") when they stood in one match. The caller
    rolls back.
    """
    if kept.user_id and gone.user_id:
        raise Conflict("user_id")
    account, gone.user_id, gone.name_key = kept.user_id or gone.user_id, None, None
    gone.is_hidden, gone.merged_into_id = True, kept.id
    db.session.flush()
    kept.user_id = account
    for key in _references():
        _move(key, gone.id, kept.id)
    db.session.flush()
    db.session.expire_all()


def _references() -> Iterator[Column[int]]:
    """Every column that says whose a record is, also of those who were merged into the second before."""
    for table in db.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.references(Player.__table__):  # type: ignore[arg-type]
                yield key.parent


def _move(key: Column[int], giver: int, taker: int) -> None:
    own = update(key.table).where(key == giver).values({key.name: taker})
    try:
        db.session.execute(own)
    except IntegrityError as error:
        if violated_constraint(error) != IN_ONE_MATCH:
            raise
        raise Conflict("other") from error
