"""The scorer's phone: the board with +1, -1 and undo."""

from secrets import token_hex
from typing import Any

from flask import Response, abort, current_app, make_response, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from blueprints.club.blueprint import blueprint
from blueprints.club.found import around, held_match_or_404, match_or_404
from blueprints.club.states import holder_state, idle_state, key_of, score_state
from blueprints.club.tap import sent_tap, tapper
from blueprints.errors import ErrorMessage, answer
from blueprints.guards import guest_pass, person, public, signed_in_or_guest
from blueprints.htmx import is_htmx
from extensions import db
from live.render import fragment
from models.base import utc_now
from models.club import EndsEarlier, LawForbids, LogEntry, Match, MatchEnded, MayNotScore, TapOutdated, TapRefused
from models.live_topic import topic_version
from rules.scoring.log import EntryKind

# Whose whole meaning is in the side: other forms say more than the strip could send once more.
PLAIN_TAPS = ("club.record_rally", "club.void", "club.amend")
NOT_A_SCORER = ErrorMessage(
    "right",
    "forbidden",
    403,
    _l("Здесь счёт ведут другие"),
    _l("Начинать партии и вести счёт могут её игроки, судьи и администраторы клуба."),
)


@blueprint.errorhandler(MayNotScore)
def may_not_score(error: MayNotScore) -> Response:
    db.session.rollback()
    return answer(NOT_A_SCORER)


@blueprint.get("/matches/<int:match_id>/score")
@signed_in_or_guest
def score(match_id: int) -> Response:
    match = match_or_404(match_id, guest_pass())
    if not match.may_be_tapped_by(tapper(match)):
        raise MayNotScore
    return _screen(match)


@blueprint.get("/matches/worker.js")
@public
def worker() -> Response:
    """The service worker for offline scoring; served from here because its scope is the scorer's page."""
    return current_app.send_static_file("js/scorer-worker.js")


@blueprint.post("/matches/<int:match_id>/rallies")
@signed_in_or_guest
def record_rally(match_id: int) -> Response:
    """+1 for a side."""
    match, tap = held_match_or_404(match_id, guest_pass()), sent_tap()
    if tap.side is None:
        abort(422)
    match.record_rally(tap.side, tap.tap_id, tap.base_seq, tapper(match), utc_now())
    return _counted(match)


@blueprint.post("/matches/<int:match_id>/voids")
@signed_in_or_guest
def void(match_id: int) -> Response:
    """-1 for a side, or without a side, undo of the newest rally."""
    match, tap = held_match_or_404(match_id, guest_pass()), sent_tap()
    match.void_latest(tap.side, tap.tap_id, tap.base_seq, tapper(match), utc_now())
    return _counted(match)


@blueprint.post("/matches/<int:match_id>/holder")
@signed_in_or_guest
def take_over(match_id: int) -> Response:
    """Makes this phone the one that keeps the score."""
    match, now = held_match_or_404(match_id, guest_pass()), utc_now()
    match.take_over(tapper(match), now)
    taken = fragment(current_app, "club/scorer/_taken.html", holder_state(match, now))
    db.session.commit()
    return make_response(taken if is_htmx() else redirect(url_for("club.score", match_id=match_id), 303))


@blueprint.errorhandler(TapRefused)
def refused(refusal: TapRefused) -> Response:
    """409: the current board with an explanation why the tap was not counted."""
    strip = _explained(refusal)
    db.session.rollback()
    return _screen(match_or_404(refusal.match_id, guest_pass()), 409, strip)


def _counted(match: Match) -> Response:
    """Commits; rendered from loaded state, without further queries."""
    board, page = score_state(match), url_for("club.score", match_id=match.id)
    get_locale()  # kept for the answer: after the commit the person, who may have chosen it, would be read anew
    db.session.commit()
    if is_htmx():
        return make_response(fragment(current_app, "club/scorer/_counted.html", board))
    return make_response(redirect(page, 303))


def _screen(match: Match, status: int = 200, strip: dict[str, Any] | None = None) -> Response:
    """The page for a browser; for htmx the board and the strip above it."""
    since = topic_version(match.topic)
    template = "club/scorer/_answer.html" if is_htmx() else "club/scorer/show.html"
    board, is_guest = score_state(match), not match.may_be_scored_by(person())
    taps = {"match": match, "since": since, "board": board, "strip": strip, "token": token_hex(8)}
    taps |= {"is_guest": is_guest, "holder": holder_state(match, utc_now()), "own_key": key_of(tapper(match))}
    taps["idle"] = idle_state(match, utc_now())
    response = make_response(render_template(template, **taps, **around(match.club)), status)
    response.vary.add("HX-Request")
    return response


def _explained(refusal: TapRefused) -> dict[str, Any]:
    """The text of the strip; `again` is the tap to be sent again if it was meant for another rally, or None."""
    if isinstance(refusal, MatchEnded):
        title, text = _("Партия уже закончена"), _("Это нажатие не засчитано. Последнее очко можно отменить.")
    elif isinstance(refusal, TapOutdated):
        title, text = _already(refusal.latest), _("Ваше нажатие не засчитано второй раз.")
    elif isinstance(refusal, LawForbids):
        title, text = _("По правилам так нельзя"), _("Тайм-ауты закончились, или для этого уже поздно.")
    elif isinstance(refusal, EndsEarlier):
        title, text = _("Такого счёта не бывает"), _("Без этого очка партия закончилась бы раньше. Отмените последнее.")
    else:
        title, text = _("Отменять нечего"), _("В этой партии с этой стороны ещё нет очков.")
    return {"title": title, "text": text, "again": _again(refusal)}


def _again(refusal: TapRefused) -> dict[str, Any] | None:
    if not isinstance(refusal, TapOutdated) or (refusal.is_over and request.endpoint == "club.record_rally"):
        return None
    tap = sent_tap()
    sent = {"action": request.path, "side": tap.side or "", "tap_id": tap.tap_id}
    return sent if request.endpoint in PLAIN_TAPS else None


def _already(latest: LogEntry | None) -> str:
    if latest is None:
        return str(_("Счёт уже изменился"))
    who = latest.actor.name if latest.actor else _("телефон по ссылке")
    if latest.kind is EntryKind.UNDO:
        return str(_("Уже отменено: %(who)s", who=who))
    return str(_("Уже засчитано: %(who)s", who=who))
