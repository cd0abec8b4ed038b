"""A fresh, migrated database for every test: migrated once, then copied."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.support.postgres import PostgresServer

Kind = Literal["sqlite", "postgresql"]
Migrate = Callable[[str], None]


@dataclass(frozen=True)
class Database:
    """One test's database: its URL for DATABASE_URL and its kind."""

    url: str
    kind: Kind


Fresh = Callable[[Path], AbstractContextManager[Database]]


def sqlite_databases(folder: Path, migrate: Migrate) -> Fresh:
    """Migrates a template in this folder; returns a function that copies it into a folder, replacing an old one."""
    template = folder / "template.db"
    migrate(f"sqlite:///{template}")

    @contextmanager
    def fresh(own_folder: Path) -> Iterator[Database]:
        path = own_folder / "tablo.db"
        for journal in own_folder.glob("tablo.db-*"):
            journal.unlink()
        copy = own_folder / "copy.db"
        shutil.copy(template, copy)
        copy.replace(path)
        yield Database(f"sqlite:///{path}", "sqlite")

    return fresh


def postgres_databases(server: PostgresServer, migrate: Migrate) -> Fresh:
    """Migrates a template in this server; returns a function that copies it under the folder's name."""
    server.create("migrated")
    migrate(server.url("migrated"))

    @contextmanager
    def fresh(own_folder: Path) -> Iterator[Database]:
        name = own_folder.name
        server.create(name, template="migrated")
        yield Database(server.url(name), "postgresql")
        server.drop(name)

    return fresh
