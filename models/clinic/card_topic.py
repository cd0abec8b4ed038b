"""What of patients' cards is live: the topic of one card with its parts, and that of the list of all."""

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
    """Notes that this transaction changes who stands in the list, or how."""
    touch(list_topic(organization_id), LIST)


def touch_card(organization_id: int, patient_id: int) -> None:
    """Notes that this transaction changes what the card says."""
    for part in (PERSON, FACTS):
        touch(card_topic(organization_id, patient_id), part)
