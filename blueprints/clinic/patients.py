"""The patients' list and a patient's card."""

from flask import Response, abort, request
from sqlalchemy import Select

from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.found import Found
from blueprints.clinic.patient_words import PatientWords
from blueprints.guards import own_membership, requires
from blueprints.replies import page
from extensions import db
from models.accounts import Right
from models.base import utc_now
from models.clinic import Patient
from models.clinic.visits import next_visit, visits_by_patient, visits_of

PER_PAGE = 50
VISITS_SHOWN = 100
# The largest number that both databases take for a record's.
RECORD = "int(max=2147483647)"


@blueprint.get("/patients")
@requires(Right.SEE_PATIENTS)
def patients() -> Response:
    """The organization's patients, or those who fit the search."""
    own = own_membership()
    typed = request.args.get("q", "").strip()
    fitting = Patient.matching(own.organization_id, typed)
    found_count = Patient.count(fitting)
    page_count = max(1, -(-found_count // PER_PAGE))
    number = min(max(request.args.get("page", 1, type=int), 1), page_count)
    return page(
        "clinic/patients/list.html",
        "clinic/patients/_found.html",
        search_url=None,
        typed=typed,
        found=Found(typed),
        found_count=found_count,
        all_count=Patient.count(Patient.of(own.organization_id)) if typed else found_count,
        page_number=number,
        page_count=page_count,
        **_rows(fitting.offset((number - 1) * PER_PAGE).limit(PER_PAGE)),
    )
