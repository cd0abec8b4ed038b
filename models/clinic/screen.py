"""The screen of the waiting room: who may watch it, which is whoever has its link, and what changes it."""

from datetime import datetime
from secrets import token_urlsafe

from sqlalchemy import UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from extensions import db
from models.accounts import Membership, Organization, Right, User
from models.accounts.audience import doubt_everybody
from models.base import Model, OrganizationOwned
from models.clinic.audit import Deed, note_deed
from models.errors import NotAllowed
from models.live_topic import touch, touch_later

ROOM = "room"
CODE_BYTES = 16


class Screen(OrganizationOwned, Model):
    """The link for the television of a waiting room. Whoever knows the code may look; a new one ends the old."""

    __tablename__ = "screen"
    __table_args__ = (UniqueConstraint("organization_id"), UniqueConstraint("code"))

    code: Mapped[str] = mapped_column()

    organization: Mapped[Organization] = relationship()

    @property
    def topic(self) -> str:
        return f"waiting-room/{self.code}"

    @classmethod
    def with_code(cls, code: str) -> "Screen | None":
        """The screen that this link is for."""
        return db.session.scalar(select(cls).filter_by(code=code))

    @classmethod
    def of(cls, organization_id: int) -> "Screen | None":
        """The organization's screen, if it has one."""
        return db.session.scalar(select(cls).filter_by(organization_id=organization_id))

    @classmethod
    def open(cls, organization: Organization, actor: User, now: datetime) -> "Screen":
        """A new link, flushed; the one before it shows nothing any more. Raises NotAllowed."""
        cls._revoke(organization, actor)
        screen = cls(organization=organization, code=token_urlsafe(CODE_BYTES))
        db.session.add(screen)
        db.session.flush()
        note_deed(Deed.SCREEN_OPENED, actor, now, organization_id=organization.id)
        screen.touch(now)
        return screen

    @classmethod
    def close(cls, organization: Organization, actor: User, now: datetime) -> None:
        """The link shows nothing any more, also where it is being looked at. Raises NotAllowed."""
        cls._revoke(organization, actor)
        note_deed(Deed.SCREEN_CLOSED, actor, now, organization_id=organization.id)

    @classmethod
    def _revoke(cls, organization: Organization, actor: User) -> None:
        own = Membership.in_organization(actor, organization.id)
        if own is None or not own.may(Right.MANAGE_SCREENS):
            raise NotAllowed
        db.session.execute(delete(cls).filter_by(organization_id=organization.id))
        doubt_everybody()

    def touch(self, now: datetime) -> None:
        """Something of today changed; at midnight another day begins."""
        touch(self.topic, ROOM)
        touch_later(self.topic, ROOM, self.organization.midnight_after(now))


def touch_screen(organization_id: int, now: datetime, moves_at: datetime | None = None) -> None:
    """Somebody came, was called or was seen; moves_at: when what that changes moves on by itself. One statement."""
    screen = Screen.of(organization_id)
    if screen:
        screen.touch(now)
        if moves_at:
            touch_later(screen.topic, ROOM, moves_at)
