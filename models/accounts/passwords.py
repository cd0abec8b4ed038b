"""Argon2id password hashes, computed in a thread, since one takes a tenth of a second of CPU time."""

from functools import cache
from secrets import token_hex

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from flask import current_app

from models.threads import in_thread

STRONG = PasswordHasher()
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def hash_password(password: str) -> str:
    """The argon2id hash to store."""
    hasher = _hasher()
    return in_thread(lambda: hasher.hash(password))


def is_correct(password_hash: str, password: str) -> bool:
    """Whether the password matches the hash; False for a malformed hash."""
    hasher = _hasher()
    return in_thread(lambda: _verify(hasher, password_hash, password))


def unmatchable_hash() -> str:
    """A hash that no password matches, as expensive to check as a real one."""
    hasher = _hasher()
    return in_thread(lambda: _unmatchable(hasher))


@cache
def _unmatchable(hasher: PasswordHasher) -> str:
    return hasher.hash(token_hex())


def _hasher() -> PasswordHasher:
    return STRONG if current_app.config["PASSWORD_COST"] == "strong" else CHEAP


def _verify(hasher: PasswordHasher, password_hash: str, password: str) -> bool:
    """Catches the exceptions inside the thread, because gevent prints any that leave its threads."""
    try:
        return hasher.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
