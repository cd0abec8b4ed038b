"""The common types and the interface of all ways of serving."""

from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import ClassVar, NamedTuple, Protocol

from rules.scoring.log import Points, Side

Place = tuple[Side, int]
PARTNER = {1: 2, 2: 1}


class Court(StrEnum):
    """The half of the court, as seen by its players, or the box in squash, from which one serves."""

    RIGHT = "right"
    LEFT = "left"

    @property
    def other(self) -> "Court":
        return Court.LEFT if self is Court.RIGHT else Court.RIGHT


@dataclass(slots=True)
class Service:
    """Who serves the next rally, and the state for later ones. Players are places, 1 or 2, in singles always 1.

    first            served first in this game
    number, in_turn  the number of the serve in its turn, from 1; in side-out pairs which of the two servers
    turn             the number of earlier turns in this game; in tennis of earlier games in the set
    order            the order of servers, if fixed: each serves to the next
    stands_right     of (A, B) the player in the right court, if a pair has fixed courts
    rotation         of (A, B) the team's position in its serving order, from 1
    """

    side: Side
    first: Side
    pairs: bool = False
    server: int = 1
    receiver: int = 1
    court: Court | None = None
    number: int = 1
    in_turn: int = 1
    turn: int = 0
    order: tuple[Place, ...] = ()
    stands_right: tuple[int, int] = (1, 1)
    rotation: tuple[int, int] | None = None


class Start(NamedTuple):
    """The beginning of a game: what was chosen for it, and how the previous one was served and won.

    has_free_choice: whether the law lets `first` be chosen, by lot or by order; the players may be in every game.
    """

    pairs: bool
    points: Points
    first: Side
    has_free_choice: bool
    server: int
    receiver: int
    previous: Service | None
    winner: Side | None
    expedite: bool


class Moment(Protocol):
    """The rally just played, which did not end its game, and what serving may depend on.

    points       after it
    played       the points of this stretch so far
    has_come_to_deuce  both sides have reached the score from which the lead decides
    has_just_turned  the sides have just changed ends within the last game
    """

    @property
    def points(self) -> Points: ...
    @property
    def played(self) -> int: ...
    @property
    def has_come_to_deuce(self) -> bool: ...
    @property
    def has_just_turned(self) -> bool: ...
    @property
    def is_expedite(self) -> bool: ...
    @property
    def is_tie_break(self) -> bool: ...
    @property
    def is_awarded(self) -> bool: ...


class NextGame(Enum):
    """Who serves first in the next game."""

    OTHER = "who did not in the game before"
    WINNER = "who won the game before"


@dataclass(frozen=True, slots=True)
class Serving:
    """A way of serving. Every service but the first of a game is derived from the previous one."""

    only_servers_score: ClassVar[bool] = False

    def begin(self, start: Start) -> Service:
        """The first service of a game; in tennis of a set."""
        raise NotImplementedError

    def go_on(self, service: Service, winner: Side, moment: Moment) -> None:
        """A rally or an award within a game."""
        raise NotImplementedError

    def scores(self, service: Service, winner: Side) -> bool:
        """Whether the winner of the rally scores a point."""
        return winner is service.side or not self.only_servers_score

    def begin_stretch(self, service: Service) -> None:
        """The next game of a set."""

    def give(self, service: Service, side: Side, tie_break: bool) -> None:
        """This side serves by an error that stands."""
        service.side = side

    def expedite(self, service: Service, in_play: bool) -> None:
        """Expedite is introduced, with or without interrupting a rally."""


def first_side(start: Start, next_game: NextGame) -> Side:
    if start.previous is None or start.has_free_choice:
        return start.first
    return start.winner if next_game is NextGame.WINNER and start.winner else start.previous.first.other


def order_of_play(first: Side, server: int, receiver: int, pairs: bool) -> tuple[Place, ...]:
    """The order in which players serve, each to the next."""
    if not pairs:
        return (first, 1), (first.other, 1)
    return (first, server), (first.other, receiver), (first, PARTNER[server]), (first.other, PARTNER[receiver])


def of_side(pair: tuple[int, int], side: Side) -> int:
    return pair[0] if side is Side.A else pair[1]


def with_side(pair: tuple[int, int], side: Side, value: int) -> tuple[int, int]:
    return (value, pair[1]) if side is Side.A else (pair[0], value)
