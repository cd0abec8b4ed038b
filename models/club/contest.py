"""The current state of a tournament, derived from its draw and from the matches played in it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from models.club.match import Match
from models.club.tournament_plan import System
from rules.contests.groups import group_ties
from rules.contests.knockout import knockout
from rules.contests.results import Result
from rules.contests.round_robin import round_robin
from rules.contests.standings import Row, standings
from rules.contests.tie_laws import TIE_LAWS
from rules.contests.ties import Tie
from rules.scoring.log import Side

if TYPE_CHECKING:
    from models.club.tournament import Tournament

Meeting = tuple[int, frozenset[int]]


class Contest:
    """Computed once per request. Entrants are identified by their numbers in the draw, ties by theirs in the plan.

    A match belongs to a tie only while its players are the tie's entrants; a corrected result may change these.
    """

    def __init__(self, tournament: "Tournament", matches: Sequence[Match]) -> None:
        self._tournament = tournament
        self._matches = matches
        self._numbers = {
            frozenset(player.id for player in entrant.players): entrant.number for entrant in tournament.entrants
        }
        self._met: Mapping[Meeting, Match] = {self._meeting(match): match for match in matches}

    @cached_property
    def ties(self) -> list[Tie]:
        """All ties, in the order of play."""
        entrants = [entrant.number for entrant in self._tournament.entrants]
        winners = {meeting: self._winner(match) for meeting, match in self._met.items() if match.winner}
        if self._tournament.system is System.ROUND_ROBIN:
            return round_robin(entrants, winners, self.withdrawn)
        if self._tournament.system is System.GROUPS:
            return self._groups_and_bracket(winners)
        return knockout(entrants, winners, self.withdrawn, has_third=self._tournament.has_third)

    def _groups_and_bracket(self, winners: Mapping[Meeting, int]) -> list[Tie]:
        """The ties of the groups, followed by those of the bracket once it is drawn."""
        ties = group_ties(self._tournament.groups, winners, self.withdrawn)
        if not self._tournament.bracket:
            return ties
        rounds, own = ties[-1].round, {(number - len(ties), who): won for (number, who), won in winners.items()}
        bracket = knockout(self._tournament.bracket, own, self.withdrawn, has_third=self._tournament.has_third)
        return ties + [replace(tie, number=tie.number + len(ties), round=tie.round + rounds) for tie in bracket]

    @property
    def withdrawn(self) -> set[int]:
        return {entrant.number for entrant in self._tournament.entrants if entrant.withdrew_at}

    def match_of(self, tie: Tie) -> Match | None:
        """The match that decided the tie, or that is in progress."""
        if tie.a is None or tie.b is None:
            return None
        return self._met.get((tie.number, frozenset((tie.a, tie.b))))

    @cached_property
    def running(self) -> list[tuple[Tie, Match]]:
        """The ties in progress."""
        found = [(tie, self.match_of(tie)) for tie in self.ties]
        return [(tie, match) for tie, match in found if match and match.goes_on]

    @cached_property
    def startable(self) -> dict[int, tuple[int, int]]:
        """The ties that could start now, both sides being present and free, with their entrants."""
        begun = {tie.number for tie, _ in self.running}
        busy = {entrant for tie, _ in self.running for entrant in (tie.a, tie.b)}
        return {
            tie.number: (tie.a, tie.b)
            for tie in self.waiting
            if tie.number not in begun and tie.a and tie.b and not busy & {tie.a, tie.b}
        }

    @property
    def waiting(self) -> list[Tie]:
        """The ties whose entrants are known and that have not started."""
        begun = {tie.number for tie, _ in self.running}
        return [tie for tie in self.ties if tie.is_open and tie.number not in begun]

    @cached_property
    def free_tables(self) -> list[int]:
        """The tournament's tables at which no match of the club is in progress."""
        taken = Match.at_tables(self._tournament.club)
        return [table for table in self._tournament.tables if table not in taken]

    @cached_property
    def called(self) -> dict[int, int]:
        """The free table to which each of the next ties is called, by the tie's number; nobody is called to two."""
        free, busy, called = list(self.free_tables), set[int](), dict[int, int]()
        for number, pair in self.startable.items():
            if free and not busy & set(pair):
                called[number] = free.pop(0)
                busy |= set(pair)
        return called

    @cached_property
    def rows(self) -> list[Row]:
        """The standings of a round robin."""
        law = self._tournament.ruleset
        entrants = [entrant.number for entrant in self._tournament.entrants]
        return standings(entrants, self.results.values(), TIE_LAWS[law.sport])

    @cached_property
    def groups(self) -> list[list[Row]]:
        """The standings of each group."""
        law, decided = TIE_LAWS[self._tournament.ruleset.sport], [self.results[tie.number] for tie in self._group_ties]
        return [standings(group, decided, law) for group in self._tournament.groups]

    @property
    def _group_ties(self) -> list[Tie]:
        """The decided ties of the groups."""
        return [tie for tie in self.ties if tie.group and tie.number in self.results]

    @property
    def may_be_drawn(self) -> bool:
        """Whether the groups are finished and no tie of the bracket has started."""
        are_played = all(tie.winner for tie in self.ties if tie.group)
        return bool(self.groups) and are_played and not self.bracket_has_begun

    @property
    def may_be_regrouped(self) -> bool:
        """Whether no match of the groups has started."""
        return bool(self._tournament.groups) and not self._matches

    @property
    def bracket_has_begun(self) -> bool:
        bracket = {tie.number for tie in self.ties if not tie.group}
        return any(match.tie_number in bracket for match in self._matches)

    @property
    def has_drifted(self) -> bool:
        """Whether a bracket was drawn that the current group standings would fill or order differently."""
        places = [{row.entrant: row.place for row in group} for group in self.groups]
        for group, place in zip(self.groups, places, strict=True):
            drawn = [entrant for entrant in self._tournament.bracket if entrant in place]
            there = [row.place for row in group if row.entrant not in self.withdrawn or row.entrant in drawn]
            if drawn and sorted(place[entrant] for entrant in drawn) != there[: len(drawn)]:
                return True
        return bool(self._tournament.bracket) and not all(tie.winner for tie in self.ties if tie.group)

    @property
    def is_over(self) -> bool:
        is_drawn = self._tournament.system is not System.GROUPS or bool(self._tournament.bracket)
        return is_drawn and all(tie.winner for tie in self.ties)

    @property
    def champion(self) -> int | None:
        """The winner of the tournament, once certain."""
        if not self.is_over:
            return None
        if self._tournament.system is System.ROUND_ROBIN:
            return None if self.rows[0].is_shared else self.rows[0].entrant
        return next(tie.winner for tie in reversed(self.ties) if not tie.is_third)

    @property
    def strays(self) -> list[Match]:
        """Matches that were played for ties which now have other entrants."""
        due = {(tie.number, frozenset((tie.a, tie.b))) for tie in self.ties}
        return [match for meeting, match in self._met.items() if meeting not in due]

    @cached_property
    def results(self) -> dict[int, Result]:
        """The results of the decided ties by tie number; byes have none."""
        return {tie.number: self._result(tie, tie.a, tie.b) for tie in self.ties if tie.winner and tie.a and tie.b}

    def _result(self, tie: Tie, a: int, b: int) -> Result:
        match = None if tie.is_walkover else self.match_of(tie)
        games = match.games if match else []
        winner = Side.A if tie.winner == a else Side.B
        return Result.of(self._tournament.ruleset, a, b, winner, games)

    def _meeting(self, match: Match) -> Meeting:
        sides = {self._entrant(match, side) for side in Side}
        return match.tie_number or 0, frozenset(sides)

    def _winner(self, match: Match) -> int:
        return self._entrant(match, match.winner or Side.A)

    def _entrant(self, match: Match, side: Side) -> int:
        """0 for players who never entered."""
        playing = frozenset(player.player_id for player in match.players if player.side is side)
        return self._numbers.get(playing, 0)
