"""The demonstration's queue: those who came without a booking, one of them called."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from models.accounts import Organization, User
from models.clinic import Patient, Practitioner, QueueTicket
from models.clinic.ticket import Errand
from rules.tickets import TicketKind


def plant_tickets(
    organization: Organization,
    practitioners: Sequence[Practitioner],
    patients: Sequence[Patient],
    actor: User,
    now: datetime,
) -> None:
    """Four of the last minutes. Just after midnight there are fewer: a ticket is of the day on which it is taken."""
    taken = (
        (18, Errand(TicketKind.DESK)),
        (15, Errand(TicketKind.VISIT, practitioners[0], patients[-1])),
        (9, Errand(TicketKind.VISIT)),
        (4, Errand(TicketKind.TESTS, None, patients[-2])),
    )
    for minutes, errand in taken:
        at = now - timedelta(minutes=minutes)
        if organization.today(at) == organization.today(now):
            ticket = QueueTicket.take(organization, errand, actor, at)
            if errand.kind is TicketKind.DESK:
                ticket.call(None, ticket.version, actor, now - timedelta(minutes=1))
