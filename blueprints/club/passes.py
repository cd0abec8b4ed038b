"""Handing a match to a phone without an account: a link as a QR code, a short code, and the pages they lead to."""

from contextlib import suppress

import segno
from flask import Response, make_response, redirect, render_template, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import StringField

from blueprints.club.blueprint import blueprint
from blueprints.club.found import around, match_or_404, scored
from blueprints.club.tap import scorer
from blueprints.errors import PassEnded
from blueprints.forms import Form
from blueprints.guards import PASS, public, signed_in
from blueprints.replies import see
from extensions import db, limiter
from models.accounts import GuestPass
from models.base import utc_now
from models.club import Match, MatchEnded

# Of 100,000,000 codes a handful opens something, and only while its match goes on.
GUESSES = "10 per minute; 60 per hour"
MATCH_TOPIC = "match/"


class CodeForm(Form):
    code = StringField(_l("Код с экрана судьи"))


@blueprint.get("/matches/<int:match_id>/pass")
@signed_in
def match_pass(match_id: int) -> str:
    match = scored(match_or_404(match_id))
    given = GuestPass.to(match.topic, utc_now()) if match.goes_on else None
    link = url_for("club.enter_by_link", token=given.token, _external=True) if given else ""
    shown = {"match": match, "given": given, "link": link, "drawing": _drawn(link) if given else ""}
    return render_template("club/scorer/pass.html", **shown, **around(match.club))


@blueprint.post("/matches/<int:match_id>/pass")
@signed_in
def give_pass(match_id: int) -> Response:
    """Creates a new link and revokes the previous one; if the match is not in progress, the page says so."""
    match = scored(match_or_404(match_id))
    with suppress(MatchEnded):
        match.give_pass(scorer(), utc_now())
        db.session.commit()
    return see(url_for("club.match_pass", match_id=match_id))


@blueprint.post("/matches/<int:match_id>/pass/removal")
@signed_in
def end_pass(match_id: int) -> Response:
    match = scored(match_or_404(match_id))
    match.end_pass(scorer(), utc_now())
    db.session.commit()
    return see(url_for("club.match_pass", match_id=match_id))


@blueprint.get("/score")
@public
def code_door() -> str:
    """The page on which a code is entered."""
    return _code_page(CodeForm())


@blueprint.post("/score")
@limiter.limit(GUESSES, deduct_when=lambda answer: answer.status_code == 422)
@public
def enter_by_code() -> Response | tuple[str, int]:
    form = CodeForm()
    digits = "".join(filter(str.isdecimal, form.code.data or ""))
    given = GuestPass.with_code(digits, utc_now()) if form.validate_on_submit() else None
    if given is None:
        form.code.errors = [_("Такого кода нет, или он уже не действует. Посмотрите ещё раз на экран судьи.")]
        return _code_page(form), 422
    return _let_in(given)


@blueprint.get("/score/<token>")
@public
def enter_by_link(token: str) -> Response:
    """The target of the QR code."""
    given = GuestPass.with_token(token, utc_now())
    if given is None:
        raise PassEnded
    return _let_in(given)


def _let_in(given: GuestPass) -> Response:
    session[PASS] = given.token
    match = db.session.get_one(Match, int(given.topic.removeprefix(MATCH_TOPIC)))
    return make_response(redirect(url_for("club.score", match_id=match.id), 303))


def _drawn(link: str) -> Markup:
    """The QR code as SVG, black on a transparent background."""
    drawing = segno.make(link, micro=False).svg_inline(border=2, omitsize=True, svgclass="qr")
    return Markup(drawing)


def _code_page(form: CodeForm) -> str:
    return render_template("club/scorer/code.html", form=form)
