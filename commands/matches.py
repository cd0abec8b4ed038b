"""`flask matches run`: closes matches without a tap for an hour; `flask matches once` makes a single pass."""

import logging
from threading import Event

import click
from flask.cli import AppGroup, with_appcontext

from commands.service import run_periodically
from extensions import db
from models.base import utc_now
from models.club import Match

LOOK_SECONDS = 60

log = logging.getLogger("tablo.matches")

command = AppGroup("matches", short_help="Closes matches that nobody finished.")


@command.command("once")
@with_appcontext
def once() -> None:
    """Makes a single pass."""
    click.echo(f"{close_forgotten(Event())} closed")


@command.command("run")
@with_appcontext
def run() -> None:
    """Runs until it is stopped, which takes effect between two matches."""
    run_periodically(close_forgotten, LOOK_SECONDS, log)


def close_forgotten(stopped: Event) -> int:
    """One pass; returns the number of matches closed."""
    closed = 0
    for number in Match.forgotten(utc_now()):
        if stopped.is_set():
            break
        match = Match.held(number)
        closed += match is not None and match.close_if_forgotten(utc_now())
        db.session.commit()
    db.session.commit()
    return closed
