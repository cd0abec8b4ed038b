"""The finished matches of a club, filtered, and between two players."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import aliased, selectinload

from extensions import db
from models.club.match import Match
from models.club.plan import MatchPlayer


@dataclass(frozen=True)
class HistoryQuestion:
    """A filter of finished matches; None means any.

    player: took part; against: played on the other side of that player; from `since` on, before `until`.
    """

    club_id: int
    player: int | None = None
    against: int | None = None
    sport: str | None = None
    table: int | None = None
    since: datetime | None = None
    until: datetime | None = None

    def matches(self) -> Select[Match]:
        """The latest ended first, with their players loaded."""
        asked = self._among_the_players(select(Match)).where(Match.club_id == self.club_id)
        told = ((Match.sport, self.sport), (Match.table_number, self.table))
        asked = asked.where(Match.ended_at.is_not(None), *(column == value for column, value in told if value))
        if self.since:
            asked = asked.where(Match.ended_at >= self.since)
        if self.until:
            asked = asked.where(Match.ended_at < self.until)
        return asked.order_by(Match.ended_at.desc(), Match.id.desc()).options(selectinload(Match.players))

    def page(self, older_than: int | None, limit: int, *, with_logs: bool = False) -> list[Match]:
        """At most `limit` matches following the one with this id; by keyset, however long the history is."""
        asked = self.matches()
        if with_logs:
            asked = asked.options(selectinload(Match.log))
        if older_than is not None:
            last = select(Match.ended_at, Match.id).filter_by(club_id=self.club_id, id=older_than)
            asked = asked.where(tuple_(Match.ended_at, Match.id) < last.scalar_subquery())
        return list(db.session.scalars(asked.limit(limit)))

    def _among_the_players(self, asked: Select[Match]) -> Select[Match]:
        if self.player is None:
            return asked
        own, other = aliased(MatchPlayer), aliased(MatchPlayer)
        asked = asked.join(own, (own.match_id == Match.id) & (own.player_id == self.player))
        if self.against is None:
            return asked
        across = (other.match_id == Match.id) & (other.player_id == self.against) & (other.side != own.side)
        return asked.join(other, across)
