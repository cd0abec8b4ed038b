"""The score as it grows: points, where a sport has them games of a set, and what the match is the best of."""

from typing import NamedTuple

from rules.scoring.log import Points, Side
from rules.scoring.ruleset import Count, Ruleset


class Score(NamedTuple):
    """Pairs are (A, B). A stretch is what points are counted in: a game, or in tennis one game of a set.

    games        the finished games, in tennis the sets
    points       of the current stretch; of the last one once the match is won
    set_games    the games of the current set, or of the last one; (0, 0) without sets
    game_number  of the game, in tennis of the set, from 1
    stretch      how many stretches were begun
    """

    points: Points
    games: tuple[Points, ...] = ()
    set_games: Points = (0, 0)
    games_won: Points = (0, 0)
    game_number: int = 1
    stretch: int = 1
    winner: Side | None = None

    def after_point(self, ruleset: Ruleset, side: Side) -> "Score":
        """The score once the side has one point more."""
        points = one_more(self.points, side)
        if not count_of(ruleset, self).is_won(points, side):
            return self._replace(points=points)
        return self._replace(points=points)._after_stretch(ruleset, side)

    def _after_stretch(self, ruleset: Ruleset, side: Side) -> "Score":
        if ruleset.sets is None or self._is_played_as_last_game(ruleset):
            return self._after_game(ruleset, side, self.points)
        score = self._replace(set_games=one_more(self.set_games, side))
        if ruleset.sets.games.is_won(score.set_games, side):
            return score._after_game(ruleset, side, score.set_games)
        return score._replace(points=ruleset.handicap, stretch=self.stretch + 1)

    def _after_game(self, ruleset: Ruleset, side: Side, result: Points) -> "Score":
        score = self._replace(games=(*self.games, result), games_won=one_more(self.games_won, side))
        if max(score.games_won) == ruleset.games_to_win:
            return score._replace(winner=side)
        return score._replace(
            points=ruleset.handicap, set_games=(0, 0), game_number=self.game_number + 1, stretch=self.stretch + 1
        )

    def _is_played_as_last_game(self, ruleset: Ruleset) -> bool:
        return ruleset.last_game is not None and is_last_game(ruleset, self)


def one_more(pair: Points, side: Side) -> Points:
    return (pair[0] + 1, pair[1]) if side is Side.A else (pair[0], pair[1] + 1)


def is_last_game(ruleset: Ruleset, score: Score) -> bool:
    """Whether no other game can follow."""
    return score.game_number == ruleset.best_of


def is_tie_break(ruleset: Ruleset, score: Score) -> bool:
    """Whether points decide a set: at six all, or where a tie-break is played instead of the last set."""
    if ruleset.sets is None:
        return False
    in_place_of_a_set = ruleset.last_game is not None and is_last_game(ruleset, score)
    return in_place_of_a_set or ruleset.sets.is_tie_break(score.set_games)


def count_of(ruleset: Ruleset, score: Score) -> Count:
    """How far the current stretch goes."""
    if ruleset.last_game is not None and is_last_game(ruleset, score):
        return ruleset.last_game
    if ruleset.sets is not None and ruleset.sets.is_tie_break(score.set_games):
        return ruleset.sets.tie_break
    return ruleset.game
