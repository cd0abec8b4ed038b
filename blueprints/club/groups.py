"""Moving entrants to other groups by hand, before the first match."""

from collections.abc import Mapping

from flask import Response, render_template, request, url_for
from flask_babel import lazy_gettext as _l

from blueprints.club.blueprint import blueprint
from blueprints.club.found import around, own_tournament, record_number
from blueprints.club.plan_form import FAULTS
from blueprints.club.tap import scorer
from blueprints.errors import ErrorMessage, answer
from blueprints.guards import signed_in
from blueprints.replies import see
from extensions import db
from models.club import BadPlan, Fault, NotNow, Tournament

BEGUN = ErrorMessage(
    "conflict",
    "forbidden",
    409,
    _l("Группы уже не изменить"),
    _l("В этом турнире уже начали играть."),
)


@blueprint.get("/tournaments/<int:tournament_id>/groups")
@signed_in
def groups(tournament_id: int) -> Response | str:
    """Who is in which group, each to be moved."""
    found = own_tournament(tournament_id)
    return _page(found, {}) if found.contest().may_be_regrouped else answer(BEGUN)


@blueprint.post("/tournaments/<int:tournament_id>/groups")
@signed_in
def regroup(tournament_id: int) -> Response | tuple[str, int]:
    """422 where a group would be too small, 409 once a match has begun."""
    found = own_tournament(tournament_id)
    wished = _wished(found)
    try:
        found.regroup(wished, scorer())
        db.session.commit()
    except NotNow:
        db.session.rollback()
        return answer(BEGUN)
    except BadPlan:
        db.session.rollback()
        return _page(own_tournament(tournament_id), wished, str(FAULTS[Fault.SMALL_GROUPS])), 422
    return see(url_for("club.tournament", tournament_id=tournament_id))


def _wished(found: Tournament) -> dict[int, int]:
    """Groups by entrant number; anything that is not a group of this tournament is left out."""
    sent = {each.number: request.form.get(f"group-{each.number}", 0, type=record_number) for each in found.entrants}
    return {number: group for number, group in sent.items() if 1 <= group <= len(found.groups)}


def _page(found: Tournament, wished: Mapping[int, int], says: str = "") -> str:
    chosen = {each.number: wished.get(each.number, each.group_number) for each in found.entrants}
    shown = {"tournament": found, "chosen": chosen, "says": says}
    return render_template("club/tournaments/groups.html", **shown, **around(found.club))
