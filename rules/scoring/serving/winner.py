"""Badminton, squash, volleyball, pickleball with rally scoring: the winner of a rally serves the next."""

from dataclasses import dataclass
from enum import Enum

from rules.scoring.log import Points, Side
from rules.scoring.serving.service import (
    PARTNER,
    Court,
    Moment,
    NextGame,
    Service,
    Serving,
    Start,
    first_side,
    of_side,
    with_side,
)


class Positions(Enum):
    """What decides the court from which a side serves."""

    COURTS = "an even score serves from the right court, and a pair changes its courts when it scores on its own serve"
    BOXES = "the box changes with each point on the own serve"
    ROTATION = "a team that gains the serve moves on by one place"


@dataclass(frozen=True, slots=True)
class WinnerServes(Serving):
    """`next_game`: who serves first in the next game."""

    positions: Positions
    next_game: NextGame

    def begin(self, start: Start) -> Service:
        first = first_side(start, self.next_game)
        service = Service(first, first, start.pairs)
        if self.positions is Positions.ROTATION:
            service.rotation = (1, 1)
        elif self.positions is Positions.BOXES:
            service.court = Court.RIGHT
        else:
            service.stands_right = stands_right(start, first)
            place(service, start.points)
        return service

    def go_on(self, service: Service, winner: Side, moment: Moment) -> None:
        has_held = winner is service.side
        service.side = winner
        if self.positions is Positions.COURTS:
            if has_held and service.pairs:
                change_partners(service)
            place(service, moment.points)
        elif self.positions is Positions.BOXES:
            service.court = service.court.other if has_held and service.court else Court.RIGHT
        elif not has_held:
            _rotate(service)


def stands_right(start: Start, first: Side) -> tuple[int, int]:
    """The player of each pair in the right court: server and receiver at an even score, else their partners."""
    is_even = of_side(start.points, first) % 2 == 0
    server, receiver = (place if is_even else PARTNER[place] for place in (start.server, start.receiver))
    return (server, receiver) if first is Side.A else (receiver, server)


def change_partners(service: Service) -> None:
    """The partners of the serving pair swap courts."""
    other = PARTNER[of_side(service.stands_right, service.side)]
    service.stands_right = with_side(service.stands_right, service.side, other)


def place(service: Service, points: Points) -> None:
    """The server by the score: from the right court if it is even, to the opponent diagonally across."""
    court = Court.RIGHT if of_side(points, service.side) % 2 == 0 else Court.LEFT
    service.court = court
    if service.pairs:
        service.server = who_stands(service, service.side, court)
        service.receiver = who_stands(service, service.side.other, court)


def who_stands(service: Service, side: Side, court: Court) -> int:
    right = of_side(service.stands_right, side)
    return right if court is Court.RIGHT else PARTNER[right]


def _rotate(service: Service) -> None:
    rotation = service.rotation or (1, 1)
    service.rotation = with_side(rotation, service.side, of_side(rotation, service.side) % 6 + 1)
