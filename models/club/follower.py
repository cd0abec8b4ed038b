"""Browsers that subscribed to notices about somebody's matches."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from extensions import db
from models.accounts import Language, SignIn, User
from models.base import Identified, Model
from models.club.club import Club
from models.club.player import Player
from models.club.refusals import FollowersFull
from models.errors import flush
from models.types import UtcDateTime, stored_by_value
from rules.subscription import Subscription

MOST_FOLLOWERS = 2_000
MOST_FOLLOWED = 100


class Follower(Identified, Model):
    """A browser, identified by its push endpoint and by nothing about its owner.

    sign_in: the session in that browser, for clubs that only members may see; removed when that user signs out.
    """

    __tablename__ = "follower"

    endpoint: Mapped[str] = mapped_column(unique=True)
    public_key: Mapped[str]
    secret: Mapped[str]
    language: Mapped[Language] = mapped_column(stored_by_value(Language))
    sign_in_id: Mapped[int | None] = mapped_column(ForeignKey("sign_in.id", ondelete="SET NULL"), index=True)

    sign_in: Mapped[SignIn | None] = relationship()
    follows: Mapped[list["Follow"]] = relationship(cascade="all, delete-orphan", passive_deletes=True)

    @classmethod
    def at(cls, endpoint: str) -> "Follower | None":
        return db.session.scalar(select(cls).filter_by(endpoint=endpoint))

    @classmethod
    def register(cls, said: Subscription, language: Language, sign_in: SignIn | None) -> "Follower":
        """The browser's record, created or updated, and flushed. Raises Conflict("endpoint") on a concurrent insert."""
        known = cls.at(said.endpoint) or cls(endpoint=said.endpoint)
        known.public_key, known.secret = said.public_key, said.secret
        known.language, known.sign_in = language, sign_in
        db.session.add(known)
        flush({"uq_follower_endpoint": "endpoint"})
        return known

    @property
    def subscription(self) -> Subscription:
        return Subscription(self.endpoint, self.public_key, self.secret)

    @property
    def person(self) -> User | None:
        """The user who is still signed in there."""
        return self.sign_in.user if self.sign_in and self.sign_in.is_active else None

    def follows_topic(self, topic: str) -> bool:
        return any(follow.topic == topic for follow in self.follows)

    def follow(self, followed: Club | Player, now: datetime) -> None:
        """Subscribes this browser to their matches and flushes. Raises FollowersFull."""
        if self.follows_topic(followed.topic):
            return
        others = db.session.scalar(select(func.count(Follow.id)).filter_by(topic=followed.topic)) or 0
        if others >= MOST_FOLLOWERS or len(self.follows) >= MOST_FOLLOWED:
            raise FollowersFull
        club = followed if isinstance(followed, Club) else followed.club
        self.follows.append(Follow(topic=followed.topic, club_id=club.id, since=now))
        db.session.flush()

    def leave(self, followed: Club | Player) -> None:
        """Unsubscribes and flushes; a browser that follows nothing is deleted."""
        self.follows = [follow for follow in self.follows if follow.topic != followed.topic]
        db.session.flush()
        if not self.follows:
            self.forget()

    def forget(self) -> None:
        """Deletes a browser that no longer exists."""
        db.session.execute(delete(Follower).filter_by(id=self.id))


class Follow(Identified, Model):
    """One subscription: the topic of a club or a player, including players merged into another since."""

    __tablename__ = "follow"
    __table_args__ = (UniqueConstraint("follower_id", "topic"),)

    follower_id: Mapped[int] = mapped_column(ForeignKey("follower.id", ondelete="CASCADE"))
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"), index=True)
    topic: Mapped[str] = mapped_column(index=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
