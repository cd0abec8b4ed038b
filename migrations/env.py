"""Alembic's entry point. Migrations are dated, run up and down on both databases, and never import the models."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import context
from alembic.util import CommandError
from flask import current_app
from sqlalchemy import Connection, Enum

from models.types import UtcDateTime

database = current_app.extensions["migrate"].db


def render_item(kind: str, item: Any, autogenerate_context: Any) -> str | bool:
    """Renders our own column types as their database types."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Enum):
        return f"sa.String(length={item.length})"
    return False


def include_object(item: Any, name: str | None, kind: str, reflected: bool, compared: Any) -> bool:
    """Excludes the search indexes that only one of the databases has, on SQLite tables; they are written by hand."""
    return not (reflected and compared is None and "_trigram" in (name or ""))


@contextmanager
def references_asleep(connection: Connection) -> Iterator[None]:
    """Turns foreign keys off: SQLite alters a table by recreating it, and dropping the old one would cascade.

    This works only outside a transaction (https://sqlite.org/lang_altertable.html#otheralter, 7.).
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    raw = connection.connection.cursor()
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        broken = raw.execute("PRAGMA foreign_key_check").fetchall()
    finally:
        raw.execute("PRAGMA foreign_keys=ON")
    if broken:
        raise CommandError(f"these rows refer to nothing: {broken}")


def run_migrations() -> None:
    with database.engine.connect() as connection, references_asleep(connection):
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_as_batch=True,
            compare_type=True,
            render_item=render_item,
            include_object=include_object,
        )
        with context.begin_transaction():
            context.run_migrations()


run_migrations()
