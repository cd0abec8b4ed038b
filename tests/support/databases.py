"""A fresh, migrated database for every test: migrated once, then copied."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Literal

from tests.support.postgres import PostgresServer

Kind = Literal["sqlite", "postgresql"]
Migrate = Callable[[str], None]


@dataclass(frozen=True)
class Database:
    """One test's database: its address for DATABASE_URL and what it is."""

    url: str
    kind: Kind


Fresh = Callable[[Path], AbstractContextManager[Database]]


def sqlite_databases(folder: Path, migrate: Migrate) -> Fresh:
    """Migrates a template in this folder; answers with what copies it into a test's folder."""
    template = folder / "template.db"
    migrate(f"sqlite:///{template}")

    @contextmanager
    def fresh(own_folder: Path) -> Iterator[Database]:
        path = own_folder / "tablo.db"
        shutil.copy(template, path)
        yield Database(f"sqlite:///{path}", "sqlite")

    return fresh


def postgres_databases(server: PostgresServer, migrate: Migrate) -> Fresh:
    """Migrates a template in this server; answers with what copies it under a new name."""
    server.create("migrated")
    migrate(server.url("migrated"))
    numbers = count()

    @contextmanager
    def fresh(_own_folder: Path) -> Iterator[Database]:
        name = f"test_{next(numbers)}"
        server.create(name, template="migrated")
        yield Database(server.url(name), "postgresql")
        server.drop(name)

    return fresh
