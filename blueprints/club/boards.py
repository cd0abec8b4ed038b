"""Displays without controls: the hall's screen, for a club and for a tournament."""

from flask import render_template, request
from flask_babel import force_locale

from blueprints.club.blueprint import blueprint
from blueprints.club.found import around, club_or_404, tournament_or_404
from blueprints.club.hall import hall_state
from blueprints.club.states import history_state
from blueprints.club.tournament_states import part_states
from blueprints.guards import public
from models.accounts import Language
from models.base import utc_now
from models.club import Club
from models.live_topic import topic_version

THEMES = ("dark", "light")


@blueprint.get("/clubs/<int:club_id>/tv")
@public
def tv(club_id: int) -> str:
    """The screen of a hall with several tables; ?theme=light for a bright hall, ?language=kk for another language."""
    club, now = club_or_404(club_id), utc_now()
    since = topic_version(club.topic)
    with force_locale(language_of(club)):
        return render_template(
            "club/hall/page.html",
            since=since,
            hall=hall_state(club, now),
            history=history_state(club, now),
            theme=theme_of_address("dark"),
            **around(club),
        )


@blueprint.get("/tournaments/<int:tournament_id>/tv")
@public
def tournament_tv(tournament_id: int) -> str:
    """A tournament's standings, running and next matches; ?theme and ?language as for the hall's screen."""
    found = tournament_or_404(tournament_id)
    since = topic_version(found.topic)
    with force_locale(language_of(found.club)):
        return render_template(
            "club/tournaments/hall/page.html",
            tournament=found,
            since=since,
            **part_states(found),
            theme=theme_of_address("dark"),
            **around(found.club),
        )


def theme_of_address(usual: str | None) -> str | None:
    """The ?theme of this request, else the usual one."""
    return request.args["theme"] if request.args.get("theme") in THEMES else usual


def language_of(club: Club) -> str:
    """The language in the address, else the club's, regardless of who is signed in."""
    asked = request.args.get("language")
    return asked if asked in set(Language) else club.organization.language
