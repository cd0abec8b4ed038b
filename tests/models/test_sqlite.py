"""SQLite with several concurrent users in one process."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from extensions import db
from models.accounts import Organization


def test_one_who_dawdles_in_a_transaction_fails_nobody(application: Flask) -> None:
    def slow(number: int) -> None:
        with application.app_context():
            db.session.add(Organization(name=f"Клиника {number}", has_clinic=True))
            db.session.flush()
            sleep(0.05)
            db.session.commit()

    with ThreadPoolExecutor(20) as crowd:
        list(crowd.map(slow, range(20)))
    with application.app_context():
        assert db.session.query(Organization).count() == 20


def test_foreign_keys_are_kept(app: Flask) -> None:
    assert db.session.scalar(text("PRAGMA foreign_keys")) == 1


def test_readers_do_not_wait_for_the_journal(app: Flask) -> None:
    assert db.session.scalar(text("PRAGMA journal_mode")) == "wal"


def test_what_fails_leaves_the_gate_open(app: Flask) -> None:
    for _ in range(3):
        try:
            db.session.execute(text("SELECT nonsense"))
        except Exception:  # noqa: BLE001  whatever it raises, the next one must get the lock
            db.session.rollback()
    assert db.session.scalar(text("SELECT 1")) == 1


def test_a_commit_that_fails_leaves_the_gate_open(application: Flask) -> None:
    for _ in range(2):
        with application.app_context():
            db.session.execute(text("PRAGMA defer_foreign_keys=ON"))
            db.session.execute(text("INSERT INTO live_part (topic, part, version) VALUES ('nowhere', 'x', 1)"))
            with pytest.raises(IntegrityError):
                db.session.commit()
            db.session.rollback()
            assert db.session.scalar(text("SELECT count(*) FROM live_part")) == 0


def test_two_transactions_of_one_connection_take_one_turn_each(app: Flask) -> None:
    db.session.remove()
    with db.engine.connect() as connection:
        for number in (1, 2):
            with connection.begin():
                assert connection.scalar(text("SELECT :number"), {"number": number}) == number
    assert db.session.scalar(text("SELECT 1")) == 1
