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
    """A pair keeps its order of serving for a set, and each partner a half for receiving.

    `turn` counts the games of the set, `first` is the first server of the current game.
    """

    def begin(self, start: Start) -> Service:
        first = first_side(start, NextGame.OTHER)
        order = order_of_play(first, start.server, start.receiver, start.pairs)
        right = (start.server, start.receiver) if first is Side.A else (start.receiver, start.server)
        service = Service(first, first, start.pairs, order=order, stands_right=right)
        _seat(service, played=0, turns=0)
        return service

    def begin_stretch(self, service: Service) -> None:
        service.turn += 1
        service.first = service.first.other
        _seat(service, played=0, turns=0)

    def go_on(self, service: Service, winner: Side, moment: Moment) -> None:
        played = moment.played
        _seat(service, played, (played + 1) // 2 if moment.is_tie_break else 0)

    def give(self, service: Service, side: Side, tie_break: bool) -> None:
        """The order continues as altered (27c, 27d): the next player in it serves."""
        if service.side is side:
            return
        order = (*service.order[1:], service.order[0])
        _, service.server = order[service.order.index((service.side, service.server))]
        service.order, service.side = order, side
        service.first = service.first if tie_break else side
        _receive(service)


def _seat(service: Service, played: int, turns: int) -> None:
    """The server of the point with this number, and the half it is served to."""
    service.side, service.server = service.order[(service.turn + turns) % len(service.order)]
    service.court = Court.RIGHT if played % 2 == 0 else Court.LEFT
    _receive(service)


def _receive(service: Service) -> None:
    """The receiver is the player of the other pair who has that half for the set."""
    if service.pairs:
        right = of_side(service.stands_right, service.side.other)
        service.receiver = right if service.court is Court.RIGHT else PARTNER[right]
