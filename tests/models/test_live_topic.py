"""The outbox: versions increase with commits and only with commits, in one order for all."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from extensions import db
from models.live_topic import (
    Change,
    Outbox,
    begin_snapshot,
    newest_versions,
    next_moments,
    parts_newer_than,
    topic_version,
    touch,
    touch_due_parts,
    touch_later,
)
from tests.support.databases import Database
from tests.support.queries import recorded_queries

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture
def announced(application: Flask) -> list[Change]:
    changes: list[Change] = []
    application.extensions["outbox"] = Outbox(lambda topic, part: {"part": part}, changes.append)
    return changes


def test_a_touched_part_raises_its_topic(database: Database, announced: list[Change], app: Flask) -> None:
    touch("club/1", "history")
    touch("club/1", "section")
    db.session.commit()
    assert topic_version("club/1") == 1
    assert parts_newer_than("club/1", 0) == [("history", 1, None), ("section", 1, None)]
    assert announced == [Change("club/1", 1, {"history": {"part": "history"}, "section": {"part": "section"}}, None)]


def test_only_what_changed_is_newer(database: Database, announced: list[Change], app: Flask) -> None:
    for part in ("history", "section"):
        touch("club/1", part)
        db.session.commit()
    assert parts_newer_than("club/1", 1) == [("section", 2, None)]


def test_what_is_rolled_back_was_never_touched(announced: list[Change], app: Flask) -> None:
    touch("club/1", "history")
    db.session.rollback()
    db.session.commit()
    assert (topic_version("club/1"), announced) == (0, [])


def test_a_savepoint_announces_nothing_by_itself(announced: list[Change], app: Flask) -> None:
    with db.session.begin_nested():
        touch("club/1", "history")
    assert announced == []
    db.session.commit()
    assert [change.version for change in announced] == [1]


def test_a_commit_without_touches_says_nothing(announced: list[Change], app: Flask) -> None:
    db.session.commit()
    assert announced == []


def test_whoever_passes_the_news_on_goes_first_when_the_transaction_is_over(
    announced: list[Change], app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_way: list[tuple[int, bool]] = []

    def others_go(seconds: float) -> None:
        given_way.append((len(announced), db.session().in_transaction()))

    monkeypatch.setattr("models.live_topic.sleep", others_go)
    touch("club/1", "history")
    db.session.rollback()
    db.session.connection()
    db.session.commit()
    assert given_way == []
    for topic in ("match/1", "club/1"):
        touch(topic, "score")
    db.session.commit()
    assert given_way == [(2, False)]


def test_one_commit_raises_each_topic_once(announced: list[Change], app: Flask) -> None:
    for topic in ("match/1", "club/1", "match/1"):
        touch(topic, "score")
    db.session.commit()
    assert [(change.topic, change.version) for change in announced] == [("club/1", 1), ("match/1", 1)]
    assert newest_versions(["club/1", "match/1", "club/2"]) == {"club/1": 1, "match/1": 1}


def test_a_commit_sends_as_much_however_many_topics_and_parts_it_touches(announced: list[Change], app: Flask) -> None:
    def sent(topics: range) -> int:
        for topic in topics:
            for part in ("history", "section"):
                touch(f"club/{topic}", part)
        db.session.connection()
        with recorded_queries(db.engine) as statements:
            db.session.commit()
        return len(statements)

    assert sent(range(1)) == sent(range(9)) == 2
    assert [change.version for change in announced] == [1, 2, *[1] * 8]


def test_a_part_that_will_change_keeps_its_version_until_then(announced: list[Change], app: Flask) -> None:
    touch("club/1", "section")
    db.session.commit()
    touch("club/1", "score/1")
    touch_later("club/1", "section", NOW)
    db.session.commit()
    assert parts_newer_than("club/1", 0) == [("section", 1, NOW), ("score/1", 2, None)]
    assert announced[-1].due_at == NOW


def test_another_touch_does_not_forget_the_moment(announced: list[Change], app: Flask) -> None:
    touch("club/1", "section")
    touch_later("club/1", "section", NOW)
    db.session.commit()
    touch("club/1", "section")
    db.session.commit()
    assert parts_newer_than("club/1", 0) == [("section", 2, NOW)]


@pytest.mark.parametrize("seconds", [[0, 60], [60, 0]])
@pytest.mark.parametrize("at_once", [True, False])
def test_of_two_moments_the_earlier_is_kept(
    database: Database, announced: list[Change], app: Flask, seconds: list[int], at_once: bool
) -> None:
    for second in seconds:
        touch("club/1", "history")
        touch_later("club/1", "section", NOW + timedelta(seconds=second))
        if not at_once:
            db.session.commit()
    db.session.commit()
    assert {part: due_at for part, _, due_at in parts_newer_than("club/1", 0)} == {"section": NOW, "history": None}


def test_what_is_yet_to_change_is_told_to_one_who_knows_all_else(announced: list[Change], app: Flask) -> None:
    touch("club/1", "section")
    touch_later("club/1", "section", NOW)
    touch("club/1", "history")
    db.session.commit()
    assert parts_newer_than("club/1", 1) == [("section", 1, NOW)]


def test_a_moment_that_came_is_claimed_once(database: Database, announced: list[Change], app: Flask) -> None:
    touch("club/1", "section")
    touch_later("club/1", "section", NOW)
    db.session.commit()
    assert touch_due_parts(["club/1"], NOW - timedelta(seconds=1)) == []
    assert touch_due_parts(["club/2"], NOW) == []
    assert touch_due_parts(["club/1"], NOW) == [("club/1", "section")]
    db.session.commit()
    assert touch_due_parts(["club/1"], NOW) == []
    assert parts_newer_than("club/1", 0) == [("section", 2, None)]


def test_thirty_at_once_get_thirty_versions(database: Database, application: Flask, announced: list[Change]) -> None:
    def one(number: int) -> None:
        with application.app_context():
            touch("club/1", f"score/{number}")
            touch("club/2", "history")
            db.session.commit()

    with ThreadPoolExecutor(30) as crowd:
        list(crowd.map(one, range(30)))
    versions = sorted(change.version for change in announced if change.topic == "club/1")
    assert versions == list(range(1, 31))


def test_a_moment_comes_along_with_whatever_is_newer(announced: list[Change], app: Flask) -> None:
    for part in ("section", "history"):
        touch("club/1", part)
        db.session.commit()
    touch_later("club/1", "section", NOW)
    touch("club/1", "score/1")
    db.session.commit()
    assert parts_newer_than("club/1", 2) == [("section", 1, NOW), ("score/1", 3, None)]


def test_the_next_moment_of_each_topic_is_known(database: Database, announced: list[Change], app: Flask) -> None:
    for minutes, topic, part in ((5, "club/1", "section"), (2, "club/1", "history"), (9, "club/2", "section")):
        touch(topic, part)
        touch_later(topic, part, NOW + timedelta(minutes=minutes))
    touch("club/3", "section")
    db.session.commit()
    moments = {"club/1": NOW + timedelta(minutes=2), "club/2": NOW + timedelta(minutes=9)}
    assert next_moments(["club/1", "club/2", "club/3"]) == moments


def test_a_snapshot_shows_one_moment(database: Database, application: Flask, announced: list[Change]) -> None:
    def change() -> None:
        with application.app_context():
            touch("club/1", "section")
            db.session.commit()

    with ThreadPoolExecutor() as others:
        with application.app_context():
            begin_snapshot()
            assert topic_version("club/1") == 0
            changing = others.submit(change)
            if db.engine.dialect.name == "postgresql":  # on SQLite it waits for our transaction
                changing.result()
            assert parts_newer_than("club/1", 0) == []
        changing.result()
        with application.app_context():
            assert topic_version("club/1") == 1
