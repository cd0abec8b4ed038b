"""Tickets of patients without a booking: their codes and life cycle."""

from collections.abc import Mapping
from enum import StrEnum


class TicketKind(StrEnum):
    """The purpose of the visit."""

    VISIT = "visit"
    TESTS = "tests"
    DESK = "desk"


class TicketState(StrEnum):
    """The ticket's state; skipped: nobody came when it was called, or its holder left."""

    WAITING = "waiting"
    CALLED = "called"
    SERVED = "served"
    SKIPPED = "skipped"


# Letters that look the same in the Russian, Kazakh and Latin alphabets.
LETTERS: Mapping[TicketKind, str] = {TicketKind.VISIT: "А", TicketKind.TESTS: "К", TicketKind.DESK: "М"}

# A holder who did not hear the call is called again; steps back are allowed too.
NEXT: Mapping[TicketState, frozenset[TicketState]] = {
    TicketState.WAITING: frozenset({TicketState.CALLED, TicketState.SKIPPED}),
    TicketState.CALLED: frozenset(TicketState),
    TicketState.SERVED: frozenset({TicketState.WAITING, TicketState.CALLED}),
    TicketState.SKIPPED: frozenset({TicketState.WAITING, TicketState.CALLED}),
}


def may_become(current: TicketState, wanted: TicketState) -> bool:
    """Whether the life cycle has this step."""
    return wanted in NEXT[current]


def ticket_code(kind: TicketKind, number: int) -> str:
    """The code that is printed, shown and called: a letter for the kind and the day's number, such as А07."""
    return f"{LETTERS[kind]}{number:02d}"
