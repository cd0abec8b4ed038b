"""Undoing the newest change of a booking: a move, an edit, or the booking itself."""

from flask import Response
from flask_babel import gettext as _

from blueprints.clinic.appointment_words import said_of
from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.board_answers import in_the_way, outdated, refused, shown
from blueprints.clinic.own import APPOINTMENT, actor, own_visit, seen_version
from blueprints.guards import requires
from extensions import db
from models.accounts import Right
from models.base import utc_now
from models.clinic import Appointment
from models.errors import Conflict, Stale
from rules.booking import Status

REVISION = f"{APPOINTMENT}/revision"


@blueprint.post(f"{REVISION}/undo")
@blueprint.delete(REVISION)
@requires(Right.BOOK)
def undo_booking(number: int) -> Response:
    """Restores the visit, unless its time has been taken or something else happened to it since."""
    visit = own_visit(number)
    try:
        visit.undo_booking(seen_version(), actor(), utc_now())
        is_gone = visit.status is Status.ENTERED_IN_ERROR
        return shown(visit, _("Запись убрана") if is_gone else _("Возвращено"), said_of(visit))
    except Stale:
        return outdated(visit)
    except Conflict as conflict:
        return _taken(visit, conflict)


def _taken(visit: Appointment, conflict: Conflict) -> Response:
    db.session.rollback()
    revision = visit.newest_revision
    assert revision
    return refused(visit, _("Вернуть нельзя"), in_the_way(conflict, revision.booking, visit))
