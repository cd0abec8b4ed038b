"""The one door of the live streams."""

import _socket
from collections.abc import Callable
from functools import partial
from time import monotonic
from urllib.parse import parse_qsl

from flask import Blueprint, Flask, Response, abort, current_app, request
from flask_babel import get_locale
from werkzeug.exceptions import NotFound

from blueprints.guards import person, public
from extensions import db
from live import wire
from live.hub import Hub, HubClosed
from live.listener import Listener, random_retry
from live.metrics import OPENED
from live.registry import Registry, Topic, UnknownTopic
from live.sockets import Sockets
from live.stream import WsgiStream
from live.takeover import TakenOver, may_be_taken_over
from models.accounts import Language

blueprint = Blueprint("live", __name__)

LANGUAGES = frozenset(Language)
TOPICS_REMEMBERED = 1_000
SECONDS_REMEMBERED = 1.0

HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store, no-transform",
    "X-Accel-Buffering": "no",
}


@blueprint.get("/live/<path:topic>")
@public
def stream(topic: str) -> Response:
    """A topic's changes as Server-Sent Events, for whoever may listen at this moment."""
    return subscribe(topic, request.args.get("view", "page"))


def subscribe(key: str, view: str) -> Response:
    """Asks the topic whether this person may listen, and opens the stream.

    404 for no such topic or one of another organization, 401 without a body when signing in might help, a `wait`
    event when this process takes no listeners now.
    """
    topic = _topic(key, view)
    listening = person()
    if not topic.may_be_heard_by(listening, view):
        return Response(status=404 if listening else 401)
    if request.method == "HEAD":
        return Response(headers=HEADERS)
    language, cursor = _language(), _cursor(request.headers.get("Last-Event-ID"), request.args.get("since"))
    # A stream holds no transaction, and the hub's own would wait for ours.
    db.session.rollback()
    hub: Hub | None = current_app.extensions["live"]
    try:
        listener = hub.listen(topic, view, language, cursor) if hub else None
    except HubClosed:
        listener = None
    if hub is None or listener is None:
        return Response(wire.message("later", event="wait", retry=random_retry()), headers=HEADERS)
    return _carried(hub, listener)


def _carried(hub: Hub, listener: Listener) -> Response:
    """By its own socket where the server lets us have it, else by the server, piece after piece."""
    sockets: Sockets | None = current_app.extensions.get("sockets")
    if sockets and may_be_taken_over(request.environ):
        OPENED.labels("view").inc()
        return TakenOver(partial(sockets.take_over, listener=listener))
    OPENED.labels("iterator").inc()
    return Response(WsgiStream(hub, listener), headers=HEADERS, direct_passthrough=True)


def start_sockets(app: Flask) -> None:
    """Called by a worker that owns its sockets, once, after its fork."""
    hub: Hub | None = app.extensions["live"]
    if hub:
        app.extensions["open topics"] = {}
        app.extensions["sockets"] = Sockets(hub)
        app.extensions["sockets"].start()


def admit(app: Flask, target: str, last_event_id: str | None) -> Callable[[_socket.socket], None] | None:
    """What the worker's second door asks of a plain request: who takes the socket over, or None for the first door.

    Only what needs neither a look at the person nor any waiting goes this way: a public topic that is open to all and
    watched here already, in a language that the address names.
    """
    path, _, query = target.partition("?")
    asked, key = dict(parse_qsl(query)), path.removeprefix("/live/")
    language, view = asked.get("language", ""), asked.get("view", "page")
    cursor = _cursor(last_event_id, asked.get("since"))
    hub: Hub | None = app.extensions["live"]
    if hub is None or language not in LANGUAGES or not hub.follows(key, cursor):
        return None
    topic = _open_topic(app, key, view)
    try:
        listener = hub.listen(topic, view, language, cursor) if topic else None
    except HubClosed:
        return None
    if listener is None:
        return None
    OPENED.labels("accept").inc()
    return partial(app.extensions["sockets"].take_over, listener=listener)


def _open_topic(app: Flask, key: str, view: str) -> Topic | None:
    """The topic if anybody at all may listen to it; remembered for a second, since a crowd asks the same."""
    remembered: dict[tuple[str, str], tuple[Topic | None, float]] = app.extensions["open topics"]
    topic, until = remembered.get((key, view), (None, 0.0))
    if until < monotonic():
        with app.app_context():
            topic = _topic_for_all(key, view)
        if len(remembered) > TOPICS_REMEMBERED:
            remembered.clear()
        remembered[key, view] = topic, monotonic() + SECONDS_REMEMBERED
    return topic


def _topic_for_all(key: str, view: str) -> Topic | None:
    try:
        topic = _topic(key, view)
    except NotFound:
        return None
    return topic if topic.kind.public and topic.may_be_heard_by(None, view) else None


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
