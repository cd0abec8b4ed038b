"""Tickets of those who come without a booking: what is printed on them, and which way their life may go."""

from collections.abc import Mapping
from enum import StrEnum


class TicketKind(StrEnum):
    """What somebody came for."""

    VISIT = "visit"
    TESTS = "tests"
    DESK = "desk"


class TicketState(StrEnum):
    """How far the ticket has come; a skipped one was called and nobody came, or its holder left."""

    WAITING = "waiting"
    CALLED = "called"
    SERVED = "served"
    SKIPPED = "skipped"


# Letters that look the same in the Russian, the Kazakh and the Latin alphabet.
LETTERS: Mapping[TicketKind, str] = {TicketKind.VISIT: "А", TicketKind.TESTS: "К", TicketKind.DESK: "М"}

# Whoever was called and did not hear it is called again; steps back are here too.
NEXT: Mapping[TicketState, frozenset[TicketState]] = {
    TicketState.WAITING: frozenset({TicketState.CALLED, TicketState.SKIPPED}),
    TicketState.CALLED: frozenset(TicketState),
    TicketState.SERVED: frozenset({TicketState.WAITING, TicketState.CALLED}),
    TicketState.SKIPPED: frozenset({TicketState.WAITING, TicketState.CALLED}),
}


def may_become(current: TicketState, wanted: TicketState) -> bool:
    """Whether a ticket's life has this step."""
    return wanted in NEXT[current]


def ticket_code(kind: TicketKind, number: int) -> str:
    """What is printed, shown and called: a letter for the kind and the number of the day, as А07."""
    return f"{LETTERS[kind]}{number:02d}"
