"""A match that was told elsewhere, written down here line by line as it was played."""

from datetime import datetime, timedelta

from sqlalchemy import select

from extensions import db
from models.accounts import User
from models.club.club import Club
from models.club.entries import LogEntry
from models.club.match import Match
from models.club.plan import MatchPlan
from models.club.player import Player
from models.errors import Conflict, NotAllowed
from rules.scoring.told import NotReadable, ToldLine, ToldMatch, Wrong

AHEAD = timedelta(minutes=5)


def take_in(club: Club, told: ToldMatch, actor: User, now: datetime) -> Match:
    """The match with its log, flushed; who is not known by name is written down as a player.

    Raises NotAllowed, NotReadable for what has not been played yet, BadPlan, and Conflict("file") for a match that is
    there already.
    """
    if not club.may_be_managed_by(actor):
        raise NotAllowed
    if any(moment > now + AHEAD for moment in (told.started_at, *(line.at for line in told.lines))):
        raise NotReadable(Wrong.FACTS)
    if _is_here(club, told):
        raise Conflict("file")
    match = Match.start(club, _plan(club, told), actor, told.started_at)
    match.table_number, match.table_name = told.table, told.table_name
    match.write_down([_written(line, actor) for line in told.lines])
    db.session.flush()
    return match


def _written(line: ToldLine, actor: User) -> LogEntry:
    written = LogEntry.of(line.entry, f"told-{line.entry.seq}")
    written.sign(actor, line.at)
    return written


def _plan(club: Club, told: ToldMatch) -> MatchPlan:
    a, b = (tuple(_player(club, name) for name in side) for side in told.sides)
    law = told.ruleset
    return MatchPlan(a, b, law.best_of, told.first_server, format=law.format, handicap=law.handicap)


def _player(club: Club, name: str) -> Player:
    return Player.called(club.id, name) or Player.enrol(club.id, name)


def _is_here(club: Club, told: ToldMatch) -> bool:
    """The same law, moment and number of lines, and the same names."""
    alike = select(Match).filter_by(club_id=club.id, started_at=told.started_at, log_length=len(told.lines))
    names = [name for side in told.sides for name in side]
    return any([player.name for player in match.players] == names for match in db.session.scalars(alike))
