"""Live parts of a patient's card: name, contact data, and the last change."""

from datetime import datetime

from flask import Flask

from blueprints.clinic.hours_rights import may_see_patient
from blueprints.clinic.patient_words import PatientWords
from blueprints.clinic.topic_ids import organization_of, zone_of
from extensions import db
from live.announcement import State
from live.registry import HtmlView, Ids, TopicKind
from models.accounts import Membership, Organization, Right, User
from models.base import utc_now
from models.clinic import AuditEvent, Patient, Recall
from models.clinic.audit import WRITING
from models.clinic.card_topic import FACTS, PERSON, card_topic
from models.live_topic import topic_version

TOPIC = r"clinic/(?P<organization>[1-9]\d{0,8})/card/(?P<patient>[1-9]\d{0,8})"
VIEW = "desk"
# For who sees only their own patients: without the cards of relatives.
OWN = "own"
FACTS_PARTIALS = {VIEW: "clinic/patients/_facts.html", OWN: "clinic/patients/_own_facts.html"}


def register(app: Flask) -> None:
    """Registers the topic of patients' cards."""
    card = TopicKind(
        name="patient card",
        pattern=TOPIC,
        public=False,
        views={
            view: HtmlView({PERSON: "clinic/patients/_person.html", FACTS: partial})
            for view, partial in FACTS_PARTIALS.items()
        },
        may_listen=_may_listen,
        zone=zone_of,
        parts=lambda ids: [PERSON, FACTS],
        load=_load,
    )
    app.extensions["registry"].add(card)


def card_view(own: Membership) -> str:
    """The view of the card that the member may see."""
    return VIEW if own.may(Right.SEE_PATIENTS) else OWN


def card_states(card: Patient, organization: Organization, now: datetime, version: int) -> dict[str, State]:
    """Each part's state, as plain values that can be rendered without a session."""
    common = {"version": version, "details": card.details, "words": PatientWords(organization, now)}
    return {
        PERSON: {**common, "dom_id": "card-person", "number": card.id, **_what_became(card)},
        FACTS: {**common, "dom_id": "card-facts", **_reached(card), "changed": _last_change(card)},
    }


def _what_became(card: Patient) -> State:
    return {"merged_into": card.merged_into_id, "is_withdrawn": card.withdrawn_at is not None}


def _reached(card: Patient) -> State:
    contact = card.contact_card
    return {
        "phone_key": card.phone_key,
        "contact_key": card.contact_phone_key,
        "contact": (contact.id, contact.full_name) if contact else None,
        "family": [(relative.id, relative.full_name) for relative in card.family],
        "recalls": [(recall.id, recall.due_on, recall.reason) for recall in Recall.open_for(card)],
    }


def _last_change(card: Patient) -> tuple[str, datetime] | None:
    """Who last changed the card, and when; None for an automatic change."""
    event = AuditEvent.last_of(card.id, WRITING)
    return (event.actor.name, event.at) if event and event.actor else None


def _may_listen(person: User | None, view: str, ids: Ids) -> bool:
    own, card = Membership.in_organization(person, int(ids["organization"])), _card(ids)
    if own is None or card is None or not own.may(Right.SEE_OWN):
        return False
    return may_see_patient(own, card.id) and view in (card_view(own), OWN)


def _load(part: str, ids: Ids) -> State | None:
    card, organization = _card(ids), organization_of(ids)
    version = topic_version(card_topic(organization.id, int(ids["patient"])))
    return card_states(card, organization, utc_now(), version).get(part) if card else None


def _card(ids: Ids) -> Patient | None:
    """Including merged and removed cards, so that open pages are informed."""
    return db.session.scalar(Patient.known(int(ids["organization"])).filter_by(id=int(ids["patient"])))
