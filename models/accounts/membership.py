"""A person's place in an organization: everything they may see is loaded through it."""

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from extensions import db
from models.accounts.organization import Organization
from models.accounts.rights import RIGHTS, Right, Role
from models.accounts.user import User
from models.base import Identified, Model
from models.types import stored_by_value


class Membership(Identified, Model):
    """One person in one organization, with one role."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("user_id", "organization_id"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    role: Mapped[Role] = mapped_column(stored_by_value(Role))

    user: Mapped[User] = relationship(back_populates="memberships")
    organization: Mapped[Organization] = relationship()

    def may(self, right: Right) -> bool:
        """Whether this member's role holds the right."""
        return right in RIGHTS[self.role]

    @classmethod
    def in_organization(cls, user: User | None, organization_id: int) -> "Membership | None":
        """The user's place in just this organization."""
        if user is None or not user.is_active:
            return None
        return db.session.scalar(select(cls).filter_by(user_id=user.id, organization_id=organization_id))

    @classmethod
    def all_of(cls, user: User) -> list["Membership"]:
        """Every place the user has, the oldest first."""
        own = select(cls).filter_by(user_id=user.id).options(joinedload(cls.organization)).order_by(cls.id)
        return list(db.session.scalars(own))

    @classmethod
    def of(cls, user: User, organization_id: int | None) -> "Membership | None":
        """The user's place in this organization, else their first one, else None."""
        own = select(cls).filter_by(user_id=user.id).options(joinedload(cls.organization))
        chosen = own.order_by(cls.organization_id != (organization_id or 0), cls.id)
        return db.session.scalar(chosen.limit(1))
