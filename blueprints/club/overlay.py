"""The transparent score overlay for video streams, without controls, configured by its address."""

from flask import Response, make_response, render_template, request
from flask_babel import force_locale

from blueprints.club.blueprint import blueprint
from blueprints.club.boards import language_of
from blueprints.club.found import around, club_or_404, match_or_404
from blueprints.club.hall import hall_state
from blueprints.club.overlay_form import COLOURS, OverlayForm
from blueprints.club.states import score_state
from blueprints.guards import public
from blueprints.htmx import is_htmx
from live.announcement import State
from models.base import utc_now
from models.club import Club
from models.club.watching import scorebook_at
from models.live_topic import topic_version
from rules.colour import colour, ink_on

VIEW = "overlay"
TABLES, ONE = "club/overlay/_tables.html", "club/overlay/_lower.html"


@blueprint.get("/clubs/<int:club_id>/overlay")
@public
def overlay(club_id: int) -> Response:
    """The match at ?table=2; without a table, the longest-running one."""
    club, form = club_or_404(club_id), _form()
    since = topic_version(club.topic)
    shown = hall_state(club, utc_now(), form.delay_wished)
    return _answer(club, form, TABLES, shown, {"topic": club.topic, "since": since})


@blueprint.get("/matches/<int:match_id>/overlay")
@public
def match_overlay(match_id: int) -> Response:
    match, form = match_or_404(match_id), _form()
    since, delay = topic_version(match.topic), form.delay_wished
    shown = score_state(match, scorebook_at(match, utc_now() - delay) if delay else None)
    return _answer(match.club, form, ONE, shown, {"topic": match.topic, "since": since})


@blueprint.get("/overlay.css")
@public
def overlay_colours() -> Response:
    """The colours of the overlay's address as a style sheet, because the CSP forbids inline styles."""
    wishes = _form().wishes
    fills = {side: colour(wishes.get(side, usual)) for side, usual in COLOURS.items()}
    inks = {side: ink_on(fill) for side, fill in fills.items()}
    text = render_template("club/overlay/wishes.css", fills=fills, inks=inks, table=wishes.get("table"))
    return Response(text, mimetype="text/css", headers={"Cache-Control": "public, max-age=3600"})


def _form() -> OverlayForm:
    """Invalid options are dropped: a running stream must not show an error page."""
    form = OverlayForm()
    form.validate()
    return form


def _answer(club: Club, form: OverlayForm, partial: str, shown: State, stream: dict[str, object]) -> Response:
    """The page, or only its changing part when the page itself polls (once a second, if it has a delay)."""
    drawn = {"partial": partial, "shown": shown, "wishes": form.wishes, "stream": stream}
    with force_locale(language_of(club)):
        template = "club/overlay/_shown.html" if is_htmx() else "club/overlay/page.html"
        answer = make_response(render_template(template, again=request.full_path, **drawn, **around(club)))
    answer.vary.add("HX-Request")
    if is_htmx():
        answer.add_etag()
        answer.make_conditional(request)
    return answer
