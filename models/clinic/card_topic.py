"""Live topics of patients' cards: one per card, and one for the list of all."""

import re
from datetime import datetime

from models.accounts import Organization
from models.live_topic import touch, touch_later

PERSON, FACTS, VISITS, MERGES, HISTORY = "person", "facts", "visits", "merges", "history"
LIST = "list"


def card_topic(organization_id: int, patient_id: int) -> str:
    """The topic of one card."""
    return f"clinic/{organization_id}/card/{patient_id}"


def list_topic(organization_id: int) -> str:
    """The topic of the organization's list of patients."""
    return f"clinic/{organization_id}/patients"


def own_visits(account: int) -> str:
    """The part with the visits to the practitioner who signs in with this account, for who may see no others."""
    return f"own-{account}"


def account_of(part: str) -> int | None:
    """The inverse of own_visits; None for another part."""
    found = re.fullmatch(r"own-([1-9]\d{0,8})", part, re.ASCII)
    return int(found[1]) if found else None


def touch_list(organization_id: int) -> None:
    """Marks the list as changed by this transaction."""
    touch(list_topic(organization_id), LIST)


def touch_card(organization_id: int, patient_id: int) -> None:
    """Marks the card as changed by this transaction, except its visits."""
    for part in (PERSON, FACTS):
        touch(card_topic(organization_id, patient_id), part)


def touch_history(organization_id: int, patient_id: int) -> None:
    """Marks what the card tells of its history as changed by this transaction."""
    touch(card_topic(organization_id, patient_id), HISTORY)


def touch_visits(
    organization: Organization, patient_id: int, account: int | None, ends_at: datetime, now: datetime
) -> None:
    """Touches the card's visits after a change of one of them, now and when its words or place there change.

    account: of its practitioner.
    """
    topic, parts = card_topic(organization.id, patient_id), [VISITS]
    if account and organization.practitioners_see_own:
        parts.append(own_visits(account))
    for part in parts:
        touch(topic, part)
        if ends_at > now:
            touch_later(topic, part, next_look(organization, ends_at, now))


def next_look(organization: Organization, ends_at: datetime, now: datetime) -> datetime:
    """When what a card says of a visit ahead changes by itself: at its end, and at midnight, when tomorrow is today."""
    return min(ends_at, organization.midnight_after(now))
