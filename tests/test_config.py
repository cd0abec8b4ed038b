"""Settings: read once, and a bad value fails at start."""

from pathlib import Path

import pytest

from config import BadSetting, Settings

KEY = "k" * 32


def settings(**environment: str) -> Settings:
    return Settings.from_environment({"SECRET_KEY": KEY, **environment})


def test_a_key_is_all_that_must_be_given() -> None:
    assert settings().database_url.startswith("sqlite:///")


def test_the_key_may_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(KEY + "\n")
    assert Settings.from_environment({"SECRET_KEY_FILE": str(tmp_path / "key")}).secret_key == KEY


@pytest.mark.parametrize("url", ["postgres://db/tablo", "postgresql://db/tablo", "postgresql+psycopg://db/tablo"])
def test_every_way_to_write_postgresql_names_our_driver(url: str) -> None:
    assert settings(DATABASE_URL=url).database_url == "postgresql+psycopg://db/tablo"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("DATABASE_URL", "mysql://db/tablo"),
        ("LIVE", "yes"),
        ("LOG_FORMAT", "xml"),
        ("SECURE_COOKIES", "1"),
        ("PASSWORD_COST", "free"),
        ("TRUSTED_PROXIES", "-1"),
        ("WEB_CONCURRENCY", "many"),
        ("LIVE_STREAMS", "0"),
        ("LIVE_STREAMS", "plenty"),
        ("LIVE_CONNECTS_PER_SECOND", "0"),
        ("LIVE_CONNECTS_PER_SECOND", "0.5"),
        ("MAIL_URL", "mail.tablo.example"),
        ("SMS_URL", "ftp://gateway.example"),
        ("PUSH_KEY", "a secret"),
        ("PUSH_PUBLIC_KEY", "ж" * 87),
        ("PUSH_ENDPOINTS", "private"),
    ],
)
def test_a_bad_value_stops_the_start_and_is_named(name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=name):
        settings(**{name: value})


def test_mail_needs_an_address_to_come_from() -> None:
    with pytest.raises(BadSetting, match="MAIL_FROM"):
        settings(MAIL_URL="smtps://mail.tablo.example", MAIL_FROM="nobody")


def test_who_pushes_says_who_they_are() -> None:
    with pytest.raises(BadSetting, match="PUSH_CONTACT"):
        settings(PUSH_KEY="A" * 43)


def test_a_key_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="nothing-here"):
        Settings.from_environment({"SECRET_KEY_FILE": str(tmp_path / "nothing-here")})


def test_no_key_is_made_up() -> None:
    with pytest.raises(BadSetting, match="SECRET_KEY"):
        Settings.from_environment({})
