"""Volleyball by the FIVB Rules 6, 7, 12 and 15; a side is a team with a name."""

from datetime import date

from rules.scoring.ruleset import Count, Format, Players, Ruleset, Sport, TimeOuts
from rules.scoring.serving.service import NextGame
from rules.scoring.serving.winner import Positions, WinnerServes

TO_TWENTY_FIVE = Ruleset(
    sport="volleyball",
    format="volleyball",
    valid_from=date(1999, 1, 1),
    game=Count(25),
    last_game=Count(15),
    best_of=1,
    serving=WinnerServes(Positions.ROTATION, NextGame.OTHER),
    ends_change_at=8,
    between_games=180,
    time_outs=TimeOuts(each=2, seconds=30, renewed_each_game=True),
    toss_before_last=True,
)

VOLLEYBALL = Sport("volleyball", (Format(TO_TWENTY_FIVE, (1, 3, 5)),), players=Players.SINGLES)
