"""Cards as a table for a spreadsheet: all of them, or those that a search finds."""

import csv
from collections.abc import Iterator
from io import StringIO

from flask import Response, request

from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.history_words import field_words
from blueprints.clinic.patient_words import shown_sex
from blueprints.guards import own_membership, requires
from extensions import db
from models.accounts import Membership, Right
from models.base import utc_now
from models.clinic import Deed, Patient
from models.clinic.audit import note_deed
from rules.iin import Sex
from rules.table_cells import safe_cell

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
# What spreadsheets of this country expect: they split at semicolons, and read UTF-8 only after its mark.
SEPARATOR, MARK = ";", "\ufeff"


@blueprint.get("/patients/export")
@requires(Right.EXPORT_PATIENTS)
def export_patients() -> Response:
    """A CSV file of the cards that fit q; the history keeps who took it, and how many cards were in it."""
    own, typed = own_membership(), request.args.get("q", "").strip()
    rows = list(_rows(own, typed))
    found = {"exported": [None, str(len(rows))], **({"searched": [None, typed]} if typed else {})}
    note_deed(Deed.CARDS_EXPORTED, own.user, utc_now(), organization_id=own.organization_id, changes=found)
    db.session.commit()
    name = f"patients-{own.organization.today(utc_now()).isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(_table(rows), mimetype="text/csv", headers=headers)


def _rows(own: Membership, typed: str) -> Iterator[list[str]]:
    for row in db.session.execute(Patient.matching(own.organization_id, typed).with_only_columns(*COLUMNS)):
        *names, birth_date, iin, sex, phone_key, phone, contact, contact_key, contact_phone, email, note = row
        born = birth_date.isoformat() if birth_date else ""
        reached = (phone_key or phone, contact, contact_key or contact_phone, email)
        yield [
            safe_cell(text or "") for text in (*names, born, iin, shown_sex(Sex(sex) if sex else None), *reached, note)
        ]


def _table(rows: list[list[str]]) -> str:
    written, words = StringIO(), field_words()
    written.write(MARK)
    csv.writer(written, delimiter=SEPARATOR).writerows([[words[head] for head in HEADS], *rows])
    return written.getvalue()
