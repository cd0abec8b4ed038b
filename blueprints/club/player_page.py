"""A player's page: rating, figures, opponents; and the comparison of two players."""

from flask import Response, abort, render_template, url_for

from blueprints.club.blueprint import blueprint
from blueprints.club.followers import follow_state
from blueprints.club.found import around, player_or_404, settled
from blueprints.club.ladder_states import row_of
from blueprints.club.states import result_of
from blueprints.guards import person, public
from blueprints.replies import see
from extensions import db
from live.announcement import State
from models.base import utc_now
from models.club import HistoryQuestion, Player, Standing, figures_of, meetings_of

LATEST = 10


@blueprint.get("/players/<int:player_id>")
@public
def player(player_id: int) -> Response | str:
    """A player's page; merged players redirect to the one they became."""
    found = player_or_404(player_id)
    if found.merged_into_id:
        return see(url_for("club.player", player_id=found.merged_into_id))
    club = settled(found.club)
    return render_template(
        "club/players/show.html",
        player=found,
        follow=follow_state(found),
        ratings=_ratings(found),
        figures=figures_of(found),
        meetings=meetings_of(found),
        results=_latest(HistoryQuestion(club.id, found.id)),
        may_keep=club.may_be_scored_by(person()),
        **around(club),
    )


@blueprint.get("/players/<int:player_id>/against/<int:other_id>")
@public
def player_against(player_id: int, other_id: int) -> str:
    """The matches of one player against the other."""
    found, other = player_or_404(player_id), db.session.get(Player, other_id)
    if other is None or other.club_id != found.club_id or other is found:
        abort(404)
    club = settled(found.club)
    return render_template(
        "club/players/against.html",
        player=found,
        other=other,
        figures=figures_of(found, other),
        results=_latest(HistoryQuestion(club.id, found.id, other.id)),
        **around(club),
    )


def _ratings(found: Player) -> list[State]:
    """The player's newest ratings, the most played discipline first."""
    today = found.club.organization.today(utc_now())
    newest = Standing.newest_of(found)
    return [{**row_of(standing, today), "discipline": discipline} for discipline, standing in newest.items()]


def _latest(question: HistoryQuestion) -> list[State]:
    matches = question.page(None, LATEST)
    return [result_of(match, match.club.organization.today(utc_now())) for match in matches]
