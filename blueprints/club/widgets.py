"""The score for embedding in other websites: without buttons, and frameable by anybody if the club is public."""

from typing import Any

from flask import Response, make_response, render_template
from flask_babel import force_locale

from blueprints.club.blueprint import blueprint
from blueprints.club.boards import language_of, theme_of_address
from blueprints.club.found import around, club_or_404, match_or_404
from blueprints.club.states import head_state, history_state, score_state, section_state
from blueprints.guards import public
from blueprints.replies import framed_anywhere
from models.base import utc_now
from models.club import Club
from models.live_topic import topic_version


@blueprint.get("/clubs/<int:club_id>/widget")
@public
def widget(club_id: int) -> Response:
    """The matches in progress and just finished."""
    club = club_or_404(club_id)
    since = topic_version(club.topic)
    stream = {"topic": club.topic, "stream_view": "page", "since": since}
    states = {"live_section": section_state(club), "history": history_state(club, utc_now())}
    return _answer(club, "club/widget/club.html", **stream, **states)


@blueprint.get("/matches/<int:match_id>/widget")
@public
def match_widget(match_id: int) -> Response:
    match = match_or_404(match_id)
    since = topic_version(match.topic)
    stream = {"topic": match.topic, "stream_view": "widget", "since": since}
    states = {"head": head_state(match), "score": score_state(match)}
    return _answer(match.club, "club/widget/match.html", match=match, **stream, **states)


def _answer(club: Club, template: str, **values: Any) -> Response:
    with force_locale(language_of(club)):
        answer = make_response(render_template(template, theme=theme_of_address(None), **values, **around(club)))
    return framed_anywhere(answer) if club.is_public else answer
