"""Squash by the World Squash rules: point-a-rally to 11."""

from datetime import date

from rules.scoring.ruleset import Count, Ends, Format, Players, Ruleset, Sport
from rules.scoring.serving.service import NextGame
from rules.scoring.serving.winner import Positions, WinnerServes

TO_ELEVEN = Ruleset(
    sport="squash",
    format="squash",
    valid_from=date(2009, 1, 1),
    game=Count(11),
    best_of=1,
    serving=WinnerServes(Positions.BOXES, NextGame.WINNER),
    ends=Ends.NEVER,
    between_games=120,
)

SQUASH = Sport("squash", (Format(TO_ELEVEN, (1, 3, 5)),), players=Players.SINGLES)
