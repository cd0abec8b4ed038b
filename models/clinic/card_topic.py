"""Live topics of patients' cards: one per card, and one for the list of all."""

from models.live_topic import touch

PERSON, FACTS = "person", "facts"
LIST = "list"


def card_topic(organization_id: int, patient_id: int) -> str:
    """The topic of one card."""
    return f"clinic/{organization_id}/card/{patient_id}"


def list_topic(organization_id: int) -> str:
    """The topic of the organization's list of patients."""
    return f"clinic/{organization_id}/patients"


def touch_list(organization_id: int) -> None:
    """Marks the list as changed by this transaction."""
    touch(list_topic(organization_id), LIST)


def touch_card(organization_id: int, patient_id: int) -> None:
    """Marks the card as changed by this transaction."""
    for part in (PERSON, FACTS):
        touch(card_topic(organization_id, patient_id), part)
