"""The club's tables and courts: their list, for managers, and moving a match to another table."""

from flask import Response, abort, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField

from blueprints.club.blueprint import blueprint
from blueprints.club.found import around, held_match_or_404, managed_club, match_or_404, record_number, scored
from blueprints.club.plan_form import FAULTS
from blueprints.club.table_choice import who_plays
from blueprints.club.tap import scorer
from blueprints.forms import Form
from blueprints.guards import signed_in
from blueprints.replies import see
from blueprints.text_rules import at_most, named, printable, single_spaced
from extensions import db
from models.base import utc_now
from models.club import BadPlan, Club, Court, Fault, Match, rename_court
from models.errors import Conflict

LONGEST_NAME = 40


class CourtForm(Form):
    name = StringField(
        _l("Название"),
        [named(_l("Введите название.")), at_most(LONGEST_NAME), printable],
        filters=[single_spaced],
    )

    def explain(self, field: str) -> None:
        self.name.errors = [_("Такой стол уже есть. Если он убран, верните его.")]


@blueprint.get("/clubs/<int:club_id>/courts")
@signed_in
def courts(club_id: int) -> Response:
    return _list(managed_club(club_id), CourtForm())


@blueprint.post("/clubs/<int:club_id>/courts")
@signed_in
def add_court(club_id: int) -> Response:
    club, form = managed_club(club_id), CourtForm()
    if form.validate():
        with form.conflicts():
            Court.add(club, form.name.data, scorer())
            return _done(club_id)
    return _list(club, form, 422)


@blueprint.get("/clubs/<int:club_id>/courts/<int:number>")
@signed_in
def edit_court(club_id: int, number: int) -> str:
    court = _court(club_id, number)
    return _form_page(court, CourtForm(obj=court))


@blueprint.post("/clubs/<int:club_id>/courts/<int:number>")
@signed_in
def revise_court(club_id: int, number: int) -> Response | tuple[str, int]:
    """Renames the table."""
    court, form = _court(club_id, number), CourtForm()
    if form.validate():
        with form.conflicts():
            rename_court(court, form.name.data, scorer())
            return _done(club_id)
    return _form_page(_court(club_id, number), form), 422


@blueprint.post("/clubs/<int:club_id>/courts/<int:number>/place")
@signed_in
def move_court(club_id: int, number: int) -> Response:
    """Moves the table up by one place."""
    _court(club_id, number).move_up(scorer())
    return _done(club_id)


@blueprint.post("/clubs/<int:club_id>/courts/<int:number>/retirement")
@signed_in
def retire_court(club_id: int, number: int) -> Response:
    """Takes the table out of use; with `back`, puts it back."""
    court = _court(club_id, number)
    if "back" in request.form:
        court.bring_back(scorer())
    else:
        court.retire(scorer(), utc_now())
    return _done(club_id)


@blueprint.get("/matches/<int:match_id>/table")
@signed_in
def match_table(match_id: int) -> str:
    """The tables to which the match may move."""
    return _where_page(scored(match_or_404(match_id)))


@blueprint.post("/matches/<int:match_id>/table")
@signed_in
def move_match(match_id: int) -> Response | tuple[str, int]:
    match = held_match_or_404(match_id)
    number = request.form.get("table", type=record_number)
    try:
        match.move_to(number, scorer(), utc_now())
        db.session.commit()
    except (BadPlan, Conflict) as refused:
        db.session.rollback()
        fault = refused.faults["table"] if isinstance(refused, BadPlan) else Fault.TAKEN
        return _where_page(match_or_404(match_id), str(FAULTS[fault])), 422
    return see(url_for("club.match", match_id=match_id))


def _court(club_id: int, number: int) -> Court:
    court = next((each for each in managed_club(club_id).courts if each.number == number), None)
    return court or abort(404)


def _done(club_id: int) -> Response:
    db.session.commit()
    return see(url_for("club.courts", club_id=club_id))


def _list(club: Club, form: CourtForm, status: int = 200) -> Response:
    shown = {"form": form, "playing": Match.at_tables(club)}
    return make_response(render_template("club/courts/list.html", **shown, **around(club)), status)


def _form_page(court: Court, form: CourtForm) -> str:
    return render_template("club/courts/form.html", form=form, court=court, **around(court.club))


def _where_page(match: Match, says: str = "") -> str:
    shown = {"match": match, "playing": Match.at_tables(match.club), "who": who_plays, "says": says}
    return render_template("club/courts/match.html", **shown, **around(match.club))
