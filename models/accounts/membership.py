"""Memberships: a person's place in an organization, through which everything they may see is loaded."""

from datetime import datetime

from sqlalchemy import ForeignKey, Select, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from extensions import db
from models.accounts.audience import recheck_person
from models.accounts.organization import Organization
from models.accounts.password_link import PasswordLink
from models.accounts.refusals import BelongsElsewhere, LastOwner
from models.accounts.rights import Right, Role, rights_of
from models.accounts.sign_in import SignIn
from models.accounts.user import NOT_CHOSEN, User
from models.base import Identified, Model
from models.errors import Conflict, NotAllowed, Stale, flush
from models.types import stored_by_value

TAKEN = {"uq_membership_user_id_organization_id": "email", "uq_user_account_email": "email"}


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
        """Whether this member's role holds the right in this organization."""
        return right in rights_of(self.role, self.organization.practitioners_see_own)

    def may_change(self, other: "Membership") -> bool:
        """Whether this member may change the other's role, account or membership; only owners may change owners."""
        is_colleague = other.organization_id == self.organization_id
        return is_colleague and self.may(Right.MANAGE_PEOPLE) and self._may_give(other.role)

    def roles_to_give(self) -> list[Role]:
        """The roles of this organization that this member may assign to others."""
        may_give = self.may(Right.MANAGE_PEOPLE)
        return [role for role in Role if may_give and self._may_give(role) and self.organization.has_role(role)]

    def invite(self, email: str, name: str, role: Role, now: datetime) -> "Membership":
        """Adds a person to this member's organization; a link must give them a password.

        An account that is left from another organization loses its password, which somebody there may know. Raises
        NotAllowed, Conflict("email") if the person is a member already, and BelongsElsewhere.
        """
        if role not in self.roles_to_give():
            raise NotAllowed
        user = User.invited(email, name)
        if user.memberships:
            raise Conflict("email") if Membership.in_organization(user, self.organization_id) else BelongsElsewhere
        place = Membership(user=user, organization=self.organization, role=role)
        db.session.add(place)
        flush(TAKEN)
        user.password_hash = NOT_CHOSEN
        SignIn.end_all_of(user, now)
        return place

    def open_password_link(self, actor: "Membership", now: datetime) -> str:
        """The code of a link by which the person chooses a password. Raises NotAllowed, BelongsElsewhere and Stale."""
        self._must_be_changed_by(actor)
        self._must_belong_only_here()
        return PasswordLink.open(self.user, now)

    def give_role(self, role: Role, actor: "Membership") -> None:
        """Assigns the role; a link to a new owner's account, which administrators may know, stops working.

        Raises NotAllowed, LastOwner and Stale.
        """
        self._must_be_changed_by(actor)
        if role not in actor.roles_to_give():
            raise NotAllowed
        if role is Role.OWNER:
            PasswordLink.revoke(self.user)
        else:
            self._must_leave_an_owner()
        self.role = role
        recheck_person(self.user_id)

    def remove(self, actor: "Membership") -> None:
        """Ends the membership; the person keeps their account and history. Raises NotAllowed, LastOwner and Stale."""
        self._must_be_changed_by(actor)
        self._must_leave_an_owner()
        db.session.delete(self)
        recheck_person(self.user_id)

    def disable_account(self, actor: "Membership", now: datetime) -> None:
        """Disables the person's account and signs them out everywhere.

        Raises NotAllowed, also for one's own account, LastOwner, BelongsElsewhere and Stale.
        """
        self._must_be_changed_by(actor)
        if actor.user_id == self.user_id:
            raise NotAllowed
        self._must_belong_only_here()
        self._must_leave_an_owner()
        self.user.disabled_at = now
        SignIn.end_all_of(self.user, now)

    def enable_account(self, actor: "Membership") -> None:
        """The person may sign in again. Raises NotAllowed, BelongsElsewhere and Stale."""
        self._must_be_changed_by(actor)
        self._must_belong_only_here()
        self.user.disabled_at = None

    @classmethod
    def of_organization(cls, organization_id: int) -> Select["Membership"]:
        """The organization's memberships by name, with their accounts."""
        everybody = select(cls).filter_by(organization_id=organization_id).join(cls.user)
        return everybody.options(joinedload(cls.user)).order_by(User.name, cls.id)

    @classmethod
    def in_organization(cls, user: User | None, organization_id: int) -> "Membership | None":
        """The active user's membership in this organization, if any."""
        if user is None or not user.is_active:
            return None
        return next((place for place in user.memberships if place.organization_id == organization_id), None)

    @classmethod
    def grants(cls, user: User | None, organization_id: int, right: Right) -> bool:
        """Whether the user holds this right in this organization."""
        own = cls.in_organization(user, organization_id)
        return own is not None and own.may(right)

    def _may_give(self, role: Role) -> bool:
        return role is not Role.OWNER or self.role is Role.OWNER

    def _must_be_changed_by(self, actor: "Membership") -> None:
        """Locks the organization's row first: if two owners remove each other at once, one must stay."""
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
