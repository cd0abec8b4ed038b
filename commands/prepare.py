"""`flask prepare`: makes the database ready for the first request."""

import click
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

from commands.demo import is_demo, is_empty
from config import ROOT
from extensions import db
from seeds import plant_demo
from seeds.people import ACCOUNTS


@click.command("prepare")
@with_appcontext
def command() -> None:
    """Migrates the database, and fills an empty one with demo data."""
    if not _is_up_to_date():
        upgrade()
    if is_empty():
        plant_demo(current_app.config["DEMO_PASSWORD"])
    _greet()


def _is_up_to_date() -> bool:
    with db.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_heads()
    return set(current) == set(ScriptDirectory(str(ROOT / "migrations")).get_heads())


def _greet() -> None:
    if is_demo():
        click.echo("Demo sign-ins, all with the password in TABLO_DEMO_PASSWORD (tablo-demo if unset):")
        for email in ACCOUNTS:
            click.echo(f"  {email}")
