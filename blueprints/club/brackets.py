"""The bracket after groups: who goes on, what a lot must say, and drawing it."""

from typing import Any

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _

from blueprints.club.blueprint import blueprint
from blueprints.club.found import around, own_tournament, record_number
from blueprints.club.tap import scorer
from blueprints.guards import signed_in
from blueprints.replies import see
from extensions import db
from models.club import LotNeeded, NotNow, Tournament
from rules.contests.groups import going_on, level


@blueprint.get("/tournaments/<int:tournament_id>/bracket")
@signed_in
def bracket(tournament_id: int) -> str:
    """Who goes on as the groups stand now."""
    found = own_tournament(tournament_id)
    if not found.contest().may_be_drawn:
        raise NotNow
    return _page(found, {})


@blueprint.post("/tournaments/<int:tournament_id>/bracket")
@signed_in
def draw_bracket(tournament_id: int) -> Response | tuple[str, int]:
    """422 where the law leaves places shared and the lots do not say who has which."""
    found = own_tournament(tournament_id)
    lots = _lots(found)
    try:
        found.draw_bracket(lots, scorer())
        db.session.commit()
    except LotNeeded:
        db.session.rollback()
        found = own_tournament(tournament_id)
        return _page(found, lots, _("Укажите жребий для каждого, кто равен с другими, и без повторов.")), 422
    return see(url_for("club.tournament", tournament_id=tournament_id))


def _lots(found: Tournament) -> dict[int, int]:
    sent = {each.number: request.form.get(f"lot-{each.number}", 0, type=record_number) for each in found.entrants}
    return {number: turn for number, turn in sent.items() if turn}


def _page(found: Tournament, lots: dict[int, int], says: str = "") -> str:
    groups = [_group(found, number) for number in range(len(found.groups))]
    shown = {"tournament": found, "groups": groups, "lots": lots, "says": says}
    return render_template("club/tournaments/draw.html", **shown, **around(found.club))


def _group(found: Tournament, number: int) -> dict[str, Any]:
    """`level`: of everybody who shares a place how many do."""
    contest = found.contest()
    rows = going_on(contest.groups[number], found.advance, contest.withdrawn)
    return {"rows": rows, "level": {each: len(shared) for shared in level(rows) for each in shared}}
