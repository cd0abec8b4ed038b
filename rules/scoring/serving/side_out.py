"""Traditional pickleball: only the serving side scores, and in pairs both partners serve before the side is out."""

from dataclasses import dataclass

from rules.scoring.log import Side
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
)
from rules.scoring.serving.winner import change_partners, place, stands_right, who_stands


@dataclass(frozen=True, slots=True)
class SideOut(Serving):
    """In the first turn of a game only one partner serves: the game begins at 0-0-2."""

    only_servers_score = True

    def begin(self, start: Start) -> Service:
        first = first_side(start, NextGame.OTHER)
        service = Service(first, first, start.pairs, stands_right=stands_right(start, first))
        if start.pairs:
            service.server, service.number, service.in_turn = start.server, 2, 2
            _face(service)
        else:
            place(service, start.points)
        return service

    def go_on(self, service: Service, winner: Side, moment: Moment) -> None:
        if moment.is_awarded:
            return
        if not service.pairs:
            service.side = winner
            place(service, moment.points)
        elif winner is service.side:
            change_partners(service)
            _face(service)
        elif service.number == 1:
            service.server, service.number = PARTNER[service.server], 2
            _face(service)
        else:
            _side_out(service, winner)

    def give(self, service: Service, side: Side, tie_break: bool) -> None:
        service.side = side
        if service.pairs:
            _side_out(service, side)


def _side_out(service: Service, side: Side) -> None:
    """The player of the side in the right court serves as number 1."""
    service.side, service.number = side, 1
    service.server = of_side(service.stands_right, side)
    _face(service)


def _face(service: Service) -> None:
    """The server at his place, and the opponent diagonally across."""
    is_right = of_side(service.stands_right, service.side) == service.server
    service.court = Court.RIGHT if is_right else Court.LEFT
    service.receiver = who_stands(service, service.side.other, service.court)
