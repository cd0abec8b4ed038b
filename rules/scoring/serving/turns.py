"""Table tennis: the serve passes after so many points, whoever wins them, and in pairs it goes round all four."""

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
    """`each` serves in a turn, and `at_deuce` from deuce on."""

    each: int
    at_deuce: int = 1

    def begin(self, start: Start) -> Service:
        first = first_side(start, NextGame.OTHER)
        receiver = start.receiver
        if start.previous is not None and start.pairs:
            receiver = _who_served_to((first, start.server), start.previous.order)
        order = order_of_play(first, start.server, receiver, start.pairs)
        in_turn = self.at_deuce if start.expedite else self.each
        return _at(Service(first, first, start.pairs, in_turn=in_turn, order=order), 0)

    def after(self, service: Service, moment: Moment) -> Service:
        is_turn_over = service.number == service.in_turn
        turn = service.turn + is_turn_over
        in_turn = self.at_deuce if moment.at_deuce or moment.expedite else self.each
        number = 1 if is_turn_over else min(service.number + 1, in_turn)
        order = _receivers_changed(service.order, turn) if moment.turns_round else service.order
        return _at(service._replace(number=number, in_turn=in_turn, order=order), turn)

    def given_to(self, service: Service, side: Side, tie_break: bool) -> Service:
        return service if service.side is side else _at(service._replace(number=1), service.turn + 1)

    def expedited(self, service: Service, in_play: bool) -> Service:
        """A rally broken off is served again; between rallies the receiver of the last one serves (2.15.2, 2.15.3)."""
        has_served_this_turn = service.number > 1
        turn = service.turn + (has_served_this_turn and not in_play)
        return _at(service._replace(number=1, in_turn=self.at_deuce), turn)


def _at(service: Service, turn: int) -> Service:
    order = service.order
    side, server = order[turn % len(order)]
    _, receiver = order[(turn + 1) % len(order)]
    return service._replace(side=side, server=server, receiver=receiver, turn=turn)


def _who_served_to(server: Place, order: tuple[Place, ...]) -> int:
    """By 2.13.4 the first to receive in a later game is who in the game before served to the player now serving."""
    return order[order.index(server) - 1][1]


def _receivers_changed(order: tuple[Place, ...], turn: int) -> tuple[Place, ...]:
    """By 2.13.6 the pair that receives next changes its order, when ends are changed in the last game of doubles."""
    if len(order) == 2:
        return order
    receiving, _ = order[(turn + 1) % len(order)]
    return tuple((side, PARTNER[place] if side is receiving else place) for side, place in order)
