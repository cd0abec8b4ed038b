"""One-evening tournaments: opening one, its page, and starting its matches by tapping a table."""

from flask import Response, abort, make_response, render_template, request, url_for
from flask_babel import format_date
from flask_babel import lazy_gettext as _l

from blueprints.club.blueprint import blueprint
from blueprints.club.found import around, club_or_404, own_tournament, record_number, tournament_or_404
from blueprints.club.tap import scorer
from blueprints.club.tournament_form import TournamentForm, usual_name
from blueprints.club.tournament_states import listed, part_states, play_state
from blueprints.club.tournament_tables import usual_tables
from blueprints.errors import ErrorMessage, answer
from blueprints.guards import person, public, signed_in
from blueprints.htmx import is_htmx
from blueprints.replies import see
from extensions import db
from models.base import utc_now
from models.club import Club, MayNotScore, NotNow, Tournament
from models.live_topic import topic_version

SHOWN = 50
TAKEN = ErrorMessage(
    "conflict",
    "forbidden",
    409,
    _l("Эту встречу уже не начать"),
    _l("Она уже идёт, стол занят или участники ещё играют. На странице турнира всё уже обновилось."),
)


@blueprint.errorhandler(NotNow)
def not_now(refusal: NotNow) -> Response:
    db.session.rollback()
    return answer(TAKEN)


@blueprint.get("/clubs/<int:club_id>/tournaments")
@public
def tournaments(club_id: int) -> str:
    """The newest first."""
    club = club_or_404(club_id)
    shown = {"tournaments": listed(club, SHOWN), "may_open": club.may_be_scored_by(person())}
    return render_template("club/tournaments/index.html", **shown, **around(club))


@blueprint.get("/clubs/<int:club_id>/tournaments/new")
@signed_in
def new_tournament(club_id: int) -> str:
    club = _own_club(club_id)
    today = format_date(club.organization.today(utc_now()), "d MMMM")
    usual = {"name": usual_name(club, today), "courts": usual_tables(club)}
    return _form_page(club, TournamentForm(club, data=usual))


@blueprint.post("/clubs/<int:club_id>/tournaments")
@signed_in
def open_tournament(club_id: int) -> Response | tuple[str, int]:
    club = _own_club(club_id)
    form = TournamentForm(club)
    if form.validate_on_submit():
        with form.conflicts():
            opened = Tournament.open(club, form.plan, scorer(), utc_now())
            db.session.commit()
            return see(url_for("club.tournament", tournament_id=opened.id))
    return _form_page(club, form), 422


@blueprint.get("/tournaments/<int:tournament_id>")
@public
def tournament(tournament_id: int) -> str:
    found = tournament_or_404(tournament_id)
    since = topic_version(found.topic)
    return render_template(
        "club/tournaments/show.html",
        tournament=found,
        since=since,
        **part_states(found),
        may_run=found.club.may_be_scored_by(person()),
        **around(found.club),
    )


@blueprint.get("/tournaments/<int:tournament_id>/ties/<int:number>")
@signed_in
def tie(tournament_id: int, number: int) -> str:
    """The free tables for the tie, for pages without scripts."""
    found = own_tournament(tournament_id)
    play = play_state(found, found.contest())
    waiting = next((each for each in play["waiting"] if each["tie"] == number), None)
    if waiting is None:
        raise NotNow
    return render_template("club/tournaments/tie.html", tournament=found, tie=waiting, **around(found.club))


@blueprint.post("/tournaments/<int:tournament_id>/ties/<int:number>/match")
@signed_in
def start_tie(tournament_id: int, number: int) -> Response:
    """For htmx the parts of the page, which stays open; else a redirect to the page."""
    found = own_tournament(tournament_id)
    found.start_tie(number, request.form.get("table", 0, type=record_number), scorer(), utc_now())
    return _changed(found)


@blueprint.get("/tournaments/<int:tournament_id>/entrants")
@signed_in
def entrants(tournament_id: int) -> str:
    found = own_tournament(tournament_id)
    return render_template("club/tournaments/entrants.html", tournament=found, **around(found.club))


@blueprint.post("/tournaments/<int:tournament_id>/entrants/<int:number>/withdrawal")
@signed_in
def withdraw(tournament_id: int, number: int) -> Response:
    """Withdraws the entrant; with `back`, undoes that."""
    found = own_tournament(tournament_id)
    if not 1 <= number <= len(found.entrants):
        abort(404)
    if "back" in request.form:
        found.undo_withdrawal(number, scorer())
    else:
        found.withdraw(number, scorer(), utc_now())
    db.session.commit()
    return see(url_for("club.entrants", tournament_id=found.id))


def _changed(found: Tournament) -> Response:
    states = part_states(found)
    db.session.commit()
    if not is_htmx():
        return see(url_for("club.tournament", tournament_id=found.id))
    return make_response(render_template("club/tournaments/_changed.html", **states))


def _own_club(club_id: int) -> Club:
    club = club_or_404(club_id)
    if not club.may_be_scored_by(person()):
        raise MayNotScore
    return club


def _form_page(club: Club, form: TournamentForm) -> str:
    return render_template("club/tournaments/new.html", form=form, **around(club))
