"""Browsers that asked to be told of somebody's matches."""

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
    """A browser, known by where its push service takes messages for it and by nothing of its person.

    sign_in: whoever was signed in there, for clubs that only their own may see; it goes when that one signs out.
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
    def welcome(cls, said: Subscription, language: Language, sign_in: SignIn | None) -> "Follower":
        """The browser with what is known of it, flushed. Raises Conflict("endpoint") when it comes twice at once."""
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
        """Whoever is still signed in there."""
        return self.sign_in.user if self.sign_in and self.sign_in.is_active else None

    def follows_topic(self, topic: str) -> bool:
        return any(follow.topic == topic for follow in self.follows)

    def follow(self, followed: Club | Player, now: datetime) -> None:
        """From now on this browser is told of their matches, flushed. Raises FollowersFull."""
        if self.follows_topic(followed.topic):
            return
        others = db.session.scalar(select(func.count(Follow.id)).filter_by(topic=followed.topic)) or 0
        if others >= MOST_FOLLOWERS or len(self.follows) >= MOST_FOLLOWED:
            raise FollowersFull
        club = followed if isinstance(followed, Club) else followed.club
        self.follows.append(Follow(topic=followed.topic, club_id=club.id, since=now))
        db.session.flush()

    def leave(self, followed: Club | Player) -> None:
        """Not any more, flushed; a browser that follows nobody is forgotten."""
        self.follows = [follow for follow in self.follows if follow.topic != followed.topic]
        db.session.flush()
        if not self.follows:
            self.forget()

    def forget(self) -> None:
        """Nobody is there any more."""
        db.session.execute(delete(Follower).filter_by(id=self.id))


class Follow(Identified, Model):
    """Who is followed: the topic of a club, or of a player, also of one who turned out to be another since."""

    __tablename__ = "follow"
    __table_args__ = (UniqueConstraint("follower_id", "topic"),)

    follower_id: Mapped[int] = mapped_column(ForeignKey("follower.id", ondelete="CASCADE"))
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"), index=True)
    topic: Mapped[str] = mapped_column(index=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
