"""Secret links by which practitioners subscribe to their schedule in their own calendar."""

from datetime import datetime, timedelta
from secrets import token_urlsafe

from sqlalchemy import ForeignKey, UniqueConstraint, delete, func, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from extensions import db
from models.accounts import Membership, Organization, Right, User
from models.base import Model, OrganizationOwned
from models.clinic.appointment import Appointment
from models.clinic.audit import Deed, note_deed
from models.clinic.practitioner import Practitioner
from models.clinic.status_event import StatusEvent
from models.errors import NotAllowed
from rules.booking import Status

CODE_BYTES = 24
BEFORE, AHEAD = timedelta(days=30), timedelta(days=180)


class CalendarLink(OrganizationOwned, Model):
    """Whoever knows the code can see when the practitioner is busy; a new link replaces the old one."""

    __tablename__ = "calendar_link"
    __table_args__ = (UniqueConstraint("practitioner_id"), UniqueConstraint("code"))

    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id"))
    code: Mapped[str]

    organization: Mapped[Organization] = relationship()
    practitioner: Mapped[Practitioner] = relationship()

    @classmethod
    def with_code(cls, code: str) -> "CalendarLink | None":
        """The link with this code, unless its practitioner has an account that may no longer see the schedule."""
        found = select(cls).filter_by(code=code).options(joinedload(cls.organization), joinedload(cls.practitioner))
        link = db.session.scalar(found) if "\0" not in code else None
        return link if link and link._is_still_theirs() else None

    @classmethod
    def by_practitioner(cls, organization_id: int) -> dict[int, "CalendarLink"]:
        """The organization's links by practitioner; one statement."""
        own = select(cls).filter_by(organization_id=organization_id)
        return {link.practitioner_id: link for link in db.session.scalars(own)}

    @classmethod
    def open(cls, practitioner: Practitioner, actor: User, now: datetime) -> "CalendarLink":
        """Creates a link and flushes; the previous one stops working. Raises NotAllowed."""
        cls._revoke(practitioner, actor)
        organization_id = practitioner.organization_id
        link = cls(organization_id=organization_id, practitioner=practitioner, code=token_urlsafe(CODE_BYTES))
        db.session.add(link)
        db.session.flush()
        _note(Deed.CALENDAR_OPENED, practitioner, actor, now)
        return link

    @classmethod
    def close(cls, practitioner: Practitioner, actor: User, now: datetime) -> None:
        """Revokes the link. Raises NotAllowed."""
        cls._revoke(practitioner, actor)
        _note(Deed.CALENDAR_CLOSED, practitioner, actor, now)

    @classmethod
    def end(cls, practitioner: Practitioner) -> None:
        """The practitioner's link stops working, if there is one."""
        db.session.execute(delete(cls).filter_by(practitioner_id=practitioner.id))

    def visits(self, now: datetime) -> list[tuple[Appointment, datetime]]:
        """The visits of the calendar, cancelled ones too, and when each last changed; one statement."""
        changed_at = select(func.max(StatusEvent.at)).where(StatusEvent.appointment_id == Appointment.id)
        shown = Appointment.of(self.organization_id).where(
            Appointment.practitioner_id == self.practitioner_id,
            Appointment.starts_at.between(now - BEFORE, now + AHEAD),
            Appointment.status != Status.ENTERED_IN_ERROR,
        )
        rows = db.session.execute(shown.options(joinedload(Appointment.room)).add_columns(changed_at.scalar_subquery()))
        return [(visit, at or visit.status_since) for visit, at in rows]

    @classmethod
    def _revoke(cls, practitioner: Practitioner, actor: User) -> None:
        if not may_share(practitioner, Membership.in_organization(actor, practitioner.organization_id)):
            raise NotAllowed
        cls.end(practitioner)

    def _is_still_theirs(self) -> bool:
        user_id = self.practitioner.user_id
        return user_id is None or Membership.grants(db.session.get(User, user_id), self.organization_id, Right.SEE_OWN)


def may_share(practitioner: Practitioner, own: Membership | None) -> bool:
    """Whether this member may create and revoke the practitioner's link: owners all, practitioners their own."""
    if own is None or own.organization_id != practitioner.organization_id:
        return False
    return own.may(Right.SHARE_CALENDARS) or (practitioner.user_id == own.user_id and own.may(Right.KEEP_OWN_HOURS))


def _note(deed: Deed, practitioner: Practitioner, actor: User, now: datetime) -> None:
    changes: dict[str, list[str | None]] = {"practitioner": [None, practitioner.short_name]}
    note_deed(deed, actor, now, organization_id=practitioner.organization_id, changes=changes)
