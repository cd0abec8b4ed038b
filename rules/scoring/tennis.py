"""Tennis by the ITF Rules 5 to 15 and Appendix V."""

from dataclasses import replace
from datetime import date

from rules.scoring.ruleset import Count, Ends, Format, Ruleset, Sets, Sport
from rules.scoring.serving.by_game import ByGame

ADVANTAGE = Ruleset(
    sport="tennis",
    format="tennis",
    valid_from=date(2002, 1, 1),
    game=Count(4),
    best_of=1,
    serving=ByGame(),
    sets=Sets(games=Count(6, cap=7), tie_break=Count(7)),
    ends=Ends.ODD_GAMES,
    between_games=120,
)
NO_AD = replace(ADVANTAGE, format="tennis-no-ad", game=Count(4, cap=4))
MATCH_TIE_BREAK = replace(ADVANTAGE, format="tennis-match-tie-break", last_game=Count(10))
NO_AD_MATCH_TIE_BREAK = replace(NO_AD, format="tennis-no-ad-match-tie-break", last_game=Count(10))

TENNIS = Sport(
    "tennis",
    (
        Format(ADVANTAGE, (1, 3, 5)),
        Format(NO_AD, (1, 3)),
        Format(MATCH_TIE_BREAK, (3,)),
        Format(NO_AD_MATCH_TIE_BREAK, (3,)),
    ),
    has_handicap=False,
)
