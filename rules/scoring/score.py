"""The score: points, games of a set in sports with sets, and finished games or sets."""

from copy import copy

from rules.scoring.log import Points, Side
from rules.scoring.ruleset import Count, Ruleset


class Score:
    """Pairs are (A, B). A stretch is the unit in which points are counted: a game, or in tennis one game of a set.

    games        the finished games, in tennis the sets
    points       of the current stretch; of the last one once the match is won
    set_games    the games of the current set, or of the last one; (0, 0) without sets
    game_number  of the game, in tennis of the set, from 1
    stretch      the number of stretches begun
    count        the target of the current stretch
    """

    __slots__ = (
        "count",
        "game_number",
        "games",
        "games_won",
        "is_tie_break",
        "points",
        "ruleset",
        "set_games",
        "stretch",
        "winner",
    )

    def __init__(self, ruleset: Ruleset) -> None:
        self.ruleset = ruleset
        self.games: tuple[Points, ...] = ()
        self.set_games: Points = (0, 0)
        self.games_won: Points = (0, 0)
        self.game_number = 1
        self.stretch = 0
        self.points: Points = ruleset.handicap
        self.count: Count = ruleset.game
        self.winner: Side | None = None
        self._begin_stretch()

    @property
    def is_last_game(self) -> bool:
        """Whether no further game can follow."""
        return self.game_number == self.ruleset.best_of

    def add(self, side: Side) -> None:
        """Adds a point for the side, and ends the stretch, game and match as it may."""
        self.points = one_more(self.points, side)
        if self.count.is_won(self.points, side):
            self._end_stretch(side)

    def after(self, side: Side) -> "Score":
        """A copy of the score with one more point for the side."""
        ahead = copy(self)
        ahead.add(side)
        return ahead

    def _begin_stretch(self) -> None:
        laws = self.ruleset
        self.points = laws.handicap
        self.stretch += 1
        in_place_of_a_set = laws.last_game is not None and self.is_last_game
        at_games_all = laws.sets is not None and laws.sets.is_tie_break(self.set_games)
        self.is_tie_break = laws.sets is not None and (in_place_of_a_set or at_games_all)
        self.count = self._count(laws, at_games_all)

    def _count(self, laws: Ruleset, at_games_all: bool) -> Count:
        if laws.sets is not None and at_games_all and not (laws.last_game is not None and self.is_last_game):
            return laws.sets.tie_break
        return laws.count_of(self.game_number)

    def _end_stretch(self, side: Side) -> None:
        sets = self.ruleset.sets
        if sets is None or (self.ruleset.last_game is not None and self.is_last_game):
            self._end_game(side, self.points)
            return
        self.set_games = one_more(self.set_games, side)
        if sets.games.is_won(self.set_games, side):
            self._end_game(side, self.set_games)
        else:
            self._begin_stretch()

    def _end_game(self, side: Side, result: Points) -> None:
        self.games = (*self.games, result)
        self.games_won = one_more(self.games_won, side)
        if max(self.games_won) == self.ruleset.games_to_win:
            self.winner = side
            return
        self.set_games = (0, 0)
        self.game_number += 1
        self._begin_stretch()


def one_more(pair: Points, side: Side) -> Points:
    return (pair[0] + 1, pair[1]) if side is Side.A else (pair[0], pair[1] + 1)
