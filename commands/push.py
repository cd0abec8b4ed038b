"""`flask push run`: tells followers of their matches, from an outbox in the database; `once` does it one time."""

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
from commands.rounds import go_round
from extensions import db
from models.base import utc_now
from models.club import Notice

LOOK_SECONDS = 5
AT_ONCE = 16

log = logging.getLogger("tablo.push")

command = AppGroup("push", short_help="Tells followers of their matches.")


@command.command("key")
def key() -> None:
    """Prints a new pair of keys for the environment; with another pair, who follows has to follow anew."""
    made = Vapid02()
    made.generate_keys()
    click.echo(f"PUSH_KEY={b64urlencode(num_to_bytes(made.private_key.private_numbers().private_value, 32))}")
    click.echo(f"PUSH_PUBLIC_KEY={_public_key(made)}")


@command.command("once")
@with_appcontext
def once() -> None:
    """Sends whatever is due now, and ends."""
    click.echo(f"{send_due(_messenger(), Event())} sent")


@command.command("run")
@with_appcontext
def run() -> None:
    """Sends whatever becomes due, until it is told to stop; it stops between two handfuls."""
    go_round(partial(send_due, _messenger()), LOOK_SECONDS, log)


def send_due(messenger: PushMessenger, stopped: Event) -> int:
    """One round: gives up what was lost, puts in what happened, sends; answers how many went out."""
    Notice.tidy(utc_now())
    Notice.fill_outbox(utc_now())
    db.session.commit()
    number = 0
    while not stopped.is_set() and (notices := Notice.take(AT_ONCE, utc_now())):
        number += _send(notices, messenger)
    # Looking for the next ones began a transaction: until the next round nobody is kept waiting by it.
    db.session.rollback()
    return number


def _send(notices: list[Notice], messenger: PushMessenger) -> int:
    """The database knows that this process has them before anything goes out, and nothing is held while they do."""
    pushes = {notice.id: written(notice) for notice in notices}
    db.session.commit()
    with ThreadPoolExecutor(AT_ONCE) as threads:
        faults = dict(zip(pushes, threads.map(partial(_carried, messenger), pushes.values()), strict=True))
    for number, fault in faults.items():
        _note(number, fault)
        db.session.commit()
    return sum(fault is None for fault in faults.values())


def _carried(messenger: PushMessenger, push: Push) -> Exception | None:
    """What went wrong; what is neither taken nor surely not taken is never sent again."""
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
        return  # whoever was told follows nobody any more
    if fault is None:
        notice.sent(utc_now())
    elif isinstance(fault, Gone):
        notice.follower.forget()
    elif isinstance(fault, Away):
        notice.put_off(utc_now())
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
