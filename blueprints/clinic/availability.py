"""Everybody's weekly hours and the exceptions to them, and the form of one practitioner's week."""

from flask import Response, abort, flash, render_template, url_for
from flask_babel import gettext as _

from blueprints.clinic.availability_words import WEEK, ExceptionWords, week_of
from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.hours_rights import may_edit, may_mark, may_see, practitioners_of, those_who_may_be_marked
from blueprints.clinic.week_hours_form import WeekHoursForm
from blueprints.guards import own_membership, requires
from blueprints.replies import invalid, page, see
from extensions import db
from models.accounts import Right
from models.base import utc_now
from models.clinic import AvailabilityException, Practitioner
from models.clinic.practitioner import weekly_hours
from models.errors import NotAllowed

HOURS = "/practitioners/<int:number>/hours"
FORM_PAGE, FORM = "clinic/availability/week_form.html", "clinic/availability/_week_form.html"


@blueprint.get("/availability")
@requires(Right.SEE_OWN)
def availability() -> str:
    """Everybody's weekly hours, and the current and upcoming exceptions."""
    own, now = own_membership(), utc_now()
    weekly = weekly_hours(own.organization_id, WEEK)
    marked = AvailabilityException.of(own.organization_id).where(AvailabilityException.ends_at > now)
    return render_template(
        "clinic/availability/page.html",
        weeks=[(each, week_of(each, weekly), may_edit(own, each)) for each in practitioners_of(own)],
        exceptions=[
            each for each in db.session.scalars(marked) if each.practitioner is None or may_see(own, each.practitioner)
        ],
        words=ExceptionWords(own.organization, now),
        may_staff=own.may(Right.MANAGE_STAFF),
        may_mark=may_mark(own, None) or bool(those_who_may_be_marked(own)),
    )


@blueprint.get(HOURS)
@requires(Right.SEE_OWN)
def edit_hours(number: int) -> Response:
    doctor = _editable(number)
    return page(FORM_PAGE, FORM, form=WeekHoursForm.of(doctor), practitioner=doctor)


@blueprint.post(HOURS)
@requires(Right.SEE_OWN)
def change_hours(number: int) -> Response:
    """Replaces the whole week; «скопировать» only fills in the other days."""
    doctor, form = _editable(number), WeekHoursForm()
    if form.takes_copy():
        return page(FORM_PAGE, FORM, form=form, practitioner=doctor)
    if not form.validate():
        return invalid(FORM_PAGE, FORM, form=form, practitioner=doctor)
    doctor.set_weekly_hours(form.stretches(), own_membership().organization.today(utc_now()))
    db.session.commit()
    flash(_("Сохранено."), "done")
    return see(url_for("clinic.availability"))


def _editable(number: int) -> Practitioner:
    """The organization's practitioner, else a 404; NotAllowed if the member may not change their hours.

    A 404 also for who sees only their own, and it is another.
    """
    own = own_membership()
    found: Practitioner = db.first_or_404(Practitioner.of(own.organization_id).filter_by(id=number))
    if not may_see(own, found):
        abort(404)
    if not may_edit(own, found):
        raise NotAllowed
    return found
