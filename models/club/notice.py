"""The outbox of what followers are told: that a match begins, and how it ended; each once or not at all.

Nothing is written while somebody taps: the service looks for what began and ended, in clubs that somebody follows.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, UniqueConstraint, delete, literal, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column, relationship, selectinload

from extensions import db
from models.base import Identified, Model
from models.club.follower import Follow, Follower
from models.club.match import Match
from models.club.player import Player
from models.types import UtcDateTime, stored_by_value

# A slip at the end is taken back within this; what is older than the rest is no news.
SETTLED = timedelta(seconds=10)
FRESH = {"began": timedelta(minutes=10), "ended": timedelta(hours=1)}
LEASE = timedelta(minutes=10)
KEPT = timedelta(days=1)
# After so many minutes what was surely not taken is tried again; then it is given up.
PAUSES = (1, 5, 15)


class Occasion(StrEnum):
    """What a follower is told of a match."""

    BEGAN = "began"
    ENDED = "ended"


class NoticeState(StrEnum):
    """How far it has come."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class Notice(Identified, Model):
    """What one follower is told on one occasion of one match, whatever of it they follow."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("follower_id", "match_id", "occasion"),
        Index("ix_notice_state_next_try_at", "state", "next_try_at"),
    )

    follower_id: Mapped[int] = mapped_column(ForeignKey("follower.id", ondelete="CASCADE"))
    match_id: Mapped[int] = mapped_column(ForeignKey("club_match.id"), index=True)
    occasion: Mapped[Occasion] = mapped_column(stored_by_value(Occasion))
    state: Mapped[NoticeState] = mapped_column(stored_by_value(NoticeState))
    state_since: Mapped[datetime] = mapped_column(UtcDateTime)
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int]

    follower: Mapped[Follower] = relationship()
    match: Mapped[Match] = relationship()

    @classmethod
    def tidy(cls, now: datetime) -> None:
        """Gives up those whose sender never said how it went, and forgets what is long over."""
        lost = update(cls).where(cls.state == NoticeState.SENDING, cls.state_since < now - LEASE)
        db.session.execute(lost.values(state=NoticeState.FAILED, state_since=now))
        over = cls.state.not_in([NoticeState.WAITING, NoticeState.SENDING])
        db.session.execute(delete(cls).where(over, cls.state_since < now - KEPT))

    @classmethod
    def fill_outbox(cls, now: datetime) -> int:
        """Puts in whatever happened and is not there yet, flushed; answers how many followers are to be told."""
        begun = [(match, Occasion.BEGAN, match.started_at) for match in db.session.scalars(_begun(now))]
        ended = [(match, Occasion.ENDED, match.ended_at) for match in db.session.scalars(_ended(now)) if match.ended_at]
        return sum(cls._put_in(*each, now) for each in begun + ended)

    @classmethod
    def take(cls, most: int, now: datetime) -> list["Notice"]:
        """At most so many that are due, from now on this process's alone; commit before anything is sent.

        On the way it withdraws what is no longer true, no news any more, or nothing for this follower any more.
        """
        due = select(cls.id).where(cls.state == NoticeState.WAITING, cls.next_try_at <= now)
        while numbers := list(db.session.scalars(due.order_by(cls.next_try_at, cls.id).limit(most))):
            own = cls._taken(numbers, now)
            db.session.commit()
            if going := [notice for notice in db.session.scalars(cls._numbered(own)) if notice._may_go(now)]:
                return going
            db.session.commit()
        return []

    def sent(self, now: datetime) -> None:
        self._become(NoticeState.SENT, now)

    def put_off(self, now: datetime) -> None:
        """It surely did not go out, and later it may; after several times it is given up."""
        if self.attempts > len(PAUSES):
            self.fail(now)
            return
        self.next_try_at = now + timedelta(minutes=PAUSES[self.attempts - 1])
        self._become(NoticeState.WAITING, now)

    def fail(self, now: datetime) -> None:
        """It will not be tried again."""
        self._become(NoticeState.FAILED, now)

    @classmethod
    def _put_in(cls, match: Match, occasion: Occasion, moment: datetime, now: datetime) -> int:
        """Of those who followed by then; what was withdrawn, since an end was taken back, waits anew."""
        asked = select(Follow.follower_id).where(Follow.topic.in_(_topics(match)), Follow.since <= moment).distinct()
        if db.session.scalar(asked.limit(1)) is None:
            return 0
        same = {cls.match_id: match.id, cls.occasion: occasion}
        fresh = {cls.state: NoticeState.WAITING, cls.state_since: now, cls.next_try_at: now, cls.attempts: 0}
        columns = {column.key: literal(value, column.type) for column, value in (same | fresh).items()}
        added = _insert()(cls).from_select(["follower_id", *columns], asked.add_columns(*columns.values()))
        again = {column.key: columns[column.key] for column in fresh}
        unique, is_withdrawn = ("follower_id", "match_id", "occasion"), cls.state == NoticeState.WITHDRAWN
        put_in = added.on_conflict_do_update(index_elements=unique, set_=again, where=is_withdrawn)
        return len(list(db.session.scalars(put_in.returning(cls.id))))

    @classmethod
    def _taken(cls, numbers: list[int], now: datetime) -> list[int]:
        """Those that this process takes: the database decides, the same on both."""
        taken = update(cls).where(cls.id.in_(numbers), cls.state == NoticeState.WAITING)
        values: dict[str, Any] = {"state": NoticeState.SENDING, "state_since": now, "attempts": cls.attempts + 1}
        return list(db.session.scalars(taken.values(values).returning(cls.id)))

    @classmethod
    def _numbered(cls, numbers: list[int]) -> Select["Notice"]:
        found = select(cls).where(cls.id.in_(numbers)).order_by(cls.id).execution_options(populate_existing=True)
        return found.options(selectinload(cls.follower).selectinload(Follower.follows))

    def _may_go(self, now: datetime) -> bool:
        match, topics = self.match, _topics(self.match)
        follows = any(follow.topic in topics for follow in self.follower.follows)
        if follows and self._is_true(now) and match.club.may_be_seen_by(self.follower.person):
            return True
        self._become(NoticeState.WITHDRAWN, now)
        return False

    def _is_true(self, now: datetime) -> bool:
        match, oldest = self.match, now - FRESH[self.occasion]
        if self.occasion is Occasion.BEGAN:
            return match.goes_on and match.started_at > oldest
        return match.ended_at is not None and match.ended_at > oldest

    def _become(self, state: NoticeState, now: datetime) -> None:
        self.state, self.state_since = state, now
        db.session.flush()


def _begun(now: datetime) -> Select[Match]:
    return _untold(Occasion.BEGAN).where(Match.going_on(), Match.started_at > now - FRESH["began"])


def _ended(now: datetime) -> Select[Match]:
    return _untold(Occasion.ENDED).where(Match.ended_at > now - FRESH["ended"], Match.ended_at <= now - SETTLED)


def _untold(occasion: Occasion) -> Select[Match]:
    """Matches of clubs in which somebody is followed; all who are told of one are put in by one statement."""
    told = select(Notice.id).where(Notice.match_id == Match.id, Notice.occasion == occasion)
    told = told.where(Notice.state != NoticeState.WITHDRAWN)
    followed = select(Match).where(Match.club_id.in_(select(Follow.club_id)), ~told.exists())
    return followed.options(selectinload(Match.players))


def _topics(match: Match) -> set[str]:
    """What one may follow to be told of this match; who was merged into a player is followed in them."""
    numbers = [one.player_id for one in match.players]
    same = select(Player).where(or_(Player.id.in_(numbers), Player.merged_into_id.in_(numbers)))
    return {match.club.topic, *(player.topic for player in db.session.scalars(same))}


def _insert() -> Callable[..., Any]:
    return sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
