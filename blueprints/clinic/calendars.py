"""Calendar feeds for practitioners, by secret link, and single visits as files for patients."""

from datetime import datetime

from flask import Response, abort, current_app, make_response, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.hours_rights import may_see, practitioners_of
from blueprints.clinic.own import APPOINTMENT, actor, own_visit
from blueprints.guards import own_membership, public, requires
from blueprints.replies import see
from extensions import db
from models.accounts import Right
from models.base import utc_now
from models.clinic import Appointment, Practitioner, calendar_file
from models.clinic.calendar_file import Entry, changed_at
from models.clinic.calendar_link import CalendarLink, may_share


@blueprint.get("/calendar/<code>.ics")
@public
def calendar_feed(code: str) -> Response:
    """The practitioner's visits from a month ago to half a year ahead, in the clinic's language."""
    link = CalendarLink.with_code(code) or abort(404)
    with force_locale(link.organization.language):
        title = f"{link.practitioner.short_name}, {link.organization.name}"
        return _answer(calendar_file.feed(title, (_busy(*each) for each in link.visits(utc_now()))))


@blueprint.get(f"{APPOINTMENT}/calendar.ics")
@requires(Right.SEE_OWN)
def appointment_file(number: int) -> Response:
    """One visit, to be given to its patient."""
    visit = own_visit(number)
    response = _answer(calendar_file.one(_invitation(visit)))
    response.headers["Content-Disposition"] = f'attachment; filename="visit-{visit.id}.ics"'
    return response


@blueprint.get("/calendars")
@requires(Right.SEE_OWN)
def calendars() -> str:
    """The links that the member may create and revoke."""
    own = own_membership()
    links = CalendarLink.by_practitioner(own.organization_id)
    shared = [(each, links.get(each.id)) for each in practitioners_of(own) if may_share(each, own)]
    return render_template("clinic/calendars/page.html", shared=shared)


@blueprint.post("/calendars/<int:number>")
@requires(Right.SEE_OWN)
def open_calendar(number: int) -> Response:
    """Creates a link and revokes the previous one."""
    CalendarLink.open(_own_practitioner(number), actor(), utc_now())
    db.session.commit()
    return see(url_for("clinic.calendars"))


@blueprint.post("/calendars/<int:number>/removal")
@requires(Right.SEE_OWN)
def close_calendar(number: int) -> Response:
    """Revokes the link."""
    CalendarLink.close(_own_practitioner(number), actor(), utc_now())
    db.session.commit()
    return see(url_for("clinic.calendars"))


def _own_practitioner(number: int) -> Practitioner:
    own = own_membership()
    found: Practitioner = db.first_or_404(Practitioner.of(own.organization_id).filter_by(id=number))
    return found if may_see(own, found) else abort(404)


def _busy(visit: Appointment, changed: datetime) -> Entry:
    """«Ахметов Болат» becomes «Б. А.»: calendars are synchronized to many devices."""
    names = (visit.patient.given_name, visit.patient.family_name)
    whose = " ".join(f"{name[0].upper()}." for name in names if name)
    summary = f"{whose}, {visit.service.name}" if visit.service else whose
    return Entry(visit, changed, summary, _place(visit), url_for("clinic.appointment", number=visit.id, _external=True))


def _invitation(visit: Appointment) -> Entry:
    """Place and practitioner, but not the service."""
    words = {"clinic": visit.organization.name, "practitioner": visit.practitioner.short_name}
    summary = str(_("%(clinic)s: %(practitioner)s", **words))
    return Entry(visit, changed_at(visit), summary, _place(visit), organizer=current_app.config["MAIL_FROM"])


def _place(visit: Appointment) -> str:
    return str(_("каб. %(room)s", room=visit.room.name)) if visit.room else ""


def _answer(file: bytes) -> Response:
    """With an ETag: calendars poll every quarter of an hour, and mostly nothing has changed."""
    response = make_response(file)
    response.mimetype = "text/calendar"
    response.add_etag()
    return make_response(response.make_conditional(request))
