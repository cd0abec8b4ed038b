"""Importing matches that were recorded elsewhere, with their complete logs: one, or a club's whole history."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import insert, select
from sqlalchemy.orm import selectinload

from extensions import db
from models.accounts import User
from models.club.club import Club
from models.club.entries import LogEntry
from models.club.match import FAREWELL, Match
from models.club.plan import MatchPlan
from models.club.player import FIELDS, Player, name_key
from models.club.refusals import BadPlan
from models.club.unsettled import UnsettledMatch
from models.errors import Conflict, NotAllowed, flush
from models.live_topic import touch
from rules.scoring.match_json import NotReadable, ParsedLine, ParsedMatch, Wrong, details
from rules.scoring.ruleset import Ruleset

AHEAD = timedelta(minutes=5)

# What makes two recordings the same match: ruleset, start, length of the log, and the names on A and B.
Alike = tuple[Ruleset, datetime, int, tuple[str, ...]]


def import_match(club: Club, parsed: ParsedMatch, actor: User, now: datetime) -> Match:
    """Creates the match with its log, flushed; unknown names become new players.

    Raises NotAllowed, NotReadable for a match in the future, BadPlan, Conflict("file") for a match that was
    imported before, and Conflict("name") when somebody enrolled a player of it at the same moment.
    """
    brought = HistoryImport(club)
    brought.take([parsed], actor, now)
    if brought.known:
        raise Conflict("file")
    for _, wrong in brought.wrong:
        raise wrong
    return brought.matches[0]


@dataclass
class HistoryImport:
    """Imports a club's matches, a batch at a time, and says what became of them; each batch is flushed.

    The caller commits after each batch or, to know beforehand what would become of the file, rolls back. Taking the
    same matches again adds none.

    new, known: how many were added, and how many were there before; wrong: the others, by their place from 1;
    players: the names that were new to the club; matches: those added by the latest batch.
    """

    club: Club
    new: int = 0
    known: int = 0
    wrong: list[tuple[int, NotReadable | BadPlan]] = field(default_factory=list)
    players: dict[str, str] = field(default_factory=dict)
    matches: list[Match] = field(default_factory=list)
    _seen: set[Alike] = field(default_factory=set)

    @property
    def count(self) -> int:
        return self.new + self.known + len(self.wrong)

    def take(self, batch: Sequence[ParsedMatch | NotReadable], actor: User, now: datetime) -> None:
        """Adds those of the batch that can be read and are new. Raises NotAllowed."""
        if not self.club.may_be_managed_by(actor):
            raise NotAllowed
        read = [each for each in batch if isinstance(each, ParsedMatch)]
        self._seen |= self._recorded(read)
        called, added = self._called(read), list[tuple[Match, ParsedMatch]]()
        for parsed in batch:
            try:
                added += self._added(parsed, called, actor, now)
            except (NotReadable, BadPlan) as wrong:
                self.wrong.append((self.count + 1, wrong))
        db.session.add_all(match for match, _ in added)
        flush(FIELDS)
        rows = [_row(match, line, actor) for match, parsed in added for line in parsed.lines]
        if rows:
            db.session.execute(insert(LogEntry), rows)
        self.matches = [match for match, _ in added]
        for match in self.matches:
            if match.is_finished:
                UnsettledMatch.note_end(match, now + FAREWELL)
        touch(self.club.topic, "history")

    def _added(
        self, parsed: ParsedMatch | NotReadable, called: dict[str, Player], actor: User, now: datetime
    ) -> list[tuple[Match, ParsedMatch]]:
        """The match as it was told, unless it is known. Raises NotReadable and BadPlan."""
        if isinstance(parsed, NotReadable):
            raise parsed
        if any(moment > now + AHEAD for moment in (parsed.started_at, *(line.at for line in parsed.lines))):
            raise NotReadable(Wrong.FACTS)
        if _alike(parsed) in self._seen:
            self.known += 1
            return []
        match = _planned(self.club, parsed, self._plan(parsed, called), actor)
        self._seen.add(_alike(parsed))
        self.new += 1
        return [(match, parsed)]

    def _plan(self, parsed: ParsedMatch, called: dict[str, Player]) -> MatchPlan:
        """Everybody by name, whichever letters it is typed with; unknown names become players if the plan is sound."""
        known = {key: called.get(key) or Player(club_id=self.club.id, name=name) for key, name in _keys(parsed).items()}
        a, b = (tuple(known[name_key(name)] for name in side) for side in parsed.sides)
        law = parsed.ruleset
        plan = MatchPlan(a, b, law.best_of, parsed.first_server, format=law.format, handicap=law.handicap)
        plan = replace(plan, as_deciding=law.is_deciding)
        if faults := plan.faults():
            raise BadPlan(faults)
        self.players |= {key: player.name for key, player in known.items() if player.id is None}
        called |= known
        return plan

    def _recorded(self, read: Sequence[ParsedMatch]) -> set[Alike]:
        """The club's matches that began when one of these did."""
        begun = select(Match).filter_by(club_id=self.club.id).options(selectinload(Match.players))
        found = db.session.scalars(begun.where(Match.started_at.in_({parsed.started_at for parsed in read})))
        return {
            (each.ruleset, each.started_at, each.log_length, tuple(player.name for player in each.players))
            for each in found
        }

    def _called(self, read: Sequence[ParsedMatch]) -> dict[str, Player]:
        """The players with the names of these matches, hidden or not, by key."""
        keys = {key for parsed in read for key in _keys(parsed)}
        found = db.session.scalars(Player.of(self.club.id).where(Player.name_key.in_(keys)))
        return {str(player.name_key): player for player in found}


def _alike(parsed: ParsedMatch) -> Alike:
    return parsed.ruleset, parsed.started_at, len(parsed.lines), _names(parsed)


def _names(parsed: ParsedMatch) -> tuple[str, ...]:
    return tuple(name for side in parsed.sides for name in side)


def _keys(parsed: ParsedMatch) -> dict[str, str]:
    """The names by the keys they are compared by."""
    return {name_key(name): name for name in _names(parsed)}


def _planned(club: Club, parsed: ParsedMatch, plan: MatchPlan, actor: User) -> Match:
    """The match without its log; one that was not finished is abandoned, since nobody watches it."""
    match = Match.planned(club, plan, actor, parsed.started_at)
    for player, name in zip(match.players, _names(parsed), strict=True):
        player.name = name
    match.table_number, match.table_name = parsed.table, parsed.table_name
    match.log_length = len(parsed.lines)
    match.heard_at = max((line.at for line in parsed.lines), default=parsed.started_at)
    match.reckon(parsed.state, match.heard_at)
    match.abandoned_at = None if match.is_finished else match.heard_at
    return match


def _row(match: Match, line: ParsedLine, actor: User) -> dict[str, object]:
    """A line of the log, for an insert of many: as records they would be inserted one by one."""
    entry = line.entry
    said = {"seq": entry.seq, "kind": entry.kind, "side": entry.side, "target": entry.target, "details": details(entry)}
    return {"match_id": match.id, "tap_id": f"told-{entry.seq}", "actor_id": actor.id, "at": line.at, **said}
