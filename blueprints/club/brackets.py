"""The bracket after the groups: who qualifies, which lots are needed, and drawing it."""

from typing import Any

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from blueprints.club.blueprint import blueprint
from blueprints.club.found import around, own_tournament, record_number
from blueprints.club.tap import scorer
from blueprints.errors import ErrorMessage, answer
from blueprints.guards import signed_in
from blueprints.replies import see
from extensions import db
from models.club import LotNeeded, NotNow, Tournament
from rules.contests.groups import going_on, level

NOT_TO_DRAW = ErrorMessage(
    "conflict",
    "forbidden",
    409,
    _l("Сетку сейчас не составить"),
    _l("Её уже составили, или в группах ещё играют. На странице турнира всё уже обновилось."),
)


@blueprint.get("/tournaments/<int:tournament_id>/bracket")
@signed_in
def bracket(tournament_id: int) -> Response | str:
    """Who qualifies by the current standings."""
    found = own_tournament(tournament_id)
    return _page(found, {}) if found.contest().may_be_drawn else answer(NOT_TO_DRAW)


@blueprint.post("/tournaments/<int:tournament_id>/bracket")
@signed_in
def draw_bracket(tournament_id: int) -> Response | tuple[str, int]:
    """422 if entrants share a place and the lots do not order them, 409 before the groups' end or when it is drawn."""
    found = own_tournament(tournament_id)
    lots = _lots(found)
    try:
        found.draw_bracket(lots, scorer())
        db.session.commit()
    except NotNow:
        db.session.rollback()
        return answer(NOT_TO_DRAW)
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
    """`level`: for each entrant who shares a place, how many share it."""
    contest = found.contest()
    rows = going_on(contest.groups[number], found.advance, contest.withdrawn)
    return {"rows": rows, "level": {each: len(shared) for shared in level(rows) for each in shared}}
