"""What those who watch from afar ask of a club and of a match."""

from datetime import datetime, timedelta

from sqlalchemy import func, or_, select

from extensions import db
from models.club.club import Club
from models.club.match import FAREWELL, Match
from rules.scoring.engine import Scorebook


def tables_of(club: Club, since: datetime) -> dict[int, str]:
    """What the club's tables are called, by their numbers and in its order.

    A club without a list has those at which somebody has played since then, without names.
    """
    listed = {court.number: court.name for court in club.courts if court.is_open}
    return listed or dict.fromkeys(_numbers_in_use(club, since), "")


def _numbers_in_use(club: Club, since: datetime) -> list[int]:
    played = or_(Match.going_on(), Match.ended_at > since)
    at_tables = select(Match.table_number).where(Match.club_id == club.id, played)
    return sorted(number for number in db.session.scalars(at_tables.distinct()) if number)


def next_farewell(club: Club, now: datetime, stays: timedelta = FAREWELL) -> datetime | None:
    """When the next of the matches that have just ended leaves a board on which it stays for so long."""
    ended = select(func.min(Match.ended_at)).where(Match.club_id == club.id, Match.ended_at > now - stays)
    first = db.session.scalar(ended)
    return first + stays if first else None


def scorebook_at(match: Match, moment: datetime) -> Scorebook:
    """The book of the match as it was then, whatever was corrected later."""
    return match.scorebook_of([line.entry for line in match.log if line.at <= moment])
