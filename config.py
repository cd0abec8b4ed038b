"""The environment, read once into typed settings. An invalid value stops the start with a message that names it."""

from base64 import urlsafe_b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent
Value = TypeVar("Value")
# For the curve P-256: the private number, and the uncompressed public point.
PUSH_KEY_BYTES, PUSH_PUBLIC_KEY_BYTES = 32, 65


class BadSetting(ValueError):
    """A setting is missing or invalid; the message names the variable and the accepted values."""


@dataclass(frozen=True)
class Settings:
    """Everything the environment decides; README lists each variable."""

    secret_key: str
    database_url: str = f"sqlite:///{ROOT / 'var' / 'tablo.db'}"
    redis_url: str = ""
    live: bool = True
    demo_password: str = "tablo-demo"
    log_format: str = "words"
    secure_cookies: bool = False
    password_cost: str = "strong"
    sign_in_limit: str = "10 per minute"
    trusted_proxies: int = 0
    processes: int = 1
    live_streams: int = 15_000
    live_connects_per_second: int = 15_000
    mail_url: str = ""
    mail_from: str = ""
    sms_url: str = ""
    sms_token: str = ""
    push_key: str = ""
    push_public_key: str = ""
    push_contact: str = ""
    push_anywhere: bool = False

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Reads the settings; raises BadSetting for an invalid value."""
        defaults = cls(secret_key="-")
        return cls(
            secret_key=_secret_key(environment),
            database_url=_database_url(environment.get("DATABASE_URL") or defaults.database_url),
            redis_url=environment.get("REDIS_URL", ""),
            live=_one_of(environment, "LIVE", {"on": True, "off": False}, "on"),
            demo_password=environment.get("TABLO_DEMO_PASSWORD") or defaults.demo_password,
            log_format=_one_of(environment, "LOG_FORMAT", {"words": "words", "json": "json"}, "words"),
            secure_cookies=_one_of(environment, "SECURE_COOKIES", {"on": True, "off": False}, "off"),
            password_cost=_one_of(environment, "PASSWORD_COST", {"strong": "strong", "cheap": "cheap"}, "strong"),
            sign_in_limit=environment.get("SIGN_IN_LIMIT") or defaults.sign_in_limit,
            trusted_proxies=_whole_number(environment, "TRUSTED_PROXIES", 0),
            processes=_whole_number(environment, "WEB_CONCURRENCY", 1),
            live_streams=_counting_number(environment, "LIVE_STREAMS", defaults.live_streams),
            live_connects_per_second=_counting_number(
                environment, "LIVE_CONNECTS_PER_SECOND", defaults.live_connects_per_second
            ),
            mail_url=_carrier(environment, "MAIL_URL", ("smtps", "smtp", "file")),
            mail_from=_mail_from(environment),
            sms_url=_carrier(environment, "SMS_URL", ("https", "http", "file")),
            sms_token=environment.get("SMS_TOKEN", ""),
            push_key=_push_key(environment, "PUSH_KEY", PUSH_KEY_BYTES),
            push_public_key=_push_key(environment, "PUSH_PUBLIC_KEY", PUSH_PUBLIC_KEY_BYTES),
            push_contact=_push_contact(environment),
            push_anywhere=_one_of(environment, "PUSH_ENDPOINTS", {"public": False, "any": True}, "public"),
        )


def _secret_key(environment: Mapping[str, str]) -> str:
    key = environment.get("SECRET_KEY", "")
    if not key and environment.get("SECRET_KEY_FILE"):
        path = Path(environment["SECRET_KEY_FILE"])
        if not path.is_file():
            raise BadSetting(f"SECRET_KEY_FILE names {path}, which is not there: `make run` makes one")
        key = path.read_text().strip()
    if len(key) < 32:
        raise BadSetting("SECRET_KEY (or SECRET_KEY_FILE) must hold at least 32 characters, kept secret and kept")
    return key


def _database_url(url: str) -> str:
    """Accepts the short form that hosting services provide, and always names our PostgreSQL driver."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    if not url.startswith(("sqlite://", "postgresql+psycopg://")):
        raise BadSetting("DATABASE_URL must begin with sqlite:/// or postgresql://")
    return url


def _carrier(environment: Mapping[str, str], name: str, schemes: Sequence[str]) -> str:
    url = environment.get(name, "")
    if url and urlsplit(url).scheme not in schemes:
        raise BadSetting(f"{name} must begin with {', '.join(f'{scheme}:' for scheme in schemes)}")
    return url


def _mail_from(environment: Mapping[str, str]) -> str:
    address = environment.get("MAIL_FROM", "")
    if environment.get("MAIL_URL", "").startswith("smtp") and "@" not in address:
        raise BadSetting("MAIL_FROM must be the mail address that MAIL_URL sends from")
    return address


def _push_key(environment: Mapping[str, str], name: str, length: int) -> str:
    key = environment.get(name, "")
    try:
        is_key = len(urlsafe_b64decode(key + "=" * (-len(key) % 4))) == length
    except ValueError:
        is_key = False
    if key and not is_key:
        raise BadSetting(f"{name} must be a key that `flask push key` has made")
    return key


def _push_contact(environment: Mapping[str, str]) -> str:
    contact = environment.get("PUSH_CONTACT", "")
    if environment.get("PUSH_KEY") and not contact.startswith(("mailto:", "https://")):
        raise BadSetting("PUSH_CONTACT must be mailto:… or https://…, where a push service reaches whoever runs Tablo")
    return contact


def _one_of(environment: Mapping[str, str], name: str, values: Mapping[str, Value], default: str) -> Value:
    given = environment.get(name) or default
    if given not in values:
        raise BadSetting(f"{name} must be one of {', '.join(values)}; it is {given!r}")
    return values[given]


def _counting_number(environment: Mapping[str, str], name: str, default: int) -> int:
    number = _whole_number(environment, name, default)
    if number == 0:
        raise BadSetting(f"{name} must be at least 1; LIVE=off is the way to have no streams")
    return number


def _whole_number(environment: Mapping[str, str], name: str, default: int) -> int:
    given = environment.get(name) or str(default)
    if not given.isascii() or not given.isdigit():
        raise BadSetting(f"{name} must be a whole number; it is {given!r}")
    return int(given)
