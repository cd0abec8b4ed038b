"""A browser in which somebody is signed in."""

from datetime import datetime, timedelta
from functools import cache
from secrets import token_urlsafe

from sqlalchemy import ForeignKey, Select, bindparam, delete, or_, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from extensions import db
from models.accounts.audience import doubt_person
from models.accounts.user import User
from models.base import Identified, Model
from models.types import UtcDateTime

# As long as a browser keeps the cookie of one who asked not to be signed out (Flask-Login's REMEMBER_COOKIE_DURATION).
LONGEST = timedelta(days=365)


class SignIn(Identified, Model):
    """Cookies name this record by its key and never the person, so ending it ends them, whoever kept a copy.

    Flask-Login takes it for its user.
    """

    __tablename__ = "sign_in"

    key: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship()

    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        return self.ended_at is None and self.user.is_active

    def get_id(self) -> str:
        return self.key

    @classmethod
    def begin(cls, user: User, now: datetime, instead_of: "SignIn | None" = None) -> "SignIn":
        """A new one, added to the session; ends the one that this browser had before. The caller commits.

        The person's records that open nothing any more are deleted.
        """
        cls._forget_closed(user, now)
        if instead_of:
            instead_of.end(now)
        own = cls(key=token_urlsafe(18), user=user, began_at=now)
        db.session.add(own)
        return own

    @classmethod
    def named(cls, key: str) -> "SignIn | None":
        """The one that a cookie names, with its person and their places, if it still opens anything. One query."""
        return cls._found("key", key)

    @classmethod
    def numbered(cls, number: int) -> "SignIn | None":
        """As named, by the record's own number."""
        return cls._found("id", number)

    def end(self, now: datetime) -> None:
        """This browser is signed out, also where its cookies were copied to."""
        self.ended_at = now
        doubt_person(self.user_id)

    @classmethod
    def end_all_of(cls, user: User, now: datetime) -> None:
        """The person is signed out everywhere."""
        for own in db.session.scalars(select(cls).filter_by(user_id=user.id, ended_at=None)):
            own.ended_at = now
        doubt_person(user.id)

    @classmethod
    def _forget_closed(cls, user: User, now: datetime) -> None:
        is_closed = or_(cls.ended_at.is_not(None), cls.began_at < now - LONGEST)
        db.session.execute(delete(cls).where(cls.user_id == user.id, is_closed))

    @classmethod
    def _found(cls, field: str, value: object) -> "SignIn | None":
        own = db.session.scalars(_by(field), {"value": value}).unique().one_or_none()
        return own if own and own.is_active else None


@cache
def _by(field: str) -> Select[SignIn]:
    """Put together once: every request begins with it."""
    found = select(SignIn).where(getattr(SignIn, field) == bindparam("value"))
    return found.options(joinedload(SignIn.user).joinedload(User.memberships))
