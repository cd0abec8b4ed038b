"""Undoing a change of several visits, from its toast, the rail or the call list."""

from flask import Response, flash, url_for
from flask_babel import gettext as _

from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.board_answers import committed_on_screen, day_address, dialog_done
from blueprints.clinic.own import actor
from blueprints.errors import ErrorMessage, answer
from blueprints.guards import own_membership, requires
from blueprints.htmx import is_htmx
from blueprints.replies import see, toast
from extensions import db
from models.accounts import Right
from models.base import utc_now
from models.clinic import JointChange
from models.clinic.appointment import OutOfTurn
from models.clinic.joint_change import TOLD_BY_PHONE
from models.errors import Conflict, Refusal, Stale


@blueprint.post("/joint-changes/<int:number>/undo")
@requires(Right.BOOK)
def undo_joint_change(number: int) -> Response:
    """Restores all visits, or none, within a minute."""
    own = JointChange.of(own_membership().organization_id)
    change: JointChange = db.first_or_404(own.filter_by(id=number))
    try:
        change.undo(actor(), utc_now())
    except (OutOfTurn, Stale, Conflict) as refusal:
        db.session.rollback()
        return _kept(change, refusal)
    return _undone(change)


def _undone(change: JointChange) -> Response:
    """Commits; updates the board on screen, else redirects to where the change was made."""
    said, fresh = _("Всё возвращено на место."), committed_on_screen()
    if fresh is not None:
        return dialog_done(fresh + toast("done", said, _("Записей: %(number)s", number=change.size)))
    flash(said, "done")
    if change.deed in TOLD_BY_PHONE:
        return see(url_for("clinic.day_change", number=change.id))
    return see(day_address(change.lines[0].appointment))


def _kept(change: JointChange, refusal: Refusal) -> Response:
    if change.deed in TOLD_BY_PHONE and not is_htmx():
        flash(_kept_words(change, refusal), "conflict")
        return see(url_for("clinic.day_change", number=change.id))
    return answer(ErrorMessage("conflict", "forbidden", 409, _("Вернуть нельзя"), _kept_words(change, refusal)))


def _kept_words(change: JointChange, refusal: Refusal) -> str:
    """Why the change was not undone."""
    if change.undone_at:
        return str(_("Всё уже вернули."))
    words = {
        OutOfTurn: _("Минута прошла: верните записи по одной."),
        Stale: _("Одну из записей уже изменили: верните их по одной."),
        Conflict: _("Одно из времён уже занято."),
    }
    return str(words[type(refusal)])
