"""Pickleball as it was made: only the serving side scores, and in pairs both partners serve before the side is out."""

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
from rules.scoring.serving.winner import partners_changed, placed, stands_right, who_stands


@dataclass(frozen=True, slots=True)
class SideOut(Serving):
    """In the first turn of a game only one partner serves: the game begins at 0-0-2."""

    only_servers_score = True

    def begin(self, start: Start) -> Service:
        first = first_side(start, NextGame.OTHER)
        service = Service(first, first, start.pairs, stands_right=stands_right(start, first))
        if not start.pairs:
            return placed(service, start.points)
        return _facing(service._replace(server=start.server, number=2, in_turn=2))

    def after(self, service: Service, moment: Moment) -> Service:
        if moment.awarded:
            return service
        if not service.pairs:
            return placed(service._replace(side=moment.winner), moment.points)
        if moment.winner is service.side:
            return _facing(partners_changed(service))
        if service.number == 1:
            return _facing(service._replace(server=PARTNER[service.server], number=2))
        return _side_out(service, moment.winner)

    def given_to(self, service: Service, side: Side, tie_break: bool) -> Service:
        return _side_out(service, side)


def _side_out(service: Service, side: Side) -> Service:
    """Whoever of the side stands right serves as number 1."""
    if not service.pairs:
        return service._replace(side=side)
    server = of_side(service.stands_right, side)
    return _facing(service._replace(side=side, number=1, server=server))


def _facing(service: Service) -> Service:
    """The server where he stands, and the opponent across."""
    is_right = of_side(service.stands_right, service.side) == service.server
    court = Court.RIGHT if is_right else Court.LEFT
    return service._replace(court=court, receiver=who_stands(service, service.side.other, court))
