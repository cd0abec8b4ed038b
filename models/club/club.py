"""A club and its page."""

from typing import TYPE_CHECKING

from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, WriteOnlyMapped, mapped_column, relationship

from models.accounts import Membership, Organization, Right, User
from models.accounts.audience import recheck_everybody
from models.base import Model, OrganizationOwned
from models.club.court import Court
from models.club.player import Player
from models.errors import NotAllowed

if TYPE_CHECKING:
    from models.club.tournament import Tournament


class Club(OrganizationOwned, Model):
    """A club; it decides itself whether its page and its scores are public."""

    __tablename__ = "club"

    name: Mapped[str]
    about: Mapped[str] = mapped_column(default="")
    is_public: Mapped[bool] = mapped_column(default=True)

    organization: Mapped[Organization] = relationship(lazy="joined", innerjoin=True)
    players: Mapped[list[Player]] = relationship(back_populates="club", order_by=(Player.sort_key, Player.id))

    courts: Mapped[list[Court]] = relationship(back_populates="club", order_by=Court.place)
    tournaments: WriteOnlyMapped["Tournament"] = relationship(viewonly=True, order_by="Tournament.opened_at.desc()")

    @property
    def topic(self) -> str:
        """The topic that the club's page watches."""
        return f"club/{self.id}"

    @classmethod
    def of(cls, organization_id: int) -> Select["Club"]:
        """The organization's clubs by name."""
        return select(cls).filter_by(organization_id=organization_id).order_by(cls.name, cls.id)

    def has_open_court(self, number: int) -> bool:
        """Whether the club's list has that table in use."""
        return any(court.is_open and court.number == number for court in self.courts)

    def name_of_court(self, number: int | None) -> str:
        """The name of that table; empty if it is not on the list."""
        return next((court.name for court in self.courts if court.number == number), "")

    def may_be_seen_by(self, user: User | None) -> bool:
        """Whether this user, or an anonymous visitor, may see the club and its matches."""
        return self.is_public or Membership.grants(user, self.organization_id, Right.SEE_CLUB) or self._has_player(user)

    def may_be_scored_by(self, user: User | None) -> bool:
        """Whether this user may start and score any match of the club."""
        return Membership.grants(user, self.organization_id, Right.SCORE)

    def may_be_played_by(self, user: User | None) -> bool:
        """Whether this user may start a match here: scorers any match, players one of their own."""
        return self.may_be_scored_by(user) or self._has_player(user)

    def may_be_managed_by(self, user: User | None) -> bool:
        """Whether this user may change who can see the club."""
        return Membership.grants(user, self.organization_id, Right.MANAGE_CLUB)

    def has_member(self, user: User) -> bool:
        """Whether this user belongs to the club's organization, in any role."""
        return Membership.in_organization(user, self.organization_id) is not None

    def show_to_all(self, is_public: bool, actor: User) -> None:
        """Makes the club public or private; raises NotAllowed."""
        if not self.may_be_managed_by(actor):
            raise NotAllowed
        self.is_public = is_public
        recheck_everybody()

    def _has_player(self, user: User | None) -> bool:
        """Players removed from the organization keep their name, but see no more than the public does."""
        return user is not None and self.has_member(user) and Player.is_account_of(self.id, user.id)
