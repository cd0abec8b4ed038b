"""The endpoint of the live streams."""

import logging
from _socket import socket
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from urllib.parse import parse_qsl

import gevent
from flask import Blueprint, Flask, Response, abort, current_app, request
from flask_babel import get_locale
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import NotFound

from blueprints.audience import own_ticket, ticket_for_anybody
from blueprints.errors import is_database_away
from blueprints.guards import public
from extensions import db
from live import wire
from live.admission import Admission
from live.answer_cache import AnswerCache
from live.hub import Hub, HubClosed
from live.listener import Listener, Ticket, random_retry
from live.lobby import Later, TakeOver
from live.metrics import measure_loop_lag
from live.registry import Registry, Topic, UnknownTopic
from live.sockets import Sockets, turn_away
from live.stream import WsgiStream
from live.takeover import TakenOver, may_be_taken_over
from models.accounts import Language

blueprint = Blueprint("live", __name__)
log = logging.getLogger("tablo.live")

LANGUAGES = frozenset(Language)
NOT_KNOWN = None, None
OpenTopics = AnswerCache[tuple[str, str], tuple[Topic | None, Ticket | None]]

HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store, no-transform",
    "X-Accel-Buffering": "no",
}


@blueprint.get("/live/<path:topic>")
@public
def stream(topic: str) -> Response:
    """A topic's changes as Server-Sent Events."""
    view = request.args.get("view", "page")
    try:
        return subscribe(topic, view)
    finally:
        current_app.extensions["in_flight"].end((topic, view))


@blueprint.get("/live/once/<path:topic>")
@public
def once(topic: str) -> Response:
    """The same for a page that streams do not reach: `hello` and what is newer than its cursor, in one response."""
    return subscribe(topic, request.args.get("view", "page"), once=True)


def subscribe(key: str, view: str, *, once: bool = False) -> Response:
    """Checks permission and opens the stream.

    404 for an unknown topic or another organization's, 401 without a body if signing in might help, a `wait` event if
    this process is full, which is checked before anything expensive, or the database away: an EventSource that gets
    another status never tries again.
    """
    try:
        return _subscribed(key, view, once)
    except SQLAlchemyError as error:
        db.session.rollback()
        if not is_database_away(error):
            raise
        log.warning("the database is away: a stream has to wait")
        return _wait_response()


def _subscribed(key: str, view: str, once: bool) -> Response:
    hub: Hub | None = current_app.extensions["live"]
    if request.method == "GET" and (hub is None or not _has_room(current_app, hub)):
        return _wait_response()
    topic = _topic(key, view)
    ticket, listening = own_ticket(hub, topic, view)
    if not topic.may_listen(listening, view):
        return _refused(hub, 404 if listening else 401)
    if hub is None or request.method == "HEAD":
        return Response(headers=HEADERS)
    language, cursor = _language(), _cursor(request.headers.get("Last-Event-ID"), request.args.get("since"))
    # A stream must hold no transaction, and on SQLite the hub's would wait for this one.
    db.session.rollback()
    try:
        listener = hub.listen(topic, view, language, cursor, ticket)
    except HubClosed:
        return _wait_response()
    if once:
        return _once_response(hub, listener)
    if not _still_fits(hub, listener):
        return _wait_response()
    return _stream_response(hub, listener)


def _still_fits(hub: Hub, listener: Listener) -> bool:
    """Others may have been admitted while this one waited for its topic."""
    admission: Admission = current_app.extensions["admission"]
    fits = hub.count() <= admission.streams
    if not fits:
        hub.leave(listener)
        _note_turned_away(hub)
    return fits


def _once_response(hub: Hub, listener: Listener) -> Response:
    try:
        return Response(listener.hello() + listener.take(), headers=HEADERS)
    finally:
        hub.leave(listener)


def _stream_response(hub: Hub, listener: Listener) -> Response:
    """On its own socket if that can be taken over, otherwise by the server as an iterator."""
    sockets: Sockets | None = current_app.extensions.get("sockets")
    if sockets and may_be_taken_over(request.environ):
        _count_admitted(current_app, hub, [listener], "view")
        return TakenOver(sockets, listener)
    _count_admitted(current_app, hub, [listener], "iterator")
    stream = WsgiStream(hub, listener)
    if sockets:
        sockets.watch(request.environ["gunicorn.socket"], stream)
    return Response(stream, headers=HEADERS, direct_passthrough=True)


def _refused(hub: Hub | None, status: int) -> Response:
    if hub:
        hub.tally.refused += 1
    return Response(status=status)


def _wait_response() -> Response:
    return Response(wire.message("later", event="wait", retry=random_retry()), headers=HEADERS)


def _has_room(app: Flask, hub: Hub) -> bool:
    admission: Admission = app.extensions["admission"]
    has_room = admission.room(hub.count()) > 0
    if not has_room:
        _note_turned_away(hub)
    return has_room


def _note_turned_away(hub: Hub) -> None:
    hub.tally.turned_away += 1
    hub.journal.note_turned_away()


def _count_admitted(app: Flask, hub: Hub, listeners: Sequence[Listener], door: str) -> None:
    admission: Admission = app.extensions["admission"]
    admission.enter(len(listeners))
    hub.tally.opened[door] += len(listeners)
    for listener in listeners:
        listener.door = door


def start_sockets(app: Flask) -> None:
    """Called once by a worker that owns its sockets, after its fork."""
    hub: Hub | None = app.extensions["live"]
    admission: Admission = app.extensions["admission"]
    if hub:
        if not admission.fit_descriptors():
            log.warning("this process may open few files: LIVE_STREAMS is taken as %d", admission.streams)
        app.extensions["open topics"] = AnswerCache(partial(_topic_for_all, app))
        app.extensions["sockets"] = Sockets(hub)
        app.extensions["sockets"].start()
        gevent.spawn(measure_loop_lag)
        if watchers := app.extensions.get("watchers"):
            watchers.start()


def admit(app: Flask, target: str, last_event_id: str | None) -> TakeOver | Later | None:
    """The worker's accept door asks what to do with a plain stream request: what takes its socket over, or None to
    leave it to the view.

    Only requests that need neither the person nor any blocking are admitted here: for a public topic that is open to
    all, already followed by this process, in a language named in the URL. While one of a crowd is finding that out
    through the view, the others are asked about again. If the process is full, everybody is turned away here.
    """
    hub: Hub | None = app.extensions["live"]
    if hub is None:
        return None
    admission: Admission = app.extensions["admission"]
    if not admission.room(hub.count()):
        return partial(_turned_away, hub)
    key, _, language, _ = _parsed_target(target)
    if language not in LANGUAGES or not _is_public(app, key):
        return None
    return _admitted(app, hub, target, last_event_id)


def _admitted(app: Flask, hub: Hub, target: str, last_event_id: str | None) -> TakeOver | Later | None:
    key, view, language, since = _parsed_target(target)
    cursor = _cursor(last_event_id, since)
    open_topics: OpenTopics = app.extensions["open topics"]
    topic, ticket = open_topics.get((key, view), NOT_KNOWN)
    if topic is None and ticket:
        return None
    later = Later(otherwise=partial(_turned_away, hub))
    if not hub.is_ready_for(key, view, language, cursor):
        return None if app.extensions["in_flight"].begin((key, view)) else later
    if topic is None or ticket is None:
        return later
    if ticket.asked_at < hub.audience_version():
        open_topics.forget((key, view))
        return later
    return partial(_admit_callers, app, hub, partial(hub.listen_together, topic, view, language, cursor, ticket))


def _admit_callers(app: Flask, hub: Hub, listen: Callable[[int], list[Listener]], callers: Sequence[socket]) -> None:
    """Admits as many callers as there is room for, on one ticket, and turns the others away."""
    admission: Admission = app.extensions["admission"]
    coming = callers[: admission.room(hub.count())]
    try:
        listeners = listen(len(coming)) if coming else []
    except HubClosed:
        listeners = []
    _count_admitted(app, hub, listeners, "accept")
    if listeners:
        app.extensions["sockets"].take_over_together(coming, listeners)
    _turned_away(hub, callers[len(listeners) :])


def _turned_away(hub: Hub, callers: Sequence[socket]) -> None:
    for caller in callers:
        _note_turned_away(hub)
        turn_away(caller)


def _is_public(app: Flask, key: str) -> bool:
    registry: Registry = app.extensions["registry"]
    try:
        return registry.topic(key).kind.public
    except UnknownTopic:
        return False


@lru_cache(1_000)
def _parsed_target(target: str) -> tuple[str, str, str, str | None]:
    """Topic, view, language and cursor of a URL; of repeated parameters the first counts. Cached for crowds."""
    path, _, query = target.partition("?")
    asked = dict(reversed(parse_qsl(query, keep_blank_values=True)))
    return path.removeprefix("/live/"), asked.get("view", "page"), asked.get("language", ""), asked.get("since")


def _topic_for_all(app: Flask, asked: tuple[str, str]) -> tuple[Topic | None, Ticket]:
    """The topic if it is open to the public, and a ticket issued before that was checked."""
    key, view = asked
    ticket = ticket_for_anybody(app.extensions["live"])
    with app.app_context():
        try:
            topic = _topic(key, view)
        except NotFound:
            return None, ticket
        return topic if topic.kind.public and topic.may_listen(None, view) else None, ticket


def _topic(key: str, view: str) -> Topic:
    registry: Registry = current_app.extensions["registry"]
    try:
        topic = registry.topic(key)
        topic.view(view)
    except UnknownTopic:
        abort(404)
    return topic


def _language() -> str:
    asked = request.args.get("language", "")
    return asked if asked in LANGUAGES else str(get_locale())


def _cursor(last_event_id: str | None, since: str | None) -> int | None:
    return wire.read_cursor(last_event_id or since)
