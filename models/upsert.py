"""INSERT … ON CONFLICT: both databases have it, SQLAlchemy in a dialect of each."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite


def insert_for(dialect: str) -> Callable[..., Any]:
    """The insert() of this dialect ("sqlite" or "postgresql"), whose statements have on_conflict_do_update."""
    return sqlite.insert if dialect == "sqlite" else postgresql.insert
