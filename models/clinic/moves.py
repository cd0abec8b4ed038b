"""Recent changes of visits, alone or together, that can still be undone."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import BindParameter, Select, and_, bindparam, select, union_all
from sqlalchemy.orm import joinedload

from extensions import db
from models.clinic.appointment import Appointment
from models.clinic.audit import Deed
from models.clinic.day import Day
from models.clinic.joint_change import JointChange, JointChangeLine
from models.clinic.revision import TOLD_FOR, Revision

MOST_TOLD = 5


@dataclass(frozen=True)
class Together:
    """A joint change with its visits as they are now."""

    change: JointChange
    visits: Sequence[Appointment]


@dataclass(frozen=True)
class Told:
    """The changes shown on a day's board, the newest first: visits moved from or to this day."""

    moves: Sequence[Revision] = ()
    together: Sequence[Together] = ()

    @property
    def ends_at(self) -> datetime | None:
        """When the first of these can no longer be undone from the board."""
        made = [*(move.at for move in self.moves), *(each.change.made_at for each in self.together)]
        return min(made) + TOLD_FOR if made else None


@dataclass(frozen=True)
class _Changed:
    """A visit with its newest change; together: the joint change; stood_at: the former start."""

    visit: Appointment
    revision: Revision | None
    together: JointChange | None
    stood_at: datetime | None

    def is_of(self, day: Day) -> bool:
        """Whether it is or was on this day."""
        stood = self.stood_at is not None and day.whole.start <= self.stood_at < day.whole.end
        was = self.revision is not None and self.revision.interval.overlaps(day.whole)
        return stood or was or self.visit.interval.overlaps(day.whole)

    @property
    def is_moved(self) -> bool:
        """Whether time, length or practitioner changed."""
        was, visit = self.revision, self.visit
        return was is not None and (was.practitioner_id, was.interval) != (visit.practitioner_id, visit.interval)


def told_on(day: Day, now: datetime) -> Told:
    """The changes of this day that can still be undone; one statement."""
    whose = {"organization": day.organization.id, "since": now - TOLD_FOR}
    changed = [_Changed(*row) for row in db.session.execute(_recent(), whose)]
    groups: dict[JointChange, list[_Changed]] = defaultdict(list)
    for each in changed:
        if each.together:
            groups[each.together].append(each)
    # If one of several was changed since, they can no longer be undone together, and each is shown alone.
    whole = {change: group for change, group in groups.items() if len(group) == change.size}
    concerned = [each for each in changed if each.is_of(day)]
    alone = [each.revision for each in concerned if each.revision and each.is_moved and each.together not in whole]
    together = dict.fromkeys(each.together for each in concerned if each.together in whole)
    return Told(alone[:MOST_TOLD], [Together(change, [each.visit for each in whole[change]]) for change in together])


@cache
def _recent() -> Select[Appointment, Revision | None, JointChange | None, datetime | None]:
    """Visits of the organization with their newest change, if recent, the newest first.

    Built once: every board and every push of a rail runs it.
    """
    since: BindParameter[datetime] = bindparam("since")
    number: BindParameter[int] = bindparam("organization")
    revised = select(Revision.appointment_id).where(Revision.organization_id == number, Revision.at > since)
    joint = select(JointChange.id).where(JointChange.organization_id == number, JointChange.undone_at.is_(None))
    joint = joint.where(JointChange.made_at > since, JointChange.deed != Deed.SERIES_PLANNED)
    joined = select(JointChangeLine.appointment_id).where(JointChangeLine.joint_change_id.in_(joint))
    alone = and_(Revision.appointment_id == Appointment.id, Revision.version == Appointment.version)
    line = and_(JointChangeLine.appointment_id == Appointment.id, JointChangeLine.version == Appointment.version)
    recent = select(Appointment, Revision, JointChange, JointChangeLine.starts_at)
    recent = recent.outerjoin(Revision, and_(alone, Revision.at > since))
    recent = recent.outerjoin(JointChangeLine, and_(line, JointChangeLine.joint_change_id.in_(joint)))
    recent = recent.outerjoin(JointChange, JointChange.id == JointChangeLine.joint_change_id)
    found = recent.where(Appointment.id.in_(union_all(revised, joined)))
    shown = (joinedload(Appointment.patient), joinedload(Appointment.practitioner), joinedload(Revision.practitioner))
    by_whom = (joinedload(Revision.actor), joinedload(JointChange.practitioner), joinedload(JointChange.made_by))
    return found.options(*shown, *by_whom).order_by(Revision.at.desc(), Revision.id.desc(), JointChange.id.desc())
