"""Loading records of the member's organization for the views of visits."""

from flask import abort, request

from blueprints.clinic.appointment_fields import record_number
from blueprints.clinic.hours_rights import may_see
from blueprints.guards import own_membership
from extensions import db
from models.accounts import User
from models.clinic import Appointment, Practitioner

APPOINTMENT = "/appointments/<int:number>"


def own_visit(number: int) -> Appointment:
    """The organization's visit with this id, else a 404; also for who sees only their own, and it is another's."""
    own = own_membership()
    found: Appointment = db.first_or_404(Appointment.of(own.organization_id).filter_by(id=number))
    return found if may_see(own, found.practitioner) else abort(404)


def actor() -> User:
    """The signed-in user."""
    return own_membership().user


def seen_version() -> int:
    """The version of the visit on the user's page; 0, which no visit has, if malformed."""
    return record_number(request.values.get("version")) or 0


def own_practitioner(typed: str | None) -> Practitioner | None:
    """The organization's practitioner with this id; None if there is none or it is malformed."""
    wanted = record_number(typed)
    own = Practitioner.ever_of(own_membership().organization_id)
    return db.session.scalar(own.filter_by(id=wanted)) if wanted else None
