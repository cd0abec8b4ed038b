"""The real application with one addition: the response to a change has a header with the time of its commit."""

from time import monotonic_ns

from flask import Flask, Response, g, has_request_context
from sqlalchemy import event
from sqlalchemy.orm import Session

import app as tablo
from bench.publishing import COMMITTED
from extensions import db


def create_app() -> Flask:
    """The application that gunicorn serves in the bench."""
    application = tablo.create_app()
    event.listen(db.session, "after_commit", _note, insert=True)
    application.after_request(_say)
    return application


def _note(session: Session) -> None:
    """Registered as the first listener to commits."""
    if has_request_context():
        g.setdefault("committed", monotonic_ns())


def _say(response: Response) -> Response:
    if "committed" in g:
        response.headers[COMMITTED] = str(g.committed)
    return response
