"""The refusals of the verbs on members."""

from models.errors import Refusal


class LastOwner(Refusal):
    """The organization would be left without an owner."""


class BelongsElsewhere(Refusal):
    """The account is also used in another organization, so this one may neither disable it nor open it."""
