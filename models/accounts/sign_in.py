"""Sign-ins: one record per browser in which somebody is signed in."""

from datetime import datetime, timedelta
from functools import cache
from secrets import token_urlsafe

from sqlalchemy import ForeignKey, Select, bindparam, delete, or_, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from extensions import db
from models.accounts import passwords
from models.accounts.audience import recheck_person
from models.accounts.user import User
from models.base import Identified, Model
from models.types import UtcDateTime

# How long a browser keeps the remember-me cookie (Flask-Login's REMEMBER_COOKIE_DURATION).
LONGEST = timedelta(days=365)


class SignIn(Identified, Model):
    """Cookies contain this record's key and not the person's id, so ending the record also voids copied cookies.

    This is the user object of Flask-Login.
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
        """A new sign-in, added to the session; ends this browser's former one. The caller commits.

        The person's ended and expired sign-ins are deleted.
        """
        cls._forget_closed(user, now)
        if instead_of:
            instead_of.end(now)
        own = cls(key=token_urlsafe(18), user=user, began_at=now)
        db.session.add(own)
        return own

    @classmethod
    def named(cls, key: str) -> "SignIn | None":
        """The active sign-in with this key, with its user and their memberships. One statement."""
        return cls._found("key", key)

    @classmethod
    def numbered(cls, number: int) -> "SignIn | None":
        """Like `named`, by id."""
        return cls._found("id", number)

    def end(self, now: datetime) -> None:
        """Signs this browser out; copies of its cookies are void too."""
        self.ended_at = now
        recheck_person(self.user_id)

    @classmethod
    def end_all_of(cls, user: User, now: datetime, besides: "SignIn | None" = None) -> None:
        """Signs the person out everywhere, or everywhere else."""
        for own in db.session.scalars(select(cls).filter_by(user_id=user.id, ended_at=None)):
            if own is not besides:
                own.ended_at = now
        recheck_person(user.id)

    def change_password(self, current: str, password: str, now: datetime) -> bool:
        """Replaces the person's password and signs them out everywhere else; False if `current` is wrong.

        Rolls the current transaction back first, so that none is open while passwords are hashed.
        """
        if User.who_signs_in(self.user.email, current) is None:
            return False
        db.session.rollback()
        password_hash = passwords.hash_password(password)
        self.user.password_hash = password_hash
        self.end_all_of(self.user, now, besides=self)
        return True

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
    """Cached: every request starts with this statement."""
    found = select(SignIn).where(getattr(SignIn, field) == bindparam("value"))
    return found.options(joinedload(SignIn.user).joinedload(User.memberships))
