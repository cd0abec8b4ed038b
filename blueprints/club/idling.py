"""What is answered when nobody has tapped for a while: they still play, or they have stopped."""

from flask import Response, make_response, url_for

from blueprints.club.blueprint import blueprint
from blueprints.club.found import held_match_or_404
from blueprints.club.tap import scorer
from blueprints.guards import signed_in
from blueprints.htmx import is_htmx
from blueprints.replies import see
from extensions import db
from models.base import utc_now
from models.club import Match


@blueprint.post("/matches/<int:match_id>/presence")
@signed_in
def say_it_goes_on(match_id: int) -> Response:
    match = held_match_or_404(match_id)
    match.still_goes_on(scorer(), utc_now())
    return _answered(match)


@blueprint.post("/matches/<int:match_id>/abandonment")
@signed_in
def abandon(match_id: int) -> Response:
    match = held_match_or_404(match_id)
    match.abandon(scorer(), utc_now())
    return _answered(match)


def _answered(match: Match) -> Response:
    """Nothing for htmx: every page that asked hears it by its stream."""
    page = url_for("club.score", match_id=match.id)
    db.session.commit()
    return make_response("", 204) if is_htmx() else see(page)
