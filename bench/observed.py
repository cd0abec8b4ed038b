"""The real application with one thing more: an answer to a change says at which moment it was committed."""

from time import monotonic_ns

from flask import Flask, Response, g, has_request_context
from sqlalchemy import event
from sqlalchemy.orm import Session

import app as tablo
from bench.publishing import COMMITTED
from extensions import db


def create_app() -> Flask:
    """What gunicorn serves while it is measured."""
    application = tablo.create_app()
    event.listen(db.session, "after_commit", _note, insert=True)
    application.after_request(_say)
    return application


def _note(session: Session) -> None:
    """Comes first among those who are told of a commit."""
    if has_request_context():
        g.setdefault("committed", monotonic_ns())


def _say(response: Response) -> Response:
    if "committed" in g:
        response.headers[COMMITTED] = str(g.committed)
    return response
