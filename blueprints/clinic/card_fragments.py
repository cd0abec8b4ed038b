"""What of a patient's card is live: whose it is, how to reach them, and who changed it last."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Flask

from blueprints.clinic.patient_words import PatientWords
from extensions import db
from live.announcement import State
from live.registry import HtmlView, TopicKind
from models.accounts import Membership, Organization, Right, User
from models.base import utc_now
from models.clinic import AuditEvent, Patient, Recall
from models.clinic.audit import WRITING
from models.clinic.card_topic import FACTS, PERSON, card_topic
from models.live_topic import topic_version

TOPIC = r"clinic/(?P<organization>[1-9]\d{0,8})/card/(?P<patient>[1-9]\d{0,8})"
VIEW = "desk"
DESK = HtmlView({PERSON: "clinic/patients/_person.html", FACTS: "clinic/patients/_facts.html"})

Ids = Mapping[str, str]


def register(app: Flask) -> None:
    """Tells the application about the topic of a patient's card."""
    card = TopicKind(
        name="patient card",
        pattern=TOPIC,
        public=False,
        views={VIEW: DESK},
        may_listen=_may_listen,
        zone=_zone,
        parts=lambda ids: [PERSON, FACTS],
        load=_load,
        next_change=lambda part, ids, now: None,
    )
    app.extensions["registry"].add(card)


def card_states(card: Patient, organization: Organization, now: datetime, version: int) -> dict[str, State]:
    """Each part with what it shows: plain values, so that it can be drawn when the session is gone."""
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
    """Who wrote the card last, and when; None when nobody did it in person."""
    event = AuditEvent.last_of(card.id, WRITING)
    return (event.actor.name, event.at) if event and event.actor else None


def _may_listen(person: User | None, view: str, ids: Ids) -> bool:
    membership = Membership.in_organization(person, int(ids["organization"]))
    return membership is not None and membership.may(Right.SEE_PATIENTS) and _card(ids) is not None


def _zone(ids: Ids) -> ZoneInfo:
    return _organization(ids).zone


def _load(part: str, ids: Ids) -> State | None:
    card, organization = _card(ids), _organization(ids)
    version = topic_version(card_topic(organization.id, int(ids["patient"])))
    return card_states(card, organization, utc_now(), version).get(part) if card else None


def _card(ids: Ids) -> Patient | None:
    """Also one that is nobody's any more: whoever has it open is told."""
    return db.session.scalar(Patient.known(int(ids["organization"])).filter_by(id=int(ids["patient"])))


def _organization(ids: Ids) -> Organization:
    return db.session.get_one(Organization, int(ids["organization"]))
