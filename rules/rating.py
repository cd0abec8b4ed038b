"""Glicko-2: the estimated strength of a player and its uncertainty.

Mark E. Glickman, "Example of the Glicko-2 system", Boston University, 2012; the numbers of the steps are the paper's.
A rating period is a week. The paper covers only two players. In pairs a player meets one opponent, whose strength is
that of both opponents minus the partner's (`together`), as in Herbrich's TrueSkill and in Weng and Lin.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, log, pi, sqrt

MIDDLE = 1500.0
UNKNOWN = 350.0
# Above this deviation a rating is provisional.
PROVISIONAL_FROM = 110.0

_SCALE = 173.7178
_CONSTRAINT = 0.5
_CLOSE_ENOUGH = 1e-6


@dataclass(frozen=True, slots=True)
class Rating:
    """The player's strength is within two deviations of the value with a probability of 95 %."""

    value: float = MIDDLE
    deviation: float = UNKNOWN
    volatility: float = 0.06

    @property
    def is_provisional(self) -> bool:
        return self.deviation > PROVISIONAL_FROM

    def rested(self, weeks: int) -> "Rating":
        """After that many weeks without a match (step 6): the same value, a larger deviation."""
        grown = sqrt(self.deviation**2 + weeks * (self.volatility * _SCALE) ** 2)
        return Rating(self.value, min(grown, UNKNOWN), self.volatility)


@dataclass(frozen=True, slots=True)
class Result:
    """One match of the week: the opponent's rating, and 1 for a win or 0 for a loss."""

    opponent: Rating
    score: float


def together(opponents: Sequence[Rating], partners: Sequence[Rating]) -> Rating:
    """The single opponent equivalent to these opponents when playing with these partners."""
    ahead = sum(each.value - MIDDLE for each in opponents) - sum(each.value - MIDDLE for each in partners)
    deviation = sqrt(sum(each.deviation**2 for each in (*opponents, *partners)))
    return Rating(MIDDLE + ahead, deviation)


def rated(before: Rating, results: Sequence[Result]) -> Rating:
    """After a week with these results (at least one), against ratings as they were when the week began."""
    mu, phi = (before.value - MIDDLE) / _SCALE, before.deviation / _SCALE
    information = gained = 0.0
    for result in results:
        weight = 1 / sqrt(1 + 3 * (result.opponent.deviation / _SCALE / pi) ** 2)
        expected = 1 / (1 + exp(-weight * (mu - (result.opponent.value - MIDDLE) / _SCALE)))
        information += weight**2 * expected * (1 - expected)
        gained += weight * (result.score - expected)
    variance = 1 / information
    volatility = _volatility(before.volatility, phi, variance, variance * gained)
    phi = 1 / sqrt(1 / (phi**2 + volatility**2) + information)
    return Rating(MIDDLE + (mu + phi**2 * gained) * _SCALE, min(phi * _SCALE, UNKNOWN), volatility)


def _volatility(before: float, phi: float, variance: float, surprise: float) -> float:
    """Step 5: the Illinois algorithm, a regula falsi."""
    middle = log(before**2)

    def error(x: float) -> float:
        spread = phi**2 + variance + exp(x)
        return exp(x) * (surprise**2 - spread) / (2 * spread**2) - (x - middle) / _CONSTRAINT**2

    a, b = middle, _other_end(middle, surprise**2 - phi**2 - variance, error)
    error_a, error_b = error(a), error(b)
    while abs(b - a) > _CLOSE_ENOUGH:
        c = a + (a - b) * error_a / (error_b - error_a)
        error_c = error(c)
        if error_c * error_b <= 0:
            a, error_a = b, error_b
        else:
            error_a /= 2
        b, error_b = c, error_c
    return exp(a / 2)


def _other_end(middle: float, excess: float, error: Callable[[float], float]) -> float:
    """The other end of the search interval for the volatility."""
    if excess > 0:
        return log(excess)
    steps = 1
    while error(middle - steps * _CONSTRAINT) < 0:
        steps += 1
    return middle - steps * _CONSTRAINT
