"""Correcting an old rally: chosen from the course, with a preview of the effect."""

from secrets import token_hex
from typing import Any

from flask import Response, abort, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from blueprints.club.blueprint import blueprint
from blueprints.club.correction_states import (
    WAYS,
    corrections_state,
    games_state,
    rally_state,
    score_after,
    side_of,
    ways_state,
)
from blueprints.club.found import around, held_match_or_404, match_or_404, scored
from blueprints.club.tap import scorer, sent_tap
from blueprints.forms import Form
from blueprints.guards import signed_in
from blueprints.replies import see
from blueprints.text_rules import printable
from extensions import db
from models.base import utc_now
from models.club import Correction, Match, TapRefused

LONGEST_REASON = 200
KINDS = dict(WAYS)
CHOOSE = _l("Выберите, что было на самом деле.")
SAY_WHY = _l("Напишите, почему: это останется в истории партии.")


class CorrectionForm(Form):
    way = RadioField(
        _l("Что было на самом деле"), choices=[SelectChoice(way) for way, _ in WAYS], validators=[InputRequired(CHOOSE)]
    )
    reason = StringField(
        _l("Почему исправляем"),
        validators=[
            InputRequired(SAY_WHY),
            Length(max=LONGEST_REASON, message=_l("Короче, до 200 знаков.")),
            printable,
        ],
    )


@blueprint.get("/matches/<int:match_id>/corrections")
@signed_in
def corrections(match_id: int) -> str:
    match = scored(match_or_404(match_id))
    shown = {"match": match, "games": games_state(match), "corrections": corrections_state(match)}
    return render_template("club/scorer/corrections.html", **shown, **around(match.club))


@blueprint.get("/matches/<int:match_id>/corrections/<int:seq>")
@signed_in
def correction(match_id: int, seq: int) -> str:
    match = scored(match_or_404(match_id))
    return _page(match, _rally(match, seq), CorrectionForm())


@blueprint.post("/matches/<int:match_id>/corrections/<int:seq>")
@signed_in
def correct(match_id: int, seq: int) -> Response | tuple[str, int]:
    match, tap, form = scored(held_match_or_404(match_id)), sent_tap(), CorrectionForm()
    rally = _rally(match, seq)
    if not form.validate_on_submit():
        return _page(match, rally, form), 422
    way = form.way.data
    try:
        wanted = Correction(KINDS[way], seq, side_of(way, rally), form.reason.data)
        match.correct(wanted, tap.tap_id, tap.base_seq, scorer(), utc_now())
        db.session.commit()
    except TapRefused:
        return _once_more(match_id, seq, form)
    return see(url_for("club.score", match_id=match_id))


def _once_more(match_id: int, seq: int, form: CorrectionForm) -> tuple[str, int]:
    """The form as submitted, with the effect on the match as it is now."""
    db.session.rollback()
    match = match_or_404(match_id)
    form.form_errors.append(_("Пока вы смотрели, счёт изменился. Проверьте, что получится теперь."))
    return _page(match, _rally(match, seq), form), 409


def _rally(match: Match, seq: int) -> dict[str, Any]:
    return rally_state(match, seq) or abort(404)


def _page(match: Match, rally: dict[str, Any], form: CorrectionForm) -> str:
    ways, now = ways_state(match, rally), score_after(match, match.state)
    shown = {"match": match, "rally": rally, "form": form, "ways": ways, "now": now, "token": token_hex(8)}
    return render_template("club/scorer/correction.html", **shown, **around(match.club))
