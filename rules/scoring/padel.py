"""Padel by the FIP Rules: tennis for two pairs, with three ways of deciding deuce."""

from dataclasses import replace
from datetime import date

from rules.scoring import tennis
from rules.scoring.ruleset import Count, Format, Players, Sport

ADVANTAGE = replace(tennis.ADVANTAGE, sport="padel", format="padel", valid_from=date(2008, 1, 1))
GOLDEN_POINT = replace(ADVANTAGE, format="padel-golden", valid_from=date(2020, 1, 1), game=Count(4, cap=4))
STAR_POINT = replace(ADVANTAGE, format="padel-star", valid_from=date(2026, 1, 1), game=Count(4, cap=6))

PADEL = Sport(
    "padel",
    tuple(Format(law, (1, 3)) for law in (ADVANTAGE, GOLDEN_POINT, STAR_POINT)),
    players=Players.PAIRS,
    has_handicap=False,
)
