"""`flask push run`: notifies followers of matches, from an outbox table; `flask push once` makes a single pass."""

import logging
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event

import click
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from py_vapid import Vapid02
from py_vapid.utils import b64urlencode, num_to_bytes

from commands.messengers import Away, Gone, Push, PushMessenger, Refused
from commands.push_words import written
from commands.service import run_periodically
from extensions import db
from models.base import utc_now
from models.club import Notice

LOOK_SECONDS = 5
AT_ONCE = 16

log = logging.getLogger("tablo.push")

command = AppGroup("push", short_help="Tells followers of their matches.")


@command.command("key")
def key() -> None:
    """Prints a new key pair for the environment; changing it ends all subscriptions."""
    made = Vapid02()
    made.generate_keys()
    click.echo(f"PUSH_KEY={b64urlencode(num_to_bytes(made.private_key.private_numbers().private_value, 32))}")
    click.echo(f"PUSH_PUBLIC_KEY={_public_key(made)}")


@command.command("once")
@with_appcontext
def once() -> None:
    """Makes a single pass."""
    click.echo(f"{send_due(_messenger(), Event())} sent")


@command.command("run")
@with_appcontext
def run() -> None:
    """Runs until it is stopped, which takes effect between two batches."""
    run_periodically(partial(send_due, _messenger()), LOOK_SECONDS, log)


def send_due(messenger: PushMessenger, stopped: Event) -> int:
    """One pass: gives up lost notices, adds new ones, sends those due; returns the number sent."""
    Notice.delete_old(utc_now())
    Notice.fill_outbox(utc_now())
    db.session.commit()
    number = 0
    while not stopped.is_set() and (notices := Notice.take(AT_ONCE, utc_now())):
        number += _send(notices, messenger)
    # The last query began a transaction, which must not stay open until the next pass.
    db.session.rollback()
    return number


def _send(notices: list[Notice], messenger: PushMessenger) -> int:
    """Commits the claim before sending, and sends with no transaction open."""
    pushes = {notice.id: written(notice) for notice in notices}
    db.session.commit()
    with ThreadPoolExecutor(AT_ONCE) as threads:
        faults = dict(zip(pushes, threads.map(partial(_deliver, messenger), pushes.values()), strict=True))
    for number, fault in faults.items():
        _note(number, fault)
        db.session.commit()
    return sum(fault is None for fault in faults.values())


def _deliver(messenger: PushMessenger, push: Push) -> Exception | None:
    """Sends; returns the error, if any. A notice that may have been accepted is never sent again."""
    try:
        messenger.send(push)
    except (Refused, Away) as fault:
        return fault
    except Exception as fault:
        log.exception("nobody knows whether a notice was taken")
        return fault
    return None


def _note(number: int, fault: Exception | None) -> None:
    notice = db.session.get(Notice, number)
    if notice is None:
        return  # the follower was deleted meanwhile
    if fault is None:
        notice.sent(utc_now())
    elif isinstance(fault, Gone):
        notice.follower.forget()
    elif isinstance(fault, Away):
        notice.postpone(utc_now())
    else:
        notice.fail(utc_now())
    log.info("notice %s is %s", number, "of nobody any more" if isinstance(fault, Gone) else notice.state)


def _messenger() -> PushMessenger:
    settings = current_app.config
    if not settings["PUSH_KEY"] or not settings["PUSH_PUBLIC_KEY"]:
        raise click.ClickException("PUSH_KEY and PUSH_PUBLIC_KEY are not set: `flask push key` makes them")
    if _public_key(Vapid02.from_string(settings["PUSH_KEY"])) != settings["PUSH_PUBLIC_KEY"]:
        raise click.ClickException("PUSH_PUBLIC_KEY is not that of PUSH_KEY: what is signed by one the other refuses")
    return PushMessenger(settings["PUSH_KEY"], settings["PUSH_CONTACT"], anywhere=settings["PUSH_ANYWHERE"])


def _public_key(pair: Vapid02) -> str:
    return str(b64urlencode(pair.public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)))
