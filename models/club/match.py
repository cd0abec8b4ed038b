"""A match: its players, its ruleset, its rally log, and the score derived from them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import cast

from sqlalchemy import JSON, ForeignKey, Index, Select, bindparam, or_, select
from sqlalchemy.orm import Mapped, SessionTransaction, joinedload, mapped_column, relationship, selectinload

from extensions import db
from models.accounts import GuestPass, User
from models.base import Identified, Model
from models.club.club import Club
from models.club.entries import Correction, LogEntry, Remark, Scorer, written_with
from models.club.idling import LAST_WORD, Idling
from models.club.lease import Leased
from models.club.plan import Fault, MatchKind, MatchPlan, MatchPlayer
from models.club.player import Player
from models.club.refusals import BadPlan, EndsEarlier, LawForbids, MatchEnded, MayNotScore, NothingToVoid, TapOutdated
from models.club.seating import FIELDS, ONE_AT_A_TABLE, Seated
from models.club.unsettled import UnsettledMatch
from models.errors import flush
from models.live_topic import touch, touch_later
from models.types import UtcDateTime, stored_by_value
from rules.scoring.corrections import Corrected, corrected
from rules.scoring.engine import PLAIN, Scorebook, State, latest_rally
from rules.scoring.log import BadEntry, Entry, EntryKind, Side
from rules.scoring.play import AgainstTheLaw, MatchIsOver
from rules.scoring.ruleset import Ruleset
from rules.scoring.sports import LAWS

FAREWELL = timedelta(seconds=3)
IN_HALL = timedelta(minutes=10)


class Match(Idling, Leased, Seated, Identified, Model):
    """The log is the source of truth; points, games, server and winner are stored for lists and can be rebuilt."""

    __tablename__ = "club_match"
    __table_args__ = (
        Index("ix_club_match_club_id_ended_at", "club_id", "ended_at"),
        Index(ONE_AT_A_TABLE, "club_id", "held_table", unique=True),
        Index("ix_club_match_rated", "club_id", "sport", "is_doubles", "started_at"),
    )

    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    kind: Mapped[MatchKind] = mapped_column(stored_by_value(MatchKind))
    ruleset_code: Mapped[str]
    sport: Mapped[str]
    is_doubles: Mapped[bool]
    handicap_a: Mapped[int] = mapped_column(default=0)
    handicap_b: Mapped[int] = mapped_column(default=0)
    first_server: Mapped[Side] = mapped_column(stored_by_value(Side))
    tournament_id: Mapped[int | None] = mapped_column(ForeignKey("tournament.id"), index=True)
    tie_number: Mapped[int | None]
    started_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    log_length: Mapped[int] = mapped_column(default=0)
    points_a: Mapped[int] = mapped_column(default=0)
    points_b: Mapped[int] = mapped_column(default=0)
    games: Mapped[list[list[int]]] = mapped_column(JSON, default=list)
    server: Mapped[Side | None] = mapped_column(stored_by_value(Side))
    winner: Mapped[Side | None] = mapped_column(stored_by_value(Side))

    club: Mapped[Club] = relationship()
    started_by: Mapped[User] = relationship(foreign_keys=started_by_id)
    players: Mapped[list[MatchPlayer]] = relationship(order_by=(MatchPlayer.side, MatchPlayer.place))
    log: Mapped[list[LogEntry]] = relationship(order_by=LogEntry.seq)

    # Annotated, they would be taken for columns.
    _held_in = cast("SessionTransaction | None", None)
    _read = cast("tuple[LogEntry | None, Scorebook] | None", None)

    @property
    def topic(self) -> str:
        """The topic that the match's page and the scorers' phones watch."""
        return f"match/{self.id}"

    @property
    def is_cut_short(self) -> bool:
        """Whether somebody retired before the last game was won."""
        won = [sum(a > b for a, b in self.games), sum(b > a for a, b in self.games)]
        return self.is_finished and max(won) < self.ruleset.games_to_win

    @property
    def ruleset(self) -> Ruleset:
        return LAWS[self.ruleset_code].with_handicap((self.handicap_a, self.handicap_b))

    @property
    def state(self) -> State:
        """The score with everything derived from it; raises what rules.scoring.engine.fold raises."""
        return self.scorebook.state

    @property
    def scorebook(self) -> Scorebook:
        """The scorebook after the whole log, e.g. for looking one rally ahead; raises what fold raises."""
        # Of a log that is only appended to, the newest line stands for all of it.
        newest = self.log[-1] if self.log else None
        if self._read is None or self._read[0] is not newest:
            self._read = newest, self._read_on()
        return self._read[1]

    def scorebook_of(self, log: Sequence[Entry]) -> Scorebook:
        """A scorebook of this match that contains only these entries; raises what fold raises."""
        book = Scorebook(self.ruleset, self.first_server, pairs=self.is_doubles)
        book.read(log)
        return book

    def _read_on(self) -> Scorebook:
        """Reads only the newest entry if all others were read before; a book that refused an entry is not reused."""
        (known, book), self._read = self._read or (None, None), None
        if book is None or len(self.log) < 2 or self.log[-2] is not known:
            book = self.scorebook_of([line.entry for line in self.log])
        else:
            book.read([self.log[-1].entry])
        return book

    def names(self, side: Side) -> list[str]:
        """The names of the side's one or two players, as they were when the match began."""
        return [player.name for player in self.players if player.side is side]

    @classmethod
    def live_in(cls, club: Club, now: datetime | None = None, stays: timedelta = FAREWELL) -> Select["Match"]:
        """The club's matches in progress, the longest-running first, with everything a score display needs loaded.

        With `now`, also those that ended less than `stays` ago.
        """
        shown = cls.going_on() if now is None else or_(cls.going_on(), cls.ended_at > now - stays)
        live = select(cls).filter_by(club_id=club.id).where(shown).order_by(cls.started_at, cls.id)
        return live.options(selectinload(cls.players), selectinload(cls.log))

    @classmethod
    def played_in(cls, club: Club) -> Select["Match"]:
        """The club's finished matches, the latest first, with their players loaded."""
        played = select(cls).filter_by(club_id=club.id).where(cls.ended_at.is_not(None))
        return played.order_by(cls.ended_at.desc(), cls.id.desc()).options(selectinload(cls.players))

    @classmethod
    def newest_law(cls, club: Club) -> Ruleset | None:
        """The ruleset of the match that the club started last; None before its first."""
        newest = select(cls.ruleset_code).filter_by(club_id=club.id).order_by(cls.id.desc()).limit(1)
        code = db.session.scalar(newest)
        return LAWS[code] if code else None

    @classmethod
    def last_players(cls, club: Club, most: int) -> list[Player]:
        """The players of the last `most` started matches, the latest first, at most `most` and without hidden ones."""
        matches = db.session.scalars(cls.begun_in(club).limit(most))
        played = dict.fromkeys(one.player for match in matches for one in match.players)
        return [player for player in played if not player.is_hidden][:most]

    @classmethod
    def begun_in(cls, club: Club, before: int | None = None) -> Select["Match"]:
        """The club's matches, the newest first, with their players loaded; with `before`, only ids below it."""
        begun = select(cls).filter_by(club_id=club.id).order_by(cls.id.desc()).options(selectinload(cls.players))
        return begun if before is None else begun.where(cls.id < before)

    @classmethod
    def start(cls, club: Club, plan: MatchPlan, actor: User, now: datetime) -> "Match":
        """Starts a match at 0:0 and flushes. Raises BadPlan with the faults by form field."""
        faults = plan.faults() | cls.fault_of_table(club, plan.table)
        plays = any(player.user_id == actor.id for _, player in plan.places() if player)
        if not faults and not (plays and club.has_member(actor)) and not club.may_be_scored_by(actor):
            faults["a1"] = Fault.NOT_YOURS
        if faults:
            raise BadPlan(faults)
        match = cls.planned(club, plan, actor, now)
        match.sit_down(plan.table)
        db.session.add(match)
        flush(FIELDS)
        match.forget_old_parts(now)
        match._touch("head", "games", "course")
        match._touch_club("section", "hall")
        match.touch_tables(now)
        match._ask_later()
        return match

    @classmethod
    def planned(cls, club: Club, plan: MatchPlan, actor: User, began_at: datetime) -> "Match":
        """A match at 0:0 by a plan without faults, not yet in the session."""
        match = cls(club=club, kind=plan.kind, first_server=plan.first_server, server=plan.first_server)
        match.ruleset_code, match.sport, match.is_doubles = plan.ruleset.code, plan.ruleset.sport, plan.is_doubles
        match.handicap_a, match.handicap_b = match.points_a, match.points_b = plan.handicap
        match.started_by, match.started_at, match.heard_at = actor, began_at, began_at
        match.players = plan.line_up()
        return match

    @classmethod
    def held(cls, match_id: int) -> "Match | None":
        """The match, locked until the commit, with everything a tap needs loaded; None if there is no such match.

        The log is loaded after the lock is taken, so it includes whatever the previous holder wrote.
        """
        match = db.session.scalars(_held(), {"id": match_id}).unique().one_or_none()
        if match:
            match._held_in = db.session().get_transaction()
        return match

    def may_be_scored_by(self, user: User | None) -> bool:
        """True for players of the match who are members of its club, and for the club's scorers and administrators."""
        if user is None:
            return False
        plays = any(one.player.user_id == user.id for one in self.players)
        return (plays and self.club.has_member(user)) or self.club.may_be_scored_by(user)

    def may_be_tapped_by(self, scorer: Scorer | None) -> bool:
        """As may_be_scored_by; also true for the holder of the match's guest pass, which allows nothing else."""
        if isinstance(scorer, GuestPass):
            return scorer.topic == self.topic
        return self.may_be_scored_by(scorer)

    def give_pass(self, actor: User, now: datetime) -> GuestPass:
        """Issues a pass for a phone without an account, replacing the previous pass of this match.

        Raises MayNotScore, MatchEnded.
        """
        self._require_scorer(actor)
        if not self.goes_on:
            raise MatchEnded(self)
        return GuestPass.give(self.topic, actor, now)

    def end_pass(self, actor: User, now: datetime) -> None:
        """Revokes the match's pass. Raises MayNotScore."""
        self._require_scorer(actor)
        GuestPass.end(self.topic, now)

    def _require_scorer(self, actor: User) -> None:
        if not self.may_be_scored_by(actor):
            raise MayNotScore

    def record_rally(self, side: Side, tap_id: str, base_seq: int, scorer: Scorer, now: datetime) -> None:
        """+1: the side won a rally. Repeating the same tap_id changes nothing.

        base_seq is the length of the log that the tapping screen showed. Raises MayNotScore, TapOutdated when
        the log has grown since, MatchEnded.
        """
        if self._is_new_tap(tap_id, base_seq, scorer):
            if self.is_finished:
                raise MatchEnded(self)
            self._append(Entry(self.log_length + 1, EntryKind.RALLY, side), tap_id=tap_id, scorer=scorer, now=now)

    def void_latest(self, side: Side | None, tap_id: str, base_seq: int, scorer: Scorer, now: datetime) -> None:
        """-1: takes back the side's latest rally of the current game or, without a side, the newest entry of all.

        Taking back a correction also restores the rallies it dropped after the end of the match. Raises
        MayNotScore, TapOutdated, NothingToVoid when there is no such entry, and EndsEarlier when the match
        could not have gone on without it, as from 12:10 down to 12:9.
        """
        if self._is_new_tap(tap_id, base_seq, scorer):
            line = latest_rally(self.state, side) if side else self.state.newest
            if line is None:
                raise NothingToVoid(self, side)
            targets = [line.seq] if side else [each.seq for each in reversed(written_with(self.log, line.seq))]
            undos = [Entry(seq, EntryKind.UNDO, target=each) for seq, each in enumerate(targets, self.log_length + 1)]
            self._append(*undos, tap_id=tap_id, scorer=scorer, now=now)

    def amend_latest(self, tap_id: str, base_seq: int, actor: User, now: datetime) -> None:
        """Gives the newest rally to the other side.

        Raises what void_latest raises, and LawForbids where the newest point was an award.
        """
        if self._is_new(tap_id, base_seq, actor):
            if not self.state.live:
                raise NothingToVoid(self, None)
            latest = self.state.live[-1]
            amendment = Entry(self.log_length + 1, EntryKind.AMEND, latest.side.other, latest.seq)
            self._append(amendment, tap_id=tap_id, scorer=actor, now=now)

    def corrected(self, kind: EntryKind, target: int, side: Side | None = None) -> Corrected:
        """The match as it would be after an amend, undo or insert of an old rally; nothing is written.

        Raises NothingToVoid for a target that is not a counted rally, and LawForbids.
        """
        if all(rally.seq != target for rally in self.state.live):
            raise NothingToVoid(self, side)
        log, line = [line.entry for line in self.log], Entry(self.log_length + 1, kind, side, target)
        try:
            return corrected(self.ruleset, log, line, self.first_server, pairs=self.is_doubles)
        except (AgainstTheLaw, BadEntry):
            raise LawForbids(self) from None

    def correct(self, wanted: Correction, tap_id: str, base_seq: int, actor: User, now: datetime) -> None:
        """Corrects an old rally and drops whatever then lies after the end of the match; also possible after the end.

        Raises MayNotScore, TapOutdated, and what corrected raises.
        """
        if self._is_new(tap_id, base_seq, actor):
            lines = self.corrected(wanted.kind, wanted.target, wanted.side).lines
            self._append(*lines, tap_id=tap_id, scorer=actor, now=now, reason=wanted.reason)

    def remark(self, said: Remark, tap_id: str, base_seq: int, actor: User, now: datetime) -> None:
        """Records an umpire's entry that is not a rally: serving order of this game, time-out, expedite, retirement."""
        if self._is_new(tap_id, base_seq, actor):
            if self.is_finished:
                raise MatchEnded(self)
            line = said.entry(self.log_length + 1, self.state.game_number)
            self._append(line, tap_id=tap_id, scorer=actor, now=now)

    def _require_going_on(self, actor: User) -> None:
        self._require_scorer(actor)
        if self.is_finished:
            raise MatchEnded(self)

    def _is_new(self, tap_id: str, base_seq: int, actor: User) -> bool:
        """As _is_new_tap, for actions that a guest pass does not allow."""
        self._require_scorer(actor)
        return self._is_new_tap(tap_id, base_seq, actor)

    def _is_new_tap(self, tap_id: str, base_seq: int, scorer: Scorer) -> bool:
        """Locks the match; False for a tap that is already in the log."""
        if self._held_in is not db.session().get_transaction():
            Match.held(self.id)
        if not self.may_be_tapped_by(scorer):
            raise MayNotScore
        if any(line.tap_id == tap_id for line in self.log):
            return False
        if base_seq != self.log_length:
            raise TapOutdated(self, self.log[-1] if self.log else None)
        return True

    def _append(self, *entries: Entry, tap_id: str, scorer: Scorer, now: datetime, reason: str = "") -> None:
        for line in LogEntry.of_tap(entries, tap_id):
            line.sign(scorer, now, reason)
            self.log.append(line)
        self.log_length += len(entries)
        try:
            state = self.state
        except MatchIsOver:
            raise EndsEarlier(self) from None
        except (AgainstTheLaw, BadEntry):
            raise LawForbids(self) from None
        self._hold(scorer, now)
        self._hear(now)
        self._follow(entries, state, now)
        db.session.flush()

    def _follow(self, entries: Sequence[Entry], state: State, now: datetime) -> None:
        """Updates the denormalized score from the log, and touches every page part that changes with it."""
        was_finished, games, was = self.is_finished, len(self.games), (self.games, self.winner)
        self.reckon(state, now)
        is_in_game = not self.is_finished and len(self.games) == games and all(each.kind in PLAIN for each in entries)
        self._touch("head", "games", f"game/{games + 1}" if is_in_game else "course")
        is_decided_anew = self.is_finished != was_finished or (was_finished and was != (self.games, self.winner))
        if is_decided_anew:
            self._touch_club("history", "hall")
        if self.is_finished != was_finished:
            self.touch_tables(now)
        if self.is_finished != was_finished or self.winner is not was[1]:
            self._touch_club(f"winner/{self.id}")
        self._touch_tournament(is_decided_anew=is_decided_anew)
        if was_finished and not self.is_finished:
            self.take_table_back()
            self._touch_club("section")
            GuestPass.go_on(self.topic, now)
        if was_finished or self.is_finished:
            UnsettledMatch.note_end(self, now + FAREWELL)
        if self.is_finished and not was_finished:
            self.held_table = None
            GuestPass.end(self.topic, now + LAST_WORD)
            touch_later(self.club.topic, "section", now + FAREWELL)
            touch_later(self.club.topic, "hall", now + IN_HALL)
            touch_later(self.club.topic, "history", self.club.organization.midnight_after(now))

    def reckon(self, state: State, now: datetime) -> None:
        """Stores the score for lists; `now`: when it ended, if it did."""
        self.points_a, self.points_b = state.points
        self.games, self.server, self.winner = [list(game) for game in state.games], state.server, state.winner
        self.ended_at = (self.ended_at or now) if state.is_finished else None

    def _touch(self, *parts: str) -> None:
        for part in ("score", *parts):
            touch(self.topic, part)
        self._touch_club(f"score/{self.id}")

    def _touch_club(self, *parts: str) -> None:
        for part in parts:
            touch(self.club.topic, part)

    def _touch_tournament(self, *, is_decided_anew: bool) -> None:
        if self.tournament_id:
            for part in ("play", "results") if is_decided_anew else (f"now/{self.id}",):
                touch(f"tournament/{self.tournament_id}", part)


@cache
def _held() -> Select[Match]:
    """Built once, because every tap runs it."""
    around = joinedload(Match.club, innerjoin=True).joinedload(Club.organization, innerjoin=True)
    # An inner join within the outer one would be put together by SQLite from every match that was ever played.
    players = joinedload(Match.players).joinedload(MatchPlayer.player, innerjoin=False)
    match = select(Match).where(Match.id == bindparam("id")).options(around, players)
    return match.with_for_update(of=Match).execution_options(populate_existing=True)
