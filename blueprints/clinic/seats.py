"""Booking the holder of a ticket, and returning them to the queue."""

from typing import Any

from flask import Response, abort
from flask_babel import gettext as _

from blueprints.clinic.appointment_form import USUAL_MINUTES, AppointmentForm
from blueprints.clinic.appointments import FORM_DIALOG, FORM_PAGE
from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.board_answers import outdated, shown
from blueprints.clinic.own import actor, seen_version
from blueprints.clinic.tickets import TICKET, own_ticket
from blueprints.guards import own_membership, requires
from blueprints.replies import page
from models.accounts import Right
from models.base import utc_now
from models.clinic import Practitioner, QueueTicket
from models.clinic.next_free import Wish, next_free
from models.errors import Stale


@blueprint.get(f"{TICKET}/visit")
@requires(Right.BOOK)
def begin_by_ticket(number: int) -> Response:
    """The form of a visit prefilled with the ticket's patient and practitioner, and today's nearest free time."""
    ticket = own_ticket(number)
    return page(FORM_PAGE, FORM_DIALOG, form=AppointmentForm(own_membership(), **_begun(ticket)))


@blueprint.post(f"{TICKET}/visit/undo")
@requires(Right.BOOK)
def return_to_queue(number: int) -> Response:
    """Marks the visit as entered in error; the holder waits as before. version: the visit's on the user's page."""
    ticket = own_ticket(number)
    visit = ticket.appointment or abort(404)
    try:
        ticket.unseat(seen_version(), actor(), utc_now())
        return shown(visit, _("Снова в очереди."), _("Талон %(code)s", code=ticket.code))
    except Stale:
        return outdated(visit)


def _begun(ticket: QueueTicket) -> dict[str, Any]:
    own, now = ticket.organization, utc_now()
    doctors = [ticket.practitioner] if ticket.practitioner else Practitioner.all_of(own.id)
    found = next_free(own, Wish(USUAL_MINUTES, doctors, None, now), days=1)
    soonest = found[0] if found and found[0].start.date() == own.today(now) else None
    doctor = soonest.practitioner if soonest else ticket.practitioner
    return {
        "ticket": ticket.id,
        "patient": ticket.patient_id,
        "practitioner": doctor.id if doctor else None,
        "date": own.today(now),
        "time": soonest.start.time() if soonest else None,
    }
