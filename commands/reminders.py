"""`flask reminders run`: reminds patients of visits, from an outbox table; `flask reminders once`: a single pass."""

import logging
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from threading import Event
from urllib.parse import urlsplit

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from commands.messengers import Away, FolderMessenger, GatewayMessenger, MailMessenger, Message, Messenger, Refused
from commands.reminder_words import written
from commands.service import run_periodically
from config import ROOT
from extensions import db
from models.base import utc_now
from models.clinic import Channel, Communication, MessageFault, MessageState, ReminderPlan

LOOK_SECONDS = 20

log = logging.getLogger("tablo.reminders")

command = AppGroup("reminders", short_help="Reminds patients of their visits.")


@command.command("once")
@with_appcontext
def once() -> None:
    """Makes a single pass."""
    click.echo(f"{send_due(_messengers(), Event())} sent")


@command.command("run")
@with_appcontext
def run() -> None:
    """Runs until it is stopped, which takes effect between two messages."""
    messengers = _messengers()
    log.info("reminding by %s", ", ".join(messengers))
    run_periodically(partial(send_due, messengers), LOOK_SECONDS, log)


def send_due(messengers: Mapping[Channel, Messenger], stopped: Event) -> int:
    """One pass: gives up lost messages, adds those due, sends; returns the number sent."""
    Communication.give_up_lost(utc_now())
    for plan in ReminderPlan.all_active():
        plan.fill_outbox(messengers.keys(), utc_now())
        db.session.commit()
    db.session.commit()
    number = 0
    while not stopped.is_set() and (reminder := Communication.take_next(messengers.keys(), utc_now())):
        number += _send(reminder, messengers) is MessageState.SENT
    # The last query began a transaction, which must not stay open until the next pass.
    db.session.rollback()
    return number


def _send(reminder: Communication, messengers: Mapping[Channel, Messenger]) -> MessageState:
    """Commits the claim before sending, and sends with no transaction open."""
    message = written(reminder, ReminderPlan.of(reminder.organization_id))
    messenger = next(each for channel, each in messengers.items() if channel is reminder.channel)
    number = reminder.id
    db.session.commit()
    fault = _deliver(messenger, message)
    reminder = db.session.get_one(Communication, number)
    if fault is None:
        reminder.sent(utc_now())
    elif fault is MessageFault.AWAY:
        reminder.postpone(utc_now())
    else:
        reminder.fail(fault, utc_now())
    db.session.commit()
    log.info("reminder %s is %s%s", number, reminder.state, f", {reminder.fault}" if reminder.fault else "")
    return reminder.state


def _deliver(messenger: Messenger, message: Message) -> MessageFault | None:
    """Sends; returns what went wrong, if anything. A message that may have been accepted is never sent again."""
    try:
        messenger.send(message)
    except Refused:
        return MessageFault.REFUSED
    except Away:
        return MessageFault.AWAY
    except Exception:
        log.exception("nobody knows whether %s was taken", message.key)
        return MessageFault.UNCLEAR
    return None


def _messengers() -> dict[Channel, Messenger]:
    """One for each channel that is configured."""
    settings = current_app.config
    chosen = {Channel.EMAIL: settings["MAIL_URL"], Channel.SMS: settings["SMS_URL"]}
    messengers = {channel: _messenger(url) for channel, url in chosen.items() if url}
    if not messengers:
        raise click.ClickException("neither MAIL_URL nor SMS_URL is set: nobody can be reminded")
    return messengers


def _messenger(url: str) -> Messenger:
    address = urlsplit(url)
    if address.scheme == "file":
        return FolderMessenger(ROOT / Path(address.path))
    if address.scheme in ("http", "https"):
        return GatewayMessenger(address, current_app.config["SMS_TOKEN"])
    return MailMessenger(address, current_app.config["MAIL_FROM"])
