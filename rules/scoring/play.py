"""A match as it is played: the score, the service, the ends, line by line."""

from collections.abc import Mapping
from copy import copy
from typing import NamedTuple

from rules.scoring.log import Entry, EntryKind, Points, Side
from rules.scoring.ruleset import Ends, Ruleset
from rules.scoring.score import Score, count_of, is_last_game, is_tie_break, one_more
from rules.scoring.serving.service import Moment, Service, Start

Order = tuple[Side, Entry]
SAID_OF_BEFORE = frozenset({EntryKind.ORDER, EntryKind.AMEND})


class MatchIsOver(Exception):
    """A rally or an end after the match has been decided, or one that a correction has left behind the end."""


class AgainstTheLaw(Exception):
    """What the law of this match does not allow now: one time-out too many, expedite after 18 points."""


class Rally(NamedTuple):
    """A rally that stands, or an award: for whom (as amended), in which game (from 1), that game's points around it.

    The points are as they were before and after it; equal where the winner did not serve and only servers score.
    """

    seq: int
    side: Side
    game_number: int
    points_before: Points
    points_after: Points
    stretch: int
    is_tie_break: bool = False


class Newest(NamedTuple):
    """The newest line that stands, whatever it says."""

    seq: int
    kind: EntryKind
    side: Side | None


class Play:
    """Takes the lines that stand one after the other."""

    def __init__(self, ruleset: Ruleset, first_server: Side, *, pairs: bool, orders: Mapping[int, Order]) -> None:
        self.ruleset, self.pairs = ruleset, pairs
        self.score = Score(ruleset.handicap)
        self.played = 0
        self.winner: Side | None = None
        self.is_expedite = False
        self.ends_swapped = self.ends_change_due = self._has_turned_round = False
        self.interval = 0
        self.time_outs_left: Points = (ruleset.time_outs.each, ruleset.time_outs.each)
        self.live: list[Rally] = []
        self.newest: Newest | None = None
        self._first_server, self._orders = first_server, orders
        self.service = self._begun(None)

    @property
    def is_at_deuce(self) -> bool:
        count = count_of(self.ruleset, self.score)
        return self.score.points[0] == self.score.points[1] >= count.deuce_from and count.lead > 1

    def copy(self) -> "Play":
        """Another match that stands where this one stands."""
        twin = copy(self)
        twin.live = list(self.live)
        return twin

    def take(self, entry: Entry, side: Side | None) -> None:
        """One line, its side as amended. Raises MatchIsOver and AgainstTheLaw."""
        if entry.kind not in SAID_OF_BEFORE:
            if self.winner is not None:
                raise MatchIsOver(f"entry {entry.seq} comes after the end of the match")
            self._say(entry, side)
        self.newest = Newest(entry.seq, entry.kind, side)

    def score_after_rally(self, side: Side) -> Score | None:
        """The score if the side won the next rally; None where only servers score and it does not serve."""
        if not self.ruleset.serving.scores(self.service, side):
            return None
        return self.score.after_point(self.ruleset, side)

    def rally(self, seq: int, side: Side) -> None:
        """The next rally is won by this side; raises MatchIsOver."""
        if self.winner is not None:
            raise MatchIsOver(f"entry {seq} comes after the end of the match")
        self._point(seq, side, self.score_after_rally(side), awarded=False)

    def _say(self, entry: Entry, side: Side | None) -> None:
        if entry.kind is EntryKind.EXPEDITE:
            self._expedite(entry)
        elif side is None:
            return
        elif entry.kind is EntryKind.RALLY:
            self.rally(entry.seq, side)
        elif entry.kind is EntryKind.AWARD:
            self._award(entry, side)
        elif entry.kind is EntryKind.TIME_OUT:
            self._time_out(side)
        elif entry.kind is EntryKind.SERVICE:
            tie_break = is_tie_break(self.ruleset, self.score)
            self.service = self.ruleset.serving.given_to(self.service, side, tie_break)
        elif entry.kind is EntryKind.END:
            self.winner = side.other

    def _award(self, entry: Entry, side: Side) -> None:
        """Points beyond the end of a game count in the next, and none beyond the end of the match."""
        for _ in range(entry.points):
            if self.winner is None:
                self._point(entry.seq, side, self.score.after_point(self.ruleset, side), awarded=True)

    def _point(self, seq: int, side: Side, after: Score | None, *, awarded: bool) -> None:
        before = self.score
        points = one_more(before.points, side) if after else before.points
        tie_break = is_tie_break(self.ruleset, before)
        self.live.append(Rally(seq, side, before.game_number, before.points, points, before.stretch, tie_break))
        self.score = after or before
        self.winner = self.score.winner
        self.played = self.played + 1 if self.score.stretch == before.stretch else 0
        self._turn_ends(before, side)
        self._pause(before, side)
        if self.winner is None:
            self.service = self._served_next(before, side, awarded)

    def _served_next(self, before: Score, side: Side, awarded: bool) -> Service:
        if self.score.game_number != before.game_number:
            if self.ruleset.time_outs.renewed_each_game:
                self.time_outs_left = (self.ruleset.time_outs.each, self.ruleset.time_outs.each)
            return self._begun(side)
        if self.score.stretch != before.stretch:
            return self.ruleset.serving.begin_stretch(self.service)
        return self.ruleset.serving.after(self.service, self._moment(side, awarded))

    def _begun(self, winner: Side | None) -> Service:
        """The first service of the game that begins now."""
        number = self.score.game_number
        side, order = self._orders.get(number, (None, None))
        free = number == 1 or (self.ruleset.toss_before_last and number == self.ruleset.best_of)
        start = Start(
            pairs=self.pairs,
            points=self.score.points,
            first=side or self._first_server,
            has_free_choice=side is not None and free,
            server=order.server if order and self.pairs else 1,
            receiver=order.receiver if order and self.pairs else 1,
            previous=self.service if number > 1 else None,
            winner=winner,
            expedite=self.is_expedite,
        )
        return self.ruleset.serving.begin(start)

    def _moment(self, side: Side, awarded: bool) -> Moment:
        at_deuce = min(self.score.points) >= count_of(self.ruleset, self.score).deuce_from
        turns_round = self.ends_change_due and self._has_turned_round
        tie_break = is_tie_break(self.ruleset, self.score)
        points = self.score.points
        return Moment(side, points, self.played, at_deuce, turns_round, self.is_expedite, tie_break, awarded)

    def _turn_ends(self, before: Score, side: Side) -> None:
        self.ends_change_due = self.winner is None and self._changes_ends(before, side)
        self.ends_swapped ^= self.ends_change_due

    def _changes_ends(self, before: Score, side: Side) -> bool:
        if self.ruleset.ends is Ends.ODD_GAMES:
            return self._changes_ends_in_sets(before)
        if self.score.stretch != before.stretch:
            return self.ruleset.ends is Ends.EVERY_GAME
        if self._has_turned_round or not is_last_game(self.ruleset, self.score):
            return False
        self._has_turned_round = _of(self.score.points, side) == self.ruleset.ends_change_at
        return self._has_turned_round

    def _changes_ends_in_sets(self, before: Score) -> bool:
        if self.score.stretch == before.stretch:
            return is_tie_break(self.ruleset, self.score) and self.played % 6 == 0
        set_games = self.score.set_games if self.score.game_number == before.game_number else self.score.games[-1]
        return sum(set_games) % 2 == 1

    def _pause(self, before: Score, side: Side) -> None:
        laws, points = self.ruleset, self.score.points
        self.interval = 0
        if self.winner is None and self.score.game_number != before.game_number:
            self.interval = laws.between_games
        elif self.winner is None and _of(points, side) == laws.interval_at != _of(before.points, side):
            self.interval = laws.interval if _of(points, side.other) < _of(points, side) else 0

    def _time_out(self, side: Side) -> None:
        left = _of(self.time_outs_left, side) - 1
        if left < 0:
            raise AgainstTheLaw(f"side {side} has no time-out left")
        a, b = self.time_outs_left
        self.time_outs_left = (left, b) if side is Side.A else (a, left)

    def _expedite(self, entry: Entry) -> None:
        before = self.ruleset.expedite_before
        if before is None or self.is_expedite or self.played >= before:
            raise AgainstTheLaw("expedite cannot be introduced now")
        self.is_expedite = True
        self.service = self.ruleset.serving.expedited(self.service, entry.in_play)


def _of(pair: Points, side: Side) -> int:
    return pair[0] if side is Side.A else pair[1]
