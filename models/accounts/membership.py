"""A person's place in an organization: everything they may see is loaded through it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Select, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from extensions import db
from models.accounts.audience import doubt_person
from models.accounts.organization import Organization
from models.accounts.refusals import BelongsElsewhere, LastOwner
from models.accounts.rights import RIGHTS, Right, Role
from models.accounts.sign_in import SignIn
from models.accounts.user import User
from models.base import Identified, Model
from models.errors import NotAllowed, Stale
from models.types import stored_by_value


class Membership(Identified, Model):
    """One person in one organization, with one role."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("user_id", "organization_id"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    role: Mapped[Role] = mapped_column(stored_by_value(Role))

    user: Mapped[User] = relationship(back_populates="memberships")
    organization: Mapped[Organization] = relationship(lazy="joined", innerjoin=True)

    def may(self, right: Right) -> bool:
        """Whether this member's role holds the right."""
        return right in RIGHTS[self.role]

    def may_change(self, other: "Membership") -> bool:
        """Whether this member may change that one's role, account or place; an owner's only another owner."""
        is_colleague = other.organization_id == self.organization_id
        return is_colleague and self.may(Right.MANAGE_PEOPLE) and self._may_give(other.role)

    def roles_to_give(self) -> list[Role]:
        """The roles that this member may give to others."""
        return [role for role in Role if self.may(Right.MANAGE_PEOPLE) and self._may_give(role)]

    def give_role(self, role: Role, actor: "Membership") -> None:
        """Raises NotAllowed, LastOwner."""
        self._must_be_changed_by(actor)
        if role not in actor.roles_to_give():
            raise NotAllowed
        if role is not Role.OWNER:
            self._must_leave_an_owner()
        self.role = role
        doubt_person(self.user_id)

    def remove(self, actor: "Membership") -> None:
        """The person keeps the account and all that they have done. Raises NotAllowed, LastOwner."""
        self._must_be_changed_by(actor)
        self._must_leave_an_owner()
        db.session.delete(self)
        doubt_person(self.user_id)

    def disable_account(self, actor: "Membership", now: datetime) -> None:
        """Nobody signs in with it any more, and whoever has is signed out.

        Raises NotAllowed, also for one's own, LastOwner, and BelongsElsewhere.
        """
        self._must_be_changed_by(actor)
        if actor.user_id == self.user_id:
            raise NotAllowed
        self._must_belong_only_here()
        self._must_leave_an_owner()
        self.user.disabled_at = now
        SignIn.end_all_of(self.user, now)

    def enable_account(self, actor: "Membership") -> None:
        """The person may sign in again. Raises NotAllowed, BelongsElsewhere."""
        self._must_be_changed_by(actor)
        self._must_belong_only_here()
        self.user.disabled_at = None

    @classmethod
    def of_organization(cls, organization_id: int) -> Select["Membership"]:
        """Everybody who belongs to it, by name, with their accounts."""
        everybody = select(cls).filter_by(organization_id=organization_id).join(cls.user)
        return everybody.options(joinedload(cls.user)).order_by(User.name, cls.id)

    @classmethod
    def in_organization(cls, user: User | None, organization_id: int) -> "Membership | None":
        """The user's place in just this organization."""
        if user is None or not user.is_active:
            return None
        return next((place for place in user.memberships if place.organization_id == organization_id), None)

    def _may_give(self, role: Role) -> bool:
        return role is not Role.OWNER or self.role is Role.OWNER

    def _must_be_changed_by(self, actor: "Membership") -> None:
        """The organization's row is locked first: of two owners who dismiss each other at once one must stay."""
        db.session.execute(select(Organization.id).filter_by(id=self.organization_id).with_for_update())
        newest = select(Membership).where(Membership.id.in_([self.id, actor.id]))
        if len(db.session.scalars(newest.execution_options(populate_existing=True)).all()) < len({self.id, actor.id}):
            raise Stale
        if not actor.may_change(self):
            raise NotAllowed

    def _must_leave_an_owner(self) -> None:
        others = select(func.count(Membership.id)).join(User).where(User.disabled_at.is_(None))
        others = others.filter(Membership.role == Role.OWNER, Membership.id != self.id)
        others = others.filter(Membership.organization_id == self.organization_id)
        if self.role is Role.OWNER and not db.session.scalar(others):
            raise LastOwner

    def _must_belong_only_here(self) -> None:
        elsewhere = select(Membership.id).filter_by(user_id=self.user_id).where(Membership.id != self.id)
        if db.session.scalar(elsewhere.limit(1)):
            raise BelongsElsewhere
