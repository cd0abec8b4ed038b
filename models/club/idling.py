"""Idle matches: asking whether they are still being played, and closing those that nobody finished."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, delete, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column, selectinload

from extensions import db
from models.accounts import GuestPass, User
from models.club.club import Club
from models.live_topic import LivePart, touch_later
from models.types import UtcDateTime

ASK_AFTER = timedelta(minutes=10)
CLOSE_AFTER = timedelta(hours=1)
LAST_WORD = timedelta(minutes=1)
KEPT = timedelta(hours=1)


class Idling:
    """Idleness of a match. An abandoned match does not count for anything, and any tap resumes it."""

    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    heard_at: Mapped[datetime] = mapped_column(UtcDateTime)
    abandoned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    if TYPE_CHECKING:
        id: Mapped[int]
        club_id: Mapped[int]
        club: Mapped[Club]
        players: Mapped[Any]
        held_table: Mapped[int | None]

        @property
        def topic(self) -> str: ...
        def _require_going_on(self, actor: User) -> None: ...
        def _touch(self, *parts: str) -> None: ...
        def _touch_club(self, *parts: str) -> None: ...
        def take_table_back(self) -> None: ...
        def touch_tables(self, now: datetime) -> None: ...
        def _touch_tournament(self, *, is_decided_anew: bool) -> None: ...

    @property
    def is_finished(self) -> bool:
        return self.ended_at is not None

    @property
    def goes_on(self) -> bool:
        """Whether the match was neither won nor abandoned."""
        return self.ended_at is None and self.abandoned_at is None

    @property
    def asks_at(self) -> datetime:
        """When the question whether they still play appears, unless somebody taps before."""
        return self.heard_at + ASK_AFTER

    def is_quiet(self, now: datetime) -> bool:
        """Whether that question is being asked now."""
        return self.goes_on and now >= self.asks_at

    @classmethod
    def going_on(cls) -> ColumnElement[bool]:
        """The SQL condition for matches in progress."""
        return cls.ended_at.is_(None) & cls.abandoned_at.is_(None)

    @classmethod
    def quiet_in(cls, club: Club, now: datetime) -> "Select[Any]":
        """The club's matches about which that question is being asked, longest idle first, with players loaded."""
        quiet = select(cls).where(cls.club_id == club.id, cls.going_on(), cls.heard_at <= now - ASK_AFTER)
        return quiet.order_by(cls.heard_at, cls.id).options(selectinload(cls.players))

    @classmethod
    def next_question(cls, club: Club, now: datetime) -> datetime | None:
        """When that question will next appear for one of the club's matches; None if for none."""
        heard = select(func.min(cls.heard_at)).where(cls.club_id == club.id, cls.going_on())
        earliest = db.session.scalar(heard.where(cls.heard_at > now - ASK_AFTER))
        return earliest + ASK_AFTER if earliest else None

    @classmethod
    def forgotten(cls, now: datetime) -> list[int]:
        """The ids of all matches that have been idle for so long that they are to be closed."""
        return list(db.session.scalars(select(cls.id).where(cls.going_on(), cls.heard_at <= now - CLOSE_AFTER)))

    def forget_old_parts(self, now: datetime) -> None:
        """Forgets the live parts of matches that ended or were abandoned long ago."""
        of_matches = or_(LivePart.part.startswith("score/"), LivePart.part.startswith("winner/"))
        parts = db.session.scalars(select(LivePart.part).where(LivePart.topic == self.club.topic, of_matches))
        ids = {int(part.partition("/")[2]) for part in parts}
        kind_of = type(self)
        is_over = or_(kind_of.ended_at < now - KEPT, kind_of.abandoned_at < now - KEPT)
        ended = select(kind_of.id).where(kind_of.id.in_(ids), is_over)
        old = [f"{kind}/{number}" for number in db.session.scalars(ended) for kind in ("score", "winner")]
        db.session.execute(delete(LivePart).where(LivePart.topic == self.club.topic, LivePart.part.in_(old)))

    def still_goes_on(self, actor: User, now: datetime) -> None:
        """Confirms that the match is still being played. Raises MayNotScore and MatchEnded."""
        self._require_going_on(actor)
        self._hear(now)

    def abandon(self, actor: User, now: datetime) -> None:
        """Ends the match without a result. Raises MayNotScore and MatchEnded."""
        self._require_going_on(actor)
        self._close(now)

    def close_if_forgotten(self, now: datetime) -> bool:
        """Abandons a forgotten match, without an actor; False if somebody has tapped since. Requires the lock."""
        if not self.goes_on or self.heard_at > now - CLOSE_AFTER:
            return False
        self._close(now)
        return True

    def _close(self, now: datetime) -> None:
        self.abandoned_at, self.held_table = now, None
        db.session.flush()
        GuestPass.end(self.topic, now + LAST_WORD)
        self._touch("head", "idle")
        self._touch_club("section", "hall", "idle", f"score/{self.id}")
        self.touch_tables(now)
        self._touch_tournament(is_decided_anew=True)

    def _hear(self, now: datetime) -> None:
        """Records activity. Only the first after an idle period touches anything: the question reschedules itself."""
        was_expected, was_abandoned = self.heard_at <= now < self.asks_at, self.abandoned_at is not None
        self.heard_at, self.abandoned_at = now, None
        if not was_expected or was_abandoned:
            db.session.flush()
            self._ask_later()
        if was_abandoned:
            GuestPass.go_on(self.topic, now)
            self._touch("head")
            self.take_table_back()
            self._touch_club("section", "hall")
            self.touch_tables(now)
            self._touch_tournament(is_decided_anew=True)

    def _ask_later(self) -> None:
        self._touch("idle")
        self._touch_club("idle")
        touch_later(self.topic, "idle", self.asks_at)
        touch_later(self.club.topic, "idle", self.asks_at)
