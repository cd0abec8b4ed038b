"""Table tennis by the ITTF Laws 2.11 to 2.13, as played since 1 September 2001: to 11, two clear, two serves each."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from rules.scoring.engine import Ruleset

OFFERED_BEST_OF = (1, 3, 5, 7)

_TO_ELEVEN = Ruleset(
    sport="table-tennis",
    code="",
    valid_from=date(2001, 9, 1),
    target=11,
    lead=2,
    cap=None,
    best_of=1,
    serves_each=2,
    serves_each_at_deuce=1,
    ends_change_at=5,
)


def ruleset(best_of: int, *, change_ends_in_only_game: bool = False) -> Ruleset:
    """The law for a match of so many games; ValueError unless the number is odd and positive (2.12.1).

    A single game is its own last one, so by 2.13.7 ends would change at 5. Friendly games are played without that,
    and it is left out unless asked for; it makes no difference to longer matches.
    """
    if best_of == 1 and not change_ends_in_only_game:
        return replace(_TO_ELEVEN, code="table-tennis-friendly-1", ends_change_at=None)
    return replace(_TO_ELEVEN, code=f"table-tennis-{best_of}", best_of=best_of)


RULESETS: Mapping[str, Ruleset] = {
    offered.code: offered for offered in (*map(ruleset, OFFERED_BEST_OF), ruleset(1, change_ends_in_only_game=True))
}
