"""Alembic's entry. Migrations are dated, go both ways on both databases, and never import the models."""

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Enum

from models.types import UtcDateTime

database = current_app.extensions["migrate"].db


def render_item(kind: str, item: Any, autogenerate_context: Any) -> str | bool:
    """Our own column types, written as what they are in the database."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Enum):
        return f"sa.String(length={item.length})"
    return False


def include_object(item: Any, name: str | None, kind: str, reflected: bool, compared: Any) -> bool:
    """Leaves out the indexes that only one of the databases has; they are written by hand."""
    return not (kind == "index" and reflected and compared is None and (name or "").endswith("_trigram"))


def run_migrations() -> None:
    with database.engine.connect() as connection:
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
