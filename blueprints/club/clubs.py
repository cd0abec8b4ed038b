"""A club's page."""

from flask import render_template

from blueprints.club.blueprint import blueprint
from blueprints.club.followers import follow_state
from blueprints.club.found import around, club_or_404, settled
from blueprints.club.ladder_states import ranks_state
from blueprints.club.states import history_state, live_states
from blueprints.club.tournament_states import tournaments_state
from blueprints.guards import person, public
from models.base import utc_now
from models.club import Club
from models.live_topic import topic_version


@blueprint.get("/clubs/<int:club_id>")
@public
def show(club_id: int) -> str:
    club = settled(club_or_404(club_id))
    since = topic_version(club.topic)
    return render_template(
        "club/clubs/show.html",
        since=since,
        follow=follow_state(club),
        **live_states(club, utc_now()),
        history=history_state(club, utc_now()),
        ranks=ranks_state(club, utc_now()),
        tournaments=tournaments_state(club, utc_now()),
        **_rights(club),
        **around(club),
    )


def _rights(club: Club) -> dict[str, bool]:
    """What this page offers; anonymous visitors may try to start a match and are then asked to sign in."""
    known = person()
    return {
        "may_run": club.may_be_scored_by(known),
        "may_manage": club.may_be_managed_by(known),
        "may_start": known is None or club.may_be_played_by(known),
    }
