"""Pages that nobody operates: the screen in the hall, for a club and for a tournament."""

from flask import render_template, request
from flask_babel import force_locale

from blueprints.club.blueprint import blueprint
from blueprints.club.found import around, club_or_404, tournament_or_404
from blueprints.club.hall import hall_state
from blueprints.club.states import history_state
from blueprints.club.tournament_states import play_state, results_state
from blueprints.guards import public
from models.accounts import Language
from models.base import utc_now
from models.club import Club
from models.live_topic import topic_version

THEMES = ("dark", "light")


@blueprint.get("/clubs/<int:club_id>/tv")
@public
def tv(club_id: int) -> str:
    """The screen of a hall with several tables; ?theme=light for a bright one, ?language=kk for another language."""
    club, now = club_or_404(club_id), utc_now()
    since = topic_version(club.topic)
    with force_locale(language_of(club)):
        return render_template(
            "club/hall/page.html",
            since=since,
            hall=hall_state(club, now),
            history=history_state(club, now),
            theme=_theme(),
            **around(club),
        )


@blueprint.get("/tournaments/<int:tournament_id>/tv")
@public
def tournament_tv(tournament_id: int) -> str:
    """How a tournament stands, who plays and who is next; ?theme and ?language as for the hall's screen."""
    found = tournament_or_404(tournament_id)
    since, contest = topic_version(found.topic), found.contest()
    with force_locale(language_of(found.club)):
        return render_template(
            "club/tournaments/hall/page.html",
            tournament=found,
            since=since,
            play=play_state(found, contest),
            results=results_state(found, contest),
            theme=_theme(),
            **around(found.club),
        )


def _theme() -> str:
    return request.args["theme"] if request.args.get("theme") in THEMES else "dark"


def language_of(club: Club) -> str:
    """A board speaks the language that its address asks for, else the club's, whoever may be signed in."""
    asked = request.args.get("language")
    return asked if asked in set(Language) else club.organization.language
