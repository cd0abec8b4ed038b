"""What of a patient's card is live: the topic of one card and its parts."""

from models.live_topic import touch

PERSON, FACTS = "person", "facts"


def card_topic(organization_id: int, patient_id: int) -> str:
    """The topic of one card."""
    return f"clinic/{organization_id}/card/{patient_id}"


def touch_card(organization_id: int, patient_id: int) -> None:
    """Notes that this transaction changes what the card says."""
    for part in (PERSON, FACTS):
        touch(card_topic(organization_id, patient_id), part)
