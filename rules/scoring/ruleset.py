"""The law of a sport as values: targets, service, change of ends. Each sport is a file of such values."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from rules.scoring.log import Points, Side
from rules.scoring.serving.service import Serving


@dataclass(frozen=True, slots=True)
class Count:
    """`target` with a `lead` wins, or `cap` with any lead; points of a game, or games of a set."""

    target: int
    lead: int = 2
    cap: int | None = None

    @property
    def deuce_from(self) -> int:
        """The score from which, reached by both sides, the lead decides: 10 in a game to 11."""
        return self.target - self.lead + 1

    def is_won(self, points: Points, side: Side) -> bool:
        mine, theirs = points if side is Side.A else (points[1], points[0])
        return mine >= self.target and (mine - theirs >= self.lead or mine == self.cap)


@dataclass(frozen=True, slots=True)
class Sets:
    """For sports with sets: the `games` that win a set, and the `tie_break` at their deuce."""

    games: Count
    tie_break: Count

    def is_tie_break(self, games: Points) -> bool:
        """A tie-break follows when both are one game short of the cap: 6-6 in a set to 6 with a cap of 7."""
        return self.games.cap is not None and games == (self.games.cap - 1, self.games.cap - 1)


class Ends(Enum):
    """When the sides change ends, besides the change within the last game (Ruleset.ends_change_at)."""

    NEVER = "never"
    EVERY_GAME = "after each game"
    ODD_GAMES = "after the odd games of a set, and every six points of a tie-break"


@dataclass(frozen=True, slots=True)
class TimeOuts:
    """The number for each side, and the duration in seconds."""

    each: int = 0
    seconds: int = 60
    renewed_each_game: bool = False


@dataclass(frozen=True, slots=True)
class Ruleset:
    """The law a match is played by, in force from `valid_from`. Raises ValueError unless `best_of` is odd.

    game            the target; `last_game` if the last possible game differs, such as to 15 in volleyball
    sets            None if the match is the best of games, as in all sports but tennis and padel
    handicap        the points (A, B) each game begins with
    ends_change_at  the score at which ends change within the last possible game
    interval_at     the score at which a game pauses for `interval` seconds; `between_games` is the pause after each
    expedite_before the number of points of a game before which table tennis' expedite may be introduced
    toss_before_last  the first server of the last possible game is drawn again
    """

    sport: str
    format: str
    valid_from: date
    game: Count
    best_of: int
    serving: Serving
    last_game: Count | None = None
    sets: Sets | None = None
    handicap: Points = (0, 0)
    ends: Ends = Ends.EVERY_GAME
    ends_change_at: int | None = None
    interval_at: int | None = None
    interval: int = 60
    between_games: int = 60
    time_outs: TimeOuts = TimeOuts()
    expedite_before: int | None = None
    toss_before_last: bool = False

    def __post_init__(self) -> None:
        if self.best_of < 1 or self.best_of % 2 == 0:
            raise ValueError(f"a match is the best of an odd number of games, not of {self.best_of}")

    @property
    def code(self) -> str:
        """Stored with a match, which is read by this law for ever."""
        is_plain = self.best_of == 1 and not self.is_deciding
        return f"{self.format}-friendly-1" if is_plain else f"{self.format}-{self.best_of}"

    @property
    def has_own_last_game(self) -> bool:
        """Whether the last possible game differs from the others, by a change of ends or in its target."""
        return self.ends_change_at is not None or self.last_game is not None

    @property
    def is_deciding(self) -> bool:
        """Whether the match is a single game played as the last possible one."""
        return self.best_of == 1 and self.has_own_last_game

    @property
    def games_to_win(self) -> int:
        return self.best_of // 2 + 1

    @property
    def counts_every_rally(self) -> bool:
        """Whether every rally is one point for its winner, as long as the game goes on."""
        return self.sets is None and not self.serving.only_servers_score

    def count_of(self, number: int) -> Count:
        """The target of the game with this number; without sets."""
        return self.last_game if self.last_game is not None and number >= self.best_of else self.game

    def of_length(self, best_of: int, *, as_deciding: bool = False) -> "Ruleset":
        """The same law for a match of that many games; ValueError unless the number is odd and positive.

        By the law a single game is also the last possible one, with a change of ends, and to 15 in volleyball.
        Friendly games are played without that, unless `as_deciding`, which means nothing for longer matches.
        """
        if best_of == 1 and not as_deciding:
            return replace(self, best_of=1, last_game=None, ends_change_at=None)
        return replace(self, best_of=best_of)

    def with_handicap(self, handicap: Points) -> "Ruleset":
        """The same law with each game begun at this score; ValueError if that is negative or would end the game."""
        if not all(0 <= points < self.game.deuce_from for points in handicap):
            raise ValueError(f"no game can begin at {handicap}")
        return replace(self, handicap=handicap)


class Players(Enum):
    """How many play on a side."""

    SINGLES = (False,)
    PAIRS = (True,)
    EITHER = (False, True)


@dataclass(frozen=True, slots=True)
class Format:
    """A format of a sport, its possible lengths, and when another replaced it."""

    law: Ruleset
    lengths: tuple[int, ...]
    replaced_on: date = date.max

    @property
    def may_be_deciding(self) -> bool:
        """Whether a single game may be played as the deciding one, and differs then."""
        return 1 in self.lengths and self.law.has_own_last_game

    def is_in_force(self, day: date) -> bool:
        return self.law.valid_from <= day < self.replaced_on


@dataclass(frozen=True, slots=True)
class Sport:
    """A sport with the formats it is played in."""

    code: str
    formats: tuple[Format, ...]
    players: Players = Players.EITHER
    has_handicap: bool = True

    def laws(self) -> Iterator[Ruleset]:
        """Every format in every length, a single game also as the deciding one where that differs."""
        for each in self.formats:
            yield from (each.law.of_length(length) for length in each.lengths)
            if each.may_be_deciding:
                yield each.law.of_length(1, as_deciding=True)

    def default_on(self, day: date) -> Format:
        """The first format in force on that day."""
        return next((each for each in self.formats if each.is_in_force(day)), self.formats[-1])
