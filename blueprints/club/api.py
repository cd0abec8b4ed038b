"""The scores for programs that had the club's first version: its messages, over Server-Sent Events."""

from flask import Response

from blueprints.club.blueprint import blueprint
from blueprints.guards import public
from blueprints.live import subscribe


@blueprint.get("/api/clubs/<int:club_id>/events")
@public
def events(club_id: int) -> Response:
    """`game_update` and `game_end`; one of each live match comes first for whoever brings no Last-Event-ID."""
    return subscribe(f"club/{club_id}", "json")
