"""Starting a match, and its page."""

from flask import Response, abort, render_template, request, url_for

from blueprints.club.blueprint import blueprint
from blueprints.club.found import around, club_or_404, match_or_404, record_number
from blueprints.club.games import course_state, games_state
from blueprints.club.match_form import MatchForm, rematch_of
from blueprints.club.states import head_state, score_state
from blueprints.guards import person, public, signed_in
from blueprints.replies import see
from extensions import db
from models.accounts import User
from models.base import utc_now
from models.club import Club, Match, MayNotScore
from models.live_topic import topic_version


@blueprint.get("/clubs/<int:club_id>/matches/new")
@signed_in
def new(club_id: int) -> str:
    """The form; `rematch` is the id of a match whose players want to play again."""
    club, _ = _club_to_play_in(club_id)
    return _form_page(club, MatchForm(club, data=_rematch(club)))


@blueprint.post("/clubs/<int:club_id>/matches")
@signed_in
def start(club_id: int) -> Response | tuple[str, int]:
    club, actor = _club_to_play_in(club_id)
    form = MatchForm(club)
    if form.validate_on_submit():
        with form.conflicts():
            match = Match.start(club, form.plan(), actor, utc_now())
            db.session.commit()
            return see(url_for("club.score", match_id=match.id))
    return _form_page(club, form), 422


@blueprint.get("/matches/<int:match_id>")
@public
def match(match_id: int) -> str:
    found = match_or_404(match_id)
    since = topic_version(found.topic)
    return render_template(
        "club/matches/show.html",
        match=found,
        since=since,
        head=head_state(found),
        score=score_state(found),
        games=games_state(found),
        course=course_state(found),
        may_score=found.may_be_scored_by(person()),
        **around(found.club),
    )


def _club_to_play_in(club_id: int) -> tuple[Club, User]:
    club, actor = club_or_404(club_id), person()
    if actor is None or not club.may_be_played_by(actor):
        raise MayNotScore
    return club, actor


def _rematch(club: Club) -> dict[str, object] | None:
    number = request.args.get("rematch", type=record_number)
    if number is None:
        return None
    played = match_or_404(number)
    if played.club_id != club.id:
        abort(404)
    return rematch_of(played)


def _form_page(club: Club, form: MatchForm) -> str:
    return render_template("club/matches/new.html", form=form, **around(club))
