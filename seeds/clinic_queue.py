"""The demo clinic's queue: patients without a booking, and the waiting list."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from extensions import db
from models.accounts import Organization, User
from models.clinic import Appointment, CancellationReason, Patient, Practitioner, QueueTicket, WaitlistEntry
from models.clinic.ticket import Errand
from models.clinic.waitlist import Wanted
from rules.booking import Status
from rules.part_of_day import PartOfDay
from rules.tickets import TicketKind


def plant_tickets(
    organization: Organization,
    practitioners: Sequence[Practitioner],
    patients: Sequence[Patient],
    actor: User,
    now: datetime,
) -> None:
    """Four tickets of the last minutes; fewer just after midnight, because a ticket belongs to its day."""
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


def plant_waitlist(
    organization: Organization,
    practitioners: Sequence[Practitioner],
    patients: Sequence[Patient],
    actor: User,
    now: datetime,
) -> None:
    """Four wishes, and a time in the next days that has just become free and suits some of them."""
    first, second, *_others = practitioners
    for days, wanted in (
        (6, Wanted(patients[-3], None, [first.id, second.id], [0, 2, 4], [PartOfDay.MORNING])),
        (4, Wanted(patients[-4], note="может прийти за час")),
        (2, Wanted(patients[-5], None, [second.id], parts=[PartOfDay.EVENING])),
        (1, Wanted(patients[-6], is_urgent=True, until=organization.today(now) + timedelta(days=14))),
    ):
        WaitlistEntry.add(organization, wanted, actor, now - timedelta(days=days))
    ahead = Appointment.of(organization.id).where(Appointment.starts_at > now + timedelta(hours=16))
    visit = db.session.scalars(ahead.filter_by(practitioner_id=first.id, status=Status.BOOKED)).first()
    if visit:
        visit.cancel(CancellationReason.PATIENT, visit.version, actor, now - timedelta(minutes=2))
