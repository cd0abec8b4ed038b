"""Argon2 in a thread of its own, since one check holds a processor for a tenth of a second."""

from functools import cache
from secrets import token_hex

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from flask import current_app

from models.aside import aside

STRONG = PasswordHasher()
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def hashed(password: str) -> str:
    """The argon2id hash to store."""
    hasher = _hasher()
    return aside(lambda: hasher.hash(password))


def fits(password_hash: str, password: str) -> bool:
    """Whether the password belongs to the hash; False for a hash that is none."""
    hasher = _hasher()
    return aside(lambda: _verified(hasher, password_hash, password))


def nobody() -> str:
    """A hash that no password fits, as dear to check as a real one."""
    return _unknown(_hasher())


@cache
def _unknown(hasher: PasswordHasher) -> str:
    return hasher.hash(token_hex())


def _hasher() -> PasswordHasher:
    return STRONG if current_app.config["PASSWORD_COST"] == "strong" else CHEAP


def _verified(hasher: PasswordHasher, password_hash: str, password: str) -> bool:
    """Caught here and not outside: gevent prints whatever leaves its threads, and a wrong password is no fault."""
    try:
        return hasher.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
