"""Tennis and padel: the serve passes with each game, in a tie-break after one point and then after every two."""

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
    order_of_play,
)


@dataclass(frozen=True, slots=True)
class ByGame(Serving):
    """A pair keeps its order of serving for a set, and each partner the half in which he receives.

    `turn` counts the games of the set, `first` is who served first in the current game.
    """

    def begin(self, start: Start) -> Service:
        first = first_side(start, NextGame.OTHER)
        order = order_of_play(first, start.server, start.receiver, start.pairs)
        right = (start.server, start.receiver) if first is Side.A else (start.receiver, start.server)
        return _at(Service(first, first, start.pairs, order=order, stands_right=right), played=0, turns=0)

    def begin_stretch(self, service: Service) -> Service:
        return _at(service._replace(turn=service.turn + 1, first=service.first.other), played=0, turns=0)

    def after(self, service: Service, moment: Moment) -> Service:
        turns = (moment.played + 1) // 2 if moment.tie_break else 0
        return _at(service, moment.played, turns)

    def given_to(self, service: Service, side: Side, tie_break: bool) -> Service:
        """The order goes on as altered (27c, 27d): it is the next player in it who serves."""
        if service.side is side:
            return service
        order = (*service.order[1:], service.order[0])
        _, server = order[service.order.index((service.side, service.server))]
        first = service.first if tie_break else side
        return _received(service._replace(order=order, first=first, side=side, server=server))


def _at(service: Service, played: int, turns: int) -> Service:
    """The server of the point after so many, to the half that its number asks for."""
    side, server = service.order[(service.turn + turns) % len(service.order)]
    court = Court.RIGHT if played % 2 == 0 else Court.LEFT
    return _received(service._replace(side=side, server=server, court=court))


def _received(service: Service) -> Service:
    """The receiver is whoever of the other pair has that half for the set."""
    if not service.pairs:
        return service
    right = of_side(service.stands_right, service.side.other)
    return service._replace(receiver=right if service.court is Court.RIGHT else PARTNER[right])
