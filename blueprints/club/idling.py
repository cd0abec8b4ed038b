"""Answering the question whether an idle match is still being played."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from flask import Response, make_response, url_for

from blueprints.club.blueprint import blueprint
from blueprints.club.found import held_match_or_404
from blueprints.club.tap import scorer
from blueprints.guards import signed_in
from blueprints.htmx import is_htmx
from blueprints.replies import see
from extensions import db
from models.accounts import User
from models.base import utc_now
from models.club import Match, MatchEnded


@blueprint.post("/matches/<int:match_id>/presence")
@signed_in
def say_it_goes_on(match_id: int) -> Response:
    return _answered(match_id, Match.still_goes_on)


@blueprint.post("/matches/<int:match_id>/abandonment")
@signed_in
def abandon(match_id: int) -> Response:
    return _answered(match_id, Match.abandon)


def _answered(match_id: int, verb: Callable[[Match, User, datetime], None]) -> Response:
    """An empty answer to htmx: every page that showed the question is updated by its stream."""
    with suppress(MatchEnded):
        verb(held_match_or_404(match_id), scorer(), utc_now())
    db.session.commit()
    return make_response("", 204) if is_htmx() else see(url_for("club.score", match_id=match_id))
