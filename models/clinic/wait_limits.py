"""From how many minutes on the desk is warned of a wait, and from how many it is too long."""

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

    def keep(self, organization: Organization, actor: User, now: datetime) -> None:
        """From now on these are the organization's, flushed; today's boards follow at once. Raises NotAllowed."""
        own = Membership.in_organization(actor, organization.id)
        if own is None or not own.may(Right.MANAGE_SCREENS):
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
        """What the history keeps of them."""
        return {name: str(minutes) for name, minutes in asdict(self).items()}
