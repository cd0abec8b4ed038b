"""Live parts of a patient's card: name, contact data, history, visits, and cards that became part of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, current_app
from markupsafe import Markup

from blueprints.clinic.history_words import deed_words
from blueprints.clinic.hours_rights import may_see_patient
from blueprints.clinic.patient_words import PatientWords
from blueprints.clinic.topic_ids import next_midnight, organization_of, zone_of
from extensions import db
from live.announcement import State
from live.registry import HtmlView, Ids, TopicKind
from live.render import block, fragment
from models.accounts import Membership, Organization, Right, User
from models.base import utc_now
from models.clinic import Appointment, AuditEvent, Patient, PatientMerge, Recall
from models.clinic.audit import WRITING, Question
from models.clinic.card_topic import (
    FACTS,
    HISTORY,
    MERGES,
    PERSON,
    VISITS,
    account_of,
    card_topic,
    next_look,
    own_visits,
)
from models.clinic.practitioner import practitioners_accounts
from models.clinic.visits import next_visit, visits_of
from models.live_topic import topic_version

TOPIC = r"clinic/(?P<organization>[1-9]\d{0,8})/card/(?P<patient>[1-9]\d{0,8})"
VIEW, WITH_HISTORY = "desk", "history"
VISITS_SHOWN = 50
EVENTS_SHOWN = 5
PERSON_PARTIAL, FACTS_PARTIAL = "clinic/patients/_person.html", "clinic/patients/_facts.html"
OWN_FACTS_PARTIAL, VISITS_PARTIAL = "clinic/patients/_own_facts.html", "clinic/patients/_course.html"


class CardViews(dict[str, HtmlView]):
    """Who sees only their own has a view named like its part of visits: their own, and no cards of relatives."""

    def __missing__(self, name: str) -> HtmlView:
        if account_of(name) is None:
            raise KeyError(name)
        return HtmlView({PERSON: PERSON_PARTIAL, FACTS: OWN_FACTS_PARTIAL, name: VISITS_PARTIAL})


DESK = HtmlView(
    {
        PERSON: PERSON_PARTIAL,
        FACTS: FACTS_PARTIAL,
        VISITS: VISITS_PARTIAL,
        MERGES: "clinic/patients/_merges.html",
    }
)
VIEWS = CardViews({VIEW: DESK, WITH_HISTORY: HtmlView({**DESK.partials, HISTORY: "clinic/patients/_history.html"})})


def register(app: Flask) -> None:
    """Registers the topic of patients' cards."""
    card = TopicKind(
        name="patient card",
        pattern=TOPIC,
        public=False,
        views=VIEWS,
        may_listen=_may_listen,
        zone=zone_of,
        parts=_parts,
        load=_load,
        next_change=_next_change,
    )
    app.extensions["registry"].add(card)


@dataclass(frozen=True)
class OpenCard:
    """A card as somebody has it open; version: its topic's, read before."""

    card: Patient
    organization: Organization
    now: datetime
    version: int

    def state(self, part: str) -> State | None:
        """The part's state, as plain values that can be rendered without a session; None if there is no such part."""
        own = self._own_state(part)
        words = PatientWords(self.organization, self.now)
        return {"version": self.version, "dom_id": f"card-{part}", "words": words, **own} if own else None

    def next_change(self, part: str) -> datetime | None:
        """When the next visit is over, or «завтра» is today; when a merge can no longer be undone."""
        if part == MERGES:
            return min((merge.undoable_until for merge in PatientMerge.undoable(self.card, self.now)), default=None)
        ahead = next_visit(self.card, self.now, account_of(part)) if part not in (PERSON, FACTS, HISTORY) else None
        return next_look(self.organization, ahead.ends_at, self.now) if ahead else None

    def _own_state(self, part: str) -> State | None:
        if part == PERSON:
            return _person(self.card)
        if part == FACTS:
            return _facts(self.card)
        if part == HISTORY:
            return _history(self.card)
        if part == MERGES:
            return {"merges": [_merge(merge) for merge in PatientMerge.undoable(self.card, self.now)]}
        is_visits = part == VISITS or account_of(part)
        return self._visits(account_of(part)) if is_visits else None

    def _visits(self, account: int | None) -> State:
        ahead = next_visit(self.card, self.now, account)
        return {
            "dom_id": "card-visits",
            "patient": self.card.id,
            "next": _visit(ahead) if ahead else None,
            "visits": [_visit(visit) for visit in visits_of(self.card, VISITS_SHOWN, account)],
            "most": VISITS_SHOWN,
        }


@dataclass(frozen=True)
class CardOnScreen:
    """The card that the member's browser is showing."""

    card: Patient
    own: Membership

    @property
    def topic(self) -> str:
        return card_topic(self.own.organization_id, self.card.id)

    def redrawn(self, parts: Collection[str], now: datetime) -> Markup:
        """These parts, as far as the member sees them, for an htmx response; byte-identical to the push."""
        view = VIEWS[card_view(self.own)]
        shown = OpenCard(self.card, self.own.organization, now, topic_version(self.topic))
        states = [(part, shown.state(part)) for part in sorted(parts) if part in view.partials]
        return Markup("\n").join(block(current_app, view, part, state) for part, state in states if state)


def card_view(own: Membership) -> str:
    """The fullest view of the card that the member may see."""
    return _views(own)[-1]


def _views(own: Membership) -> list[str]:
    """The views of the card that the member may listen to, the fullest last."""
    shared = [(VIEW, Right.SEE_PATIENTS), (WITH_HISTORY, Right.SEE_HISTORY)]
    return [own_visits(own.user_id), *(view for view, right in shared if own.may(right))]


def first_parts(shown: OpenCard, view: str) -> dict[str, Markup]:
    """The parts of the view as the page shows them first, by DOM id."""
    states = [(partial, shown.state(part)) for part, partial in VIEWS[view].partials.items()]
    return {state["dom_id"]: fragment(current_app, partial, state) for partial, state in states if state}


def _person(card: Patient) -> State:
    return {
        "details": card.details,
        "number": card.id,
        "merged_into": card.merged_into_id,
        "is_withdrawn": card.withdrawn_at is not None,
    }


def _facts(card: Patient) -> State:
    contact = card.contact_card
    return {
        "details": card.details,
        "phone_key": card.phone_key,
        "contact_key": card.contact_phone_key,
        "contact": (contact.id, contact.full_name) if contact else None,
        "family": [(relative.id, relative.full_name) for relative in card.family],
        "recalls": [(recall.id, recall.due_on, recall.reason) for recall in Recall.open_for(card)],
        "changed": _last_change(card),
    }


def _last_change(card: Patient) -> tuple[str, datetime] | None:
    """Who last changed the card, and when; None for an automatic change."""
    event = AuditEvent.last_of(card.id, WRITING)
    return (event.actor.name, event.at) if event and event.actor else None


def _history(card: Patient) -> State:
    """The newest deeds, with who did them; None for an automatic one."""
    events = AuditEvent.page(Question(card.organization_id, patient_id=card.id), None, EVENTS_SHOWN)
    deeds = [(event.at, event.deed, event.actor.name if event.actor else None) for event in events]
    return {"patient": card.id, "deeds": deeds, "deed_words": deed_words}


def _merge(merge: PatientMerge) -> State:
    return {
        "id": merge.id,
        "gone": merge.gone_id,
        "name": merge.gone.full_name,
        "actor": merge.actor.name,
        "at": merge.at,
        "until": merge.undoable_until,
    }


def _visit(visit: Appointment) -> State:
    return {
        "id": visit.id,
        "version": visit.version,
        "status": visit.status,
        "confirmed_at": visit.confirmed_at,
        "starts_at": visit.starts_at,
        "ends_at": visit.ends_at,
        "doctor": visit.practitioner.full_name,
        "practitioner": visit.practitioner.short_name,
        "service": visit.service.name if visit.service else None,
        "room": visit.room.name if visit.room else None,
    }


def _may_listen(person: User | None, view: str, ids: Ids) -> bool:
    own, card = Membership.in_organization(person, int(ids["organization"])), _card(ids)
    if own is None or card is None or not own.may(Right.SEE_OWN):
        return False
    return may_see_patient(own, card.id) and view in _views(own)


def _parts(ids: Ids) -> list[str]:
    organization = organization_of(ids)
    accounts = practitioners_accounts(organization.id) if organization.practitioners_see_own else []
    return [PERSON, FACTS, VISITS, MERGES, HISTORY, *map(own_visits, accounts)]


def _load(part: str, ids: Ids) -> State | None:
    shown = _open_card(ids, utc_now())
    return shown.state(part) if shown else None


def _next_change(part: str, ids: Ids, now: datetime) -> datetime:
    """At midnight at the latest: then «сегодня» is yesterday, and somebody is a year older."""
    shown, midnight = _open_card(ids, now), next_midnight(part, ids, now)
    return min(midnight, (shown and shown.next_change(part)) or midnight)


def _open_card(ids: Ids, now: datetime) -> OpenCard | None:
    card, organization = _card(ids), organization_of(ids)
    version = topic_version(card_topic(organization.id, int(ids["patient"])))
    return OpenCard(card, organization, now, version) if card else None


def _card(ids: Ids) -> Patient | None:
    """Including merged and removed cards, so that open pages are informed."""
    return db.session.scalar(Patient.known(int(ids["organization"])).filter_by(id=int(ids["patient"])))
