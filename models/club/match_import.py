"""Importing a match that was recorded elsewhere, with its complete log."""

from dataclasses import replace
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
from rules.scoring.match_json import NotReadable, ParsedLine, ParsedMatch, Wrong

AHEAD = timedelta(minutes=5)


def import_match(club: Club, parsed: ParsedMatch, actor: User, now: datetime) -> Match:
    """Creates the match with its log, flushed; unknown names become new players.

    Raises NotAllowed, NotReadable for a match in the future, BadPlan, and Conflict("file") for a match that was
    imported before.
    """
    if not club.may_be_managed_by(actor):
        raise NotAllowed
    if any(moment > now + AHEAD for moment in (parsed.started_at, *(line.at for line in parsed.lines))):
        raise NotReadable(Wrong.FACTS)
    if _is_imported(club, parsed):
        raise Conflict("file")
    match = Match.start(club, _plan(club, parsed), actor, parsed.started_at)
    match.table_number, match.table_name = parsed.table, parsed.table_name
    match.write_down([_log_entry(line, actor) for line in parsed.lines])
    db.session.flush()
    return match


def _log_entry(line: ParsedLine, actor: User) -> LogEntry:
    written = LogEntry.of(line.entry, f"told-{line.entry.seq}")
    written.sign(actor, line.at)
    return written


def _plan(club: Club, parsed: ParsedMatch) -> MatchPlan:
    a, b = (tuple(_player(club, name) for name in side) for side in parsed.sides)
    law = parsed.ruleset
    terms = MatchPlan(a, b, law.best_of, parsed.first_server, format=law.format, handicap=law.handicap)
    return replace(terms, as_deciding=law.is_deciding)


def _player(club: Club, name: str) -> Player:
    return Player.called(club.id, name) or Player.enrol(club.id, name)


def _is_imported(club: Club, parsed: ParsedMatch) -> bool:
    """Whether there is a match with the same ruleset, start, length of log and names."""
    alike = select(Match).filter_by(club_id=club.id, started_at=parsed.started_at, log_length=len(parsed.lines))
    names = [name for side in parsed.sides for name in side]
    return any([player.name for player in match.players] == names for match in db.session.scalars(alike))
