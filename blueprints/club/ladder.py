"""The club's rating list."""

from flask import abort, render_template, request

from blueprints.club.blueprint import blueprint
from blueprints.club.found import around, club_or_404, settled
from blueprints.club.ladder_states import ladder_state
from blueprints.guards import public
from models.base import utc_now
from models.club import Discipline, Standing
from models.live_topic import topic_version
from rules.scoring.sports import SPORTS
from rules.scoring.table_tennis import TABLE_TENNIS


@blueprint.get("/clubs/<int:club_id>/ladder")
@public
def ladder(club_id: int) -> str:
    """The discipline `of`, e.g. "table-tennis/pairs", or the one with the most rated players."""
    club = settled(club_or_404(club_id))
    since = topic_version(club.topic)
    disciplines = Standing.disciplines(club)
    chosen = _chosen(disciplines)
    standings = ladder_state(club, chosen, utc_now())
    tabs = {"disciplines": disciplines, "chosen": chosen}
    return render_template("club/ladder/page.html", since=since, ladder=standings, **tabs, **around(club))


def _chosen(disciplines: list[Discipline]) -> Discipline:
    """404 for an unknown discipline."""
    code = request.args.get("of")
    if code is None:
        return disciplines[0] if disciplines else Discipline(TABLE_TENNIS.code, is_doubles=False)
    try:
        chosen = Discipline.coded(code)
    except (KeyError, ValueError):
        abort(404)
    if chosen.sport not in SPORTS:
        abort(404)
    return chosen
