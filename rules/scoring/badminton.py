"""Badminton by the BWF Laws: to 21 since 2006, and to 15 from 4 January 2027."""

from dataclasses import replace
from datetime import date

from rules.scoring.ruleset import Count, Format, Ruleset, Sport
from rules.scoring.serving.service import NextGame
from rules.scoring.serving.winner import Positions, WinnerServes

TO_TWENTY_ONE = Ruleset(
    sport="badminton",
    format="badminton-21",
    valid_from=date(2006, 8, 1),
    game=Count(21, cap=30),
    best_of=1,
    serving=WinnerServes(Positions.COURTS, NextGame.WINNER),
    ends_change_at=11,
    interval_at=11,
    between_games=120,
)
TO_FIFTEEN = replace(
    TO_TWENTY_ONE,
    format="badminton-15",
    valid_from=date(2027, 1, 4),
    game=Count(15, cap=21),
    ends_change_at=8,
    interval_at=8,
)

BADMINTON = Sport(
    "badminton", (Format(TO_TWENTY_ONE, (1, 3), replaced_on=TO_FIFTEEN.valid_from), Format(TO_FIFTEEN, (1, 3)))
)
