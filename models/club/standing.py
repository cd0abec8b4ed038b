"""The players' ratings, week by week, for each sport, with singles and doubles apart."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, func, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from extensions import db
from models.base import Identified, Model
from models.club.club import Club
from models.club.discipline import Discipline
from models.club.player import Player
from rules import rating_weeks
from rules.rating import PROVISIONAL_FROM, Rating


class Standing(Identified, Model):
    """A player's rating after a week in which they played, based on all their matches until then.

    Computed from the matches (models/club/settling.py), and recomputed from the week in which a match was corrected.
    """

    __tablename__ = "standing"
    __table_args__ = (
        Index("uq_standing_player_id_week", "player_id", "sport", "is_doubles", "week", unique=True),
        Index("ix_standing_ladder", "club_id", "sport", "is_doubles", "is_newest", "value"),
    )

    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    player_id: Mapped[int] = mapped_column(ForeignKey("player.id"))
    sport: Mapped[str]
    is_doubles: Mapped[bool]
    week: Mapped[date]
    value: Mapped[float]
    deviation: Mapped[float]
    volatility: Mapped[float]
    matches: Mapped[int]
    won: Mapped[int]
    is_newest: Mapped[bool]

    player: Mapped[Player] = relationship()

    @property
    def reckoned(self) -> rating_weeks.Standing:
        """The standing as a value of the rules."""
        rating = Rating(self.value, self.deviation, self.volatility)
        return rating_weeks.Standing(self.week, rating, self.matches, self.won)

    @property
    def is_provisional(self) -> bool:
        return self.deviation > PROVISIONAL_FROM

    @classmethod
    def rated_in(cls, discipline: Discipline) -> ColumnElement[bool]:
        """The SQL condition for standings of this discipline."""
        return (cls.sport == discipline.sport) & (cls.is_doubles == discipline.is_doubles)

    @classmethod
    def ladder(cls, club: Club, discipline: Discipline) -> Select["Standing"]:
        """The newest standings of all players not hidden, the strongest first, provisional ones last."""
        newest = select(cls).where(cls.club_id == club.id, cls.rated_in(discipline), cls.is_newest)
        offered = newest.join(cls.player).where(Player.is_hidden.is_(False)).options(joinedload(cls.player))
        return offered.order_by(cls.deviation > PROVISIONAL_FROM, cls.value.desc(), cls.player_id)

    @classmethod
    def newest_of(cls, player: Player) -> "dict[Discipline, Standing]":
        """The player's newest standing in each discipline."""
        own = select(cls).filter_by(player_id=player.id, is_newest=True).order_by(cls.matches.desc(), cls.id)
        return {Discipline(each.sport, each.is_doubles): each for each in db.session.scalars(own)}

    @classmethod
    def disciplines(cls, club: Club) -> list[Discipline]:
        """The disciplines rated at the club, those with the most players first."""
        rated = select(cls.sport, cls.is_doubles).where(cls.club_id == club.id, cls.is_newest)
        rows = db.session.execute(
            rated.group_by(cls.sport, cls.is_doubles).order_by(func.count().desc(), cls.sport, cls.is_doubles)
        )
        return [Discipline(sport, is_doubles) for sport, is_doubles in rows]

    @classmethod
    def courses(cls, discipline: Discipline, players: Sequence[int], since: date) -> dict[int, list[float]]:
        """The rating values of these players by player id, week by week since that day, the oldest first."""
        own = select(cls.player_id, cls.value).where(cls.rated_in(discipline))
        rows = own.where(cls.player_id.in_(players), cls.week >= since).order_by(cls.week)
        courses: dict[int, list[float]] = {}
        for player, value in db.session.execute(rows):
            courses.setdefault(player, []).append(value)
        return courses

    @classmethod
    def when_began(cls, discipline: Discipline, week: date, players: Collection[int]) -> "list[Standing]":
        """The standings of these players before that week; players who had never played are missing."""
        before = select(cls.player_id, func.max(cls.week).label("week")).where(cls.rated_in(discipline))
        latest = before.where(cls.week < week, cls.player_id.in_(players)).group_by(cls.player_id).subquery()
        own = select(cls).where(cls.rated_in(discipline))
        joined = own.join(latest, (cls.player_id == latest.c.player_id) & (cls.week == latest.c.week))
        return list(db.session.scalars(joined))
