"""Bulk creation of cards: everything slow is prepared before the transaction, which then only writes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import sleep
from typing import Any, TypeVar

from sqlalchemy import insert, select

from extensions import db
from models.accounts import User
from models.clinic.audit import Changes, Deed, differences, note_deeds
from models.clinic.patient import FIELD_OF_CONSTRAINT, Patient, PatientDetails, warn_of_iin
from models.errors import as_refusals
from rules.iin import IinFault

# Cards per INSERT.
AT_ONCE = 500

Share = TypeVar("Share")

_STORED = [column.key for column in Patient.__mapper__.column_attrs if column.key not in ("id", "import_id")]


@dataclass(frozen=True)
class PreparedCard:
    """A card's row and history, ready for the database; belongs to no session."""

    values: dict[str, Any]
    changes: Changes
    iin_fault: IinFault | None

    @classmethod
    def of(cls, organization_id: int, details: PatientDetails, now: datetime) -> "PreparedCard":
        card = Patient.unsaved(organization_id, details, now)
        values = {name: getattr(card, name) for name in _STORED} | {"version": 1}
        return cls(values, differences({}, card.details.facts), card.iin_fault(now))


def register_many(cards: Sequence[PreparedCard], import_id: int, actor: User, now: datetime) -> None:
    """Inserts the cards of one import. Raises Conflict("phone" | "iin"); the caller rolls back.

    On SQLite this blocks all other writers, so nothing but writing happens here.
    """
    with as_refusals(FIELD_OF_CONSTRAINT):
        for some in _shares(cards):
            db.session.execute(insert(Patient), [card.values | {"import_id": import_id} for card in some])
    # Ids ascend within one session, so they are in the order of the cards.
    numbers = db.session.scalars(select(Patient.id).filter_by(import_id=import_id).order_by(Patient.id)).all()
    numbered = dict(zip(numbers, cards, strict=True))
    for share in _shares(numbers):
        changes = {number: numbered[number].changes for number in share}
        note_deeds(Deed.CARD_IMPORTED, actor, now, numbered[share[0]].values["organization_id"], changes)
    for number, card in numbered.items():
        warn_of_iin(card.iin_fault, number)


def _shares(all_of_them: Sequence[Share]) -> Iterator[Sequence[Share]]:
    """Yields batches; other greenlets run in between."""
    for start in range(0, len(all_of_them), AT_ONCE):
        yield all_of_them[start : start + AT_ONCE]
        sleep(0)
