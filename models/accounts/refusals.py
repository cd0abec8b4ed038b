"""What the verbs on people may refuse."""

from models.errors import Refusal


class LastOwner(Refusal):
    """Somebody must own the organization."""


class BelongsElsewhere(Refusal):
    """The account is also used in another organization, which this one cannot close."""
