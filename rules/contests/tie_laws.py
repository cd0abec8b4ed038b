"""How each sport breaks ties in a group."""

from collections.abc import Mapping

from rules.contests.results import Result
from rules.contests.standings import (
    Among,
    Step,
    TieLaw,
    games_difference,
    games_ratio,
    match_points,
    points_difference,
    points_ratio,
    wins,
)
from rules.scoring.log import Points


def two_for_a_win(result: Result) -> Points:
    """ITTF 3.7.5.1: two points for a win, one for a match lost in play, none for one not played to its end."""
    loser = 1 if result.is_full else 0
    return (2, loser) if result.winner == result.a else (loser, 2)


def one_for_a_win(result: Result) -> Points:
    return (1, 0) if result.winner == result.a else (0, 1)


def three_for_a_clear_win(result: Result) -> Points:
    """FIVB: a match won by two sets or more gives three points, one won in the last set two, and one to the loser."""
    points = (2, 1) if result.is_full and abs(result.games[0] - result.games[1]) == 1 < max(result.games) else (3, 0)
    return points if result.winner == result.a else points[::-1]


# ITTF Regulations 3.7.5.2 and 3.7.5.3.
TABLE_TENNIS = TieLaw(
    (
        Step(match_points),
        Step(match_points, Among.TIED),
        Step(games_ratio, Among.TIED),
        Step(points_ratio, Among.TIED),
    ),
    two_for_a_win,
)
# BWF General Competition Regulations, group play. Squash counts the same way.
BADMINTON = TieLaw((Step(wins), Step(wins, Among.TWO), Step(games_difference), Step(points_difference)), one_for_a_win)
# As at the ATP Finals: the share of sets, then of games. Padel is counted the same way.
TENNIS = TieLaw((Step(wins), Step(wins, Among.TWO), Step(games_ratio), Step(points_ratio)), one_for_a_win)
# USA Pickleball: the matches between them, then the difference of points overall, then in the matches between them.
PICKLEBALL = TieLaw(
    (Step(wins), Step(wins, Among.TIED), Step(points_difference), Step(points_difference, Among.TIED)), one_for_a_win
)
# FIVB: matches won before points, then the ratios, and the match between them last.
VOLLEYBALL = TieLaw(
    (Step(wins), Step(match_points), Step(games_ratio), Step(points_ratio), Step(wins, Among.TIED)),
    three_for_a_clear_win,
)

TIE_LAWS: Mapping[str, TieLaw] = {
    "table-tennis": TABLE_TENNIS,
    "badminton": BADMINTON,
    "squash": BADMINTON,
    "tennis": TENNIS,
    "padel": TENNIS,
    "pickleball": PICKLEBALL,
    "volleyball": VOLLEYBALL,
}
