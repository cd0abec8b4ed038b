"""The demonstration: `flask seed` plants it, the sign-in page shows its accounts."""

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
    """Fills an empty database with the demonstration; refuses one that holds anything."""
    if db.session.scalar(select(User.id).limit(1)) is not None:
        raise click.ClickException("the database is not empty: the demonstration is only planted in a new one")
    plant_demo(current_app.config["DEMO_PASSWORD"])


def is_demo() -> bool:
    """Whether the demonstration's first account is there."""
    return db.session.scalar(select(User.id).filter_by(email=next(iter(ACCOUNTS)))) is not None


def accounts_shown() -> dict[str, object] | None:
    """What the sign-in page says of the demonstration: the accounts with their duties, and the password; or nothing."""
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
