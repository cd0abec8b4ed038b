"""Holds: while a user's form of a visit is open, its time is shown to the other desks."""

from flask import Response

from blueprints.clinic.appointment_form import AppointmentForm
from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.own import actor
from blueprints.guards import own_membership, requires
from extensions import db
from models.accounts import Right
from models.base import utc_now
from models.clinic import Hold
from models.errors import Conflict


@blueprint.post("/hold")
@requires(Right.BOOK)
def take_hold() -> Response:
    """From the form's fields practitioner, date, time, minutes, service. An incomplete form holds nothing."""
    own, form = own_membership(), AppointmentForm(own_membership())
    wanted = form.wanted_time()
    try:
        if wanted:
            Hold.take(own.organization, *wanted, actor(), utc_now())
        else:
            Hold.release(own.organization, actor(), utc_now())
        db.session.commit()
    except Conflict:
        db.session.rollback()
    return Response(status=204)


@blueprint.delete("/hold")
@requires(Right.BOOK)
def release_hold() -> Response:
    """The form was closed."""
    Hold.release(own_membership().organization, actor(), utc_now())
    db.session.commit()
    return Response(status=204)
