"""A ticket's code and life cycle."""

import pytest

from rules.tickets import LETTERS, TicketKind, TicketState, may_become, ticket_code


@pytest.mark.parametrize(
    ("kind", "number", "code"),
    [(TicketKind.VISIT, 7, "А07"), (TicketKind.TESTS, 42, "К42"), (TicketKind.DESK, 123, "М123")],
)
def test_a_ticket_is_a_letter_and_a_number(kind: TicketKind, number: int, code: str) -> None:
    assert ticket_code(kind, number) == code


def test_each_kind_has_a_letter_of_its_own() -> None:
    assert len(set(LETTERS.values())) == len(TicketKind)


def test_nobody_is_served_without_a_call() -> None:
    assert not may_become(TicketState.WAITING, TicketState.SERVED)


@pytest.mark.parametrize("state", [TicketState.CALLED, TicketState.SERVED, TicketState.SKIPPED])
def test_every_step_can_be_taken_back_and_every_call_repeated(state: TicketState) -> None:
    assert may_become(state, TicketState.WAITING)
    assert may_become(state, TicketState.CALLED)
