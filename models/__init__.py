"""The domain. Importing this package declares every table."""

from models import accounts, clinic, club, live_topic

__all__ = ["accounts", "clinic", "club", "live_topic"]
