"""The patients' list and a patient's card."""

from dataclasses import dataclass
from datetime import datetime

from flask import Response, get_flashed_messages, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.card_fragments import VIEW, card_states
from blueprints.clinic.found import Found
from blueprints.clinic.history_words import HistoryWords
from blueprints.clinic.list_live import live_list
from blueprints.clinic.patient_words import PatientWords
from blueprints.errors import Trouble, answer
from blueprints.guards import own_membership, requires
from blueprints.htmx import is_htmx
from blueprints.replies import Said, page, see
from extensions import db
from models.accounts import Membership, Organization, Right
from models.base import utc_now
from models.clinic import AuditEvent, Patient, PatientImport, PatientMerge
from models.clinic.audit import Question
from models.clinic.card_topic import card_topic
from models.clinic.patient_search import PatientSearch
from models.clinic.visits import Visits, next_visit, visits_by_patient, visits_of
from models.live_topic import topic_version

PER_PAGE = 50
# Of those who fit what is being typed: one more letter is sooner typed than a long page read.
FOUND_PER_PAGE = 20
VISITS_SHOWN = 50
EVENTS_SHOWN = 5
WITHDRAWN = Trouble(
    "conflict",
    "forbidden",
    410,
    _l("Этой карты больше нет"),
    _l("Её завели из файла, а загрузку этого файла отменили."),
)
PATIENT = "/patients/<int:patient_id>"


@dataclass(frozen=True)
class Listing:
    """One page of the patients who fit a search. Pages count from 1."""

    search: PatientSearch
    typed: str
    number: int
    page_count: int
    rows: list[tuple[Patient, Visits]]

    @classmethod
    def of(cls, organization: Organization, typed: str, wanted: int, now: datetime) -> "Listing":
        """The page that is wanted, or the nearest there is."""
        search, per_page = PatientSearch(organization.id, typed), FOUND_PER_PAGE if typed else PER_PAGE
        page_count = max(1, -(-search.count // per_page))
        number = min(max(wanted, 1), page_count)
        patients = search.page((number - 1) * per_page, per_page)
        visits = visits_by_patient(organization.id, [patient.id for patient in patients], now)
        rows = [(patient, visits[patient.id]) for patient in patients]
        return cls(search, typed, number, page_count, rows)


@blueprint.get("/patients")
@requires(Right.SEE_PATIENTS)
def patients() -> Response:
    """The organization's patients, or those who fit the search."""
    forget_old_tables()
    own, now = own_membership(), utc_now()
    live, typed = live_list(own.organization_id), request.args.get("q", "").strip()
    listing = Listing.of(own.organization, typed, request.args.get("page", 1, type=int), now)
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
@requires(Right.SEE_PATIENTS)
def patient(patient_id: int) -> Response | str:
    """A patient's card; one that became part of another leads there, one that was taken away says so."""
    own, now = own_membership(), utc_now()
    since = topic_version(card_topic(own.organization_id, patient_id))
    chosen = known_patient(patient_id)
    if chosen.withdrawn_at:
        return answer(WITHDRAWN)
    if chosen.merged_into_id:
        return see(url_for("clinic.patient", patient_id=chosen.merged_into_id))
    chosen.read_by(own.user, now)
    card = render_template("clinic/patients/card.html", **_shown(own, chosen, now), **_live(own, chosen, now, since))
    db.session.commit()
    return card


def _shown(own: Membership, chosen: Patient, now: datetime) -> dict[str, object]:
    return {
        "toasts": [Said("done", _("Готово"), str(message)) for message in get_flashed_messages()],
        "patient": chosen,
        "next": next_visit(chosen, now),
        "visits": visits_of(chosen, VISITS_SHOWN),
        "merges": PatientMerge.undoable(chosen, now) if own.may(Right.MERGE_PATIENTS) else [],
        "may_merge": own.may(Right.MERGE_PATIENTS),
        "visits_shown": VISITS_SHOWN,
        "words": PatientWords(own.organization, now),
        "may_edit": own.may(Right.EDIT_PATIENTS),
        "may_book": own.may(Right.BOOK),
        **_history(own, chosen, now),
    }


def _live(own: Membership, chosen: Patient, now: datetime, since: int) -> dict[str, object]:
    """The parts that stay true by themselves. since: the topic's version, read before the card."""
    topic = card_topic(own.organization_id, chosen.id)
    return {
        "stream": {"topic": topic, "view": VIEW, "since": since},
        "states": card_states(chosen, own.organization, now, since),
    }


def _history(own: Membership, chosen: Patient, now: datetime) -> dict[str, object]:
    """The last deeds on the card, only for those who may see them."""
    if not own.may(Right.SEE_HISTORY):
        return {"events": None}
    events = AuditEvent.page(Question(own.organization_id, patient_id=chosen.id), None, EVENTS_SHOWN)
    return {"events": events, "history_words": HistoryWords(own.organization, now)}


def _may(own: Membership) -> dict[str, bool]:
    """What the list offers."""
    rights = {"edit": Right.EDIT_PATIENTS, "export": Right.EXPORT_PATIENTS, "import": Right.IMPORT_PATIENTS}
    return {f"may_{verb}": own.may(right) for verb, right in rights.items()}


def forget_old_tables() -> None:
    """What somebody brought and did not load must not lie around; asked where the clinic passes all day."""
    if not is_htmx() and PatientImport.forget(own_membership().organization_id, utc_now()):
        db.session.commit()


def own_patient(patient_id: int) -> Patient:
    """The patient of the member's organization; any other is a 404."""
    found: Patient = db.first_or_404(Patient.of(own_membership().organization_id).filter_by(id=patient_id))
    return found


def known_patient(patient_id: int) -> Patient:
    """As own_patient, also a card that is nobody's any more: its history is still there to be read."""
    own = own_membership().organization_id
    found: Patient = db.first_or_404(Patient.known(own).filter_by(id=patient_id))
    return found
