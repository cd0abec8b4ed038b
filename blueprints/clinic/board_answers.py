"""Answers to those who changed something on the board they are looking at."""

import re

from flask import Response, make_response, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from htmx_flask import request
from markupsafe import Markup

from blueprints.clinic.appointment_words import changed_words, conflict_words
from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.fragments import read_date, redrawn
from blueprints.clinic.own import own_practitioner
from blueprints.clinic.week_fragments import week_redrawn
from blueprints.errors import Trouble, answer
from blueprints.guards import own_membership
from blueprints.htmx import is_htmx, keep_what_is_there
from blueprints.replies import Undo, see, toast
from extensions import db
from models.base import utc_now
from models.clinic import Appointment, JointChange
from models.clinic.appointment import OutOfTurn
from models.clinic.booking import Booking
from models.clinic.day import Day
from models.clinic.day_topic import monday_of
from models.clinic.free_time import reason
from models.clinic.week import Week
from models.errors import Conflict
from models.live_topic import touched_parts

OUT_OF_TURN = Trouble(
    "conflict",
    "forbidden",
    409,
    _l("Так уже нельзя"),
    _l("Приём завершён или отменён. Откройте запись: там видно, что с ней можно сделать."),
)


def day_address(visit: Appointment) -> str:
    """The board on which the visit stands, at that visit."""
    starts_on = visit.starts_at.astimezone(visit.organization.zone).date()
    return url_for("clinic.day", chosen=starts_on.isoformat(), _anchor=f"appointment-{visit.id}")


def shown(visit: Appointment, title: str, text: str, undo: tuple[str, str] | None = None) -> Response:
    """Commits, and shows the change on the board that the person is looking at; elsewhere goes to the visit's board.

    undo: the words and the address of what takes the change back, or none.
    """
    fresh = committed_on_screen()
    if fresh is None:
        return see(day_address(visit))
    back = Undo(*undo, visit.version) if undo else None
    return dialog_done(fresh + toast("done", title, text, undo=back))


def committed_on_screen() -> Markup | None:
    """Commits, and draws what that changed on the board that the person is looking at; None elsewhere."""
    board = day_on_screen() or week_on_screen()
    parts = touched_parts(board.topic) if board else set()
    db.session.commit()
    if isinstance(board, Week):
        return week_redrawn(board, utc_now()) if parts else Markup()
    return redrawn(board, parts, utc_now()) if board else None


def way_back(visit: Appointment, version: int) -> tuple[str, str] | None:
    """The words and the address of what takes back what was just done to the booking, alone or with others.

    version: the visit's before; None when it still is, since nothing was done.
    """
    if version == visit.version:
        return None
    together = JointChange.newest_of(visit)
    if together:
        return _("Вернуть всё"), url_for("clinic.undo_joint_change", number=together.id)
    if visit.newest_revision:
        return _("Вернуть как было"), url_for("clinic.take_back", number=visit.id, _method="POST")
    return None


def dialog_done(said: Markup) -> Response:
    """Closes the dialog on a page that otherwise stays as it is."""
    response = keep_what_is_there(make_response(said))
    response.headers["HX-Trigger"] = "closeDialog"
    return response


def outdated(visit: Appointment) -> Response:
    """Somebody was faster: who, when, and on a board what the visit looks like now."""
    db.session.rollback()
    trouble = Trouble("conflict", "forbidden", 409, _("Запись уже изменили"), changed_words(visit))
    return _with_board(answer(trouble), visit)


def in_the_way(conflict: Conflict, booking: Booking, visit: Appointment) -> str:
    """Why the visit cannot stand where it was wanted; after the rollback."""
    return conflict_words(reason(conflict, booking, visit.id))


def refused(visit: Appointment, title: str, text: str) -> Response:
    """Something is in the way of a change that has no form to say so in."""
    return _with_board(answer(Trouble("conflict", "forbidden", 409, title, text)), visit)


@blueprint.errorhandler(OutOfTurn)
def out_of_turn(error: OutOfTurn) -> Response:
    db.session.rollback()
    return answer(OUT_OF_TURN)


def _with_board(response: Response, visit: Appointment) -> Response:
    """Adds the visit's column as it is now to an answer to htmx: without a stream the page would not learn of it."""
    day, week = day_on_screen(), week_on_screen()
    fresh = redrawn(day, {f"column/{visit.practitioner_id}"}, utc_now()) if day else Markup()
    if week:
        fresh = week_redrawn(week, utc_now())
    response.data = response.get_data() + str(fresh).encode()
    return response


def week_on_screen() -> Week | None:
    """The week that the person's browser says it shows."""
    shown = request.htmx.current_url or "" if is_htmx() else ""
    found = re.fullmatch(r"https?://[^/?#]*/practitioners/(\d+)/weeks/([0-9-]+)(?:[?#].*)?", shown)
    doctor, date = (own_practitioner(found[1]), read_date(found[2])) if found else (None, None)
    return Week(own_membership().organization, doctor, monday_of(date)) if doctor and date else None


def day_on_screen() -> Day | None:
    """The board that the person's browser says it shows."""
    if not is_htmx():
        return None
    board = r"https?://[^/?#]*" + re.escape(url_for("clinic.today")) + r"/([0-9-]+)(?:[?#].*)?"
    found = re.fullmatch(board, request.htmx.current_url or "")
    date = read_date(found[1]) if found else None
    return Day(own_membership().organization, date) if date else None
