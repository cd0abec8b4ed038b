"""The rail beside the board: the day's totals, and everybody who is waiting, with a booking or a ticket."""

from collections.abc import Sequence
from datetime import datetime

from blueprints.clinic.board import Board
from blueprints.clinic.board_moves import moved_state, together_state
from live.announcement import State
from models.clinic import QueueTicket
from models.clinic.day import Counts
from models.clinic.moves import Told
from models.clinic.shown_visit import ShownVisit
from models.clinic.wait_limits import WaitLimits
from rules.booking import Status
from rules.tickets import TicketState

WAITERS_SHOWN = 5
CAME = (Status.ARRIVED, Status.CHECKED_IN, Status.FULFILLED)


def rail_state(
    board: Board,
    counts: Counts,
    visits: Sequence[ShownVisit],
    tickets: Sequence[QueueTicket],
    told: Told,
) -> State:
    """The longest wait first. visits: patients who have arrived; tickets: not served yet; told: recent changes."""
    shown = _waiting(board, visits, tickets) if board.is_today else []
    minutes = [each["minutes"] for each in shown]
    return {
        "dom_id": "rail",
        "version": board.version,
        "is_today": board.is_today,
        "booked": counts.by_status.total() - counts.by_status[Status.CANCELLED],
        "came": sum(counts.by_status[status] for status in CAME),
        "missed": counts.by_status[Status.NOSHOW],
        "unmarked": counts.unmarked,
        "date": board.day.date.isoformat(),
        "average": round(sum(minutes) / len(minutes)) if minutes else 0,
        "moved": [moved_state(move, board.day) for move in told.moves],
        "together": [together_state(each) for each in told.together],
        "waiting": shown[:WAITERS_SHOWN],
        "more": shown[WAITERS_SHOWN:],
        "total": len(shown),
        "called": _tickets(board, tickets, TicketState.CALLED)[::-1] if board.is_today else [],
        "skipped": _tickets(board, tickets, TicketState.SKIPPED) if board.is_today else [],
    }


def _waiting(board: Board, visits: Sequence[ShownVisit], tickets: Sequence[QueueTicket]) -> list[State]:
    held = {ticket.appointment_id: ticket.code for ticket in tickets if ticket.appointment_id}
    everybody = [(visit.status_since, _waiter(board, visit, held.get(visit.id, ""))) for visit in visits]
    holders = [ticket for ticket in tickets if ticket.state is TicketState.WAITING]
    everybody += [(ticket.taken_at, ticket_state(board, ticket)) for ticket in holders]
    return [state for _since, state in sorted(everybody, key=lambda each: each[0])]


def _tickets(board: Board, tickets: Sequence[QueueTicket], state: TicketState) -> list[State]:
    chosen = [ticket for ticket in tickets if ticket.state is state]
    return [ticket_state(board, ticket) for ticket in sorted(chosen, key=lambda ticket: ticket.state_since)]


def _waiter(board: Board, visit: ShownVisit, ticket: str) -> State:
    return {
        **_waited(board, visit.status_since),
        "code": "",
        "ticket": ticket,
        "id": visit.id,
        "revision": visit.version,
        "name": visit.patient,
        "clock": board.grid.clock(visit.interval.start),
        "practitioner": visit.practitioner,
    }


def ticket_state(board: Board, ticket: QueueTicket) -> State:
    """A ticket for the rail and a practitioner's own list."""
    doctor = ticket.practitioner
    return {
        **_waited(board, ticket.taken_at),
        "code": ticket.code,
        "id": ticket.id,
        "revision": ticket.version,
        "kind": ticket.kind.value,
        "name": ticket.patient.short_name if ticket.patient else "",
        "practitioner": doctor.short_name if doctor else "",
        "room": doctor.room.name if doctor and doctor.room else "",
        "asks": ticket.needs_practitioner,
        "is_called": ticket.state is TicketState.CALLED,
        "clock": board.grid.clock(ticket.state_since),
    }


def _waited(board: Board, since: datetime) -> State:
    minutes = board.minutes_since(since)
    limits = WaitLimits.of(board.day.organization)
    is_long, is_warm = minutes >= limits.long_minutes, minutes >= limits.warm_minutes
    return {"minutes": minutes, "look": "is-long" if is_long else "is-warm" if is_warm else "", "is_long": is_long}
