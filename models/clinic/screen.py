"""The waiting room's screen: its secret link, and what updates it."""

from datetime import datetime
from secrets import token_urlsafe

from sqlalchemy import UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from extensions import db
from models.accounts import Language, Membership, Organization, Right, User
from models.accounts.audience import recheck_everybody
from models.base import Model, OrganizationOwned
from models.clinic.audit import Deed, differences, note_deed
from models.errors import NotAllowed
from models.live_topic import touch, touch_later
from models.types import stored_by_value

ROOM = "room"
CODE_BYTES = 16


class Screen(OrganizationOwned, Model):
    """The link for a waiting room's television. Whoever knows the code may watch; a new link replaces the old one.

    second_language: shown in addition to the clinic's language.
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
        """The screen with this code."""
        return db.session.scalar(select(cls).filter_by(code=code)) if "\0" not in code else None

    @classmethod
    def of(cls, organization_id: int) -> "Screen | None":
        """The organization's screen, if it has one."""
        return db.session.scalar(select(cls).filter_by(organization_id=organization_id))

    @classmethod
    def open(cls, organization: Organization, actor: User, now: datetime) -> "Screen":
        """Creates a link, flushed; the previous one stops working. Raises NotAllowed."""
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
        """Revokes the link, and ends open screens. Raises NotAllowed."""
        cls._revoke(organization, actor)
        note_deed(Deed.SCREEN_CLOSED, actor, now, organization_id=organization.id)

    def set_second_language(self, second_language: Language | None, actor: User, now: datetime) -> None:
        """Sets or removes the second language, flushed. Raises NotAllowed."""
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
        recheck_everybody()

    def touch(self, now: datetime) -> None:
        """Marks today's screen as changed, now and at midnight."""
        touch(self.topic, ROOM)
        touch_later(self.topic, ROOM, self.organization.midnight_after(now))


def _expect_manager(organization_id: int, actor: User) -> None:
    if not Membership.grants(actor, organization_id, Right.MANAGE_SCREENS):
        raise NotAllowed


def touch_screen(organization_id: int, now: datetime, moves_at: datetime | None = None) -> None:
    """A patient arrived, was called or seen; moves_at: when the screen next changes by itself. One statement."""
    screen = Screen.of(organization_id)
    if screen:
        screen.touch(now)
        if moves_at:
            touch_later(screen.topic, ROOM, moves_at)
