"""The outbox of notices to followers that a match began or ended, each sent at most once.

Taps write nothing here: the sending service looks for matches that began or ended in clubs with followers.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, UniqueConstraint, delete, literal, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship, selectinload

from extensions import db
from models.base import Identified, Model
from models.club.follower import Follow, Follower
from models.club.match import Match
from models.club.player import Player
from models.types import UtcDateTime, stored_by_value
from models.upsert import insert_for

# A mistaken end is usually undone within SETTLED; anything older than FRESH is no longer news.
SETTLED = timedelta(seconds=10)
FRESH = {"began": timedelta(minutes=10), "ended": timedelta(hours=1)}
LEASE = timedelta(minutes=10)
KEPT = timedelta(days=1)
# Minutes until each retry after a definite failure; then the notice is given up.
PAUSES = (1, 5, 15)


class Occasion(StrEnum):
    """The event that a notice is about."""

    BEGAN = "began"
    ENDED = "ended"


class NoticeState(StrEnum):
    """The delivery state of a notice."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class Notice(Identified, Model):
    """One notice to one follower about one occasion of one match, even if they follow several of its topics."""

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
    def delete_old(cls, now: datetime) -> None:
        """Gives up notices whose sender never reported an outcome, and deletes old ones."""
        lost = update(cls).where(cls.state == NoticeState.SENDING, cls.state_since < now - LEASE)
        db.session.execute(lost.values(state=NoticeState.FAILED, state_since=now))
        over = cls.state.not_in([NoticeState.WAITING, NoticeState.SENDING])
        db.session.execute(delete(cls).where(over, cls.state_since < now - KEPT))

    @classmethod
    def fill_outbox(cls, now: datetime) -> int:
        """Adds the missing notices and flushes; returns how many."""
        begun = [(match, Occasion.BEGAN, match.started_at) for match in db.session.scalars(_begun(now))]
        ended = [(match, Occasion.ENDED, match.ended_at) for match in db.session.scalars(_ended(now)) if match.ended_at]
        return sum(cls._put_in(*each, now) for each in begun + ended)

    @classmethod
    def take(cls, most: int, now: datetime) -> list["Notice"]:
        """Claims at most `most` due notices for this process; commit before sending anything.

        Also withdraws those that are no longer true, no longer news, or no longer wanted by their follower.
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

    def postpone(self, now: datetime) -> None:
        """Schedules a retry after a definite failure to send; gives up after several."""
        if self.attempts > len(PAUSES):
            self.fail(now)
            return
        self.next_try_at = now + timedelta(minutes=PAUSES[self.attempts - 1])
        self._become(NoticeState.WAITING, now)

    def fail(self, now: datetime) -> None:
        """Gives up: there will be no retry."""
        self._become(NoticeState.FAILED, now)

    @classmethod
    def _put_in(cls, match: Match, occasion: Occasion, moment: datetime, now: datetime) -> int:
        """Adds notices for whoever followed by then; those withdrawn because an end was taken back wait again."""
        asked = select(Follow.follower_id).where(Follow.topic.in_(_topics(match)), Follow.since <= moment).distinct()
        if db.session.scalar(asked.limit(1)) is None:
            return 0
        same = {cls.match_id: match.id, cls.occasion: occasion}
        fresh = {cls.state: NoticeState.WAITING, cls.state_since: now, cls.next_try_at: now, cls.attempts: 0}
        columns = {column.key: literal(value, column.type) for column, value in (same | fresh).items()}
        added = insert_for(db.engine.dialect.name)(cls).from_select(
            ["follower_id", *columns], asked.add_columns(*columns.values())
        )
        again = {column.key: columns[column.key] for column in fresh}
        unique, is_withdrawn = ("follower_id", "match_id", "occasion"), cls.state == NoticeState.WITHDRAWN
        enqueued = added.on_conflict_do_update(index_elements=unique, set_=again, where=is_withdrawn)
        return len(list(db.session.scalars(enqueued.returning(cls.id))))

    @classmethod
    def _taken(cls, numbers: list[int], now: datetime) -> list[int]:
        """The ids that this process claimed; atomic in the database, on SQLite and PostgreSQL alike."""
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
    """Matches without notices, of clubs with followers; all notices of one match are inserted by one statement."""
    told = select(Notice.id).where(Notice.match_id == Match.id, Notice.occasion == occasion)
    told = told.where(Notice.state != NoticeState.WITHDRAWN)
    followed = select(Match).where(Match.club_id.in_(select(Follow.club_id)), ~told.exists())
    return followed.options(selectinload(Match.players))


def _topics(match: Match) -> set[str]:
    """The topics whose followers hear of this match, including those of players merged into its players."""
    numbers = [one.player_id for one in match.players]
    same = select(Player).where(or_(Player.id.in_(numbers), Player.merged_into_id.in_(numbers)))
    return {match.club.topic, *(player.topic for player in db.session.scalars(same))}
