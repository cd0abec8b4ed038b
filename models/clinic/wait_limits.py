"""After how many minutes the desk is warned of a wait, and after how many it is too long."""

from dataclasses import asdict, dataclass
from datetime import datetime

from extensions import db
from models.accounts import Membership, Organization, Right, User
from models.clinic.audit import Deed, differences, note_deed
from models.clinic.day_topic import day_topic, touch_columns, touch_weeks
from models.clinic.practitioner import practitioner_ids
from models.errors import NotAllowed

SHORTEST, LONGEST = 1, 240


@dataclass(frozen=True)
class WaitLimits:
    """Whole minutes; the first is less than the second."""

    warm_minutes: int
    long_minutes: int

    @classmethod
    def of(cls, organization: Organization) -> "WaitLimits":
        return cls(organization.warm_minutes, organization.long_minutes)

    def save(self, organization: Organization, actor: User, now: datetime) -> None:
        """Saves the organization's limits, flushed, and touches today's boards. Raises NotAllowed."""
        if not Membership.grants(actor, organization.id, Right.MANAGE_SCREENS):
            raise NotAllowed
        before = WaitLimits.of(organization)
        organization.warm_minutes, organization.long_minutes = self.warm_minutes, self.long_minutes
        db.session.flush()
        changes = differences(before.facts, self.facts)
        note_deed(Deed.WAIT_LIMITS_KEPT, actor, now, organization_id=organization.id, changes=changes)
        today, doctors = organization.today(now), practitioner_ids(organization.id)
        touch_columns(day_topic(organization.id, today), doctors)
        touch_weeks(organization.id, doctors, today)

    @property
    def facts(self) -> dict[str, str | None]:
        """The fields recorded in the audit trail."""
        return {name: str(minutes) for name, minutes in asdict(self).items()}
