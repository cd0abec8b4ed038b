"""User accounts."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from extensions import db
from models.accounts import passwords
from models.accounts.organization import Language
from models.base import Identified, Model
from models.types import UtcDateTime, stored_by_value

if TYPE_CHECKING:
    from models.accounts.membership import Membership

# No password fits it.
NOT_CHOSEN = ""


class User(Identified, Model):
    """An account. Its e-mail is stored in lower case and unique."""

    __tablename__ = "user_account"

    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    language: Mapped[Language | None] = mapped_column(stored_by_value(Language))
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    memberships: Mapped[list["Membership"]] = relationship(back_populates="user", order_by="Membership.id")

    @property
    def is_active(self) -> bool:
        return self.disabled_at is None

    @classmethod
    def register(cls, email: str, name: str, password: str) -> "User":
        """A new account, added to the session; the caller commits."""
        user = cls(email=email.strip().lower(), name=name, password_hash=passwords.hash_password(password))
        db.session.add(user)
        return user

    @classmethod
    def invited(cls, email: str, name: str) -> "User":
        """The account with this e-mail, locked, or a new one whose password is still to be chosen."""
        email = email.strip().lower()
        user = db.session.scalar(select(cls).filter_by(email=email).with_for_update())
        if user is None:
            user = cls(email=email, name=name, password_hash=NOT_CHOSEN)
            db.session.add(user)
        return user

    @property
    def has_password(self) -> bool:
        return self.password_hash != NOT_CHOSEN

    @classmethod
    def who_signs_in(cls, email: str, password: str) -> "User | None":
        """The active account with this e-mail and password, or None; takes equally long for an unknown e-mail.

        Rolls the current transaction back first, so that none is open while the password is checked.
        """
        user = db.session.scalar(select(cls).filter_by(email=email.strip().lower()))
        password_hash = user.password_hash if user else None
        db.session.rollback()
        is_correct = passwords.is_correct(password_hash or passwords.unmatchable_hash(), password)
        return user if user and is_correct and user.is_active else None
