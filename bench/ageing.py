"""A club with years of finished matches, copied with players and logs by SQL."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, create_engine, insert, select, text

from models.club import Match

FIRST_COPY = 1_000_000
AT_ONCE = 5_000

OPENED = datetime(2020, 1, 1, tzinfo=UTC)
NUMBERS = "WITH RECURSIVE copy(id) AS (SELECT :first UNION ALL SELECT id + 1 FROM copy WHERE id < :last) "
PLAYER = "side, place, player_id, name"
ENTRY = "seq, tap_id, kind, side, target, actor_id, at"


def play_games(database_url: str, games: int) -> None:
    """Adds that many finished matches to the demo club. The database must not be in use."""
    engine = create_engine(database_url)
    for first in range(FIRST_COPY, FIRST_COPY + games, AT_ONCE):
        with engine.begin() as connection:
            _copy(connection, first, min(first + AT_ONCE, FIRST_COPY + games) - 1)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    engine.dispose()


def _copy(connection: Connection, first: int, last: int) -> None:
    table = Match.__table__
    kept = connection.execute(select(table).where(table.c.ended_at.is_not(None)).limit(1)).mappings().one()
    connection.execute(insert(Match), [_again(dict(kept), number) for number in range(first, last + 1)])
    numbers = {"first": first, "last": last, "template": kept["id"]}
    for name, columns in (("match_player", PLAYER), ("log_entry", ENTRY)):
        chosen = _insert(name, f"match_id, {columns}", f"copy.id, {_of(columns)}", "kept.match_id")
        connection.execute(text(chosen), numbers)


def _again(kept: dict[str, Any], number: int) -> dict[str, Any]:
    """The same match at another time, one every twenty minutes, so that no two of a club end at once."""
    began = OPENED + (number - FIRST_COPY) * timedelta(minutes=20)
    return kept | {"id": number, "started_at": began, "ended_at": began + (kept["ended_at"] - kept["started_at"])}


def _insert(table: str, into: str, chosen: str, key: str) -> str:
    source = f"{NUMBERS} SELECT {chosen} FROM copy, {table} AS kept WHERE {key} = :template"
    return f"INSERT INTO {table} ({into}) {source}"


def _of(columns: str) -> str:
    return ", ".join(f"kept.{column}" for column in columns.split(", "))
