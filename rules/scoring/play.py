"""Plays a match line by line: the score, the service, the ends."""

from collections.abc import Mapping
from copy import copy
from typing import NamedTuple

from rules.scoring.log import PLAYED, Entry, EntryKind, Points, Side
from rules.scoring.ruleset import Ends, Ruleset
from rules.scoring.score import Score, one_more
from rules.scoring.serving.service import Place, Service, Start

Order = tuple[Side, Entry]
SAID_OF_BEFORE = frozenset({EntryKind.ORDER, EntryKind.AMEND})


class MatchIsOver(Exception):
    """A rally or a retirement after the end of the match, or one that a correction moved past the end: `seq`."""

    def __init__(self, seq: int) -> None:
        super().__init__(f"entry {seq} comes after the end of the match")
        self.seq = seq


class AgainstTheLaw(Exception):
    """The law of this match does not allow the line now: one time-out too many, expedite after 18 points."""


class Rally(NamedTuple):
    """A rally that stands, or an award: the side (as amended), the game (from 1), and its points before and after.

    The points are equal if the winner did not serve and only servers score.
    `server` is the server's side and place.
    """

    seq: int
    side: Side
    game_number: int
    points_before: Points
    points_after: Points
    stretch: int
    is_tie_break: bool = False
    server: Place = (Side.A, 1)


class Newest(NamedTuple):
    """The newest line that stands, of any kind."""

    seq: int
    kind: EntryKind
    side: Side | None


class Play:
    """The state machine that takes the standing lines one after the other."""

    def __init__(self, ruleset: Ruleset, first_server: Side, *, pairs: bool, orders: Mapping[int, Order]) -> None:
        self.ruleset, self.pairs = ruleset, pairs
        self.score = Score(ruleset)
        self.played = 0
        self.winner: Side | None = None
        self.is_expedite = self.is_awarded = False
        self.ends_swapped = self.ends_change_due = self._has_turned = False
        self.interval = 0
        self.time_outs_left: Points = (ruleset.time_outs.each, ruleset.time_outs.each)
        self.live: list[Rally] = []
        self._newest: tuple[Entry, Side | None] | None = None
        self._first_server, self._orders = first_server, orders
        self.service = self._begun(None, None)

    @property
    def points(self) -> Points:
        return self.score.points

    @property
    def is_tie_break(self) -> bool:
        return self.score.is_tie_break

    @property
    def has_come_to_deuce(self) -> bool:
        a, b = self.score.points
        return (a if a < b else b) >= self.score.count.deuce_from

    @property
    def has_just_turned(self) -> bool:
        return self.ends_change_due and self._has_turned

    @property
    def is_at_deuce(self) -> bool:
        return self.has_come_to_deuce and self.points[0] == self.points[1] and self.score.count.lead > 1

    @property
    def newest(self) -> Newest | None:
        if self._newest is None:
            return None
        entry, side = self._newest
        return Newest(entry.seq, entry.kind, side)

    def copy(self) -> "Play":
        """A copy of the current state."""
        twin = copy(self)
        twin.live, twin.score, twin.service = list(self.live), copy(self.score), copy(self.service)
        return twin

    def take(self, entry: Entry, side: Side | None) -> None:
        """One line, its side as amended. Raises MatchIsOver and AgainstTheLaw."""
        if self.winner is not None and entry.kind not in SAID_OF_BEFORE:
            raise MatchIsOver(entry.seq)
        if entry.kind in PLAYED and side is not None:
            self._point(entry.seq, side, awarded=False)
        else:
            self._say(entry, side)
        self.apply(entry, side)

    def apply(self, entry: Entry, side: Side | None) -> None:
        """Records a line as the newest that can be undone."""
        if self._newest is None or entry.seq > self._newest[0].seq:
            self._newest = entry, side

    def rally(self, seq: int, side: Side) -> None:
        """This side wins the next rally; raises MatchIsOver."""
        self.take(Entry(seq, EntryKind.RALLY, side), side)

    def score_after_rally(self, side: Side) -> Score | None:
        """The score if the side won the next rally; None if only servers score and it does not serve."""
        return self.score.after(side) if self.ruleset.serving.scores(self.service, side) else None

    def _say(self, entry: Entry, side: Side | None) -> None:
        if entry.kind is EntryKind.EXPEDITE:
            self._expedite(entry)
        elif side is None:
            return
        elif entry.kind is EntryKind.AWARD:
            self._award(entry, side)
        elif entry.kind is EntryKind.TIME_OUT:
            self._time_out(side)
        elif entry.kind is EntryKind.SERVICE:
            self.ruleset.serving.give(self.service, side, self.is_tie_break)
        elif entry.kind is EntryKind.END:
            self.winner = side.other

    def _award(self, entry: Entry, side: Side) -> None:
        """Surplus points of a game count in the next, those of the match nowhere."""
        for _ in range(entry.points):
            if self.winner is None:
                self._point(entry.seq, side, awarded=True)

    def _point(self, seq: int, side: Side, *, awarded: bool) -> None:
        score = self.score
        game, stretch, before, tie_break = score.game_number, score.stretch, score.points, score.is_tie_break
        self.is_awarded, after, server = awarded, before, (self.service.side, self.service.server)
        if awarded or self.ruleset.serving.scores(self.service, side):
            score.add(side)
            after = one_more(before, side)
        self.live.append(Rally(seq, side, game, before, after, stretch, tie_break, server))
        if score.winner is not None:
            self.winner, self.ends_change_due, self.interval = score.winner, False, 0
        elif score.stretch == stretch:
            self._go_on(side, before)
        else:
            self._begin_stretch(side, game)

    def _go_on(self, side: Side, before: Points) -> None:
        """Continues the stretch."""
        self.played += 1
        self.ends_change_due = self._turns_inside(side)
        self.ends_swapped ^= self.ends_change_due
        self.interval = self._pause(side, before) if self.ruleset.interval_at else 0
        self.ruleset.serving.go_on(self.service, side, self)

    def _begin_stretch(self, side: Side, game: int) -> None:
        """The side has won a stretch, and possibly with it the game of this number."""
        self.played = 0
        has_won_game = self.score.game_number != game
        self.ends_change_due = self._turns_after(has_won_game)
        self.ends_swapped ^= self.ends_change_due
        self.interval = self.ruleset.between_games if has_won_game else 0
        if not has_won_game:
            self.ruleset.serving.begin_stretch(self.service)
            return
        if self.ruleset.time_outs.renewed_each_game:
            self.time_outs_left = (self.ruleset.time_outs.each, self.ruleset.time_outs.each)
        self.service = self._begun(self.service, side)

    def _begun(self, previous: Service | None, winner: Side | None) -> Service:
        """The first service of the new game."""
        number = self.score.game_number
        side, order = self._orders.get(number, (None, None))
        free = number == 1 or (self.ruleset.toss_before_last and self.score.is_last_game)
        start = Start(
            pairs=self.pairs,
            points=self.score.points,
            first=side or self._first_server,
            has_free_choice=side is not None and free,
            server=order.server if order and self.pairs else 1,
            receiver=order.receiver if order and self.pairs else 1,
            previous=previous,
            winner=winner,
            expedite=self.is_expedite,
        )
        return self.ruleset.serving.begin(start)

    def _turns_inside(self, side: Side) -> bool:
        """Whether ends change within the stretch."""
        if self.ruleset.ends is Ends.ODD_GAMES:
            return self.score.is_tie_break and self.played % 6 == 0
        if self._has_turned or not self.score.is_last_game:
            return False
        self._has_turned = _of(self.score.points, side) == self.ruleset.ends_change_at
        return self._has_turned

    def _turns_after(self, has_won_game: bool) -> bool:
        """Whether ends change after the finished stretch."""
        if self.ruleset.ends is not Ends.ODD_GAMES:
            return self.ruleset.ends is Ends.EVERY_GAME
        return sum(self.score.games[-1] if has_won_game else self.score.set_games) % 2 == 1

    def _pause(self, side: Side, before: Points) -> int:
        """The seconds of the interval, if the first side has just reached its score."""
        points, at = self.score.points, self.ruleset.interval_at
        is_reached = _of(points, side) == at != _of(before, side)
        return self.ruleset.interval if is_reached and _of(points, side.other) < _of(points, side) else 0

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
        self.ruleset.serving.expedite(self.service, entry.in_play)


def _of(pair: Points, side: Side) -> int:
    return pair[0] if side is Side.A else pair[1]
