"""The demo data: `flask seed` creates it, the sign-in page lists its accounts."""

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _
from sqlalchemy import select

from extensions import db
from models.accounts import User
from seeds import plant_demo
from seeds.people import ACCOUNTS


@click.command("seed")
@with_appcontext
def command() -> None:
    """Fills an empty database with demo data; refuses any other."""
    if not is_empty():
        raise click.ClickException("the database is not empty: demo data is only created in an empty one")
    plant_demo(current_app.config["DEMO_PASSWORD"])


def is_empty() -> bool:
    """Whether the database has no accounts yet."""
    return db.session.scalar(select(User.id).limit(1)) is None


def is_demo() -> bool:
    """Whether the first demo account exists."""
    return db.session.scalar(select(User.id).filter_by(email=next(iter(ACCOUNTS)))) is not None


def accounts_shown() -> dict[str, object] | None:
    """What the sign-in page shows of the demo: its password and its accounts with their roles; None without a demo."""
    if not is_demo():
        return None
    duties = {
        "desk1": _("регистратор"),
        "desk2": _("второй регистратор"),
        "doctor": _("врач: список своего дня"),
        "owner": _("владелец клиники и клуба"),
        "scorer": _("судья на счёте"),
        "nobody": _("без организации"),
    }
    accounts = [(email, duties[email.partition("@")[0]]) for email in ACCOUNTS]
    return {"password": current_app.config["DEMO_PASSWORD"], "accounts": accounts}
