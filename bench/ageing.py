"""A club that has played for years: its finished matches, with players and logs, copied by the database itself."""

from sqlalchemy import Connection, create_engine, text

FIRST_COPY = 1_000_000
AT_ONCE = 5_000

TEMPLATE = "SELECT min(id) FROM club_match WHERE ended_at IS NOT NULL"
NUMBERS = "WITH RECURSIVE copy(id) AS (SELECT :first UNION ALL SELECT id + 1 FROM copy WHERE id < :last) "
MATCH = (
    "club_id, kind, ruleset_code, first_server, table_number, started_by_id, started_at, ended_at, log_length, "
    "points_a, points_b, games, server, winner"
)
PLAYER = "side, place, player_id, name"
ENTRY = "seq, tap_id, kind, side, target, actor_id, at"


def play_games(database_url: str, games: int) -> None:
    """So many more finished matches in the demonstration's club; nobody may be using the database meanwhile."""
    engine = create_engine(database_url)
    for first in range(FIRST_COPY, FIRST_COPY + games, AT_ONCE):
        with engine.begin() as connection:
            _copy(connection, first, min(first + AT_ONCE, FIRST_COPY + games) - 1)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    engine.dispose()


def _copy(connection: Connection, first: int, last: int) -> None:
    template = connection.scalar(text(TEMPLATE))
    numbers = {"first": first, "last": last, "template": template}
    connection.execute(text(_insert("club_match", f"id, {MATCH}", f"copy.id, {_of(MATCH)}", "kept.id")), numbers)
    for table, columns in (("match_player", PLAYER), ("log_entry", ENTRY)):
        chosen = _insert(table, f"match_id, {columns}", f"copy.id, {_of(columns)}", "kept.match_id")
        connection.execute(text(chosen), numbers)


def _insert(table: str, into: str, chosen: str, key: str) -> str:
    source = f"{NUMBERS} SELECT {chosen} FROM copy, {table} AS kept WHERE {key} = :template"
    return f"INSERT INTO {table} ({into}) {source}"


def _of(columns: str) -> str:
    return ", ".join(f"kept.{column}" for column in columns.split(", "))
