"""The one door of the live streams."""

from flask import Blueprint, Response, abort, current_app, request
from flask_babel import get_locale

from blueprints.guards import person, public
from extensions import db
from live import wire
from live.hub import Hub, HubClosed
from live.listener import random_retry
from live.registry import Registry, UnknownTopic
from live.stream import WsgiStream

blueprint = Blueprint("live", __name__)

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
    registry: Registry = current_app.extensions["registry"]
    try:
        topic = registry.topic(key)
        topic.view(view)
    except UnknownTopic:
        abort(404)
    listening = person()
    if not topic.may_be_heard_by(listening, view):
        return Response(status=404 if listening else 401)
    hub: Hub | None = current_app.extensions["live"]
    language = str(get_locale())
    cursor = wire.read_cursor(request.headers.get("Last-Event-ID") or request.args.get("since"))
    # A stream holds no transaction, and the hub's own would wait for ours.
    db.session.rollback()
    try:
        listener = hub.listen(topic, view, language, cursor) if hub else None
    except HubClosed:
        listener = None
    if hub is None or listener is None:
        return Response(wire.message("later", event="wait", retry=random_retry()), headers=HEADERS)
    return Response(WsgiStream(hub, listener), headers=HEADERS, direct_passthrough=True)
