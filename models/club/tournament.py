"""A one-evening tournament: its entrants and the matches played in it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Select, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship, selectinload

from extensions import db
from models.accounts import User
from models.base import Identified, Model
from models.club.club import Club
from models.club.contest import Contest
from models.club.match import Match
from models.club.plan import Fault, MatchKind, MatchPlan
from models.club.player import Player
from models.club.refusals import BadPlan, LotNeeded, MayNotScore, NotNow
from models.club.tournament_plan import System, TournamentPlan, smallest_group
from models.errors import Conflict
from models.live_topic import touch
from models.types import UtcDateTime, stored_by_value
from rules.contests.groups import bracket, going_on, level, snake
from rules.scoring.ruleset import Ruleset
from rules.scoring.sports import LAWS


class Entrant(Identified, Model):
    """A player or pair, under the name they entered with. `number` is the place in the draw.

    `bracket_seed`: the seed of those who qualified from the groups, once the bracket is drawn.
    """

    __tablename__ = "entrant"
    __table_args__ = (UniqueConstraint("tournament_id", "number"),)

    tournament_id: Mapped[int] = mapped_column(ForeignKey("tournament.id"))
    number: Mapped[int]
    name: Mapped[str]
    group_number: Mapped[int | None]
    bracket_seed: Mapped[int | None]
    player_id: Mapped[int] = mapped_column(ForeignKey("player.id"), index=True)
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("player.id"), index=True)
    withdrew_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    player: Mapped[Player] = relationship(foreign_keys=player_id, lazy="joined", innerjoin=True)
    partner: Mapped[Player | None] = relationship(foreign_keys=partner_id, lazy="joined")

    @property
    def players(self) -> tuple[Player, ...]:
        return (self.player, self.partner) if self.partner else (self.player,)


class Tournament(Identified, Model):
    """Schedule and results are never stored: they are derived from the draw and the matches (Contest)."""

    __tablename__ = "tournament"

    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"), index=True)
    name: Mapped[str]
    system: Mapped[System] = mapped_column(stored_by_value(System))
    ruleset_code: Mapped[str]
    table_numbers: Mapped[list[int]] = mapped_column(JSON)
    has_third: Mapped[bool]
    advance: Mapped[int] = mapped_column(default=0)
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)

    club: Mapped[Club] = relationship()
    opened_by: Mapped[User] = relationship()
    entrants: Mapped[list[Entrant]] = relationship(order_by=Entrant.number)

    @property
    def topic(self) -> str:
        """The topic that the tournament's page watches."""
        return f"tournament/{self.id}"

    @property
    def ruleset(self) -> Ruleset:
        return LAWS[self.ruleset_code]

    @property
    def groups(self) -> list[list[int]]:
        """The entrants of each group; empty for systems without groups."""
        numbers = sorted({entrant.group_number for entrant in self.entrants if entrant.group_number})
        return [[each.number for each in self.entrants if each.group_number == number] for number in numbers]

    @property
    def bracket(self) -> list[int]:
        """The entrants who qualified from the groups, by seed; empty before the bracket is drawn."""
        seeded = [(each.bracket_seed, each.number) for each in self.entrants if each.bracket_seed]
        return [number for _, number in sorted(seeded)]

    @property
    def tables(self) -> list[int]:
        """Its chosen tables as far as the club still uses them, in the club's order."""
        listed = [court.number for court in self.club.courts if court.is_open]
        return [number for number in listed or self.table_numbers if number in self.table_numbers]

    @classmethod
    def of(cls, club: Club) -> Select["Tournament"]:
        """The club's tournaments, the newest first, with their entrants loaded."""
        opened = select(cls).filter_by(club_id=club.id).order_by(cls.opened_at.desc(), cls.id.desc())
        return opened.options(selectinload(cls.entrants))

    @classmethod
    def open(cls, club: Club, plan: TournamentPlan, actor: User, now: datetime) -> "Tournament":
        """Creates a drawn tournament and flushes. Raises MayNotScore, and BadPlan with the faults by form field."""
        if not club.may_be_scored_by(actor):
            raise MayNotScore
        if faults := plan.faults():
            raise BadPlan(faults)
        made = cls(club=club, name=plan.name, system=plan.system, ruleset_code=plan.ruleset.code)
        made.table_numbers, made.has_third = list(plan.tables), plan.has_third
        made.opened_by, made.opened_at = actor, now
        made.entrants = [
            Entrant(number=number, name=" / ".join(each.name for each in side), player=side[0])
            for number, side in enumerate(plan.sides, start=1)
        ]
        for entrant, side in zip(made.entrants, plan.sides, strict=True):
            entrant.partner = side[1] if len(side) > 1 else None
        if plan.system is System.GROUPS:
            made._begin_in_groups(plan)
        db.session.add(made)
        db.session.flush()
        touch(club.topic, "tournaments")
        return made

    def _begin_in_groups(self, plan: TournamentPlan) -> None:
        self.advance = plan.advance
        for group, numbers in enumerate(snake(range(1, len(self.entrants) + 1), plan.groups), start=1):
            for number in numbers:
                self.entrants[number - 1].group_number = group

    def play_at(self, tables: Sequence[int], actor: User) -> None:
        """Changes the tables; running matches stay where they are. Raises MayNotScore."""
        self._hold(actor)
        self.table_numbers = list(tables)
        touch(self.topic, "play")

    def regroup(self, groups: Mapping[int, int], actor: User) -> None:
        """Moves entrants, given by number, to other groups.

        Raises MayNotScore, NotNow once a match has started, and BadPlan if a group would become too small.
        """
        self._hold(actor)
        if not self.contest().may_be_regrouped:
            raise NotNow
        wished = {each.number: groups.get(each.number, each.group_number) for each in self.entrants}
        sizes = Counter(wished.values())
        if any(sizes[number] < smallest_group(self.advance) for number in range(1, len(self.groups) + 1)):
            raise BadPlan({"groups": Fault.SMALL_GROUPS})
        for entrant in self.entrants:
            entrant.group_number = wished[entrant.number]
        self._touch()

    def draw_bracket(self, lots: Mapping[int, int], actor: User) -> None:
        """Draws the bracket from the current group standings, or redraws it as long as none of its ties has started.

        lots: the order of entrants who share a place, by their numbers. Raises MayNotScore, NotNow, and
        LotNeeded where two of those have no lot, or the same.
        """
        self._hold(actor)
        contest = self.contest()
        if not contest.may_be_drawn:
            raise NotNow
        qualified = []
        for rows in contest.groups:
            there = going_on(rows, self.advance, contest.withdrawn)
            if any(len({lots.get(each, 0) for each in shared} - {0}) < len(shared) for shared in level(there)):
                raise LotNeeded
            in_order = sorted(there, key=lambda row: (row.place, lots.get(row.entrant, 0)))
            qualified.append([row.entrant for row in in_order[: self.advance]])
        if sum(map(len, qualified)) < 2:
            raise NotNow
        seeds = {entrant: seed for seed, entrant in enumerate(bracket(qualified), start=1)}
        for entrant in self.entrants:
            entrant.bracket_seed = seeds.get(entrant.number)
        self._touch()

    @classmethod
    def contests(cls, tournaments: "Sequence[Tournament]") -> list[Contest]:
        """The current state of each tournament, with one query for all."""
        played: dict[int | None, list[Match]] = {each.id: [] for each in tournaments}
        matches = select(Match).where(Match.tournament_id.in_(played)).order_by(Match.id)
        for match in db.session.scalars(matches.options(selectinload(Match.players))):
            played[match.tournament_id].append(match)
        return [Contest(each, played[each.id]) for each in tournaments]

    def contest(self) -> Contest:
        """The current state of this tournament."""
        return self.contests([self])[0]

    def start_tie(self, number: int, table: int, actor: User, now: datetime) -> Match:
        """Starts the tie's match at that table.

        Raises MayNotScore, and NotNow if it has started already or the two can no longer play each other.
        """
        self._hold(actor)
        contest = self.contest()
        if number not in contest.startable or table not in contest.free_tables:
            raise NotNow
        a, b = (self.entrants[place - 1].players for place in contest.startable[number])
        law = self.ruleset
        plan = MatchPlan(a, b, law.best_of, table=table, kind=MatchKind.COMPETITION, format=law.format)
        try:
            match = Match.start(self.club, plan, actor, now)
        except (BadPlan, Conflict):
            raise NotNow from None
        match.tournament_id, match.tie_number = self.id, number
        db.session.flush()
        self._touch()
        return match

    def withdraw(self, number: int, actor: User, now: datetime) -> None:
        """Withdraws the entrant: their opponents win whatever has not been played. Raises MayNotScore."""
        self._hold(actor)
        self.entrants[number - 1].withdrew_at = now
        self._touch()

    def undo_withdrawal(self, number: int, actor: User) -> None:
        """Undoes a withdrawal. Raises MayNotScore."""
        self._hold(actor)
        self.entrants[number - 1].withdrew_at = None
        self._touch()

    def _hold(self, actor: User) -> None:
        """Locks the tournament until the commit."""
        if not self.club.may_be_scored_by(actor):
            raise MayNotScore
        db.session.execute(select(Tournament.id).filter_by(id=self.id).with_for_update())

    def _touch(self) -> None:
        touch(self.topic, "play")
        touch(self.topic, "results")
