"""One-time links by which people choose a password: a new colleague's first one, or another for a forgotten one."""

from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from extensions import db
from models.accounts import passwords
from models.accounts.sign_in import SignIn
from models.accounts.user import User
from models.base import Identified, Model
from models.errors import Stale
from models.types import UtcDateTime

CODE_BYTES = 24
VALID_FOR = timedelta(days=7)


class PasswordLink(Identified, Model):
    """Whoever knows the code may choose the person's password, once. The database stores only a hash of the code."""

    __tablename__ = "password_link"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), unique=True)
    code_hash: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship()

    @classmethod
    def open(cls, user: User, now: datetime) -> str:
        """Creates a link and returns its code; the person's former link stops working. The caller commits."""
        cls.revoke(user)
        code = token_urlsafe(CODE_BYTES)
        db.session.add(cls(user=user, code_hash=_hash(code), expires_at=now + VALID_FOR))
        db.session.flush()
        return code

    @classmethod
    def revoke(cls, user: User) -> None:
        """The person's link stops working."""
        db.session.execute(delete(cls).filter_by(user_id=user.id))

    @classmethod
    def with_code(cls, code: str, now: datetime) -> "PasswordLink | None":
        """The link with this code, unless it was used, replaced, is too old, or its account is disabled."""
        found = select(cls).join(cls.user).where(cls.code_hash == _hash(code), cls.expires_at > now)
        return db.session.scalar(found.where(User.disabled_at.is_(None)).with_for_update(of=cls))

    @classmethod
    def use(cls, code: str, password: str, now: datetime) -> User:
        """Sets the password, signs the person out everywhere and uses the link up. Raises Stale if it is gone.

        Rolls the current transaction back first, so that none is open while the password is hashed.
        """
        db.session.rollback()
        password_hash = passwords.hash_password(password)
        link = cls.with_code(code, now)
        if link is None:
            raise Stale
        link.user.password_hash = password_hash
        SignIn.end_all_of(link.user, now)
        db.session.delete(link)
        return link.user


def _hash(code: str) -> str:
    """A plain digest is enough: the code is random and long, so nobody can guess it from its hash."""
    return sha256(code.encode()).hexdigest()
