"""Table tennis: the serve passes after a fixed number of points, and in pairs rotates among all four players."""

from dataclasses import dataclass

from rules.scoring.log import Side
from rules.scoring.serving.service import (
    PARTNER,
    Moment,
    NextGame,
    Place,
    Service,
    Serving,
    Start,
    first_side,
    order_of_play,
)


@dataclass(frozen=True, slots=True)
class Turns(Serving):
    """`each`: serves in a turn; `at_deuce`: serves from deuce on."""

    each: int
    at_deuce: int = 1

    def begin(self, start: Start) -> Service:
        first = first_side(start, NextGame.OTHER)
        receiver = start.receiver
        if start.previous is not None and start.pairs:
            receiver = _who_served_to((first, start.server), start.previous.order)
        order = order_of_play(first, start.server, receiver, start.pairs)
        in_turn = self.at_deuce if start.expedite else self.each
        service = Service(first, first, start.pairs, in_turn=in_turn, order=order)
        _seat(service)
        return service

    def go_on(self, service: Service, winner: Side, moment: Moment) -> None:
        service.number += 1
        if service.number > service.in_turn:
            service.turn += 1
            service.number = 1
        service.in_turn = self.at_deuce if moment.is_expedite or moment.has_come_to_deuce else self.each
        service.number = min(service.number, service.in_turn)
        if moment.has_just_turned:
            _change_receivers(service)
        _seat(service)

    def give(self, service: Service, side: Side, tie_break: bool) -> None:
        if service.side is not side:
            service.turn += 1
            service.number = 1
            _seat(service)

    def expedite(self, service: Service, in_play: bool) -> None:
        """An interrupted rally is served again; else the receiver of the last one serves (2.15.2, 2.15.3)."""
        has_served_this_turn = service.number > 1
        service.turn += has_served_this_turn and not in_play
        service.number, service.in_turn = 1, self.at_deuce
        _seat(service)


def _seat(service: Service) -> None:
    """Server and receiver of the turn."""
    order = service.order
    service.side, service.server = order[service.turn % len(order)]
    service.receiver = order[(service.turn + 1) % len(order)][1]


def _who_served_to(server: Place, order: tuple[Place, ...]) -> int:
    """By 2.13.4 the first receiver of a later game is who served to the present server in the preceding game."""
    return order[order.index(server) - 1][1]


def _change_receivers(service: Service) -> None:
    """By 2.13.6 the pair due to receive next changes its order when ends change in the last game of doubles."""
    order = service.order
    if service.pairs:
        receiving, _ = order[(service.turn + 1) % len(order)]
        service.order = tuple((side, PARTNER[place] if side is receiving else place) for side, place in order)
