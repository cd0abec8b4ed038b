"""A pass for somebody without an account to one topic, by a secret link or by a short code to type."""

import hmac
from base64 import urlsafe_b64encode
from datetime import datetime
from secrets import token_hex

from flask import current_app
from sqlalchemy import ColumnElement, ForeignKey, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from extensions import db
from models.accounts.audience import recheck_guests
from models.accounts.user import User
from models.base import Identified, Model
from models.types import UtcDateTime

SEED_BYTES = 16
TOKEN_BYTES = 18
CODE_DIGITS = 8


class GuestPass(Identified, Model):
    """Whoever presents its token or code may do with the topic's record what that record allows a guest.

    The database stores only keyed hashes of both. They are derived from the application's key and `seed`, so that the
    pass can be shown again to those who may issue it.
    """

    __tablename__ = "guest_pass"

    topic: Mapped[str] = mapped_column(index=True)
    seed: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    code_hash: Mapped[str] = mapped_column(index=True)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    made_by: Mapped[User] = relationship()

    @property
    def token(self) -> str:
        """The secret in the link."""
        return urlsafe_b64encode(_keyed("token", self.seed)[:TOKEN_BYTES]).decode()

    @property
    def code(self) -> str:
        """The code to type: CODE_DIGITS digits, which every phone's keyboard has."""
        return f"{int.from_bytes(_keyed('code', self.seed)) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"

    @classmethod
    def with_token(cls, token: str, now: datetime) -> "GuestPass | None":
        """The pass with this token, if it is still valid."""
        return db.session.scalar(select(cls).where(cls.token_hash == _hash(token), cls._is_open(now)))

    @classmethod
    def with_code(cls, code: str, now: datetime) -> "GuestPass | None":
        """The pass with this code, if it is still valid."""
        return db.session.scalar(select(cls).where(cls.code_hash == _hash(code), cls._is_open(now)))

    @classmethod
    def numbered(cls, number: int, now: datetime) -> "GuestPass | None":
        """The pass with this id, if it is still valid."""
        return db.session.scalar(select(cls).where(cls.id == number, cls._is_open(now)))

    @classmethod
    def to(cls, topic: str, now: datetime) -> "GuestPass | None":
        """The valid pass to this topic; there is at most one."""
        return db.session.scalar(select(cls).where(cls.topic == topic, cls._is_open(now)))

    @classmethod
    def give(cls, topic: str, actor: User, now: datetime) -> "GuestPass":
        """Issues a new pass, flushed; any former pass to the topic ends."""
        cls.end(topic, now)
        own = cls(topic=topic, seed=token_hex(SEED_BYTES), made_by=actor, made_at=now)
        while cls.with_code(own.code, now):
            own.seed = token_hex(SEED_BYTES)
        own.token_hash, own.code_hash = _hash(own.token), _hash(own.code)
        db.session.add(own)
        db.session.flush()
        return own

    @classmethod
    def end(cls, topic: str, at: datetime) -> None:
        """Ends the topic's pass at that time, also for streams that are open."""
        ended = update(cls).where(cls.topic == topic, cls._is_open(at)).values(ends_at=at).returning(cls.id)
        if db.session.scalars(ended).all():
            recheck_guests(topic, at)

    @classmethod
    def go_on(cls, topic: str, now: datetime) -> None:
        """Cancels an end that was scheduled and has not come yet."""
        db.session.execute(update(cls).where(cls.topic == topic, cls.ends_at > now).values(ends_at=None))

    @classmethod
    def _is_open(cls, at: datetime) -> ColumnElement[bool]:
        return or_(cls.ends_at.is_(None), cls.ends_at > at)


def _keyed(use: str, text: str) -> bytes:
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.digest(key, f"{use}: {text}".encode(), "sha256")


def _hash(secret: str) -> str:
    return _keyed("hash", secret).hex()
