"""Time off, holidays and extra hours: creating them, showing the visits they affect, and deleting them."""

from datetime import datetime
from typing import Any

from flask import Response, abort, flash, render_template, request, url_for
from flask_babel import gettext as _

from blueprints.clinic.absence_form import CANCEL, MOVE, AbsenceForm
from blueprints.clinic.appointment_fields import instant, record_number
from blueprints.clinic.appointment_words import conflict_words, offered, when
from blueprints.clinic.availability_words import ExceptionWords
from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.fragments import read_date
from blueprints.clinic.hours_rights import may_mark, may_see
from blueprints.clinic.own import actor, own_visit, seen_version
from blueprints.guards import own_membership, requires
from blueprints.replies import Message, invalid, page, see, unsaved
from extensions import db
from models.accounts import Right
from models.base import utc_now
from models.clinic import Appointment, AvailabilityException, ExceptionKind
from models.clinic.affected import affected_visits, cancel_all, move_all
from models.clinic.free_time import free_times
from models.errors import Conflict, NotAllowed, Stale

ABSENCE = "/absences/<int:number>"
FORM_PAGE, FORM = "clinic/availability/absence_form.html", "clinic/availability/_absence_form.html"
OFFERED_TO = 12


@blueprint.get("/absences/new")
@requires(Right.SEE_OWN)
def new_absence() -> Response:
    """An empty form, or one prefilled with the practitioner, kind or date in the address."""
    return page(FORM_PAGE, FORM, form=_marking(AbsenceForm(own_membership(), **_begun())))


@blueprint.post("/absences")
@requires(Right.SEE_OWN)
def mark_absence() -> Response:
    """Asks what to do with existing visits, and then does it together with creating the absence."""
    own, now, form = own_membership(), utc_now(), _marking(AbsenceForm(own_membership()))
    visits = affected_visits(own.organization_id, form.departure(), now) if form.validate() else None
    if visits is not None and form.is_settled(visits):
        with form.conflicts():
            marked = AvailabilityException.mark(own.organization, form.departure(), actor(), now)
            _settle(form.visits.data, visits, now)
            db.session.commit()
            flash(_("Отмечено."), "done")
            return see(url_for("clinic.absence", number=marked.id) if visits else url_for("clinic.availability"))
    said = Message("conflict", _("На это время уже записаны"), _("Выберите, что сделать с этими записями."))
    return unsaved(FORM_PAGE, FORM, 422, said, form=form) if visits else invalid(FORM_PAGE, FORM, form=form)


@blueprint.get(ABSENCE)
@requires(Right.SEE_OWN)
def absence(number: int) -> str:
    """The absence and the visits still in it, each with the nearest free time."""
    own, now, marked = own_membership(), utc_now(), own_absence(number)
    affected = affected_visits(own.organization_id, marked.departure, now)
    visits = [visit for visit in affected if may_see(own, visit.practitioner)]
    return render_template(
        "clinic/availability/absence.html",
        absence=marked,
        words=ExceptionWords(own.organization, now),
        rows=[(visit, _offer(visit, now) if place < OFFERED_TO else None) for place, visit in enumerate(visits)],
        may_book=own.may(Right.BOOK),
        may_mark=may_mark(own, marked.practitioner),
    )


@blueprint.post(f"{ABSENCE}/removal")
@requires(Right.SEE_OWN)
def remove_absence(number: int) -> Response:
    """Deletes the absence: the weekly hours apply again."""
    marked = own_absence(number)
    if not may_mark(own_membership(), marked.practitioner):
        raise NotAllowed
    marked.remove()
    db.session.commit()
    flash(_("Отметка снята."), "done")
    return see(url_for("clinic.availability"))


@blueprint.post(f"{ABSENCE}/moves")
@requires(Right.BOOK)
def move_affected(number: int) -> Response:
    """Moves one affected visit to another time of the same practitioner: visit, start, version."""
    marked = own_absence(number)
    visit = own_visit(record_number(request.form.get("visit")) or 0)
    starts_at = instant(request.form.get("start", ""), visit.organization)
    try:
        if starts_at:
            visit.move(visit.practitioner, starts_at, seen_version(), actor(), utc_now())
            db.session.commit()
            flash(_("Перенесено: %(visit)s", visit=when(visit)), "done")
    except Conflict as conflict:
        db.session.rollback()
        flash(_("Не перенесено. %(reason)s.", reason=conflict_words(conflict.field)), "conflict")
    except Stale:
        db.session.rollback()
        flash(_("Не перенесено: запись уже изменил кто-то другой."), "conflict")
    return see(url_for("clinic.absence", number=marked.id))


def own_absence(number: int) -> AvailabilityException:
    """The organization's absence with this id, else a 404; also for who sees only their own, and it is another's."""
    own = own_membership()
    found: AvailabilityException = db.first_or_404(AvailabilityException.of(own.organization_id).filter_by(id=number))
    return found if found.practitioner is None or may_see(own, found.practitioner) else abort(404)


def _marking(form: AbsenceForm) -> AbsenceForm:
    """The form, for members who may create any absence; NotAllowed for others."""
    if not form.practitioner.choices:
        raise NotAllowed
    return form


def _begun() -> dict[str, Any]:
    today = own_membership().organization.today(utc_now())
    given = request.args
    return {
        "practitioner": record_number(given.get("practitioner")),
        "kind": given.get("kind") if given.get("kind") in set(ExceptionKind) else ExceptionKind.CLOSED.value,
        "first": read_date(given.get("date", "")) or today,
    }


def _settle(chosen: str | None, visits: list[Appointment], now: datetime) -> None:
    if chosen == CANCEL:
        cancel_all(visits, actor(), now)
    elif chosen == MOVE:
        move_all(visits, actor(), now)


def _offer(visit: Appointment, now: datetime) -> Any:
    same = visit.elsewhere(visit.practitioner, visit.starts_at)
    zone = visit.organization.zone
    free = free_times(visit.organization, same, now, visit.id)
    own_day = visit.starts_at.astimezone(zone).date()
    return offered(free[0].start.astimezone(zone), own_day) if free else None
