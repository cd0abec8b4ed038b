"""Locks of the rows that visits compete for, always taken in the same order, so that there are no deadlocks.

Practitioners come first, then rooms, then cards, each by id. On SQLite, transactions are serialized anyway.
"""

from collections.abc import Iterable

from sqlalchemy import select

from extensions import db
from models.clinic.patient import Patient
from models.clinic.practitioner import Practitioner
from models.clinic.room import Room
from models.errors import Stale


def lock_for_visit(practitioner: Practitioner, room: Room | None, patient: Patient) -> None:
    """Locks what one visit competes for. Raises as lock_cards does."""
    with db.session.no_autoflush:
        for record in (practitioner, room):
            if record:
                db.session.execute(select(type(record).id).filter_by(id=record.id).with_for_update())
        lock_cards(patient.organization_id, [patient])


def lock_for_visits(organization_id: int, patients: Iterable[Patient]) -> None:
    """Locks what any visits of these patients compete for, to change several at once. Raises as lock_cards does."""
    with db.session.no_autoflush:
        lock_clinic(organization_id)
        lock_cards(organization_id, patients)


def lock_clinic(organization_id: int) -> None:
    """Locks all practitioners and rooms of the organization."""
    for kind in (Practitioner, Room):
        own = select(kind.id).filter_by(organization_id=organization_id)
        db.session.execute(own.order_by(kind.id).with_for_update())


def lock_cards(organization_id: int, cards: Iterable[Patient]) -> None:
    """Locks these cards against changes and against new records that refer to them, until the transaction ends.

    Raises Stale if one of them was removed or merged meanwhile.
    """
    numbers = {card.id for card in cards}
    standing = Patient.of(organization_id).where(Patient.id.in_(numbers)).order_by(None).order_by(Patient.id)
    if len(db.session.scalars(standing.with_only_columns(Patient.id).with_for_update()).all()) < len(numbers):
        raise Stale
