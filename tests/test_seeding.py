"""`flask seed` fills an empty database with demo data, and only an empty one."""

from datetime import timedelta

from flask import Flask

from extensions import db
from models.accounts import User
from models.base import utc_now
from models.club import Match
from seeds.people import ACCOUNTS
from tests.support.people import person


def test_it_refuses_a_database_that_holds_anybody(app: Flask) -> None:
    person("Timur")
    db.session.commit()
    result = app.test_cli_runner().invoke(args=["seed"])
    assert result.exit_code == 1
    assert "not empty" in result.output
    assert db.session.query(User).count() == 1


def test_it_fills_an_empty_one_and_then_refuses(application: Flask) -> None:
    runner = application.test_cli_runner()
    assert [runner.invoke(args=["seed"]).exit_code for _ in range(2)] == [0, 1]
    with application.app_context():
        assert {user.email for user in db.session.query(User)} == set(ACCOUNTS)
        assert Match.forgotten(utc_now() + timedelta(hours=7)) == []
