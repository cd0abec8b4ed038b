"""Queries for boards and embedded scores of a club."""

from datetime import datetime, timedelta

from sqlalchemy import func, or_, select

from extensions import db
from models.club.club import Club
from models.club.match import FAREWELL, Match
from models.club.plan import MatchPlayer
from rules.scoring.engine import Scorebook


def tables_of(club: Club, since: datetime) -> dict[int, str]:
    """The names of the club's tables by number, in the club's order.

    A club without a list has the numbers at which a match was played since then, without names.
    """
    listed = {court.number: court.name for court in club.courts if court.is_open}
    return listed or dict.fromkeys(_numbers_in_use(club, since), "")


def _numbers_in_use(club: Club, since: datetime) -> list[int]:
    played = or_(Match.going_on(), Match.ended_at > since)
    at_tables = select(Match.table_number).where(Match.club_id == club.id, played)
    return sorted(number for number in db.session.scalars(at_tables.distinct()) if number)


def at_play(club: Club) -> set[int]:
    """The ids of the players who are in a running match."""
    playing = select(MatchPlayer.player_id).join(Match, Match.id == MatchPlayer.match_id)
    return set(db.session.scalars(playing.where(Match.club_id == club.id, Match.going_on())))


def next_farewell(club: Club, now: datetime, stays: timedelta = FAREWELL) -> datetime | None:
    """When the next recently ended match disappears from a board on which ended matches stay for `stays`."""
    ended = select(func.min(Match.ended_at)).where(Match.club_id == club.id, Match.ended_at > now - stays)
    first = db.session.scalar(ended)
    return first + stays if first else None


def scorebook_at(match: Match, moment: datetime) -> Scorebook:
    """The scorebook as it was at that moment, without later corrections."""
    return match.scorebook_of([line.entry for line in match.log if line.at <= moment])
