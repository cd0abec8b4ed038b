"""Pickleball by the USA Pickleball rules: side-out scoring, and provisionally rally scoring."""

from dataclasses import replace
from datetime import date

from rules.scoring.ruleset import Count, Format, Ruleset, Sport, TimeOuts
from rules.scoring.serving.service import NextGame
from rules.scoring.serving.side_out import SideOut
from rules.scoring.serving.winner import Positions, WinnerServes

TO_ELEVEN = Ruleset(
    sport="pickleball",
    format="pickleball",
    valid_from=date(2020, 1, 1),
    game=Count(11),
    best_of=1,
    serving=SideOut(),
    ends_change_at=6,
    between_games=120,
    time_outs=TimeOuts(each=2, renewed_each_game=True),
)
TO_FIFTEEN = replace(TO_ELEVEN, format="pickleball-15", game=Count(15), ends_change_at=8)
# Since 2026 the receiving side may win the last point too.
RALLY = replace(
    TO_FIFTEEN,
    format="pickleball-rally",
    valid_from=date(2026, 1, 1),
    serving=WinnerServes(Positions.COURTS, NextGame.OTHER),
)

PICKLEBALL = Sport("pickleball", (Format(TO_ELEVEN, (1, 3)), Format(TO_FIFTEEN, (1,)), Format(RALLY, (1, 3))))
