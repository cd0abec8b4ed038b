"""Migrations go up and down, and end where the models are, on both databases."""

import flask_migrate
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import inspect

from extensions import db
from tests.support.databases import Database
from tests.support.parts import ROOT

MIGRATIONS = str(ROOT / "migrations")


def tables() -> set[str]:
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def test_the_newest_migration_is_what_the_models_say(database: Database, app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, db.metadata)
    assert [each for each in differences if "trigram" not in str(each)] == []


def test_all_the_way_down_and_up_again(database: Database, app: Flask) -> None:
    before = tables()
    flask_migrate.downgrade(directory=MIGRATIONS, revision="base")
    assert tables() == set()
    flask_migrate.upgrade(directory=MIGRATIONS)
    assert tables() == before
