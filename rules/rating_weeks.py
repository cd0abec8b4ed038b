"""The ratings of one sport, separately for singles and pairs, week by week: a pure fold over the matches."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rules.rating import Rating, Result, rated, together

WEEK = 7


@dataclass(frozen=True, slots=True)
class Played:
    """A finished match: the players' numbers, the winners first."""

    winners: tuple[int, ...]
    losers: tuple[int, ...]

    def players(self) -> tuple[int, ...]:
        return self.winners + self.losers


@dataclass(frozen=True, slots=True)
class Standing:
    """A player's rating after the week that begins on this Monday, including all matches so far."""

    week: date
    rating: Rating
    matches: int = 0
    won: int = 0

    def at(self, week: date) -> Rating:
        """The rating at the start of that later week."""
        return self.rating.rested(weeks_between(self.week, week) - 1)


Standings = Mapping[int, Standing]


def week_of(day: date) -> date:
    """The Monday of the day's week."""
    return date.fromordinal(day.toordinal() - day.weekday())


def weeks_between(first: date, second: date) -> int:
    return (second - first).days // WEEK


def after_week(
    week: date, before: Standings, matches: Sequence[Played], whom: Collection[int] | None = None
) -> dict[int, Standing]:
    """The new standings of those in `whom` (default everybody) who played that week.

    before: all standings at the start of the week, without those who had never played. Nobody's new standing
    depends on another's of the same week, so some can be computed without the others.
    """
    results: dict[int, list[Result]] = {}
    for match in matches:
        for own, other, score in ((match.winners, match.losers, 1.0), (match.losers, match.winners, 0.0)):
            for player in own:
                if whom is None or player in whom:
                    opponent = _opponent(week, before, other, [each for each in own if each != player])
                    results.setdefault(player, []).append(Result(opponent, score))
    return {player: _after(week, before.get(player), played) for player, played in results.items()}


def _after(week: date, before: Standing | None, results: Sequence[Result]) -> Standing:
    known = before or Standing(week, Rating())
    rating = rated(before.at(week) if before else known.rating, results)
    won = sum(result.score > 0 for result in results)
    return Standing(week, rating, known.matches + len(results), known.won + won)


def _opponent(week: date, before: Standings, opponents: Sequence[int], partners: Sequence[int]) -> Rating:
    def rating(player: int) -> Rating:
        return before[player].at(week) if player in before else Rating()

    if len(opponents) == 1 and not partners:
        return rating(opponents[0])
    return together([rating(each) for each in opponents], [rating(each) for each in partners])
