"""The players of a club."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, Select, func, select, tuple_
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from extensions import db
from models.accounts import Membership, User
from models.accounts.audience import recheck_person
from models.base import Identified, Model
from models.club.player_deed import PlayerChange, PlayerDeed
from models.errors import Conflict, flush
from rules.names import search_key, sort_key

if TYPE_CHECKING:
    from models.club.club import Club

ONE_NAME, ONE_ACCOUNT = "uq_player_club_id_name_key", "uq_player_club_id_user_id"
FIELDS = {ONE_NAME: "name", ONE_ACCOUNT: "user_id"}
# Limits the length of index entries.
KEY_LENGTH, SORTED_LENGTH = 200, 100
MOST_FRAGMENTS = 8


class Player(Identified, Model):
    """A player of the club, with or without an account. Names are unique within a club.

    Hidden players are no longer offered. A player merged into another has `merged_into` and no name_key: the record
    stays only so that its old addresses redirect.
    """

    __tablename__ = "player"
    __table_args__ = (
        Index(ONE_NAME, "club_id", "name_key", unique=True),
        Index(ONE_ACCOUNT, "club_id", "user_id", unique=True),
        Index("ix_player_club_id_sort_key", "club_id", "sort_key"),
    )

    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"), index=True)
    name: Mapped[str]
    name_key: Mapped[str | None]
    sort_key: Mapped[str]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    is_hidden: Mapped[bool] = mapped_column(default=False)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("player.id"))

    club: Mapped["Club"] = relationship(back_populates="players")
    user: Mapped[User | None] = relationship()

    @property
    def topic(self) -> str:
        """The topic of followers who want to hear of the player's matches."""
        return f"player/{self.id}"

    @validates("name")
    def _named(self, _column: str, name: str) -> str:
        self.name_key, self.sort_key = name_key(name), sort_key(name[:SORTED_LENGTH])
        return name

    @classmethod
    def of(cls, club_id: int) -> Select["Player"]:
        """The club's players in alphabetical order, including hidden ones but not those merged into another."""
        return select(cls).filter_by(club_id=club_id, merged_into_id=None).order_by(cls.sort_key, cls.id)

    @classmethod
    def matching(cls, club_id: int, fragments: str) -> Select["Player"]:
        """Players who are not hidden and whose name contains each of the first few typed words, in any order."""
        found = cls.of(club_id).filter_by(is_hidden=False)
        keys = search_key(fragments).split()[:MOST_FRAGMENTS]
        return found.where(*(cls.name_key.contains(key, autoescape=True) for key in keys))

    @classmethod
    def called(cls, club_id: int, name: str) -> "Player | None":
        """The player with this name, hidden or not, whichever letters it is typed with («Қ» or «К»)."""
        return db.session.scalar(cls.of(club_id).filter_by(name_key=name_key(name)))

    @classmethod
    def numbered(cls, club_id: int, numbers: Sequence[int]) -> Select["Player"]:
        """The club's players among these ids."""
        return cls.of(club_id).where(cls.id.in_(numbers))

    @classmethod
    def page(cls, chosen: Select["Player"], after: int | None, limit: int) -> "list[Player]":
        """At most `limit` of a selection such as `of`, following the player with id `after`. One keyset query."""
        if after is not None:
            last = select(cls.sort_key, cls.id).filter_by(id=after)
            chosen = chosen.where(tuple_(cls.sort_key, cls.id) > last.scalar_subquery())
        return list(db.session.scalars(chosen.limit(limit)))

    @classmethod
    def count(cls, club_id: int) -> int:
        """The number of players who are not hidden."""
        offered = select(func.count(cls.id)).filter_by(club_id=club_id, merged_into_id=None, is_hidden=False)
        return db.session.scalar(offered) or 0

    @classmethod
    def is_account_of(cls, club_id: int, user_id: int) -> bool:
        """Whether a player of this club signs in with this account."""
        own = select(cls.id).filter_by(club_id=club_id, user_id=user_id).limit(1)
        return db.session.scalar(own) is not None

    @classmethod
    def enrol(cls, club_id: int, name: str) -> "Player":
        """Creates a player and flushes. Raises Conflict("name") when the name is taken."""
        player = cls(club_id=club_id, name=name)
        db.session.add(player)
        flush(FIELDS)
        return player

    @classmethod
    def find_or_enrol(cls, club_id: int, name: str) -> "Player":
        """The player with this name, unhidden if necessary, or a new one. Raises what enrol raises."""
        known = cls.called(club_id, name)
        if known is None:
            return cls.enrol(club_id, name)
        known.is_hidden = False
        return known

    def revise(self, name: str, is_hidden: bool, actor: User, now: datetime) -> None:
        """Changes the record and flushes; matches keep the names they were played with. Raises Conflict("name")."""
        if name != self.name:
            self.name = name
        if is_hidden != self.is_hidden:
            PlayerDeed.note(PlayerChange.HIDDEN if is_hidden else PlayerChange.OFFERED, self, actor, now)
        self.is_hidden = is_hidden
        flush(FIELDS)

    def sign_in_with(self, user_id: int | None) -> None:
        """Links the account of a member of the club, or none: a player with an account may score their own matches.

        Raises Conflict("user_id") for an account of a non-member or of another player.
        """
        if user_id == self.user_id:
            return
        if user_id and not self._is_member(user_id):
            raise Conflict("user_id")
        if self.user_id:
            recheck_person(self.user_id)
        self.user_id = user_id
        flush(FIELDS)

    def _is_member(self, user_id: int) -> bool:
        place = select(Membership.id).filter_by(organization_id=self.club.organization_id, user_id=user_id)
        return db.session.scalar(place) is not None


def name_key(name: str) -> str:
    """The key by which names are compared and searched; a name without any letters is its own key."""
    return (search_key(name) or name.casefold())[:KEY_LENGTH]
