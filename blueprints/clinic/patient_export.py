"""Cards as a table for a spreadsheet: all of them, or those that a search finds."""

from collections.abc import Iterator

from flask import Response, request

from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.history_words import field_words
from blueprints.clinic.patient_words import shown_sex
from blueprints.clinic.table_answer import Cell, table_answer
from blueprints.guards import own_membership, requires
from extensions import db
from models.accounts import Membership, Right
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
HEADS = (
    *("family_name", "given_name", "middle_name", "birth_date", "iin", "sex"),
    *("phone", "contact_name", "contact_phone", "email", "note"),
)


@blueprint.get("/patients/export")
@requires(Right.EXPORT_PATIENTS)
def export_patients() -> Response:
    """A file (as: csv, xlsx) of the cards that fit q; the history keeps who took it, and how many cards were in it."""
    own, typed = own_membership(), request.args.get("q", "").strip()
    rows, name = list(_rows(own, typed)), f"patients-{own.organization.today(utc_now()).isoformat()}"
    found = {"exported": [None, str(len(rows))], **({"searched": [None, typed]} if typed else {})}
    note_deed(Deed.CARDS_EXPORTED, own.user, utc_now(), organization_id=own.organization_id, changes=found)
    db.session.commit()
    words = field_words()
    return table_answer(name, [words[head] for head in HEADS], rows)


def _rows(own: Membership, typed: str) -> Iterator[list[Cell]]:
    for row in db.session.execute(Patient.matching(own.organization_id, typed).with_only_columns(*COLUMNS)):
        *names, born, iin, sex, phone_key, phone, contact, contact_key, contact_phone, email, note = row
        reached = (phone_key or phone, contact, contact_key or contact_phone, email)
        yield [*names, born, iin, shown_sex(Sex(sex) if sex else None), *reached, note]
