"""Endpoints for monitoring."""

from flask import Blueprint, Response, abort, current_app, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from blueprints.guards import public
from blueprints.replies import framed_anywhere
from extensions import csrf, db
from live.metrics import LiveMetrics

blueprint = Blueprint("health", __name__)
csrf.exempt(blueprint)


@blueprint.get("/healthz")
@blueprint.get("/healthz/live", endpoint="live_healthz")
@public
def healthz() -> Response:
    """The process is alive. It queries nothing, and may be framed, since our pages probe it in a hidden frame.

    A proxy sends /healthz/live to the service with the streams, which may be down while pages work. It is not under
    /live/, where a full process answers everything with a `wait` event.
    """
    return framed_anywhere(Response("ok", mimetype="text/plain", headers={"Cache-Control": "no-store"}))


@blueprint.get("/readyz")
@public
def readyz() -> tuple[Response, int]:
    """200 if the database answers and can search in Cyrillic, else 503 with the reason."""
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
    """Prometheus text, for direct requests only: a request through a proxy came from outside."""
    if "X-Forwarded-For" in request.headers:
        abort(404)
    figures = CollectorRegistry()
    if hub := current_app.extensions["live"]:
        figures.register(LiveMetrics(hub))
    return Response(generate_latest() + generate_latest(figures), content_type=CONTENT_TYPE_LATEST)


def _folds_cyrillic() -> bool:
    if db.engine.dialect.name == "sqlite":
        return bool(db.session.scalar(text("SELECT 1")))
    return bool(db.session.scalar(text("SELECT cardinality(show_trgm('Әлия')) > 0")))
