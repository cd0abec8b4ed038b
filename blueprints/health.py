"""For those who watch over the service."""

from flask import Blueprint, Response, abort, current_app, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from blueprints.guards import public
from blueprints.replies import framed_anywhere
from extensions import csrf, db
from live.metrics import LiveFigures

blueprint = Blueprint("health", __name__)
csrf.exempt(blueprint)


@blueprint.get("/healthz")
@blueprint.get("/healthz/live", endpoint="live_healthz")
@public
def healthz() -> Response:
    """The process is alive; asks nothing of anybody, and may be shown in a frame, where our pages look for it.

    A proxy sends /healthz/live to the service with the streams, which may be away while pages still come. It is not
    under /live/, where a process that has no room answers everything with an event.
    """
    return framed_anywhere(Response("ok", mimetype="text/plain", headers={"Cache-Control": "no-store"}))


@blueprint.get("/readyz")
@public
def readyz() -> tuple[Response, int]:
    """The database answers, and searches names in Cyrillic: 200, else 503 with the reason."""
    try:
        folds = _folds_cyrillic()
    except SQLAlchemyError as error:
        return jsonify(ready=False, reason=type(error).__name__), 503
    if not folds:
        return jsonify(ready=False, reason="the database's locale has no trigrams of Cyrillic letters"), 503
    return jsonify(ready=True), 200


@blueprint.get("/metrics")
@public
def metrics() -> Response:
    """Prometheus text, for those who come straight to this process: what came through a proxy came from outside."""
    if "X-Forwarded-For" in request.headers:
        abort(404)
    figures = CollectorRegistry()
    if hub := current_app.extensions["live"]:
        figures.register(LiveFigures(hub))
    return Response(generate_latest() + generate_latest(figures), content_type=CONTENT_TYPE_LATEST)


def _folds_cyrillic() -> bool:
    if db.engine.dialect.name == "sqlite":
        return bool(db.session.scalar(text("SELECT 1")))
    return bool(db.session.scalar(text("SELECT cardinality(show_trgm('Әлия')) > 0")))
