"""`flask matches run`: closes matches in which nobody has tapped for an hour; `once` does it one time."""

import logging
from threading import Event

import click
from flask.cli import AppGroup, with_appcontext

from commands.rounds import go_round
from extensions import db
from models.base import utc_now
from models.club import Match

LOOK_SECONDS = 60

log = logging.getLogger("tablo.matches")

command = AppGroup("matches", short_help="Closes matches that nobody finished.")


@command.command("once")
@with_appcontext
def once() -> None:
    """Closes what is forgotten by now, and ends."""
    click.echo(f"{close_forgotten(Event())} closed")


@command.command("run")
@with_appcontext
def run() -> None:
    """Closes whatever is forgotten, until it is told to stop; it stops between two matches."""
    go_round(close_forgotten, LOOK_SECONDS, log)


def close_forgotten(stopped: Event) -> int:
    """One round; answers how many were closed."""
    closed = 0
    for number in Match.forgotten(utc_now()):
        if stopped.is_set():
            break
        match = Match.held(number)
        closed += match is not None and match.close_if_forgotten(utc_now())
        db.session.commit()
    db.session.commit()
    return closed
