"""The patient list and a patient's card."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from flask import Response, abort, render_template, request, url_for
from flask_babel import lazy_gettext as _l

from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.card_fragments import OpenCard, card_view, first_parts
from blueprints.clinic.found import Found
from blueprints.clinic.hours_rights import may_see_patient, own_account
from blueprints.clinic.news_live import LIST_NEWS
from blueprints.clinic.patient_words import PatientWords
from blueprints.errors import ErrorMessage, answer
from blueprints.guards import own_membership, requires
from blueprints.htmx import is_htmx
from blueprints.replies import page, see
from extensions import db
from models.accounts import Membership, Right
from models.base import utc_now
from models.clinic import Patient, PatientImport
from models.clinic.card_topic import card_topic
from models.clinic.own_patients import OwnPatientSearch
from models.clinic.patient_search import PatientSearch
from models.clinic.visits import Visits, visits_by_patient
from models.live_topic import topic_version

PER_PAGE = 50
# Of those who fit what is being typed: one more letter is sooner typed than a long page read.
FOUND_PER_PAGE = 20
WITHDRAWN = ErrorMessage(
    "conflict",
    "forbidden",
    410,
    _l("Этой карты больше нет"),
    _l("Её завели из файла, а загрузку этого файла отменили."),
)
PATIENT = "/patients/<int:patient_id>"


@dataclass(frozen=True)
class Listing:
    """One page of search results. Pages count from 1."""

    search: PatientSearch | OwnPatientSearch
    typed: str
    number: int
    page_count: int
    rows: list[tuple[Patient, Visits]]

    @classmethod
    def of(cls, own: Membership, typed: str, wanted: int, now: datetime) -> "Listing":
        """The requested page, or the nearest existing one."""
        search, per_page = _search(own, typed), FOUND_PER_PAGE if typed else PER_PAGE
        page_count = max(1, -(-search.count // per_page))
        number = min(max(wanted, 1), page_count)
        patients = search.page((number - 1) * per_page, per_page)
        visits = visits_shown(own, [patient.id for patient in patients], now)
        rows = [(patient, visits[patient.id]) for patient in patients]
        return cls(search, typed, number, page_count, rows)


def _search(own: Membership, typed: str) -> PatientSearch | OwnPatientSearch:
    if own.may(Right.SEE_PATIENTS):
        return PatientSearch(own.organization_id, typed)
    return OwnPatientSearch(own.organization_id, own.user_id, typed)


def visits_shown(own: Membership, patient_ids: Collection[int], now: datetime) -> dict[int, Visits]:
    """As visits_by_patient, as far as the member may see them."""
    return visits_by_patient(own.organization_id, patient_ids, now, own_account(own))


@blueprint.get("/patients")
@requires(Right.SEE_OWN)
def patients() -> Response:
    """All patients, or the results of a search."""
    forget_old_tables()
    own, now = own_membership(), utc_now()
    live = {} if is_htmx() else LIST_NEWS.live(own.organization_id)
    typed = request.args.get("q", "").strip()
    listing = Listing.of(own, typed, request.args.get("page", 1, type=int), now)
    return page(
        "clinic/patients/list.html",
        "clinic/patients/_found.html",
        search_url=None,
        listing=listing,
        found=Found(listing.typed),
        words=PatientWords(own.organization, now),
        **live,
        **_may(own),
    )


@blueprint.get(PATIENT)
@requires(Right.SEE_OWN)
def patient(patient_id: int) -> Response | str:
    """A patient's card; a merged card redirects to the kept one, a removed card says so."""
    own, now = own_membership(), utc_now()
    since = topic_version(card_topic(own.organization_id, patient_id))
    chosen = known_patient(patient_id)
    if chosen.withdrawn_at:
        return answer(WITHDRAWN)
    if chosen.merged_into_id:
        return see(url_for("clinic.patient", patient_id=chosen.merged_into_id))
    chosen.read_by(own.user, now)
    card = render_template("clinic/patients/card.html", **_shown(own, chosen), **_live(own, chosen, now, since))
    db.session.commit()
    return card


def _shown(own: Membership, chosen: Patient) -> dict[str, object]:
    return {
        "patient": chosen,
        "may_merge": own.may(Right.MERGE_PATIENTS),
        "may_edit": own.may(Right.EDIT_PATIENTS),
        "may_book": own.may(Right.BOOK),
    }


def _live(own: Membership, chosen: Patient, now: datetime, since: int) -> dict[str, object]:
    """The card's live parts. since: the topic's version, read before the card."""
    view = card_view(own)
    return {
        "stream": {"topic": card_topic(own.organization_id, chosen.id), "view": view, "since": since},
        "parts": first_parts(OpenCard(chosen, own.organization, now, since), view),
    }


def _may(own: Membership) -> dict[str, bool]:
    """The actions that the list offers."""
    rights = {
        "edit": Right.EDIT_PATIENTS,
        "export": Right.EXPORT_PATIENTS,
        "import": Right.IMPORT_PATIENTS,
    }
    return {f"may_{verb}": own.may(right) for verb, right in rights.items()}


def forget_old_tables() -> None:
    """Deletes expired uploads; called here because a clinic opens this page all day."""
    if not is_htmx() and PatientImport.forget(own_membership().organization_id, utc_now()):
        db.session.commit()


def own_patient(patient_id: int) -> Patient:
    """The organization's patient with this id, else a 404."""
    found: Patient = db.first_or_404(Patient.of(own_membership().organization_id).filter_by(id=patient_id))
    return found


def known_patient(patient_id: int) -> Patient:
    """As own_patient, including merged and removed cards, whose history can still be read.

    A 404 also for who sees only their own patients, and it is none of them.
    """
    own = own_membership()
    found: Patient = db.first_or_404(Patient.known(own.organization_id).filter_by(id=patient_id))
    return found if may_see_patient(own, found.id) else abort(404)
