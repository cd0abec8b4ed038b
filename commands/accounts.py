"""`flask accounts organization`: creates a clinic or a club with its owner; `flask accounts password`: a new link."""

from zoneinfo import available_timezones

import click
from flask import current_app, url_for
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select

from extensions import db
from models.accounts import Language, Membership, Organization, PasswordLink, Role, User
from models.base import utc_now
from models.club import Club
from rules.mail_address import is_mail_address

command = AppGroup("accounts", short_help="Creates organizations and links to choose a password.")


def _mail_address(context: click.Context, parameter: click.Parameter, typed: str) -> str:
    if not is_mail_address(typed):
        raise click.BadParameter("not an e-mail address")
    return typed.lower()


@command.command("organization")
@click.argument("name")
@click.argument("owner_name")
@click.argument("owner_email", callback=_mail_address)
@click.option("--clinic/--no-clinic", "has_clinic", help="It has a front desk.")
@click.option("--club/--no-club", "has_club", help="It keeps scores.")
@click.option("--time-zone", type=click.Choice(sorted(available_timezones())), default="Asia/Almaty", metavar="ZONE")
@click.option("--language", type=click.Choice([each.value for each in Language]), default=Language.RUSSIAN.value)
@with_appcontext
def organization(
    name: str, owner_name: str, owner_email: str, has_club: bool, language: str, **details: object
) -> None:
    """Creates an organization and its owner; prints the link by which a new owner chooses a password."""
    if not has_club and not details["has_clinic"]:
        raise click.UsageError("say --clinic, --club or both")
    house = Organization(name=name, has_club=has_club, language=Language(language), **details)
    owner = User.invited(owner_email, owner_name)
    db.session.add_all([house, Membership(user=owner, organization=house, role=Role.OWNER)])
    if has_club:
        db.session.add(Club(organization=house, name=name))
    db.session.flush()
    if owner.has_password:
        PasswordLink.revoke(owner)  # a link of the other organization must not open this one
        click.echo(f"{owner_email} signs in with the password of the account that is there.")
    else:
        _tell_link(owner)
    db.session.commit()


@command.command("password")
@click.argument("email", callback=_mail_address)
@with_appcontext
def password(email: str) -> None:
    """Prints a link by which the person with this e-mail chooses a new password."""
    user = db.session.scalar(select(User).filter_by(email=email))
    if user is None:
        raise click.ClickException(f"nobody has the address {email}")
    _tell_link(user)
    db.session.commit()


def _tell_link(user: User) -> None:
    code = PasswordLink.open(user, utc_now())
    with current_app.test_request_context():
        click.echo(f"Within a week, once: {url_for('accounts.choose_password', code=code)}")
