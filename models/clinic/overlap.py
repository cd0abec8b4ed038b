"""The condition that selects the visits within an interval."""

from datetime import timedelta

from sqlalchemy import ColumnElement, and_

from models.clinic.appointment import Appointment
from rules.booking import Interval, Status

LONGEST_VISIT = timedelta(days=1)
OCCUPYING = [status for status in Status if status.occupies]


def overlaps(interval: Interval) -> ColumnElement[bool]:
    """Whether a visit overlaps the interval.

    The lower bound of starts_at is implied by the rest; it gives the index a place to start.
    """
    return and_(
        Appointment.starts_at < interval.end,
        Appointment.ends_at > interval.start,
        Appointment.starts_at > interval.start - LONGEST_VISIT,
    )
