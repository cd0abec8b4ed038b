"""Table tennis by the ITTF Laws 2.11 to 2.15, in force since 1 September 2001, and clubs' variants."""

from dataclasses import replace
from datetime import date

from rules.scoring.ruleset import Count, Format, Ruleset, Sport, TimeOuts
from rules.scoring.serving.turns import Turns

TO_ELEVEN = Ruleset(
    sport="table-tennis",
    format="table-tennis",
    valid_from=date(2001, 9, 1),
    game=Count(11),
    best_of=1,
    serving=Turns(each=2),
    ends_change_at=5,
    time_outs=TimeOuts(each=1),
    expedite_before=18,
)
SUDDEN_DEATH = replace(TO_ELEVEN, format="table-tennis-sudden", game=Count(11, cap=11))
TO_SEVEN = replace(TO_ELEVEN, format="table-tennis-7", game=Count(7), ends_change_at=4)
TO_TWENTY_ONE = replace(TO_ELEVEN, format="table-tennis-21", game=Count(21), serving=Turns(each=5), ends_change_at=10)

LENGTHS = (1, 3, 5, 7)
TABLE_TENNIS = Sport(
    "table-tennis", tuple(Format(law, LENGTHS) for law in (TO_ELEVEN, SUDDEN_DEATH, TO_SEVEN, TO_TWENTY_ONE))
)
