"""The screen of the waiting room: who may watch it, which is whoever has its link, and what changes it."""

from datetime import datetime
from secrets import token_urlsafe

from sqlalchemy import UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from extensions import db
from models.accounts import Language, Membership, Organization, Right, User
from models.accounts.audience import doubt_everybody
from models.base import Model, OrganizationOwned
from models.clinic.audit import Deed, differences, note_deed
from models.errors import NotAllowed
from models.live_topic import touch, touch_later
from models.types import stored_by_value

ROOM = "room"
CODE_BYTES = 16


class Screen(OrganizationOwned, Model):
    """The link for the television of a waiting room. Whoever knows the code may look; a new one ends the old.

    second_language: what stands on it in the clinic's language stands there in this one too.
    """

    __tablename__ = "screen"
    __table_args__ = (UniqueConstraint("organization_id"), UniqueConstraint("code"))

    code: Mapped[str] = mapped_column()
    second_language: Mapped[Language | None] = mapped_column(stored_by_value(Language))

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
        former = cls.of(organization.id)
        second = former.second_language if former else None
        cls._revoke(organization, actor)
        screen = cls(organization=organization, code=token_urlsafe(CODE_BYTES), second_language=second)
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

    def speak(self, second_language: Language | None, actor: User, now: datetime) -> None:
        """From now on it says everything in this language too, or only in the clinic's, flushed. Raises NotAllowed."""
        _expect_manager(self.organization_id, actor)
        before, self.second_language = self.second_language, second_language
        db.session.flush()
        changes = differences({"language": before}, {"language": second_language})
        note_deed(Deed.SCREEN_WORDED, actor, now, organization_id=self.organization_id, changes=changes)
        self.touch(now)

    @classmethod
    def _revoke(cls, organization: Organization, actor: User) -> None:
        _expect_manager(organization.id, actor)
        db.session.execute(delete(cls).filter_by(organization_id=organization.id))
        doubt_everybody()

    def touch(self, now: datetime) -> None:
        """Something of today changed; at midnight another day begins."""
        touch(self.topic, ROOM)
        touch_later(self.topic, ROOM, self.organization.midnight_after(now))


def _expect_manager(organization_id: int, actor: User) -> None:
    own = Membership.in_organization(actor, organization_id)
    if own is None or not own.may(Right.MANAGE_SCREENS):
        raise NotAllowed


def touch_screen(organization_id: int, now: datetime, moves_at: datetime | None = None) -> None:
    """Somebody came, was called or was seen; moves_at: when what that changes moves on by itself. One statement."""
    screen = Screen.of(organization_id)
    if screen:
        screen.touch(now)
        if moves_at:
            touch_later(screen.topic, ROOM, moves_at)
