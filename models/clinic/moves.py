"""The visits that were moved a moment ago, for whoever saw it and knows better."""

from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from extensions import db
from models.clinic.appointment import Appointment
from models.clinic.day import Day
from models.clinic.revision import TOLD_FOR, Revision

# A whole day may move at once; that has a page of its own.
MOST_TOLD = 5


def moves_on(day: Day, now: datetime) -> list[Revision]:
    """Changes of time, length or practitioner from or to this day that can still be taken back, the newest first.

    One statement.
    """
    begins, ends = day.whole.start, day.whole.end
    is_moved = or_(
        Revision.practitioner_id != Appointment.practitioner_id,
        Revision.starts_at != Appointment.starts_at,
        Revision.ends_at != Appointment.ends_at,
    )
    came = and_(Appointment.starts_at < ends, Appointment.ends_at > begins)
    left = and_(Revision.starts_at < ends, Revision.ends_at > begins)
    newest = select(Revision).filter_by(organization_id=day.organization.id).where(Revision.at > now - TOLD_FOR)
    own = newest.join(Revision.appointment).where(Revision.version == Appointment.version, is_moved, or_(came, left))
    visit = contains_eager(Revision.appointment)
    told = own.options(
        visit.joinedload(Appointment.patient),
        visit.joinedload(Appointment.practitioner),
        joinedload(Revision.practitioner),
        joinedload(Revision.actor),
    )
    return list(db.session.scalars(told.order_by(Revision.at.desc(), Revision.id.desc()).limit(MOST_TOLD)))


def last_told(moves: list[Revision]) -> datetime | None:
    """When the first of these can no longer be taken back from the board."""
    return min((move.at + TOLD_FOR for move in moves), default=None)
