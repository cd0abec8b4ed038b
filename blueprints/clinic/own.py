"""What the views of visits load: always through the member's organization."""

from flask import request

from blueprints.clinic.appointment_fields import record_number
from blueprints.guards import own_membership
from extensions import db
from models.accounts import User
from models.clinic import Appointment, Practitioner

APPOINTMENT = "/appointments/<int:number>"


def own_visit(number: int) -> Appointment:
    """The visit of the member's organization; any other is a 404."""
    found: Appointment = db.first_or_404(Appointment.of(own_membership().organization_id).filter_by(id=number))
    return found


def actor() -> User:
    """Who does it."""
    return own_membership().user


def seen_version() -> int:
    """The version of the visit that the person's page shows; 0, which no visit has, for nonsense."""
    return record_number(request.values.get("version")) or 0


def own_practitioner(typed: str | None) -> Practitioner | None:
    """The practitioner of the member's organization with this number; None for any other and for nonsense."""
    wanted = record_number(typed)
    own = Practitioner.of(own_membership().organization_id)
    return db.session.scalar(own.filter_by(id=wanted)) if wanted else None
