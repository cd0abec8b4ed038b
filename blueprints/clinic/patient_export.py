"""Cards as a spreadsheet: all, or the results of a search."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, request
from sqlalchemy import or_

from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.history_words import field_words
from blueprints.clinic.patient_words import shown_sex
from blueprints.clinic.table_answer import Cell, table_answer
from blueprints.guards import own_membership, requires
from extensions import db
from models.accounts import Right
from models.base import utc_now
from models.clinic import Deed, Patient
from models.clinic.audit import note_deed
from rules.iin import Sex

# A phone by its digits alone: with its plus it would be taken for a formula.
PHONE, CONTACT_PHONE = Patient.phone_key, Patient.contact_phone_key
COLUMNS = (
    *(Patient.family_name, Patient.given_name, Patient.middle_name, Patient.birth_date, Patient.iin, Patient.sex),
    *(PHONE, Patient.phone, Patient.contact_name, CONTACT_PHONE, Patient.contact_phone, Patient.email, Patient.note),
)
AT_ONCE = 2000
HEADS = (
    *("family_name", "given_name", "middle_name", "birth_date", "iin", "sex"),
    *("phone", "contact_name", "contact_phone", "email", "note"),
)


@blueprint.get("/patients/export")
@requires(Right.EXPORT_PATIENTS)
def export_patients() -> Response:
    """A file (as: csv, xlsx) of the cards matching q; the audit trail records who exported how many."""
    own, typed = own_membership(), request.args.get("q", "").strip()
    found, name = FoundCards(own.organization_id, typed), f"patients-{own.organization.today(utc_now()).isoformat()}"
    told = {"exported": [None, str(found.count)], **({"searched": [None, typed]} if typed else {})}
    note_deed(Deed.CARDS_EXPORTED, own.user, utc_now(), organization_id=own.organization_id, changes=told)
    db.session.commit()
    words = field_words()
    return table_answer(name, [words[head] for head in HEADS], found.pieces())


@dataclass(frozen=True)
class FoundCards:
    """The cards matching a search."""

    organization_id: int
    typed: str

    @property
    def count(self) -> int:
        return Patient.count(Patient.matching(self.organization_id, self.typed))

    def pieces(self, size: int = AT_ONCE) -> Iterator[list[list[Cell]]]:
        """Rows in batches; no database connection is held while they are formatted."""
        found = Patient.matching(self.organization_id, self.typed)
        told = found.with_only_columns(*(Patient.id, Patient.sort_key, *COLUMNS)).limit(size)
        page = db.session.execute(told).all()
        while page:
            db.session.rollback()
            yield [_row(card) for card in page]
            last = page[-1]
            is_later = or_(Patient.sort_key > last.sort_key, Patient.id > last.id)
            page = db.session.execute(told.where(Patient.sort_key >= last.sort_key, is_later)).all()


def _row(card: Sequence[Any]) -> list[Cell]:
    _id, _sort_key, *names, born, iin, sex, phone_key, phone, contact, contact_key, contact_phone, email, note = card
    reached = (phone_key or phone, contact, contact_key or contact_phone, email)
    return [*names, born, iin, shown_sex(Sex(sex) if sex else None), *reached, note]
