"""`flask live listen TOPIC`: prints a topic's changes as they happen, for operators."""

import json
import signal
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from threading import Event
from types import FrameType

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.exc import NoResultFound

from live.hub import Hub
from live.listener import Listener, Ticket
from live.registry import EventView, Registry, Topic, UnknownTopic

VIEW = "listen"
LOOK_SECONDS = 0.2
# Whoever may run commands on this machine needs no further permission.
TICKET = Ticket(None, (), asked_at=sys.maxsize)


class CannotListen(click.ClickException):
    """Printed as one sentence."""

    exit_code = 2


command = AppGroup("live", short_help="Watches the live core.")


@command.command("listen")
@click.argument("topic")
@with_appcontext
def listen(topic: str) -> None:
    """Prints the changes of TOPIC, such as club/1, until Ctrl+C.

    Each change with its time, version and parts; for public topics also the parts' states, for private ones never.
    """
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    watched, hub = _watched(app, topic), _hub(app)
    try:
        listener = hub.listen(watched, VIEW, "en", None, TICKET)
    except NoResultFound:
        raise CannotListen(f"there is nothing that {topic!r} could show") from None
    _end_at_ctrl_c(listener)
    click.echo(f"{topic} is at version {listener.feed.known}; Ctrl+C ends")
    for line in _flow(app, listener):
        click.echo(line)
    click.echo()
    hub.close()


def _end_at_ctrl_c(listener: Listener) -> None:
    """Stops between two changes; KeyboardInterrupt could interrupt a database query."""

    def end(number: int, frame: FrameType | None) -> None:
        listener.closed = True

    signal.signal(signal.SIGINT, end)


def _watched(app: Flask, key: str) -> Topic:
    """The topic with a view of its own, so that topics without views can be listened to as well."""
    registry: Registry = app.extensions["registry"]
    try:
        topic = registry.topic(key)
    except UnknownTopic:
        raise CannotListen(
            f"there is no topic {key!r}; topics are such as club/1, match/7, clinic/1/2026-11-21"
        ) from None
    return replace(topic, kind=replace(topic.kind, views={VIEW: EventView(lambda kind, state: [])}))


def _hub(app: Flask) -> Hub:
    hub: Hub | None = app.extensions["live"]
    if hub is None:
        raise CannotListen("the live core is switched off here: LIVE=on switches it on")
    return hub


def _flow(app: Flask, listener: Listener) -> Iterator[str]:
    """A line per change, and one per part that may be shown."""
    woken, version = Event(), listener.feed.known
    listener.wake = listener.end = woken.set
    while not listener.closed:
        woken.wait(timeout=LOOK_SECONDS)
        woken.clear()
        parts, version = listener.feed.changed_after(version)
        if parts:
            clock = datetime.now(UTC).astimezone()
            yield f"{clock:%H:%M:%S.%f}"[:-3] + f" version {version}: {', '.join(sorted(parts))}"
            yield from _shown(app, listener.feed.topic, sorted(parts))


def _shown(app: Flask, topic: Topic, parts: list[str]) -> Iterator[str]:
    if topic.kind.public:
        with app.app_context():
            yield from (f"  {part} {json.dumps(topic.load(part), ensure_ascii=False)}" for part in parts)
