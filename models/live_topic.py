"""The transactional outbox: which parts of which topics a transaction changed, and the version that orders changes.

A topic is what one page watches, a part is one fragment of it (docs/live.md). Verbs call `touch`; a session hook raises
the topic's version in the same transaction; after the commit the change is passed on to be announced.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from operator import itemgetter
from time import sleep
from typing import Any

from flask import current_app
from sqlalchemy import Executable, ForeignKey, case, event, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from extensions import db
from models.base import Model
from models.types import UtcDateTime
from models.upsert import insert_for

State = dict[str, Any]


class LiveTopic(Model):
    """The newest version of one topic; the row lock makes version order equal commit order."""

    __tablename__ = "live_topic"

    key: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]


class LivePart(Model):
    """The version at which a part last changed, and when it will next change by itself."""

    __tablename__ = "live_part"

    topic: Mapped[str] = mapped_column(ForeignKey("live_topic.key"), primary_key=True)
    part: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)


@dataclass(frozen=True)
class Change:
    """One committed change of one topic.

    parts: each touched part with its new state, or with None where the topic is private;
    due_at: when the first of these parts will change by itself, if ever.
    """

    topic: str
    version: int
    parts: dict[str, State | None]
    due_at: datetime | None


def touch(topic: str, part: str) -> None:
    """Records that this transaction changes a part of a topic."""
    _noted(topic).parts.add(part)


def touch_later(topic: str, part: str, due_at: datetime) -> None:
    """Schedules a part to be touched at this time, durably: some process will do it, even if this one dies.

    Of several times the earliest is kept; the following one is set when it is due (TopicKind.next_change). Call it in a
    transaction that also touches the topic, since only such transactions are announced.
    """
    due = _noted(topic).due
    due[part] = min(due_at, due.get(part, due_at))


def touch_scheduled(prefix: str, since: datetime) -> None:
    """Touches what has been due to change by itself since then, or will be, in topics with this prefix; one statement.

    What is on a screen is among it, as the first listener schedules every part that depends on the date.
    """
    scheduled = select(LivePart.topic, LivePart.part).where(LivePart.topic.startswith(prefix, autoescape=True))
    for topic, part in db.session.execute(scheduled.where(LivePart.due_at > since)):
        touch(topic, part)


def touched_parts(topic: str) -> set[str]:
    """The parts of the topic that this transaction changes: a response that renders them equals the push."""
    touched: dict[str, _Noted] = db.session.info.get("touched", {})
    return set(touched[topic].parts) if topic in touched else set()


def topic_version(topic: str) -> int:
    """The topic's newest version, 0 if it never changed. Read it before the page's data."""
    return db.session.scalar(select(LiveTopic.version).filter_by(key=topic)) or 0


def newest_versions(topics: Collection[str]) -> dict[str, int]:
    """The versions of these topics, without those that never changed."""
    rows = db.session.execute(select(LiveTopic.key, LiveTopic.version).where(LiveTopic.key.in_(topics)))
    return {row.key: row.version for row in rows}


def parts_newer_than(topic: str, version: int) -> list[tuple[str, int, datetime | None]]:
    """(part, version, due_at) of every part that changed after this version or has a due time, oldest first.

    Due times are always included, since one may be set without a change of its part. One statement.
    """
    rows = select(LivePart.part, LivePart.version, LivePart.due_at)
    rows = rows.where(LivePart.topic == topic, or_(LivePart.version > version, LivePart.due_at.is_not(None)))
    return [(part, changed_at, due) for part, changed_at, due in db.session.execute(rows.order_by(LivePart.version))]


def next_moments(topics: Collection[str]) -> dict[str, datetime]:
    """When the next part of each of these topics is due, without topics that have no due part."""
    moments = select(LivePart.topic, func.min(LivePart.due_at)).where(LivePart.topic.in_(topics))
    moments = moments.where(LivePart.due_at.is_not(None)).group_by(LivePart.topic)
    return {topic: due_at for topic, due_at in db.session.execute(moments) if due_at}


def schedule(topic: str, moments: dict[str, datetime]) -> None:
    """Sets due times of parts, unless they have earlier ones. Nothing changes by this: no version is raised."""
    statements = _statements(db.engine.dialect.name)
    place = {"topic": topic, "version": 0}
    db.session.execute(statements.know_topic, {"key": topic, "version": 0})
    _write(
        db.session(), statements.expect_parts, [place | {"part": part, "due_at": due} for part, due in moments.items()]
    )


def begin_snapshot() -> None:
    """Makes this transaction read one consistent snapshot; call it before the first statement.

    On SQLite every transaction does so anyway.
    """
    if db.engine.dialect.name == "postgresql":
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def touch_due_parts(topics: Collection[str], now: datetime) -> list[tuple[str, str]]:
    """Touches the parts that are due and returns them as (topic, part); the caller commits.

    Of several processes only the first to clear the due time does it; the others find nothing.
    """
    # Locks topics before parts, in the same order as every commit, to avoid deadlocks.
    locked = select(LiveTopic.key).where(LiveTopic.key.in_(topics)).order_by(LiveTopic.key).with_for_update()
    db.session.execute(locked)
    claim = (
        update(LivePart)
        .where(LivePart.topic.in_(topics), LivePart.due_at <= now)
        .values(due_at=None)
        .returning(LivePart.topic, LivePart.part)
    )
    claimed = [(topic, part) for topic, part in db.session.execute(claim)]
    for topic, part in claimed:
        touch(topic, part)
    return claimed


def connect_outbox() -> None:
    """Attaches the outbox to the session, once per process; it uses `current_app.extensions["outbox"]`."""
    if not event.contains(db.session, "before_commit", _bump_touched):
        event.listen(db.session, "before_commit", _bump_touched)
        event.listen(db.session, "after_commit", _announce)
        event.listen(db.session, "after_transaction_end", _give_way)
        event.listen(db.session, "after_soft_rollback", _forget)


@dataclass(frozen=True)
class Outbox:
    """state_of(topic, part): the state of a public part, None for a private one; announce: called after the commit."""

    state_of: Callable[[str, str], State | None]
    announce: Callable[[Change], None]


@dataclass
class _Noted:
    """What one transaction has recorded for one topic so far."""

    parts: set[str] = field(default_factory=set)
    due: dict[str, datetime] = field(default_factory=dict)


def _noted(topic: str) -> _Noted:
    if not db.session().in_transaction():
        db.session.begin()  # otherwise a rollback before the first statement would not reach `_forget`
    noted: dict[str, _Noted] = db.session.info.setdefault("touched", {})
    return noted.setdefault(topic, _Noted())


def _bump_touched(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    touched: dict[str, _Noted] = session.info.pop("touched", {})
    session.info["changes"] = _bumped(session, touched) if touched else []


def _bumped(session: Session, touched: dict[str, _Noted]) -> list[Change]:
    """Raises the versions, stamps the parts, and then, still under the topics' locks, reads their states."""
    outbox: Outbox = current_app.extensions["outbox"]
    versions = _raised(session, sorted(touched))
    _stamp(session, touched, versions)
    changes = []
    for topic, noted in sorted(touched.items()):
        states = {part: outbox.state_of(topic, part) for part in sorted(noted.parts)}
        changes.append(Change(topic, versions[topic], states, min(noted.due.values(), default=None)))
    return changes


def _raised(session: Session, topics: list[str]) -> dict[str, int]:
    """Raises and returns the versions; locks the topics in this order."""
    raising = _statements(session.get_bind().dialect.name).raise_topics
    rows = session.connection().execute(raising, [{"key": topic, "version": 1} for topic in topics])
    return {row.key: row.version for row in rows}


def _stamp(session: Session, touched: dict[str, _Noted], versions: dict[str, int]) -> None:
    """Upserts the parts' rows: touched parts get the version, scheduled parts their due time."""
    changed, expected = [], []
    for topic, noted in touched.items():
        place = {"topic": topic, "version": versions[topic]}
        changed += [place | {"part": part} for part in noted.parts]
        expected += [place | {"part": part, "due_at": due} for part, due in noted.due.items()]
    statements = _statements(session.get_bind().dialect.name)
    _write(session, statements.stamp_parts, changed)
    _write(session, statements.expect_parts, expected)


def _write(session: Session, statement: Executable, rows: list[dict[str, Any]]) -> None:
    if rows:
        session.connection().execute(statement, sorted(rows, key=itemgetter("topic", "part")))


@dataclass(frozen=True)
class _Statements:
    """The statements of every commit with changes, compiled once."""

    know_topic: Executable
    raise_topics: Executable
    stamp_parts: Executable
    expect_parts: Executable


@cache
def _statements(dialect: str) -> _Statements:
    insert = insert_for(dialect)
    topic, part = insert(LiveTopic), insert(LivePart)
    known = topic.on_conflict_do_nothing()
    raised = topic.on_conflict_do_update(index_elements=["key"], set_={"version": LiveTopic.version + 1})
    stamped = part.on_conflict_do_update(index_elements=["topic", "part"], set_={"version": part.excluded.version})
    earliest = case((LivePart.due_at < part.excluded.due_at, LivePart.due_at), else_=part.excluded.due_at)
    expected = part.on_conflict_do_update(index_elements=["topic", "part"], set_={"due_at": earliest})
    return _Statements(known, raised.returning(LiveTopic.key, LiveTopic.version), stamped, expected)


def _announce(session: Session) -> None:
    if session.in_nested_transaction():
        return
    outbox: Outbox = current_app.extensions["outbox"]
    changes = session.info.pop("changes", [])
    for change in changes:
        outbox.announce(change)
    session.info["has_news"] = bool(changes)


def _give_way(session: Session, transaction: SessionTransaction) -> None:
    """Yields to the hub once, so that changes are delivered before the request goes on; no lock is held any more."""
    if transaction.parent is None and session.info.pop("has_news", False):
        sleep(0)


def _forget(session: Session, previous: object) -> None:
    if not session.in_nested_transaction():
        session.info.pop("touched", None)
        session.info.pop("changes", None)
