"""Badminton, squash, volleyball, pickleball with rally scoring: whoever wins the rally serves the next."""

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
    """What decides where a side serves from."""

    COURTS = "an even score serves from the right court, and a pair changes its courts when it scores on its own serve"
    BOXES = "the box changes with each point on the own serve"
    ROTATION = "a team that gains the serve moves on by one place"


@dataclass(frozen=True, slots=True)
class WinnerServes(Serving):
    """`next_game` says who begins the game after."""

    positions: Positions
    next_game: NextGame

    def begin(self, start: Start) -> Service:
        first = first_side(start, self.next_game)
        service = Service(first, first, start.pairs)
        if self.positions is Positions.ROTATION:
            return service._replace(rotation=(1, 1))
        if self.positions is Positions.BOXES:
            return service._replace(court=Court.RIGHT)
        return placed(service._replace(stands_right=stands_right(start, first)), start.points)

    def after(self, service: Service, moment: Moment) -> Service:
        has_held = moment.winner is service.side
        service = service._replace(side=moment.winner)
        if self.positions is Positions.ROTATION:
            return service if has_held else _rotated(service)
        if self.positions is Positions.BOXES:
            return service._replace(court=service.court.other if has_held and service.court else Court.RIGHT)
        return placed(partners_changed(service) if has_held else service, moment.points)


def stands_right(start: Start, first: Side) -> tuple[int, int]:
    """Who of each pair begins in the right court: the first server where the score is even, and the one facing him."""
    is_even = of_side(start.points, first) % 2 == 0
    server, receiver = (place if is_even else PARTNER[place] for place in (start.server, start.receiver))
    return (server, receiver) if first is Side.A else (receiver, server)


def partners_changed(service: Service) -> Service:
    """The serving pair has changed its courts."""
    place = PARTNER[of_side(service.stands_right, service.side)]
    return service._replace(stands_right=with_side(service.stands_right, service.side, place))


def placed(service: Service, points: Points) -> Service:
    """The server by the score: from the right court where it is even, to whoever stands in the one across."""
    court = Court.RIGHT if of_side(points, service.side) % 2 == 0 else Court.LEFT
    if not service.pairs:
        return service._replace(court=court)
    server, receiver = (who_stands(service, side, court) for side in (service.side, service.side.other))
    return service._replace(court=court, server=server, receiver=receiver)


def who_stands(service: Service, side: Side, court: Court) -> int:
    place = of_side(service.stands_right, side)
    return place if court is Court.RIGHT else PARTNER[place]


def _rotated(service: Service) -> Service:
    rotation = service.rotation or (1, 1)
    return service._replace(rotation=with_side(rotation, service.side, of_side(rotation, service.side) % 6 + 1))
