"""The umpire's actions besides rallies: point to the other side, time-out, order, expedite, retirement."""

from collections.abc import Mapping
from secrets import token_hex

from flask import Response, abort, render_template, request, url_for

from blueprints.club.blueprint import blueprint
from blueprints.club.found import around, held_match_or_404, match_or_404, scored
from blueprints.club.states import umpire_state
from blueprints.club.tap import scorer, sent_tap
from blueprints.guards import signed_in
from blueprints.replies import see
from extensions import db
from models.base import utc_now
from models.club import Match, Remark
from rules.scoring.log import NAME_NO_SIDE, EntryKind, Side

SAID = (EntryKind.ORDER, EntryKind.TIME_OUT, EntryKind.EXPEDITE, EntryKind.AWARD, EntryKind.LET, EntryKind.END)
PLACES = {"1": 1, "2": 2}


@blueprint.get("/matches/<int:match_id>/umpire")
@signed_in
def umpire(match_id: int) -> str:
    match = scored(match_or_404(match_id))
    shown = {"match": match, "umpire": umpire_state(match), "token": token_hex(8)}
    return render_template("club/scorer/umpire.html", **shown, **around(match.club))


@blueprint.post("/matches/<int:match_id>/amendments")
@signed_in
def amend(match_id: int) -> Response:
    """Gives the newest rally to the other side."""
    match, tap = held_match_or_404(match_id), sent_tap()
    match.amend_latest(tap.tap_id, tap.base_seq, scorer(), utc_now())
    return _back(match)


@blueprint.post("/matches/<int:match_id>/remarks")
@signed_in
def remark(match_id: int) -> Response:
    match, tap = held_match_or_404(match_id), sent_tap()
    match.remark(_said(request.form, tap.side), tap.tap_id, tap.base_seq, scorer(), utc_now())
    return _back(match)


def _said(sent: Mapping[str, str], side: Side | None) -> Remark:
    """422 for malformed input. An order: `first` is the side that serves first, a and b the first player of each."""
    kind = next((kind for kind in SAID if kind == sent.get("kind")), None)
    side = next((each for each in Side if each == sent.get("first")), None) if kind is EntryKind.ORDER else side
    firsts = {each: PLACES.get(sent.get(each.value.lower(), "1")) for each in Side}
    if kind is None or None in firsts.values() or (side is None and kind not in NAME_NO_SIDE):
        abort(422)
    server, receiver = (firsts[each] or 1 for each in (side or Side.A, (side or Side.A).other))
    return Remark(kind, side, server, receiver, in_play="in_play" in sent)


def _back(match: Match) -> Response:
    db.session.commit()
    return see(url_for("club.score", match_id=match.id))
